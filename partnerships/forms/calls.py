"""Open a call, put oneself forward, choose among those who did."""

import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from boundary.inputs import DateInput

from ..models import Group, Volunteer

MOST_SEATS = 200
LONGEST = datetime.timedelta(days=365)


class WriteCallForm(forms.Form):
    """What the call says, how many it seeks for each group, and until when."""

    words = forms.CharField(
        label=_("What do you say to people who have never done this?"),
        help_text=_("What it is about, what will happen, and that nobody needs to know anything beforehand."),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    until = forms.DateField(
        label=_("Until which day?"), help_text=_("That day is part of it."), widget=DateInput
    )
    language = forms.ChoiceField(label=_("In which language are your words?"), choices=settings.LANGUAGES)

    def __init__(self, *args, partnership, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.partnership, self.at = partnership, at
        self.groups = list(Group.objects.filter(partnership=partnership))
        for group in self.groups:
            self.fields[self._field(group)] = forms.IntegerField(
                label=group.name, min_value=0, max_value=MOST_SEATS, required=False
            )

    @staticmethod
    def _field(group):
        return f"seats-{group.pk}"

    @classmethod
    def initial_of(cls, call, partnership):
        """The form's values for a call as it stands, or for none."""
        if call is None:
            return {"language": partnership.language}
        seats = {f"seats-{one.group_id}": one.seats for one in call.groups.all()}
        return {"words": call.words, "until": call.last_day, "language": call.language, **seats}

    @property
    def seats_fields(self):
        """One field per group: how many are sought."""
        return [self[self._field(group)] for group in self.groups]

    def clean_until(self):
        """A day that is still ahead, and not years away."""
        until, today = (
            self.cleaned_data["until"],
            self.at.astimezone(ZoneInfo(self.partnership.time_zone)).date(),
        )
        if until < today:
            raise forms.ValidationError(_("This day is over. Choose one that lies ahead."))
        if until > today + LONGEST:
            raise forms.ValidationError(_("That is more than a year away. Choose an earlier day."))
        return until

    def clean(self):
        """Somebody is sought."""
        cleaned = super().clean()
        wrong = any(self._field(group) in self.errors for group in self.groups)
        if self.groups and not wrong and not self._sought():
            self.add_error(
                self._field(self.groups[0]), _now("Type for one group at least how many you seek.")
            )
        return cleaned

    def _sought(self):
        sought = {group: self.cleaned_data.get(self._field(group)) for group in self.groups}
        return {group: seats for group, seats in sought.items() if seats}

    def facts(self):
        """What the action takes: words, groups, language, and the moment at which the last day is over."""
        zone = ZoneInfo(self.partnership.time_zone)
        day = self.cleaned_data["until"] + datetime.timedelta(days=1)
        closes_at = datetime.datetime.combine(day, datetime.time(), zone)
        told = {name: self.cleaned_data[name] for name in ("words", "language")}
        return {**told, "groups": self._sought(), "closes_at": closes_at}


class GroupChoice(forms.ModelChoiceField):
    """One of the groups that a call seeks people for."""

    def label_from_instance(self, group):
        """The group by its name, and what it brings."""
        return f"{group.name}: {group.brings}" if group.brings else group.name


class VolunteerForm(forms.Form):
    """For which group, and why."""

    group = GroupChoice(
        label=_("For whom would you sit at the table?"),
        queryset=Group.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Why you? One sentence is enough."),
        help_text=_("Only the conveners read it, to choose."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, call, **kwargs):
        super().__init__(*args, **kwargs)
        groups = self.fields["group"].queryset = Group.objects.filter(called__call=call)
        if len(groups) == 1:
            self.fields["group"].initial = groups[0]


class ChooseVolunteersForm(forms.Form):
    """Those who are taken in."""

    people = forms.ModelMultipleChoiceField(
        queryset=Volunteer.objects.none(),
        error_messages={
            "required": _("Tick somebody in the list first."),
            "invalid_choice": _("Somebody you ticked has stepped back or has an answer. Look again."),
            "invalid_pk_value": _("Somebody you ticked is not in the list."),
        },
    )

    def __init__(self, *args, call, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = Volunteer.objects.waiting().filter(call=call, group=group)


class FreezeForm(forms.Form):
    """How many shall be drawn."""

    seats = forms.IntegerField(label=_("How many people shall be drawn?"), min_value=1, max_value=MOST_SEATS)
