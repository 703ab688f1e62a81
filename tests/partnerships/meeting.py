"""What tests of meetings do all the time."""

import datetime

from django.urls import reverse
from django.utils import timezone

from partnerships import actions

deeds = actions.meetings
DAY = datetime.timedelta(days=1)


def facts(**fields):
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + 10 * DAY
    return {
        "title": "Choosing a site",
        "starts_at": start,
        "ends_at": start + datetime.timedelta(hours=2),
        "time_zone": "Europe/Copenhagen",
        "place": "Library hall",
        "link": "https://meet.example.org/room",
        "agenda": "1. Welcome",
        **fields,
    }


def call(cast, who=None, at=None, **fields):
    return deeds.call_meeting(
        partnership=cast.partnership, by=who or cast.convener, at=at or timezone.now(), **facts(**fields)
    )


def held(cast):
    """A meeting that was held yesterday."""
    start = timezone.now() - DAY
    return call(cast, at=start - 9 * DAY, starts_at=start, ends_at=start + datetime.timedelta(hours=1))


def page(name, cast, *args):
    return reverse(name, args=[cast.partnership.slug, *args])
