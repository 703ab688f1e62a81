"""Decide: ask a question, give it more time, ask it anew, and find what was asked."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boundary.inputs import DateTimeInput

from ..actions.decisions import check_times
from ..actions.rounds import check_longer
from ..models import Decision, Lengthening, ObjectionAnswer, Reopening, Text
from ..settings.table import DAYS_TO_DECIDE

QUESTIONS = {
    Text.Kind.CHARTER: _("Do we adopt these ground rules?"),
    Text.Kind.PROBLEM: _("Is this the problem we share?"),
    Text.Kind.PROPOSAL: _("Do we choose this proposal?"),
    Text.Kind.VALUE: _("Do we ask for a decision on this proposition?"),
    Text.Kind.NOTE: _("Do we adopt this text?"),
}


PURPOSES = [
    ("decision", _("A decision: it settles the question")),
    ("advice", _("Advice: it decides nothing, and can be asked for before a decision")),
]


class OpenDecisionForm(forms.ModelForm):
    """What the members are asked, and until when."""

    purpose = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=PURPOSES,
        initial="decision",
        required=False,
        widget=forms.RadioSelect,
    )

    field_order = ["question", "purpose", "opens_at", "closes_at"]

    class Meta:
        model = Decision
        fields = ["question", "opens_at", "closes_at"]
        widgets = {"opens_at": DateTimeInput, "closes_at": DateTimeInput}
        help_texts = {"question": _("One question that can be answered with “I agree”.")}

    def __init__(self, *args, kind, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["question"].initial = QUESTIONS[Text.Kind(kind)]
        days = DAYS_TO_DECIDE.of(partnership)
        self.fields["closes_at"].initial = timezone.now() + timedelta(days=days)
        self.fields["closes_at"].label = _("Open until")
        self.fields["opens_at"].label = _("Open from")
        self.fields["opens_at"].help_text = _("Leave it empty to ask at once.")

    def ask_for(self, *, advice, only):
        """Begin with asking for advice; `only` where a decision cannot be asked for now."""
        field = self.fields["purpose"]
        if only:
            field.choices = PURPOSES[1:]
        if advice or only:
            field.initial = "advice"

    def clean(self):
        """Nobody can answer in the past, before it opens, or waits for years."""
        found = super().clean()
        if found.get("closes_at"):
            check_times(found.get("opens_at"), found["closes_at"], timezone.now())
        return found

    @property
    def asked(self):
        """What the action is told: question, times, and whether it asks for advice."""
        found = self.cleaned_data
        told = {name: found[name] for name in ("question", "opens_at", "closes_at")}
        return told | {"advisory": found["purpose"] == "advice"}


class LengthenForm(forms.ModelForm):
    """Until when, and why."""

    class Meta:
        model = Lengthening
        fields = ["closes_at", "reason"]
        widgets = {"closes_at": DateTimeInput}

    def __init__(self, *args, decision, **kwargs):
        super().__init__(*args, **kwargs)
        self.decision = decision
        self.fields["closes_at"].initial = decision.closes_at + timedelta(days=7)
        self.fields["closes_at"].label = _("Open until")
        self.fields["reason"].label = _("Why is more time needed?")

    def clean(self):
        """Time is only given, and nobody waits for years."""
        found = super().clean()
        if found.get("closes_at"):
            check_longer(self.decision, found["closes_at"], timezone.now())
        return found


class ReopenForm(forms.ModelForm):
    """Why a settled question is asked anew."""

    class Meta:
        model = Reopening
        fields = ["reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Why is it reopened?")
        self.fields["reason"].help_text = _("Everybody who can read this partnership can read it.")


class AnswerObjectionForm(forms.ModelForm):
    """What is answered to an objection."""

    class Meta:
        model = ObjectionAnswer
        fields = ["body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("Your answer")
        self.fields["body"].help_text = _("Say what is changed because of it, or why it cannot be.")


class DecisionsFilter(forms.Form):
    """Which decisions to list."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All decisions")),
            ("open", _("Open")),
            ("mine", _("Waiting for my position")),
            ("closed", _("Closed")),
            ("adopted", _("Adopted")),
            ("not", _("Not adopted")),
            ("advisory", _("Advice")),
        ],
    )
    kind = forms.ChoiceField(
        label=_("About"), required=False, choices=[("", _("Everything")), *Text.Kind.choices]
    )
