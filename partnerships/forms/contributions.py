"""Say something, change it, and type in what others said."""

import unicodedata
import uuid
from zoneinfo import ZoneInfo

from django import forms
from django.utils.formats import date_format
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from actors.models import Sector

from ..attachments import ACCEPTED, LARGEST, MOST, read_attachment
from ..mentions import named_in
from ..models import Contribution, Meeting, Member
from ..models.contributions import LONGEST_CONTRIBUTION
from .two_windows import TwoWindows

PRIVACY_HINT = _("Please do not name other people or give health details.")
LONGEST_QUOTE = 600  # characters that a quote begins with; whoever quotes may shorten it
NOTHING_TO_SEE = ("C", "Z")  # categories of characters without a picture: a text of them alone says nothing


class Said(forms.CharField):
    """Words of any script: lines end in one way, and no character stands in them that a database refuses."""

    def __init__(self, *, rows=5, **options):
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
        super().__init__(**{"max_length": LONGEST_CONTRIBUTION, "widget": widget, **options})

    def to_python(self, value):
        """The words as they are kept."""
        return super().to_python(value).replace("\r\n", "\n").replace("\x00", "")

    def validate(self, value):
        """Refuse what nobody can see."""
        super().validate(value)
        if value and all(unicodedata.category(one)[0] in NOTHING_TO_SEE for one in value):
            raise forms.ValidationError(self.error_messages["required"], code="required")


def _body(rows=5):
    at = _("Write @ and a name, and that member is told.")
    label = capfirst(_("what you want to say"))
    return Said(label=label, help_text=format_lazy("{} {}", PRIVACY_HINT, at), rows=rows)


class Meant(forms.MultipleChoiceField):
    """Members to choose from once the words are known; whoever is not among them is not meant."""

    def validate(self, value):
        """Nobody is asked before the words are read."""


class NamesMembers(forms.Form):
    """A form whose words may name members with an @. Where a name is shared, it asks who is meant."""

    meant = Meant(label=_("Whom do you mean?"), required=False, widget=forms.CheckboxSelectMultiple)
    mentions, unknown = (), ()

    def ask_who_is_meant(self, partnership, words):
        """Find whom the words name; keep them as `mentions`, and what nobody is called as `unknown`."""
        if "@" not in words:
            return
        here = (
            Member.objects.present().filter(partnership=partnership).select_related("person", "organization")
        )
        members = {one.pk: one for one in here}
        named = named_in(words, [(key, one.shown_name) for key, one in members.items()])
        chosen = {str(pk) for pk in self.data.getlist(self.add_prefix("meant"))}
        shared = {key for keys in named.unclear.values() for key in keys}
        self.mentions = [members[key] for key in named.found]
        self.mentions += [members[key] for key in shared if str(key) in chosen]
        self.unknown = named.unknown
        if shared:
            self._offer([members[key] for key in shared])
        for written, keys in named.unclear.items():
            if not chosen & set(map(str, keys)):
                self.add_error("meant", _("More than one here is called “%(name)s”.") % {"name": written})

    def _offer(self, members):
        field = self.fields["meant"]
        field.choices = [
            (one.pk, ", ".join(filter(None, (one.shown_name, one.shown_function)))) for one in members
        ]


