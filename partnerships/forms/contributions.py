"""What became of a contribution, what is wrong with it, and why it is hidden. To say something: saying.py."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import ContributionReport, Response

PRIVACY_HINT = _("Please do not name other people or give health details.")


class RespondForm(forms.ModelForm):
    """What became of a contribution."""

    class Meta:
        model = Response
        fields = ["outcome", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3}), "outcome": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = Response.Outcome.choices


class ReportContributionForm(forms.ModelForm):
    """What is wrong with a contribution."""

    class Meta:
        model = ContributionReport
        fields = ["reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}


class HideContributionForm(forms.Form):
    """Why a contribution is hidden; the reason is public."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Everyone who can read this partnership can read the reason. Name the ground rule."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
