"""Propose, and put to the choice."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boundary.inputs import DateTimeInput
from partnerships.models import Text

from ..models import Novelty
from ..settings import DAYS_TO_CHOOSE


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


def noon_in(days):
    """Noon, in the reader's time zone, so many days from now."""
    day = timezone.localtime() + datetime.timedelta(days=days)
    return day.replace(hour=12, minute=0, second=0, microsecond=0)


class PutToChoiceForm(forms.Form):
    """Until when the members can take a position."""

    closes_at = forms.DateTimeField(
        label=_("Until when can members take a position?"),
        help_text=_("Give people time to ask those they speak for."),
        widget=DateTimeInput,
    )

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["closes_at"].initial = noon_in(DAYS_TO_CHOOSE.of(partnership))

    def clean_closes_at(self):
        """A decision that is over before it begins decides nothing."""
        closes_at = self.cleaned_data["closes_at"]
        if closes_at <= timezone.now():
            raise ValidationError(_("This time has passed. Choose a time to come."))
        return closes_at
