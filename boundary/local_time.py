"""What a clock on the wall says, turned into a moment: hours that do not exist, and hours that come twice.

Source of the rule for doubled hours: PEP 495 (fold=0 is the first of the two).
"""

import datetime
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings


class NoSuchHour(ValueError):
    """The clocks are put forward over this time. Carries the first time that exists after it (`instead`)."""

    def __init__(self, wall, instead):
        super().__init__(f"{wall} does not exist here")
        self.instead = instead


@dataclass(frozen=True)
class Moment:
    """A moment in UTC, and whether the clock shows this time twice (the first is meant)."""

    at: datetime.datetime
    comes_twice: bool


def moment(wall, zone):
    """The Moment when clocks in `zone` (an IANA name) show `wall`, a datetime without a zone.

    Raises NoSuchHour for a time that is skipped, zoneinfo.ZoneInfoNotFoundError for an unknown zone.
    """
    place = ZoneInfo(zone)
    if not _exists(wall, place):
        raise NoSuchHour(wall, _first_after(wall, place))
    first, second = (wall.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    return Moment(first.astimezone(datetime.UTC), first.utcoffset() != second.utcoffset())


@lru_cache(4096)
def first_moment(day, time, zone):
    """When clocks in `zone` (an IANA name, or a name of none: the site's zone) show `time` on `day`, in UTC.

    A time that is skipped falls on the first minute that exists after it, one that comes twice on the first of the two.
    """
    wall, name = datetime.datetime.combine(day, time), zone_named(zone).key
    try:
        return moment(wall, name).at
    except NoSuchHour as skipped:
        return moment(skipped.instead, name).at


def zone_named(name):
    """The time zone of this name, or the site's where there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def _exists(wall, place):
    there_and_back = wall.replace(tzinfo=place).astimezone(datetime.UTC).astimezone(place)
    return there_and_back.replace(tzinfo=None) == wall


def _first_after(wall, place):
    """The first whole minute that exists after a skipped one; a zone skips a day at most."""
    later = wall.replace(second=0, microsecond=0)
    for _minute in range(25 * 60):
        if _exists(later, place):
            break
        later += datetime.timedelta(minutes=1)
    return later
