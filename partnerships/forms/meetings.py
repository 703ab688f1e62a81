"""Call a meeting, answer it, note who came, write the minutes."""

import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _

from actors.models import check_time_zone
from boundary.inputs import DateInput, TimeInput
from boundary.local_time import NoSuchHour, moment

from ..models import Attendance, Meeting, Member


def _clock(time):
    """A time of day as people here write it."""
    return time_format(time, str(_("H:i")))


class MeetingsFilter(forms.Form):
    """Which meetings to show."""

    when = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[("", _("Coming")), ("past", _("Held")), ("all", _("All"))],
    )
    q = forms.CharField(
        label=_("Search in titles, agendas and minutes"), required=False, widget=forms.SearchInput
    )


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
        help_text=_("Say how to get in, and whether there are steps."),
    )
    link = forms.URLField(
        label=_("Link to the online room"),
        required=False,
        max_length=400,
        assume_scheme="https",
        help_text=_("Shown to members only."),
    )
    agenda = forms.CharField(
        label=_("Agenda"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Everyone who can read this partnership can read the agenda."),
    )

    comes_twice = None  # the time that the clock shows twice that night, if there is one

    def clean(self):
        found = super().clean()
        if not found.get("place") and not found.get("link"):
            self.add_error("place", _("Write a place, a link, or both."))
        if all(found.get(name) is not None for name in ("day", "starts", "ends", "time_zone")):
            self._clean_times(found)
        return found

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
            facts = {
                "time": _clock(found[name]),
                "day": date_format(found["day"], str(_("j F Y"))),
                "instead": _clock(error.instead),
            }
            self.add_error(
                name,
                _("The clocks go forward on %(day)s: %(time)s does not exist. Choose %(instead)s or later.")
                % facts,
            )
            return None
        if meant.comes_twice and self.comes_twice is None:
            self.comes_twice = _clock(found[name])
        return meant.at

    @property
    def facts(self):
        """What the action needs."""
        names = ("title", "starts_at", "ends_at", "time_zone", "place", "link", "agenda")
        return {name: self.cleaned_data[name] for name in names}


class ChangeMeetingForm(MeetingForm):
    """A meeting as it stands, to be changed; `expected` is the version that was shown."""

    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, meeting, **kwargs):
        zone = ZoneInfo(meeting.time_zone)
        start, end = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
        initial = {
            "title": meeting.title,
            "day": start.date(),
            "starts": start.time(),
            "ends": end.time(),
            "time_zone": meeting.time_zone,
            "place": meeting.place,
            "link": meeting.link,
            "agenda": meeting.agenda,
            "expected": meeting.sequence,
        }
        super().__init__(*args, initial=initial, **kwargs)


class CancelMeetingForm(forms.Form):
    """Why it is cancelled."""

    reason = forms.CharField(
        label=_("Why is it cancelled?"),
        help_text=_("Every member gets this reason."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerMeetingForm(forms.ModelForm):
    """Whether one comes, and what should be arranged."""

    class Meta:
        model = Attendance
        fields = ["answer", "needs"]
        widgets = {"answer": forms.RadioSelect, "needs": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"needs": _("Only conveners and facilitators see this.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = Attendance.Answer.choices
        self.fields["answer"].required = True


class PresentField(forms.ModelMultipleChoiceField):
    """Members to tick, by the name the arena calls them."""

    def label_from_instance(self, member):
        return f"{member.shown_name} ({member.get_sector_display()})"


class RecordAttendanceForm(forms.Form):
    """Who came."""

    present = PresentField(
        label=_("Who came?"),
        queryset=Member.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        members = Member.objects.present().filter(partnership=meeting.partnership_id)
        self.fields["present"].queryset = members.select_related("person").order_by("person__sort_key", "id")


class WriteMinutesForm(forms.Form):
    """The minutes, and the version they were written on."""

    minutes = forms.CharField(
        label=_("Minutes"),
        max_length=Meeting._meta.get_field("minutes").max_length,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_(
            "What was said and agreed. Everyone who can read this partnership can read it. "
            "Please do not give health details."
        ),
    )
    expected = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, meeting, **kwargs):
        initial = {"minutes": meeting.minutes, "expected": version(meeting)}
        super().__init__(*args, initial=initial, **kwargs)
        self.meeting = meeting

    def clean(self):
        found = super().clean()
        if found.get("expected", "") != version(self.meeting):
            raise ValidationError(
                _(
                    "Somebody has written minutes in the meantime. Copy your words, open the page again and add them."
                )
            )
        return found


def version(meeting):
    """Which version of the minutes this is."""
    return meeting.minutes_at.isoformat() if meeting.minutes_at else ""
