"""Name somebody who answers for one's seat."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from boundary.inputs import DateInput
from boundary.local_time import first_moment

from ..models import Decision, Member
from .members import MemberChoice


class SubstituteForm(forms.Form):
    """Who stands in, from when until when, or in which decision."""

    substitute = MemberChoice(
        label=_("Who stands in for you?"),
        help_text=_(
            "Somebody from your own side, or an observer. They answer for themselves. "
            "Is the one you want not here yet, ask a convener to invite them as an observer."
        ),
        queryset=Member.objects.none(),
        empty_label=_("Choose a member"),
    )
    decision = forms.ModelChoiceField(
        label=_("In which decisions?"),
        queryset=Decision.objects.none(),
        required=False,
        empty_label=_("In all decisions"),
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=DateInput, help_text=_("Leave it empty to begin at once.")
    )
    until = forms.DateField(
        label=_("Until and with"),
        required=False,
        widget=DateInput,
        help_text=_("Leave it empty: until one of you ends it."),
    )

    def __init__(self, *args, partnership, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = partnership.time_zone
        self.fields["substitute"].queryset = members
        running = Decision.objects.filter(partnership=partnership, closed_at=None)
        self.fields["decision"].queryset = running.order_by("closes_at")

    def clean(self):
        """The last day comes after the first one."""
        found = super().clean()
        if found.get("until") == datetime.date.max:  # there is no day after it
            self.add_error("until", _("Leave it empty: until one of you ends it."))
        if found.get("since") and found.get("until") and found["until"] < found["since"]:
            self.add_error("until", _("Choose a day that is not over before it begins."))
        return found

    @property
    def asked(self):
        """What the action is told; days are those of the partnership."""
        found, midnight = self.cleaned_data, datetime.time.min
        since, until = found["since"], found["until"]
        day_after = until + datetime.timedelta(days=1) if until else None
        return {
            "substitute": found["substitute"],
            "decision": found["decision"],
            "from_at": first_moment(since, midnight, self.zone) if since else None,
            "until_at": first_moment(day_after, midnight, self.zone) if day_after else None,
        }
