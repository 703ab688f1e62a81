"""Offer, ask, say what became of it, change it in the open."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boundary.inputs import DateInput

from ..models import Commitment, Member

NO_NAMES = _("Please do not name other people or give health details.")


class CommitmentsFilter(forms.Form):
    """Which commitments to show. steps: the numbers of the steps that something is promised for."""

    STATES = [
        ("", _("All states")),
        ("waiting", _("Waiting for an answer")),
        ("standing", _("Promised")),
        ("kept", _("Kept, whole or in part")),
        ("missed", _("Missed")),
        ("ended", _("Withdrawn or declined")),
    ]
    WHOSE = [
        ("", _("Everybody’s")),
        ("mine", _("My own")),
        ("relief", _("Somebody may take them over")),
        ("left", _("Left by their owner")),
    ]
    DUE = [
        ("", _("Any day")),
        ("past", _("The day has passed")),
        ("week", _("Within a week")),
        ("month", _("Within a month")),
        ("none", _("No day set")),
    ]
    q = forms.CharField(
        label=_("Search"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    whose = forms.ChoiceField(label=_("Whose"), choices=WHOSE, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *Commitment.Kind.choices], required=False
    )
    side = forms.ChoiceField(label=_("Side"), required=False)
    due = forms.ChoiceField(label=_("By when"), choices=DUE, required=False)
    step = forms.TypedChoiceField(label=_("Step of the plan"), required=False, coerce=int, empty_value=None)
    more = ("kind", "side", "due", "step")

    def __init__(self, *args, steps=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["side"].choices = [("", _("Both sides")), *Member._meta.get_field("side").choices]
        numbers = [(number, _("Step %(number)s") % {"number": number}) for number in steps]
        self.fields["step"].choices = [("", _("All steps")), *numbers]
        if not numbers:
            del self.fields["step"]


def asked_for(query):
    """{field: value} that an address gives a form of commitments beforehand: ?kind=hours&what=…; nothing unfit."""
    first = {name: query[name] for name in ("what", "amount", "unit", "due_on") if query.get(name)}
    if query.get("kind") in Commitment.Kind.values:
        first["kind"] = query["kind"]
    if "what" in first:
        first["what"] = first["what"][: Commitment._meta.get_field("what").max_length]
    return first


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
        return above_zero(self.cleaned_data["amount"])

    def clean_due_on(self):
        return not_past(self.cleaned_data["due_on"])

    def clean(self):
        found = super().clean()
        if "amount" in found and (found["amount"] is None) != (not found.get("unit")):
            self.add_error("unit", _("Write a number and its unit together, like 40 and hours."))
        return found


def as_typed(amount):
    """An amount as somebody types it: 60, and not 60.00; None where there is none."""
    return int(amount) if amount is not None and amount == amount.to_integral_value() else amount


def above_zero(amount):
    """The amount, unless it is nothing or less."""
    if amount is not None and amount <= 0:
        raise forms.ValidationError(_("Write a number above zero, or leave it empty."))
    return amount


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
    """What became of a promise. commitment: the one it is about; without an amount, no part of it is asked for."""

    State = Commitment.State
    state = forms.ChoiceField(
        label=_("What became of it?"),
        widget=forms.RadioSelect,
        choices=[
            (State.KEPT.value, _("It was kept")),
            (State.PARTLY.value, _("It was kept in part")),
            (State.MISSED.value, _("It was missed")),
            (State.WITHDRAWN.value, _("It is withdrawn")),
        ],
    )
    delivered = forms.DecimalField(
        label=_("How much of it, where it was kept in part?"),
        max_digits=14,
        decimal_places=2,
        min_value=Decimal("0.01"),
        required=False,
    )
    note = forms.CharField(
        label=_("What happened?"),
        help_text=NO_NAMES,
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, commitment, **kwargs):
        super().__init__(*args, **kwargs)
        self.amount = commitment.amount
        if self.amount is None:
            del self.fields["delivered"]
        else:
            told = _("A number below %(all)s.") % {"all": commitment.amount_words}
            self.fields["delivered"].help_text = told

    def clean(self):
        found = super().clean()
        if found.get("state") not in (None, self.State.KEPT) and not found.get("note"):
            self.add_error("note", _("Write in a few words why, so that the others can plan."))
        if found.get("state") == self.State.PARTLY and self.amount is not None and not self.errors:
            delivered = found.get("delivered")
            if delivered is None or delivered >= self.amount:
                self.add_error(
                    "delivered", _("Write how much was delivered: more than nothing, less than all.")
                )
        return found


class RenegotiateCommitmentForm(forms.Form):
    """What it should say from now on, and why."""

    what = forms.CharField(
        label=_("What is promised from now on"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    amount = forms.DecimalField(
        label=_("How much from now on"), max_digits=14, decimal_places=2, required=False
    )
    due_on = forms.DateField(label=_("By when"), required=False, widget=DateInput)
    note = forms.CharField(
        label=_("Why is it changed?"),
        help_text=_("Everyone who can read this partnership can read the reason and the old words."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, commitment, **kwargs):
        super().__init__(*args, **kwargs)
        if commitment.amount is None:
            del self.fields["amount"]
        else:
            self.fields["amount"].help_text = commitment.unit

    def clean_due_on(self):
        return not_past(self.cleaned_data["due_on"])

    def clean_amount(self):
        return above_zero(self.cleaned_data["amount"])
