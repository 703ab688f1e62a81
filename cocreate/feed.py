"""A person's dates as a calendar that other programs fetch (RFC 5545, RFC 7986): what is due, and when people meet.

What may be read is asked anew each time. Nothing of other people is in it but that they meet.
"""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from boundary.tokens import matches, token
from partnerships.calendars import event_of
from partnerships.models import (
    AgendaItem,
    CalendarFeed,
    Commitment,
    Decision,
    Follow,
    Meeting,
    Member,
    StageVisit,
)
from partnerships.models.commitments import STANDING
from partnerships.stages import Stage
from solutions.models import Ownership, StepReport, StepStatus

from .arena import url_of_arena

PURPOSE = "calendar"
BEHIND, AHEAD = datetime.timedelta(days=90), datetime.timedelta(days=365)
CANCELLED_FOR = datetime.timedelta(days=30)  # so long a calendar is told that a meeting is off
MOST = 1000  # of each kind
REFRESH = datetime.timedelta(hours=1)  # how often programs are asked to look again


def address_of(feed):
    """The absolute address of a calendar: whoever has it can read it."""
    proof = token(PURPOSE, feed.pk, feed.nonce)
    return f"{settings.SITE_URL}/calendar/{feed.pk}/{proof}.ics"


def feed_behind(pk, given):
    """The CalendarFeed at this address, of somebody who is still here, or None."""
    here = CalendarFeed.objects.filter(person__is_active=True, person__erased_at=None)
    feed = here.select_related("person", "partnership").filter(pk=pk).first()
    return feed if feed and matches(PURPOSE, feed.pk, feed.nonce, given) else None


def calendar_of(feed, at):
    """The calendar file as bytes, in the reader's language; None where they have no part in what it is of any more.

    Seven queries, however much there is: 90 days back and a year ahead. In a pause nothing is due, but people may meet.
    """
    person, span = feed.person, (at - BEHIND, at + AHEAD)
    seats = dict(_of(feed, Member.objects.present().filter(person=person)).values_list("partnership", "role"))
    follows = _of(feed, Follow.objects.standing(person)).values_list("partnership", "topics")
    followed = {pk for pk, topics in follows if Follow.Topic.MEETINGS in topics}
    if feed.partnership_id and not seats and not follows:
        return None
    calendar = _empty(feed)
    for event in (
        *_meetings(seats, followed, span, at),
        *_decisions(seats, span),
        *_steps(person, seats, span),
        *_commitments(person, seats, span),
        *_stages(seats, span),
    ):
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _of(feed, rows):
    return rows.filter(partnership=feed.partnership_id) if feed.partnership_id else rows


def _empty(feed):
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//my dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = feed.partnership.title if feed.partnership_id else settings.SITE_NAME
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return calendar


def _meetings(seats, followed, span, at):
    """Meetings of the partnerships one is in, with the link into the room, and of those one follows, without."""
    on = Q(cancelled_at=None) | Q(cancelled_at__gt=at - CANCELLED_FOR)
    rows = Meeting.objects.filter(on, partnership__in={*seats, *followed}, starts_at__range=span)
    rows = rows.select_related("partnership__platform").order_by("starts_at", "pk")
    rows = rows.prefetch_related(Prefetch("items", AgendaItem.objects.taken(), "on_the_agenda"))[:MOST]
    return [event_of(meeting, with_link=meeting.partnership_id in seats) for meeting in rows]


def _event(kind, pk, stamp, when, what, arena, url):
    """Something that is due on a day, or at a moment; it takes nobody's time."""
    event = Event()
    event.add("uid", f"{kind}-{pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", stamp)
    event.add("dtstart", when)
    event.add("summary", f"{what} ({arena.title})")
    event.add("url", f"{settings.SITE_URL}{url}")
    event.add("transp", "TRANSPARENT")
    return event


def _working(rows, arenas, path="partnership"):
    """Of the rows those of partnerships one is in that are under way and do not rest."""
    works = {f"{path}__in": list(arenas), f"{path}__paused_at": None}
    return rows.filter(**works).exclude(**{f"{path}__stage": Stage.CLOSED}).select_related(path)


def _decisions(seats, span):
    """When decisions close, for those who have a say."""
    deciding = [pk for pk, role in seats.items() if role != Member.Role.OBSERVER]
    rows = _working(Decision.objects.open().filter(closes_at__range=span), deciding)
    return [
        _event(
            *("decision", row.pk, row.begins, row.closes_at),
            _("Closes: %(what)s") % {"what": row.question},
            row.partnership,
            url_of_arena("decision", row.partnership.slug, row.pk),
        )
        for row in rows.order_by("closes_at", "pk")[:MOST]
    ]


def _days(span):
    return [moment.date() for moment in span]


def _steps(person, seats, span):
    """The steps that one carries and has not finished."""
    last = StepReport.objects.filter(step=OuterRef("step")).order_by("-at", "-id").values("status")[:1]
    rows = Ownership.objects.filter(
        commitment__member__person=person,
        commitment__member__left_at=None,
        commitment__state__in=STANDING,
        step__due_on__range=_days(span),
    ).annotate(now=Coalesce(Subquery(last), Value("")))
    rows = _working(rows.exclude(now__in=[StepStatus.DONE, StepStatus.STOPPED]), seats, "step__partnership")
    return [
        _event(
            *("step", row.step_id, row.step.created_at, row.step.due_on),
            _("Due: %(what)s") % {"what": row.step.what},
            row.step.partnership,
            url_of_arena("step", row.step.partnership.slug, row.step_id),
        )
        for row in rows.order_by("step__due_on", "pk")[:MOST]
    ]


def _commitments(person, seats, span):
    """What one has promised, but for steps, which are told as steps."""
    rows = Commitment.objects.filter(
        member__person=person,
        member__left_at=None,
        state__in=STANDING,
        ownership=None,
        due_on__range=_days(span),
    )
    return [
        _event(
            *("promise", row.pk, row.created_at, row.due_on),
            _("Due: %(what)s") % {"what": row.what},
            row.partnership,
            url_of_arena("commitment", row.partnership.slug, row.pk),
        )
        for row in _working(rows, seats).order_by("due_on", "pk")[:MOST]
    ]


def _stages(seats, span):
    """When stages are planned to be done, for those who lead."""
    led = [pk for pk, role in seats.items() if role in (Member.Role.CONVENER, Member.Role.FACILITATOR)]
    rows = _working(StageVisit.objects.filter(left_at=None, due_on__range=_days(span)), led)
    return [
        _event(
            *("stage", row.pk, row.entered_at, row.due_on),
            _("“%(stage)s” is planned to be done") % {"stage": Stage(row.stage).label},
            row.partnership,
            url_of_arena("stages", row.partnership.slug),
        )
        for row in rows.order_by("due_on", "pk")[:MOST]
    ]
