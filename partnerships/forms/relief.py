"""Ask for relief, offer help, thank."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .commitments import NO_NAMES


class AskReliefForm(forms.Form):
    """Why somebody would hand a promise on, and who may know."""

    openly = forms.TypedChoiceField(
        label=_("Who may know that you ask?"),
        choices=[
            ("everyone", _("Everybody who can read this partnership")),
            ("leaders", _("Only conveners and facilitators")),
        ],
        initial="everyone",
        coerce=lambda value: value == "everyone",
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=_("Why?"),
        help_text=_("You need not say why."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class OfferReliefForm(forms.Form):
    """What a convener offers."""

    words = forms.CharField(
        label=_("Your words to them"),
        help_text=_("For example: shall we find somebody for the bookkeeping? Call me when you like."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ThankForm(forms.Form):
    """A few words of thanks."""

    words = forms.CharField(
        label=_("Your words"), help_text=NO_NAMES, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
