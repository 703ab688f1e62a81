"""What the clock tells while an arena gathers: functions open or unanswered, ground rules, an overdue promise."""

import datetime

from django.db import transaction
from django.db.models import Max, Q

from boundary.local_time import zone_named

from ..models import Leadership, Mandate, Member, StageVisit
from ..models.arenas import PromiseKind, PromiseState
from ..stages import Stage
from .reminders import WEEK, around, remind

LONG_AGO = datetime.timedelta(days=90)  # an offer that old is not reminded of any more


def _leaders(partnership):
    return Member.objects.leading().filter(partnership=partnership).values_list("person", flat=True)


def _day(moment, partnership):
    return moment.astimezone(zone_named(partnership.time_zone)).date()


@transaction.atomic
def remind_leadership(*, at):
    """Remind whoever is offered a function, on the days their platform says; a week after the last tell the leaders.

    After a pause the days are counted anew.
    """
    offered = Leadership.objects.standing().filter(
        state=Leadership.State.OFFERED, offered_at__gt=at - LONG_AGO, partnership__reconstructed_from=""
    )
    offered = offered.exclude(partnership__stage=Stage.CLOSED).filter(partnership__paused_at=None)
    offered = offered.annotate(rested=Max("partnership__pauses__until"))
    for offer in offered.select_related("partnership__platform", "member").iterator(chunk_size=500):
        since = max(offer.offered_at, offer.rested or offer.offered_at)
        platform, day = offer.partnership.platform, _day(since, offer.partnership)
        days = [
            (number, day + datetime.timedelta(days=number)) for number in platform.invitation_reminder_days
        ]
        about = {
            "morning": platform.morning,
            "since": since,
            "scope": offer.partnership_id,
            "occurrence": f"{offer.pk}" if since == offer.offered_at else f"{offer.pk} {day}",
            "ids": {"leadership": str(offer.pk)},
            "at": at,
        }
        last = max((when for _number, when in days), default=day) + WEEK
        remind(kind="leadership_reminder", readers=[offer.member.person_id], days=days, **about)
        remind(
            kind="leadership_unanswered",
            readers=_leaders(offer.partnership_id),
            days=[("late", last)],
            **about,
        )


@transaction.atomic
def remind_convening(*, at):
    """Tell leaders at half time that nobody carries a leadership, and on the day that the ground rules are missing."""
    soon = at.date() + datetime.timedelta(days=366)
    visits = StageVisit.objects.filter(
        left_at=None, stage=Stage.CONVENE, due_on__lte=soon, partnership__reconstructed_from=""
    ).filter(partnership__paused_at=None)
    for visit in visits.select_related("partnership__platform").iterator(chunk_size=500):
        entered = _day(visit.entered_at, visit.partnership)
        half = entered + (visit.due_on - entered) // 2
        for kind, day in (("leaderships_missing", half), ("charter_missing", visit.due_on)):
            remind(
                kind=kind,
                readers=_leaders(visit.partnership_id),
                days=[("once", day)],
                morning=visit.partnership.platform.morning,
                since=visit.entered_at,
                scope=visit.partnership_id,
                occurrence=f"{visit.pk} {visit.due_on}",
                ids={"visit": str(visit.pk), "due_on": visit.due_on.isoformat()},
                at=at,
            )


@transaction.atomic
def remind_promises(*, at):
    """Tell leaders the day after a promised answer was owed, and weekly, until the result is adopted or explained."""
    given = Mandate.objects.filter(
        promise_kind=PromiseKind.ADOPT_OR_EXPLAIN,
        promise_state=PromiseState.GIVEN,
        promise_answered_on=None,
        partnership__reconstructed_from="",
    )
    today = at.date()
    owed = given.filter(
        Q(promise_due_on__lte=today) | Q(promise_due_on=None, ends_on__lte=today)
    ).select_related("partnership__platform")
    for mandate in owed.iterator(chunk_size=500):
        day = mandate.promise_owed_on
        remind(
            kind="promise_overdue",
            readers=_leaders(mandate.partnership_id),
            days=around(day + datetime.timedelta(days=1), [], at),
            morning=mandate.partnership.platform.morning,
            since=None,
            scope=mandate.partnership_id,
            occurrence=day.isoformat(),
            ids={"owed_on": day.isoformat()},
            at=at,
        )
