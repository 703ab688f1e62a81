"""Propose, and put to the choice."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boundary.inputs import DateTimeInput
from partnerships.models import Text

from ..models import Novelty

DAYS_TO_CHOOSE = 14  # (default) two weeks: long enough for those whose association meets first


class ProposeForm(forms.Form):
    """What the option is called, and how new it is."""

    title = forms.CharField(
        label=_("What do you propose?"),
        help_text=_("A short title. You write the rest together, on the next page."),
        max_length=Text._meta.get_field("title").max_length,
    )
    novelty = forms.ChoiceField(
        label=_("How new is it?"), choices=Novelty.choices, widget=forms.RadioSelect, initial=Novelty.ADAPTED
    )


def in_two_weeks():
    """Noon, in the reader's time zone, a fortnight from now."""
    day = timezone.localtime() + datetime.timedelta(days=DAYS_TO_CHOOSE)
    return day.replace(hour=12, minute=0, second=0, microsecond=0)


class PutToChoiceForm(forms.Form):
    """Until when the members can take a position."""

    closes_at = forms.DateTimeField(
        label=_("Until when can members take a position?"),
        help_text=_("Give people time to ask those they speak for."),
        widget=DateTimeInput,
        initial=in_two_weeks,
    )

    def clean_closes_at(self):
        """A decision that is over before it begins decides nothing."""
        closes_at = self.cleaned_data["closes_at"]
        if closes_at <= timezone.now():
            raise ValidationError(_("This time has passed. Choose a time to come."))
        return closes_at
