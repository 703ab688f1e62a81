"""What to look for among messages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from notices.kinds import all_kinds

from ..sent import STANDS


class LookForm(forms.Form):
    """State and kind of messages."""

    state = forms.ChoiceField(label=_("What became of it"), required=False)
    kind = forms.ChoiceField(label=_("Kind of message"), required=False)

    def __init__(self, *args, kinds=None, **kwargs):
        super().__init__(*args, **kwargs)
        everything = ("", _("All"))
        self.fields["state"].choices = [
            everything,
            *((key, label) for key, (label, _states) in STANDS.items()),
        ]
        shown = kinds or all_kinds().values()
        self.fields["kind"].choices = [everything, *((kind.name, kind.label) for kind in shown)]
