"""What tests of calls, lots and the register do all the time."""

import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from partnerships import actions
from partnerships.models import Call, Group
from tests.cast import person

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
DAY = datetime.timedelta(days=1)


def page_of(name, *more):
    return reverse(name, args=["seaweed", *more])


def group(cast, name="Families", sector="citizens", **more):
    facts = {"affectedness": 3, "relevance": 2} | more
    return Group.objects.create(partnership=cast.partnership, name=name, sector=sector, **facts)


def open_call(cast, seats, by=None, days=7, words="Come and help.", at=None):
    """A call that seeks so many for each group: {Group: seats}."""
    at = at or timezone.now()
    return actions.calls.write_call(
        partnership=cast.partnership,
        words=words,
        groups=seats,
        closes_at=(at + days * DAY).astimezone(COPENHAGEN),  # as the form says it
        language="en",
        by=by or cast.convener,
        at=at,
    )


def volunteer(call, group, who, words="I live there.", at=None):
    return actions.calls.volunteer(call=call, group=group, words=words, by=who, at=at or timezone.now())


def crowd(call, group, number):
    """So many people who put themselves forward for a group."""
    people = [person(f"V{group.pk.hex[:4]}{n} Volunteer") for n in range(number)]
    return [volunteer(call, group, who) for who in people]


def close(cast, call, by=None):
    actions.calls.close_call(call=call, by=by or cast.convener, at=timezone.now())
    return Call.objects.get(pk=call.pk)


def freeze(cast, call, group, seats=1, by=None):
    return actions.lots.freeze_volunteers(
        call=call, group=group, seats=seats, by=by or cast.convener, at=timezone.now()
    )


def draw(cast, frozen, by=None):
    return actions.lots.draw_lots(draw=frozen, by=by or cast.convener, at=timezone.now())


def join_register(cast, who, at=None, **said):
    said = {"sector": "citizens", "brings": "", "area": "", "language": "en"} | said
    return actions.register.join_register(platform=cast.platform, by=who, at=at or timezone.now(), **said)


def choose(call, families, rows, by):
    people = [row.pk for row in rows]
    return actions.calls.choose_volunteers(call=call, group=families, people=people, by=by, at=timezone.now())


def thank(call, families, by):
    return actions.calls.decline_volunteers(call=call, group=families, by=by, at=timezone.now())
