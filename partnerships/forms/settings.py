"""One part of a platform's settings as a form: fields from the table, and what somebody else changed meanwhile."""

import json
import re

from django import forms
from django.core.validators import validate_email
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from actors.models import check_time_zone
from boundary.inputs import TimeInput

from ..logos import LARGEST, read_logo
from ..settings import mark_of, parts_of, values_of
from ..settings.kinds import Choice, Colour, Days, Picture, TimeOfDay, Whole, Words, YesNo

CHECKS = {"email": validate_email, "zone": check_time_zone}
MOST_REMINDERS = 5


class WholeField(forms.IntegerField):
    """A whole number between two others; whatever else is typed gets one sentence that says which."""

    def __init__(self, *, least, most, **options):
        self.least, self.most = least, most
        super().__init__(**options)
        self.widget.attrs |= {"min": least, "max": most, "inputmode": "numeric"}

    def clean(self, value):
        """The number. Raises ValidationError with the numbers that can be written."""
        if value in self.empty_values and not self.required:
            return None
        try:
            number = super().clean(value)
        except forms.ValidationError:
            number = None
        if number is None or not self.least <= number <= self.most:
            raise forms.ValidationError(
                _("Write a whole number from %(least)s to %(most)s."),
                params={"least": self.least, "most": self.most},
            )
        return number


class DaysField(forms.CharField):
    """Some whole numbers of days with commas between."""

    def __init__(self, *, most, **options):
        self.most = most
        super().__init__(**options)

    def prepare_value(self, value):
        """A list as it is written; what was typed as it was."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value):
        """The days, each once, in the order that was typed."""
        typed = [part.strip() for part in (value or "").split(",") if part.strip()]
        fits = all(re.fullmatch(r"[0-9]{1,3}", part) and int(part) <= self.most for part in typed)
        if not typed or not fits or len(typed) > MOST_REMINDERS:
            raise forms.ValidationError(
                _(
                    "Write at most %(number)s whole numbers from 0 to %(most)s with commas between, like 7, 1."
                ),
                params={"number": MOST_REMINDERS, "most": self.most},
            )
        return list(dict.fromkeys(map(int, typed)))


class ColourField(forms.CharField):
    """A colour as # and six hexadecimal digits; three stand for six, as on the web."""

    def clean(self, value):
        """#rrggbb in small letters, or nothing."""
        typed = (value or "").strip().lower()
        if not typed:
            return ""
        digits = typed.removeprefix("#")
        if re.fullmatch(r"[0-9a-f]{3}", digits):
            digits = "".join(2 * digit for digit in digits)
        if not re.fullmatch(r"[0-9a-f]{6}", digits):
            raise forms.ValidationError(
                _("Write the colour as # and six digits or letters from a to f, like #0f5b52.")
            )
        return f"#{digits}"


class LogoField(forms.FileField):
    """A picture to hang up; nothing chosen leaves what hangs there."""

    widget = forms.FileInput(attrs={"accept": ".svg,.png,.jpg,.jpeg,image/svg+xml,image/png,image/jpeg"})

    def clean(self, value, initial=None):
        """The cleaned Picture, or None."""
        file = super().clean(value, initial)
        if not file or file == initial:
            return None
        return read_logo(file.read(LARGEST + 1))


class WordsField(forms.CharField):
    """Text. A browser ends lines in its own way; here they end in one."""

    def to_python(self, value):
        """The text, its lines ended by one character."""
        return super().to_python(value).replace("\r\n", "\n")


def _text(kind, **options):
    widget = forms.Textarea(attrs={"rows": kind.rows}) if kind.rows > 1 else forms.TextInput
    validators = [CHECKS[kind.check]] if kind.check else []
    return WordsField(max_length=kind.most, widget=widget, validators=validators, **options)


FIELDS = {
    Whole: lambda kind, **options: WholeField(least=kind.least, most=kind.most, **options),
    Days: lambda kind, **options: DaysField(most=kind.most, **options),
    Words: _text,
    Choice: lambda kind, **options: forms.ChoiceField(
        choices=kind.choices, widget=forms.RadioSelect, **options
    ),
    TimeOfDay: lambda _kind, **options: forms.TimeField(widget=TimeInput, **options),
    YesNo: lambda _kind, **options: forms.BooleanField(**options | {"required": False}),
    Colour: lambda _kind, **options: ColourField(max_length=30, **options),
    Picture: lambda _kind, **options: LogoField(**options),
}


def field_of(setting):
    """The form field of a setting: what it is, its default and the reason for it."""
    return FIELDS[type(setting.kind)](
        setting.kind,
        label=f"{setting.label} ({setting.unit})" if setting.unit else setting.label,
        help_text=_help_of(setting),
        required=setting.default != "" and not setting.optional,
    )


def _help_of(setting):
    if setting.default is None or isinstance(setting.kind, YesNo):
        return setting.help
    usual = _now("Default: %(value)s.") % {"value": setting.shown(setting.default)}
    return (
        format_html("{} {} {}", setting.help, usual, setting.reason)
        if setting.help
        else format_html("{} {}", usual, setting.reason)
    )


class PartForm(forms.Form):
    """The settings of one part, with marks of the values shown: nobody overwrites what they have not seen."""

    def __init__(self, *args, platform, part, **kwargs):
        self.platform, self.part, self.told = platform, part, {}
        super().__init__(*args, **kwargs)
        self.settings = {one.key: one for one in parts_of(part)}
        self.now = {key: value for key, value in values_of(platform).items() if key in self.settings}
        for key, setting in self.settings.items():
            self.fields[key] = field_of(setting)
            self.fields[key].initial = self.now[key]

    @property
    def marks(self):
        """What the reader of this form has seen so far, as one line for the form to bring back."""
        seen = self.seen() if self.is_bound else {key: mark_of(value) for key, value in self.now.items()}
        return json.dumps(seen | self.told)

    def seen(self):
        """{key: mark} as the form brought them back; a line that is none says that nothing was seen."""
        try:
            marks = json.loads(self.data.get("seen", ""))
        except (ValueError, RecursionError):  # brackets in brackets, thousands deep
            return {}
        return marks if isinstance(marks, dict) else {}

    def values(self):
        """{key: value} of what was changed: a logo only when a file was chosen, other things when they differ."""
        typed = {key: value for key, value in self.cleaned_data.items() if key in self.settings}
        seen = self.seen()
        return {
            key: value
            for key, value in typed.items()
            if (value is not None if key == "logo" else mark_of(value) != seen.get(key))
        }

    def clean(self):
        """A logo comes with its words."""
        cleaned = super().clean()
        hangs = cleaned.get("logo") or self.platform.logo
        if self.part == "look" and hangs and not cleaned.get("logo_alt"):
            self.add_error("logo_alt", _("Write what the logo says, for those who cannot see it."))
        return cleaned

    def tell_of(self, now):
        """Say beside each field what somebody else has written there in the meantime."""
        for key, value in now.items():
            self.told[key] = mark_of(value)
            shown = self.settings[key].shown(value)
            sentence = _now("Somebody else has changed this in the meantime. It now says: %(now)s")
            ask = _now("What you typed stands here still. Save once more to put it in the place of theirs.")
            self.add_error(key, f"{sentence % {'now': shown}} {ask}")
