"""Which contributions of a conversation are asked for, and in which order, as it stands in the address."""

import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from actors.models import Sector, Side
from boundary.inputs import DateInput

from ..finding import having
from ..models import Attachment, Citation, Contribution, Response
from .contributions import MeetingField

Kind, Outcome = Contribution.Kind, Response.Outcome
SORTS = [("newest", _("Newest first")), ("oldest", _("Oldest first")), ("discussed", _("Most discussed"))]
STATES = [
    ("", _("All")),
    ("waiting", _("Wait for an answer")),
    ("answered", _("Have an answer")),
    *Outcome.choices,
]


class ConversationFilter(forms.Form):
    """Words to find, a kind, whose, what became of it, and more. What is no such thing asks for nothing."""

    q = forms.CharField(label=_("Search"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All kinds")), *Kind.choices], required=False)
    state = forms.ChoiceField(label=_("What became of it"), choices=STATES, required=False)
    who = forms.ChoiceField(label=_("Who said it"), required=False)
    sort = forms.ChoiceField(label=_("Order"), choices=SORTS, required=False)
    meeting = MeetingField(label=_("Meeting"), required=False, empty_label=_("All meetings"))
    since = forms.DateField(label=_("From"), required=False, widget=DateInput)
    until = forms.DateField(label=_("Until"), required=False, widget=DateInput)
    files = forms.BooleanField(label=_("With a file"), required=False)
    cited = forms.BooleanField(label=_("A text rests on it"), required=False)
    more = ("who", "sort", "meeting", "since", "until", "files", "cited")

    def __init__(self, *args, place, **kwargs):
        super().__init__(*args, **kwargs)
        self.place = place
        mine = [("mine", _("Only mine"))] if place.member else []
        self.fields["who"].choices = [("", _("Everybody")), *mine, *Side.choices, *Sector.choices]
        self.fields["q"].widget = forms.TextInput(attrs={"type": "search", "dir": "auto"})
        self.fields["meeting"].offer(place.partnership)
        self.is_valid()

    def clean(self):
        """A period has its days in order."""
        cleaned = super().clean()
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            self.add_error("until", _("This day is before the first one."))
        return cleaned

    def asked(self):
        """{filter: value} of those that were used and understood, without the order."""
        return {name: value for name, value in self.cleaned_data.items() if value and name != "sort"}

    def found_in(self, rows):
        """The contributions asked for, of any thread. Only words that can be read are found."""
        rows = rows.shown()
        for name, value in self.asked().items():
            rows = getattr(self, f"_by_{name}")(rows, value)
        return rows

    def sorted(self, rows):
        """The contributions in the order asked for."""
        order = self.cleaned_data.get("sort")
        if order == "oldest":
            return rows.order_by("created_at", "id")
        if order == "discussed":
            return rows.annotate(talk=_talk()).order_by("-talk", "-created_at", "-id")
        return rows.order_by("-created_at", "-id")

    def _by_q(self, rows, words):
        return having(rows, words)

    def _by_kind(self, rows, kind):
        return rows.filter(kind=kind)

    def _by_who(self, rows, who):
        """Mine, a side's or a sector's. What was typed in for others counts for the sector named, and for no side."""
        if who == "mine":
            return rows.filter(member__person=self.place.member.person_id)
        if who in Side.values:
            return rows.filter(recorded_by=None, member__side=who)
        return rows.filter(Q(recorded_by=None, member__sector=who) | Q(behalf_sector=who))

    def _by_state(self, rows, state):
        if state == "waiting":
            return rows.owed_a_response()
        if state == "answered":
            return rows.filter(response__isnull=False)
        return rows.filter(response__outcome=state)

    def _by_meeting(self, rows, meeting):
        return rows.filter(meeting=meeting)

    def _by_since(self, rows, day):
        return rows.filter(created_at__gte=self._on(day, datetime.time.min))

    def _by_until(self, rows, day):
        return rows.filter(created_at__lte=self._on(day, datetime.time.max))

    def _by_files(self, rows, _yes):
        return rows.filter(Exists(Attachment.objects.filter(contribution=OuterRef("pk"), removed_at=None)))

    def _by_cited(self, rows, _yes):
        return rows.filter(Exists(Citation.objects.filter(contribution=OuterRef("pk"))))

    def _on(self, day, time):
        return datetime.datetime.combine(day, time, ZoneInfo(self.place.partnership.time_zone))


def _talk():
    """How many replies a thread has, for the order; looked up by the index of threads."""
    replies = Contribution.objects.filter(thread=OuterRef("pk")).order_by().values("thread")
    return Coalesce(Subquery(replies.annotate(n=Count("pk")).values("n")), 0)
