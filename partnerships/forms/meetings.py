"""Call a meeting, change it, cancel it."""

import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _

from actors.models import check_time_zone
from boundary.inputs import DateInput, TimeInput
from boundary.local_time import NoSuchHour, moment

from ..models.meetings import MeetingSupport

MOST_DAYS_AHEAD = 731  # nobody calls people together further ahead; a mistyped year is caught
MOST_YEARS_BACK = 60  # what was held can be entered


def _clock(time):
    """A time of day as people here write it."""
    return time_format(time, str(_("H:i")))


def skipped(day, time, instead):
    """What to say of a time that the clocks jump over."""
    facts = {"time": _clock(time), "day": date_format(day, str(_("j F Y"))), "instead": _clock(instead)}
    told = _("The clocks go forward on %(day)s: %(time)s does not exist. Choose %(instead)s or later.")
    return told % facts


def sensible_day(day):
    """The day, unless its year must be a slip. Raises ValidationError."""
    away = (day - timezone.localdate()).days
    if -MOST_YEARS_BACK * 366 < away < MOST_DAYS_AHEAD:
        return day
    raise ValidationError(_("Look at the year: this day is very far away."))


def as_typed(meeting, later=datetime.timedelta(0)):
    """A meeting as the form shows it, moved by some days on the clock of its place."""
    zone = ZoneInfo(meeting.time_zone)
    start, end = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
    plain = ("title", "time_zone", "place", "link", "access", "languages", "support", "agenda")
    typed = {"day": start.date() + later, "starts": start.time(), "ends": end.time()}
    return {name: getattr(meeting, name) for name in plain} | typed


class MeetingsFilter(forms.Form):
    """Which meetings to show."""

    when = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[("", _("Coming")), ("past", _("Held")), ("mine", _("Where I come")), ("all", _("All"))],
    )
    q = forms.CharField(
        label=_("Search in titles, agendas and minutes"), required=False, widget=forms.SearchInput
    )


class LinkField(forms.URLField):
    """A link into an online room: over https, since whoever listens could come in too."""

    default_validators = [URLValidator(schemes=["https"])]
    default_error_messages = {"invalid": _("Write an address that begins with https://.")}

    def __init__(self, **kwargs):
        facts = {
            "label": _("Link to the online room"),
            "required": False,
            "max_length": 400,
            "assume_scheme": "https",
            "help_text": _("Shown to members only."),
        }
        super().__init__(**facts | kwargs)


class MeetingForm(forms.Form):
    """A meeting as people say it: a day, from when to when, on which clock, where."""

    title = forms.CharField(label=_("What is it about?"), max_length=140)
    day = forms.DateField(label=_("Day"), widget=DateInput)
    starts = forms.TimeField(label=_("From"), widget=TimeInput)
    ends = forms.TimeField(label=_("To"), widget=TimeInput)
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        validators=[check_time_zone],
        help_text=_("The time zone of the meeting, like Europe/Copenhagen."),
    )
    place = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=200,
    )
    access = forms.CharField(
        label=_("How to get in"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Which door, steps or a lift, a loop for hearing aids, where to park."),
    )
    link = LinkField()
    languages = forms.CharField(
        label=_("Languages"),
        required=False,
        max_length=120,
        help_text=_("Which languages are spoken, and which can be interpreted."),
    )
    support = forms.MultipleChoiceField(
        label=_("What do you offer, so that people can come?"),
        required=False,
        choices=MeetingSupport.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    agenda = forms.CharField(
        label=_("What else should members know?"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "You put the agenda together when the meeting is called. Everyone who can read this partnership can "
            "read both."
        ),
    )

    comes_twice = None  # the time that the clock shows twice that night, if there is one

    def clean(self):
        found = super().clean()
        if not found.get("place") and not found.get("link"):
            self.add_error("place", _("Write a place, a link, or both."))
        if all(found.get(name) is not None for name in ("day", "starts", "ends", "time_zone")):
            self._clean_times(found)
        return found

    def clean_day(self):
        """A mistyped year is caught."""
        return sensible_day(self.cleaned_data["day"])

    def _clean_times(self, found):
        found["starts_at"] = self._moment(found, "starts")
        found["ends_at"] = self._moment(found, "ends")
        if found["starts_at"] and found["ends_at"] and found["ends_at"] <= found["starts_at"]:
            self.add_error("ends", _("The end must be later than the start, on the same day."))

    def _moment(self, found, name):
        """The moment of a wall-clock time, or None with an error that says which time to type instead."""
        try:
            meant = moment(datetime.datetime.combine(found["day"], found[name]), found["time_zone"])
        except NoSuchHour as error:
            self.add_error(name, skipped(found["day"], found[name], error.instead))
            return None
        if meant.comes_twice and self.comes_twice is None:
            self.comes_twice = _clock(found[name])
        return meant.at

    @property
    def facts(self):
        """What the action needs."""
        names = ("title", "starts_at", "ends_at", "time_zone", "place", "link", "agenda")
        return {name: self.cleaned_data[name] for name in (*names, "access", "languages", "support")}


class ChangeMeetingForm(MeetingForm):
    """A meeting as it stands, to be changed; `expected` is the version that was shown."""

    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, meeting, **kwargs):
        initial = as_typed(meeting) | {"expected": meeting.sequence}
        super().__init__(*args, initial=initial, **kwargs)


class CancelMeetingForm(forms.Form):
    """Why it is cancelled."""

    reason = forms.CharField(
        label=_("Why is it cancelled?"),
        help_text=_("Every member gets this reason."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
