"""Say, answer, report, hide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Contribution, ContributionReport, Response

PRIVACY_HINT = _("Please do not name other people or give health details.")


class SayForm(forms.ModelForm):
    """One contribution."""

    class Meta:
        model = Contribution
        fields = ["kind", "body", "wants_answer"]
        widgets = {"body": forms.Textarea(attrs={"rows": 5}), "kind": forms.RadioSelect}
        help_texts = {"body": PRIVACY_HINT}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Contribution.Kind.choices
        self.fields["kind"].initial = Contribution.Kind.EXPERIENCE


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
