"""Find a time: propose some, mark what suits."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from actors.models import check_time_zone
from boundary.inputs import DateTimeInput
from boundary.local_time import NoSuchHour, moment

from ..models.polls import FEWEST_TIMES, MOST_TIMES, Mark
from .meetings import LinkField, sensible_day, skipped

SHOWN = 6  # boxes for times at first; what is typed in more of them comes back


class WallTimeField(forms.DateTimeField):
    """A day and a time as the clocks of the meeting's place show it: no zone yet; the form knows the place."""

    widget = DateTimeInput

    def to_python(self, value):
        """The datetime without a zone, or None. Raises ValidationError."""
        if value in self.empty_values:
            return None
        try:
            found = parse_datetime(value.strip())
        except ValueError:
            found = None
        if found is None or found.tzinfo:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class OpenPollForm(forms.Form):
    """What the meeting is about, how long it takes, where, and which times are proposed."""

    title = forms.CharField(label=_("What is it about?"), max_length=140)
    length = forms.IntegerField(
        label=_("How many minutes does it take?"), min_value=10, max_value=1439, initial=120
    )
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        validators=[check_time_zone],
        help_text=_("The time zone of the meeting, like Europe/Copenhagen."),
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    link = LinkField()
    closes_at = forms.DateTimeField(
        label=_("Open until"), widget=DateTimeInput, help_text=_("On your own clock.")
    )

    def __init__(self, *args, boxes=SHOWN, **kwargs):
        super().__init__(*args, **kwargs)
        self.boxes = range(1, min(max(boxes, FEWEST_TIMES), MOST_TIMES) + 1)
        for number in self.boxes:
            self.fields[f"time_{number}"] = WallTimeField(
                label=_("Time %(number)s") % {"number": number}, required=number <= FEWEST_TIMES
            )
        evening = timezone.localtime() + datetime.timedelta(days=5)
        self.fields["closes_at"].initial = evening.replace(hour=20, minute=0)

    @property
    def time_fields(self):
        return [self[f"time_{number}"] for number in self.boxes]

    @property
    def other_fields(self):
        return [self[name] for name in ("title", "length", "time_zone", "place", "link", "closes_at")]

    def clean(self):
        found = super().clean()
        if not found.get("place") and not found.get("link"):
            self.add_error("place", _("Write a place, a link, or both."))
        if found.get("time_zone"):
            found["times"] = self._moments(found)
        return found

    def _moments(self, found):
        seen = []
        for number in self.boxes:
            name = f"time_{number}"
            if (wall := found.get(name)) and (at := self._moment(name, wall, found["time_zone"])):
                if at in seen:
                    self.add_error(name, _("The same time stands here twice."))
                seen.append(at)
        return seen

    def _moment(self, name, wall, zone):
        """The moment of a wall-clock time that is still to come, or None with an error."""
        try:
            sensible_day(wall.date())
            at = moment(wall, zone).at
        except NoSuchHour as error:
            self.add_error(name, skipped(wall.date(), wall.time(), error.instead))
            return None
        except ValidationError as error:
            self.add_error(name, error)
            return None
        if at <= timezone.now():
            self.add_error(name, _("This time has passed. Choose one that is still to come."))
            return None
        return at

    @property
    def facts(self):
        """What the action needs."""
        names = ("title", "length", "time_zone", "place", "link", "closes_at", "times")
        return {name: self.cleaned_data[name] for name in names}


class MarkTimesForm(forms.Form):
    """For each time, whether it suits."""

    def __init__(self, *args, times, marks, **kwargs):
        super().__init__(*args, **kwargs)
        self.times = times
        for time in times:
            self.fields[f"time_{time.pk}"] = forms.ChoiceField(
                label=time.label,
                choices=Mark.choices,
                required=False,
                initial=marks.get(time.pk),
                widget=forms.RadioSelect(attrs={"class": "co-choices--row"}),
            )

    def clean(self):
        found = super().clean()
        if not self.errors and not any(found.values()):
            raise ValidationError(_("Mark at least one time."))
        return found

    @property
    def marks(self):
        """{id of a time: mark} of those that were marked."""
        found = {time.pk: self.cleaned_data.get(f"time_{time.pk}") for time in self.times}
        return {pk: mark for pk, mark in found.items() if mark}
