"""The account that is owed at the end."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import ClosingAccount


class AccountForm(forms.ModelForm):
    """What we set out to do, what came of it, what was not done and why, thanks."""

    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = ClosingAccount
        fields = [*ClosingAccount.PARTS]
        labels = {
            "aims": _("What did we set out to do?"),
            "results": _("What came of it?"),
            "not_done": _("What was not done, and why?"),
            "thanks": _("Whom do we thank?"),
        }
        help_texts = {
            "results": _("Say it as you would to somebody who gave an evening for it."),
            "not_done": _("Write “nothing” if all was done."),
        }
        widgets = {part: forms.Textarea(attrs={"rows": 6}) for part in ClosingAccount.PARTS}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["expected"].initial = self.instance.version
