"""When a reminder is due: so many days before a day, on it, and weekly while it is overdue, in its reader's morning.

The day is the partnership's, the morning its reader's: whoever lives in New York reads at eight there what is due in
Copenhagen that day. A morning that summer time skips begins with the first minute that exists, one that comes twice
is told of once. Reminders are owed a little ahead, so that they go out in their minute however the clock ticks.
"""

import datetime
from collections import defaultdict

from actors.models import Person
from boundary.local_time import first_moment, zone_named
from notices.actions import tell

AHEAD = datetime.timedelta(hours=2)  # longer than a few ticks of the clock that are lost
WEEK = datetime.timedelta(days=7)


def around(due_on, days_before, at):
    """[(days left, day)] of the reminders of a due date that can matter now: 7, 1, 0, and -7, -14 … while overdue."""
    weeks = max((at.date() - due_on) // WEEK, 0)
    late = [-7 * week for week in range(max(weeks - 1, 1), weeks + 2)]
    return [(left, due_on - datetime.timedelta(days=left)) for left in {*days_before, 0, *late}]


def coming(days, *, zone, morning, since, at):
    """[(key, moment)] of the days [(key, day)]: the last one whose morning is reached, and those soon to come.

    zone: IANA name; morning: local time; since: when the due thing began: what fell before it is not made up for. A
    clock that stood still for a day finds the reminder it missed, once.
    """
    began = since.astimezone(zone_named(zone)).date() if since else datetime.date.min
    moments = sorted((first_moment(day, morning, zone), key) for key, day in days if day > began)
    reached = [(key, moment) for moment, key in moments if moment <= at]
    soon = [(key, moment) for moment, key in moments if at < moment <= at + AHEAD]
    return reached[-1:] + soon


def remind(*, kind, readers, days, morning, since, scope, occurrence, ids, at, only=None):
    """Owe each reader (ids of people) the reminders of these days, each in the morning where that reader is.

    One that is caught up later than AHEAD after its time goes out in the reader's next morning: not at night.
    only: whether a key's reminder is of this kind; all are looked at, so that the last one reached is the last of all.
    """
    for zone, people in _zones(readers).items():
        for key, moment in coming(days, zone=zone, morning=morning, since=since, at=at):
            if only is None or only(key):
                tell(
                    kind=kind,
                    recipients=people,
                    scope=scope,
                    occurrence=f"{occurrence} {key}",
                    ids=ids,
                    at=at,
                    due_at=_caught_up(moment, morning, zone, at),
                    belongs_to=moment,
                )


def _caught_up(moment, morning, zone, at):
    """When what is due at `moment` goes out, told at `at`."""
    return max(moment, at) if at - moment <= AHEAD else next_morning(morning, zone, at)


def next_morning(morning, zone, at):
    """The first moment from `at` on at which it is this time in the morning there."""
    today = at.astimezone(zone_named(zone)).date()
    mornings = (first_moment(today + datetime.timedelta(days=ahead), morning, zone) for ahead in range(3))
    return next(when for when in mornings if when >= at)


def tell_in_the_morning(*, kind, readers, morning, scope, occurrence, ids, at, belongs_to=None):
    """Owe each reader what is no hurry, in the next morning where that reader is."""
    for zone, people in _zones(readers).items():
        tell(
            kind=kind,
            recipients=people,
            scope=scope,
            occurrence=occurrence,
            ids=ids,
            at=at,
            due_at=next_morning(morning, zone, at),
            belongs_to=belongs_to,
        )


def _zones(readers):
    """{time zone: ids of the readers who are there}."""
    zones = defaultdict(list)
    for person, zone in Person.objects.filter(pk__in=list(readers)).values_list("pk", "time_zone"):
        zones[zone].append(person)
    return zones
