"""Say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Contribution

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
