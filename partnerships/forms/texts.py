"""Write: a box for each section, what one cites, and a few words on what was changed; which revisions to compare."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..models import LONGEST_SECTION, Contribution
from ..rules.texts import too_long
from .contributions import PRIVACY_HINT


def box(key):
    """The name of a section's field."""
    return f"section_{key}"


class SectionField(forms.CharField):
    """A section of a text. It may wait empty, but is not an extra, so its label does not say "optional".

    The browser is given no maximum: it would cut what is pasted without a word.
    """

    widget = forms.Textarea

    def to_python(self, value):
        """The words with plain line ends, as they are kept: browsers send others."""
        return super().to_python(value).replace("\r\n", "\n").strip()

    def validate(self, value):
        """Refuse what is longer than a section holds, and say what to do."""
        if len(value) > LONGEST_SECTION:
            raise ValidationError(too_long(value), code="too_long")


class WriteForm(forms.Form):
    """One revision of a text. `base` is the revision that was in the writer's window, empty for none."""

    use_required_attribute = False

    note = forms.CharField(
        label=_("What did you change?"),
        help_text=_("In a few words, for the list of revisions."),
        max_length=200,
        required=False,
    )
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    cites = forms.ModelMultipleChoiceField(
        queryset=Contribution.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": _("Something you build on was hidden in the meantime. Check what is ticked."),
            "invalid_pk_value": _("Tick in the list what you build on."),
        },
    )

    def __init__(self, *args, text, **kwargs):
        super().__init__(*args, **kwargs)
        self.text = text
        for key, heading in text.sections.items():
            self.fields[box(key)] = SectionField(label=heading)
            self.fields[box(key)].widget.attrs["rows"] = 7
        self.order_fields([box(key) for key in text.sections])
        self.fields[box(next(iter(text.sections)))].help_text = PRIVACY_HINT
        self.fields["cites"].label = _("What do you build on?")
        self.fields["cites"].queryset = Contribution.objects.shown().filter(partnership=text.partnership_id)

    def clean_base(self):
        """The revision that was in the window; none that is of this text counts as none."""
        try:
            return self.text.revisions.filter(pk=uuid.UUID(self.cleaned_data["base"])).first()
        except ValueError:
            return None

    @property
    def ticked(self):
        """The ids ticked on the page, as far as they are ids."""
        return {found for value in self["cites"].value() or [] if (found := _as_id(value))}

    def body(self):
        """{section key: words} as typed."""
        return {key: self.cleaned_data[box(key)] for key in self.text.sections}

    def typed(self, key):
        """The words in a section's box."""
        return self[box(key)].value() or ""


def _as_id(value):
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


def starting_from(body, base, cites):
    """What a WriteForm shows at first: these words, on this base, with these ticked."""
    words = {box(key): value for key, value in body.items()}
    return words | {"base": str(base.pk) if base else "", "cites": [str(pk) for pk in cites]}


class CompareForm(forms.Form):
    """Which two revisions to set side by side."""

    older = forms.IntegerField(label=_("From revision"), min_value=1)
    newer = forms.IntegerField(label=_("To revision"), min_value=1)

    def __init__(self, *args, last, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.max_value = last
            field.widget.attrs["max"] = last
        self.last = last

    def clean(self):
        """Both exist."""
        found = super().clean()
        for name in ("older", "newer"):
            if found.get(name, 1) > self.last:
                self.add_error(name, _("There are %(last)s revisions so far.") % {"last": self.last})
        return found
