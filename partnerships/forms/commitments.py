"""Offer, ask, say what became of it, change it in the open."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boundary.inputs import DateInput

from ..models import Commitment, Member

NO_NAMES = _("Please do not name other people or give health details.")


class CommitmentsFilter(forms.Form):
    """Which commitments to show."""

    STATES = [
        ("", _("All states")),
        ("waiting", _("Waiting for an answer")),
        ("standing", _("Promised")),
        ("kept", _("Kept")),
        ("missed", _("Missed")),
        ("ended", _("Withdrawn or declined")),
    ]
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *Commitment.Kind.choices], required=False
    )
    side = forms.ChoiceField(label=_("Side"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["side"].choices = [("", _("Both sides")), *Member._meta.get_field("side").choices]


class OfferCommitmentForm(forms.ModelForm):
    """What a member offers."""

    class Meta:
        model = Commitment
        fields = ["kind", "what", "amount", "unit", "due_on"]
        widgets = {"due_on": DateInput, "what": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "what": _("For example: a room for 30 people every other Tuesday."),
            "amount": _("A number, if it can be counted."),
            "unit": _("For example hours, or kr."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Commitment.Kind.choices
        self.fields["kind"].initial = Commitment.Kind.HOURS

    def clean_amount(self):
        amount = self.cleaned_data["amount"]
        if amount is not None and amount <= 0:
            raise forms.ValidationError(_("Write a number above zero, or leave it empty."))
        return amount

    def clean_due_on(self):
        return not_past(self.cleaned_data["due_on"])

    def clean(self):
        found = super().clean()
        if "amount" in found and (found["amount"] is None) != (not found.get("unit")):
            self.add_error("unit", _("Write a number and its unit together, like 40 and hours."))
        return found


def not_past(day):
    """The day, unless it has passed."""
    if day and day < timezone.localdate():
        raise forms.ValidationError(_("This day has passed. Choose today or a later day."))
    return day


class AskCommitmentForm(OfferCommitmentForm):
    """What a member is asked for."""

    member = forms.ModelChoiceField(label=_("Whom do you ask?"), queryset=Member.objects.none())
    field_order = ["member", "kind", "what", "amount", "unit", "due_on"]

    def __init__(self, *args, place, **kwargs):
        super().__init__(*args, **kwargs)
        present = Member.objects.present().filter(partnership=place.partnership).exclude(pk=place.member.pk)
        self.fields["member"].queryset = present.select_related("person").order_by("person__sort_key", "id")


class DeclineCommitmentForm(forms.Form):
    """Why not."""

    note = forms.CharField(
        label=_("Why not?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class SettleCommitmentForm(forms.Form):
    """What became of a promise."""

    State = Commitment.State
    state = forms.ChoiceField(
        label=_("What became of it?"),
        widget=forms.RadioSelect,
        choices=[
            (State.KEPT.value, _("It was kept")),
            (State.MISSED.value, _("It was missed")),
            (State.WITHDRAWN.value, _("It is withdrawn")),
        ],
    )
    note = forms.CharField(
        label=_("What happened?"),
        help_text=NO_NAMES,
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self):
        found = super().clean()
        if found.get("state") in (self.State.MISSED, self.State.WITHDRAWN) and not found.get("note"):
            self.add_error("note", _("Write in a few words why, so that the others can plan."))
        return found


class RenegotiateCommitmentForm(forms.Form):
    """What it should say from now on, and why."""

    what = forms.CharField(
        label=_("What is promised from now on"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    due_on = forms.DateField(label=_("By when"), required=False, widget=DateInput)
    note = forms.CharField(
        label=_("Why is it changed?"),
        help_text=_("Everyone who can read this partnership can read the reason and the old words."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_due_on(self):
        return not_past(self.cleaned_data["due_on"])
