"""Say what became of a contribution, of several together, look through what is owed, contest an answer."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.models import Sector
from boundary.inputs import DateInput

from ..actions.answering import MOST_TOGETHER
from ..models import Commitment, Contribution, Decision, Member, Revision
from ..models.answering import TAKEN_UP, Outcome

NEWEST = 50  # of each kind of thing that an answer may have gone into
WHERE = {"revision": Revision, "decision": Decision, "commitment": Commitment}


def _shortened(words):
    return words if len(words) <= 80 else f"{words[:79]}…"


def _offered(partnership):
    """{heading: [(value, label)]} of what an answer can have gone into: texts as they are now, decisions, promises."""
    revisions = Revision.objects.filter(text__partnership=partnership).select_related("text")
    revisions = revisions.defer("body").order_by("text_id", "-number").distinct("text_id")
    decisions = Decision.objects.filter(partnership=partnership).order_by("-opened_at", "pk")
    promises = Commitment.objects.filter(partnership=partnership).order_by("-created_at", "pk")
    return {
        _("Texts, as they are now"): [
            (f"revision:{one.pk}", f"{_shortened(one.text.title)} ({one.number})") for one in revisions
        ],
        _("Decisions"): [
            (f"decision:{one.pk}", _shortened(one.question)) for one in decisions.only("question")[:NEWEST]
        ],
        _("Commitments"): [
            (f"commitment:{one.pk}", _shortened(one.what)) for one in promises.only("what")[:NEWEST]
        ],
    }


class RespondForm(forms.Form):
    """What became of a contribution; of what is put off, until when or for what; of what is adopted, where it went."""

    outcome = forms.ChoiceField(
        label=_("What became of it"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Reason"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    waits_until = forms.DateField(
        label=_("Put off until"),
        help_text=_("Only where it is put off. On that day it comes back among the answers owed."),
        required=False,
        widget=DateInput,
    )
    waits_for = forms.CharField(
        label=_("What it waits for"),
        help_text=_("Only where it is put off. For example: the council’s budget in October."),
        max_length=300,
        required=False,
    )
    went_into = forms.ChoiceField(
        label=_("Where did it go?"),
        help_text=_("Only where it is adopted. Readers find it there, and here."),
        required=False,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, partnership, today, **kwargs):
        """today: the day where the partnership is."""
        super().__init__(*args, **kwargs)
        self.today = today
        offered = [(heading, rows) for heading, rows in _offered(partnership).items() if rows]
        self.fields["went_into"].choices = [("", _("Nowhere in particular")), *offered]
        if not offered:
            del self.fields["went_into"]

    def clean(self):
        """What is put off says until when or for what; the rest leaves that empty."""
        said = super().clean()
        outcome, until = said.get("outcome"), said.get("waits_until")
        if outcome == Outcome.DEFERRED:
            if "waits_until" not in self.errors and not until and not said.get("waits_for"):
                self.add_error("waits_until", _("Say until when, or on what it waits."))
            elif until and until <= self.today:
                self.add_error("waits_until", _("Choose a day that is still to come."))
        else:
            said["waits_until"], said["waits_for"] = None, ""
        if outcome not in TAKEN_UP:
            said["went_into"] = ""
        return said

    def facts(self):
        """The answer as the actions take it."""
        said = self.cleaned_data
        kind, _colon, pk = said.get("went_into", "").partition(":")
        names = ("outcome", "reason", "waits_until", "waits_for")
        return {name: said[name] for name in names} | {
            "went_into": WHERE[kind].objects.get(pk=uuid.UUID(pk)) if kind else None
        }


class AnswerTogetherForm(RespondForm):
    """One answer to several contributions."""

    contributions = forms.TypedMultipleChoiceField(label=_("Which of them?"), coerce=uuid.UUID)

    def __init__(self, *args, shown, **kwargs):
        """shown: ids of the contributions on the page; more may come back, answered in the meantime."""
        super().__init__(*args, **kwargs)
        del self.fields["seen"]
        self.fields["contributions"].choices = [(pk, pk) for pk in map(str, shown)]
        self.fields["contributions"].error_messages["required"] = _("Tick those that you want to answer.")

    def clean_contributions(self):
        ticked = self.cleaned_data["contributions"]
        if len(ticked) > MOST_TOGETHER:
            raise forms.ValidationError(
                _("Answer at most %(most)s together."), params={"most": MOST_TOGETHER}
            )
        return ticked


class AnswersFilter(forms.Form):
    """Which contributions to show; it lives in the address."""

    SHOW = [
        ("", _("Waiting for an answer")),
        ("late", _("Waiting too long")),
        ("back", _("Waiting once more")),
        ("given", _("Answered")),
        ("put_off", _("Put off")),
        ("all", _("All")),
    ]
    q = forms.CharField(label=_("Search"), max_length=200, required=False)
    show = forms.ChoiceField(label=_("Show"), choices=SHOW, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    taken = forms.ChoiceField(label=_("Who answers"), required=False)
    mine = forms.BooleanField(required=False, widget=forms.HiddenInput)
    thread = forms.UUIDField(required=False, widget=forms.HiddenInput)
    more = ("kind", "sector", "taken")

    def __init__(self, data, *args, partnership, member=None, **kwargs):
        """member: of the reader, or None: only members can ask for their own."""
        if member and data.get("mine") and not data.get("show"):  # one's own are all shown at first
            data = data.copy()
            data["show"] = "all"
        super().__init__(data, *args, **kwargs)
        self.member = member
        self.fields["kind"].choices = [("", _("All kinds")), *Contribution.Kind.choices]
        self.fields["sector"].choices = [("", _("All sectors")), *Sector.choices]
        leaders = Member.objects.leading().filter(partnership=partnership).select_related("person")
        names = [(str(one.pk), one.shown_name) for one in leaders.order_by("joined_at", "pk")]
        self.fields["taken"].choices = [("", _("Anybody")), ("nobody", _("Nobody yet")), *names]
        if member is None:
            del self.fields["mine"]

    def asked(self):
        """What is asked for; what is wrong counts as not said."""
        self.is_valid()
        said = {name: self.cleaned_data.get(name) for name in self.fields}
        said["q"] = (said["q"] or "").replace("\x00", "").strip()
        said["mine"] = bool(self.member and said.get("mine"))
        return said


class ContestAnswerForm(forms.Form):
    """What is still unanswered."""

    reason = forms.CharField(
        label=_("What is still unanswered?"),
        help_text=_("You can say so once for each answer. Everyone who reads this partnership can read it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(widget=forms.HiddenInput)
