"""Decide: ask a question, take a position, write down somebody else's."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boundary.inputs import DateTimeInput

from ..actions.decisions import check_closing
from ..models import Decision, Member, Position, Text
from ..settings.table import DAYS_TO_DECIDE

QUESTIONS = {
    Text.Kind.CHARTER: _("Do we adopt these ground rules?"),
    Text.Kind.PROBLEM: _("Is this the problem we share?"),
    Text.Kind.PROPOSAL: _("Do we choose this proposal?"),
    Text.Kind.VALUE: _("Do we ask for a decision on this proposition?"),
    Text.Kind.NOTE: _("Do we adopt this text?"),
}
CHOICES = [
    (Position.Choice.AGREE, _("I agree")),
    (Position.Choice.STAND_ASIDE, _("I stand aside: not my choice, but I do not stop it")),
    (Position.Choice.OBJECT, _("I object: it must not go on like this")),
]
WHY_FIRST = _("Write why you object, so that the others can meet it.")


class OpenDecisionForm(forms.ModelForm):
    """What the members are asked, and until when."""

    class Meta:
        model = Decision
        fields = ["question", "closes_at"]
        widgets = {"closes_at": DateTimeInput}
        help_texts = {"question": _("One question that can be answered with “I agree”.")}

    def __init__(self, *args, kind, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["question"].initial = QUESTIONS[Text.Kind(kind)]
        days = DAYS_TO_DECIDE.of(partnership)
        self.fields["closes_at"].initial = timezone.now() + timedelta(days=days)
        self.fields["closes_at"].label = _("Open until")

    def clean_closes_at(self):
        """Nobody can answer in the past, or waits for years."""
        check_closing(self.cleaned_data["closes_at"], timezone.now())
        return self.cleaned_data["closes_at"]


class PositionForm(forms.ModelForm):
    """Where somebody stands, on the words whose digest is sent along."""

    class Meta:
        model = Position
        fields = ["choice", "reason", "digest"]
        widgets = {
            "choice": forms.RadioSelect,
            "reason": forms.Textarea(attrs={"rows": 4}),
            "digest": forms.HiddenInput,
        }
        help_texts = {
            "reason": _(
                "Needed when you object. "
                "When the decision is closed, everyone who can read this partnership can read it."
            )
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = CHOICES

    def clean(self):
        """An objection says why."""
        found = super().clean()
        if found.get("choice") == Position.Choice.OBJECT and not found.get("reason", "").strip():
            self.add_error("reason", WHY_FIRST)
        return found


class RecordPositionForm(PositionForm):
    """What a member said on paper or by voice."""

    member = forms.ModelChoiceField(
        label=_("Whose position"), queryset=Member.objects.none(), empty_label=_("Choose a member")
    )

    field_order = ["member", "choice", "reason", "digest"]

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members
        self.fields["choice"].label = _("What they said")


class DecisionsFilter(forms.Form):
    """Which decisions to list."""

    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All decisions")),
            ("open", _("Open")),
            ("mine", _("Waiting for my position")),
            ("closed", _("Closed")),
        ],
    )
    kind = forms.ChoiceField(
        label=_("About"), required=False, choices=[("", _("Everything")), *Text.Kind.choices]
    )
