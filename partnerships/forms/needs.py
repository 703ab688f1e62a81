"""Say what is needed, offer all of it or a part, say that it is needed no longer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from boundary.inputs import DateInput

from ..models import Need
from .commitments import OfferCommitmentForm, above_zero, as_typed, not_past


class AskEveryoneForm(OfferCommitmentForm):
    """What is needed, of which kind, how much of it, by when."""

    class Meta(OfferCommitmentForm.Meta):
        model = Need
        help_texts = {
            "what": _("For example: somebody who keeps our books, or a room on Thursdays."),
            "amount": _("A number, if it can be counted."),
            "unit": _("For example hours, or kr. Only the same units are added up."),
        }


class AnswerNeedForm(forms.Form):
    """What a member offers of it."""

    amount = forms.DecimalField(label=_("How much can you give?"), max_digits=14, decimal_places=2)
    what = forms.CharField(
        label=_("What do you offer?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    due_on = forms.DateField(label=_("By when"), required=False, widget=DateInput)

    def __init__(self, *args, need, **kwargs):
        first = {"what": need.what, "due_on": need.due_on, "amount": as_typed(need.missing) or None}
        super().__init__(*args, initial=first, **kwargs)
        if need.amount is None:
            del self.fields["amount"]
        else:
            self.fields["amount"].help_text = _("In %(unit)s. All that is missing, or a part.") % {
                "unit": need.unit
            }

    def clean_amount(self):
        return above_zero(self.cleaned_data["amount"])

    def clean_due_on(self):
        return not_past(self.cleaned_data["due_on"])


class CloseNeedForm(forms.Form):
    """Why it is needed no longer."""

    why = forms.CharField(
        label=_("Why is it needed no longer?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
