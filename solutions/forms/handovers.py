"""What a step that was a public task before needs, and what is supplied."""

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.models import Organization, Side

from ..models import Handover

MOST_BODIES = 500  # on the list to choose from


class HandoverForm(forms.ModelForm):
    """How it was before, what it needs, what is supplied, and which public body answers for it."""

    class Meta:
        model = Handover
        fields = ["why", "needed", "supplied", "unit", "accountable"]
        labels = {
            "why": _("How was it before?"),
            "needed": _("How much does it need?"),
            "supplied": _("How much of it is supplied to those who take it over?"),
            "unit": _("Counted in"),
            "accountable": _("Which public body answers for it now?"),
        }
        help_texts = {
            "why": _("Who did it, and what changes. Everyone who can read this partnership can read it."),
            "needed": _("Hours or money. Leave it empty while nobody knows."),
            "unit": _("For example “hours a year” or “kr. a year”."),
        }
        widgets = {"why": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        bodies = Organization.objects.filter(side=Side.PUBLIC).order_by("sort_key")
        self.fields["accountable"].queryset = bodies
        self.fields["accountable"].empty_label = _("None")
        self.fields["needed"].min_value = self.fields["supplied"].min_value = 0

    def clean(self):
        found = super().clean()
        needed, supplied = found.get("needed"), found.get("supplied")
        if needed is not None and needed <= 0:
            self.add_error("needed", _("Type more than nothing, or leave it empty."))
        if supplied is not None and supplied < 0:
            self.add_error("supplied", _("Type nothing less than 0."))
        if (needed or supplied) and not found.get("unit"):
            self.add_error("unit", _("Type what it is counted in."))
        return found