class SayForm(NamesMembers, forms.ModelForm):
    """One contribution: the words, perhaps a quote and files, and who may read the name.

    place: who speaks and where; quotes: the shown contribution that the reader wants to quote, or None.
    """

    body = _body()
    key = forms.UUIDField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)  # of what it will be
    quote = forms.UUIDField(required=False, widget=forms.HiddenInput)
    quoted = Said(
        label=_("The words you quote"),
        help_text=_("Leave out what you do not need, and put … in its place. Empty it to quote nothing."),
        rows=4,
        required=False,
    )

    class Meta:
        model = Contribution
        fields = ["kind", "body", "wants_answer", "anonymous"]
        widgets = {"kind": forms.RadioSelect(attrs={"class": "co-choices--row"})}

    field_order = ["kind", "quote", "quoted", "body", "meant"]

    def __init__(self, *args, place, quotes=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.place, self.quotes = place, quotes
        self.fields["kind"].choices = Contribution.Kind.choices
        self.fields["kind"].initial = Contribution.Kind.EXPERIENCE
        if not place.partnership.may_withhold_names:
            del self.fields["anonymous"]
        if self.is_bound:
            self.quotes = self._quoted_now()
        if quotes and not self.is_bound:
            self.fields["quote"].initial, self.fields["quoted"].initial = quotes.pk, quote_of(quotes.body)
        self.fields |= _slots()

    def _quoted_now(self):
        """What the form that came in quotes, if it still can be read here."""
        try:
            key = self.fields["quote"].clean(self.data.get(self.add_prefix("quote")))
        except forms.ValidationError:
            return None
        rows = Contribution.objects.shown().filter(partnership=self.place.partnership, pk=key)
        return rows.select_related("member__person").first() if key else None

    @property
    def slots(self):
        """Pairs of fields: a file, and what the picture shows."""
        return [(self[f"file_{n}"], self[f"alt_{n}"]) for n in range(1, MOST + 1)]

    @property
    def has_files(self):
        """Whether files were sent along, so that the form shows where."""
        return bool(self.files)

    def clean(self):
        """Look at names, quote and files; what was chosen must be chosen again where something is to be mended."""
        cleaned = super().clean()
        self.ask_who_is_meant(self.place.partnership, cleaned.get("body", ""))
        if cleaned.get("quoted") and not self.quotes:
            self.add_error("quoted", _("What you quote can no longer be read. Empty this box to go on."))
        self.taken = [self._take(n) for n in range(1, MOST + 1) if cleaned.get(f"file_{n}")]
        if self.errors:
            self.choose_again()
        return cleaned

    def _take(self, n):
        file, alt = self.cleaned_data[f"file_{n}"], self.cleaned_data.get(f"alt_{n}", "")
        try:
            return read_attachment(
                file.name, file.read() if file.size <= LARGEST else b" " * (LARGEST + 1)
            ), alt
        except forms.ValidationError as error:
            self.add_error(f"file_{n}", error)

    def choose_again(self):
        """Say of each file that was fine that the browser forgets it with a form that comes back."""
        for n in range(1, MOST + 1):
            name = f"file_{n}"
            if self.files.get(self.add_prefix(name)) and name not in self.errors:
                self.add_error(name, _("Choose this file again: only what you typed was kept."))

    def facts(self):
        """What actions.contributions.say takes."""
        own = {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.cleaned_data}
        quoted = self.cleaned_data.get("quoted", "")
        return own | {
            "key": self.cleaned_data.get("key"),
            "quotes": self.quotes if quoted else None,
            "quoted": quoted,
            "mentions": self.mentions,
            "files": self.taken,
        }


def quote_of(body):
    """The words that a quote begins with: the first ones, the rest left out."""
    body = body.strip()
    if len(body) <= LONGEST_QUOTE:
        return body
    return f"{body[:LONGEST_QUOTE].rsplit(None, 1)[0]} …"


def _slots():
    fields = {}
    for n in range(1, MOST + 1):
        fields[f"file_{n}"] = forms.FileField(
            label=_("File %(n)s") % {"n": n},
            required=False,
            allow_empty_file=True,
            widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        )
        fields[f"alt_{n}"] = forms.CharField(
            label=_("What picture %(n)s shows, for those who cannot see it") % {"n": n},
            required=False,
            max_length=300,
        )
    return fields


class ChangeContributionForm(NamesMembers, TwoWindows, forms.ModelForm):
    """Other words, or another kind, for what one said."""

    body = _body(rows=10)

    class Meta:
        model = Contribution
        fields = ["kind", "body"]
        widgets = {"kind": forms.RadioSelect(attrs={"class": "co-choices--row"})}

    field_order = ["kind", "body", "meant"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.partnership = self.instance.partnership
        self.fields["kind"].choices = Contribution.Kind.choices

    def clean(self):
        """Look at whom the words name."""
        cleaned = super().clean()
        self.ask_who_is_meant(self.partnership, cleaned.get("body", ""))
        return cleaned

    def facts(self):
        """What actions.contributions.change_contribution takes."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields} | {"mentions": self.mentions}

    def _post_clean(self):
        """Leave the contribution as it is: the action compares it under the lock."""


class RecordContributionForm(forms.Form):
    """What one person said in the room, on paper or by telephone. An empty one is left out."""

    body = Said(label=_("What was said"), rows=3, required=False)
    kind = forms.ChoiceField(label=capfirst(_("kind")), choices=Contribution.Kind.choices)
    on_behalf_of = forms.CharField(
        label=_("Who said it"),
        help_text=_("A name only if they agreed. “A shop owner” is enough."),
        max_length=120,
        required=False,
    )
    behalf_sector = forms.ChoiceField(
        label=_("Sector"), choices=[("", _("Not known")), *Sector.choices], required=False
    )
    wants_answer = forms.BooleanField(label=_("They want an answer"), required=False)

    def clean(self):
        """Facts without words are half an entry."""
        cleaned = super().clean()
        if cleaned.get("on_behalf_of") and not cleaned.get("body") and "body" not in self.errors:
            self.add_error("body", _("Write what they said, or empty the whole entry."))
        return cleaned


class MeetingField(forms.ModelChoiceField):
    """A meeting of a partnership, called by its title and its day."""

    def __init__(self, **options):
        super().__init__(queryset=Meeting.objects.none(), **options)

    def offer(self, partnership):
        """Let it be chosen among the meetings that were not called off, newest first."""
        rows = Meeting.objects.filter(partnership=partnership, cancelled_at=None).order_by("-starts_at")
        self.queryset = rows.only("title", "starts_at", "time_zone")

    def label_from_instance(self, meeting):
        """The title, and the day where it is held."""
        day = meeting.starts_at.astimezone(ZoneInfo(meeting.time_zone))
        return f"{meeting.title}, {date_format(day, _('j F Y'))}"


class SittingForm(forms.Form):
    """What holds for everything that is typed in during one sitting."""

    key = forms.UUIDField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)
    way = forms.ChoiceField(
        label=_("How it came in"),
        choices=Contribution.Way.choices,
        widget=forms.RadioSelect(attrs={"class": "co-choices--row"}),
    )
    meeting = MeetingField(label=_("Meeting"), required=False, empty_label=_("At no meeting"))

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["way"].initial = Contribution.Way.PAPER
        self.fields["meeting"].offer(partnership)


ENTRIES, MOST_ENTRIES = 3, 100
EntryForms = forms.formset_factory(
    RecordContributionForm, extra=0, min_num=ENTRIES, max_num=MOST_ENTRIES, absolute_max=MOST_ENTRIES
)
