"""Which partnerships of a desk are asked for: search and filters, as they stand in the address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.stages import Stage

from .urgency import Health

YES = [("yes", "")]


class DeskForm(forms.Form):
    """Words to find, a stage, how it is doing, and whether it is mine to do something about."""

    q = forms.CharField(label=_("Search"), max_length=200, required=False, strip=True)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    health = forms.ChoiceField(label=_("How it is doing"), required=False)
    mine = forms.BooleanField(label=_("Only those I lead"), required=False)
    needs_me = forms.BooleanField(label=_("Only where I can do something today"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [("", _("All but closed ones")), *Stage.choices]
        self.fields["health"].choices = [("", _("All")), *Health.choices]
        self.fields["q"].widget = forms.TextInput(attrs={"type": "search"})

    def asked(self):
        """{filter: value}; what no filter knows asks for nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}
