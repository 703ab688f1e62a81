"""What comes first on a desk: one rule, from facts alone."""

import datetime

import pytest
from django.utils import timezone

from cocreate.desk.facts import Facts
from cocreate.desk.urgency import Health, Kind, health_of, needs_of, urgency

AT = datetime.datetime(2031, 5, 6, 10, 0, tzinfo=datetime.UTC)
TODAY = AT.date()


def facts(title="A", **known):
    known = {
        "due_on": None,
        "entered_at": None,
        "stage": "define",
        "functions": 7,
        "role": "convener",
    } | known
    known = {"begun": True, "paused": False, "keeps": False, "readable": True} | known
    return Facts(pk=title, slug=title.lower(), title=title, summary="", case_number="", **known)


def day(number):
    return TODAY + datetime.timedelta(days=number)


@pytest.mark.parametrize(
    ("known", "needs", "health"),
    [
        ({}, [], Health.WELL),
        ({"due_on": day(-1)}, [(Kind.OVERDUE, 1)], Health.LATE),
        ({"due_on": day(0)}, [(Kind.DUE, 0)], Health.SOON),
        ({"due_on": day(7)}, [(Kind.DUE, 7)], Health.SOON),
        ({"due_on": day(8)}, [], Health.WELL),
        ({"decisions": 2, "closes_at": AT + datetime.timedelta(days=2)}, [(Kind.CLOSING, 2)], Health.SOON),
        ({"decisions": 2, "closes_at": AT + datetime.timedelta(days=2, seconds=1)}, [], Health.WELL),
        ({"questions": 1}, [(Kind.QUESTIONS, 1)], Health.WAITING),
        ({"requests": 1}, [(Kind.REQUESTS, 1)], Health.WAITING),
        ({"reports": 1}, [(Kind.REPORTS, 1)], Health.WAITING),
        ({"bounced": 4}, [(Kind.BOUNCED, 4)], Health.WAITING),
        ({"owed": 1}, [(Kind.OWED, 1)], Health.WAITING),
        ({"offers": 1}, [(Kind.OFFERS, 1)], Health.WAITING),
        ({"last_deed_at": AT - datetime.timedelta(days=30)}, [(Kind.QUIET, 30)], Health.QUIET),
        ({"last_deed_at": AT - datetime.timedelta(days=29, hours=23)}, [], Health.WELL),
        ({"unanswered": 9}, [(Kind.UNANSWERED, 9)], Health.WELL),
        ({"functions": 5}, [(Kind.FUNCTIONS, 2)], Health.WELL),
        ({"functions": 5, "stage": "initiate"}, [], Health.WELL),
        ({"functions": 0, "role": ""}, [], Health.WELL),
        ({"due_on": day(-1), "paused": True}, [], Health.PAUSED),
        ({"due_on": day(-1), "unanswered": 9, "paused": True}, [(Kind.UNANSWERED, 9)], Health.PAUSED),
        ({"due_on": day(-1), "questions": 1, "paused": True}, [(Kind.QUESTIONS, 1)], Health.WAITING),
        ({"questions": 1, "due_on": day(-1), "begun": False}, [], Health.PREPARING),
        ({"questions": 1, "due_on": day(-1), "stage": "closed"}, [], Health.CLOSED),
    ],
)
def test_what_a_partnership_needs_and_how_it_is_doing(known, needs, health):
    one = facts(**known)
    found = needs_of(one, AT)
    assert [(need.kind, need.number) for need in found] == needs
    assert health_of(one, found) == health
    assert all(need.sentence for need in found)


def test_the_order_of_a_desk():
    """Overdue first, longest first; then whom we keep waiting; then what is near, what lies still, what is well."""
    wanted = [
        facts("Overdue long", due_on=day(-20)),
        facts("Overdue and questions", due_on=day(-2), questions=1),
        facts("Overdue", due_on=day(-2)),
        facts("Closing", decisions=1, closes_at=AT),
        facts("Many questions", questions=5),
        facts("A question", questions=1),
        facts("Asks to join", requests=3),
        facts("Did not arrive", bounced=9),
        facts("Owed", owed=40),
        facts("Due today", due_on=day(0)),
        facts("Due in a week", due_on=day(7)),
        facts("Quiet", last_deed_at=AT - datetime.timedelta(days=90)),
        facts("Unanswered", unanswered=400),
        facts("Well, ends", due_on=day(40)),
        facts("Well"),
        facts("Closed", stage="closed"),
    ]
    for given in (wanted, wanted[::-1]):
        found = sorted(given, key=lambda one: urgency(one, needs_of(one, AT)))
        assert [one.title for one in found] == [one.title for one in wanted]


def test_late_is_late_by_the_readers_clock():
    """At 22.30 in London it is tomorrow in Copenhagen."""
    late = datetime.datetime(2031, 5, 6, 22, 30, tzinfo=datetime.UTC)
    one, found = facts(due_on=TODAY), {}
    for zone in ("Europe/London", "Europe/Copenhagen"):
        with timezone.override(zone):
            found[zone] = [need.kind for need in needs_of(one, late)]
    assert found == {"Europe/London": [Kind.DUE], "Europe/Copenhagen": [Kind.OVERDUE]}
