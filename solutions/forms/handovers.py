"""What a step that was a public task before needs, and what is supplied."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actors.models import Organization, Side
from partnerships.models import Member

from ..models import Handover


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

    def __init__(self, *args, partnership, may_say_why, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_say_why:
            self.fields["why"].disabled, self.fields["why"].help_text = True, may_say_why.why_not
        self.fields["accountable"].queryset = _public_bodies(partnership)
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


def _public_bodies(partnership):
    """Public organizations that have to do with the partnership: its host, those of its mandate and of its members."""
    mandate = partnership.mandate
    named = [
        partnership.platform.owner_id,
        mandate.sponsor_id,
        mandate.recipient_id,
        mandate.competent_body_id,
    ]
    seated = Member.objects.present().filter(partnership=partnership).values("organization")
    rows = Organization.objects.filter(
        Q(pk__in=[pk for pk in named if pk]) | Q(pk__in=seated), side=Side.PUBLIC
    )
    return rows.order_by("sort_key")
