"""Digests: what waits for one, when it goes out, and what is in it.

A digest is a row of the outbox like any other, so that it is sent once or says honestly that it may have been. What it
gathers are rows too: they wait in the state "gathered", are taken in while the digest is prepared, and end with it.
"""

import datetime

from django.db import connection, transaction
from django.db.models import Case, Exists, OuterRef, When

from boundary.local_time import first_moment, zone_named

from ..kinds import DAILY, DIGEST
from ..models import CLAIMABLE, UNSENT, Notice, State
from .steps import FREE
from .telling import tell

# (default) nobody is mailed at night; five minutes after the hour, so that what is due at eight comes along
MORNING = datetime.time(8, 5)
MONDAY = 0
LATE = datetime.timedelta(
    minutes=30
)  # so much after its time a notice may still go into the digest it was meant for


def next_digest(choice, zone, at):
    """When the next digest goes out to a reader in this time zone: each morning, or on Monday morning."""
    today = at.astimezone(zone_named(zone)).date()
    days = (today + datetime.timedelta(days=ahead) for ahead in range(9))
    mornings = (
        first_moment(day, MORNING, zone) for day in days if choice == DAILY or day.weekday() == MONDAY
    )
    return next(morning for morning in mornings if morning > at)


def digests_of(wanted, at):
    """{notice: when its digest goes out} of notices with their reader's choice and time zone, {notice: (choice, zone)}.

    What is taken a little late goes into the digest that it was meant for, while that one has not gone out.
    """
    coming = {notice: next_digest(*choice, at) for notice, choice in wanted.items()}
    meant = {n: next_digest(*wanted[n], n.due_at) for n in wanted if at - LATE < n.due_at < at}
    meant = {notice: morning for notice, morning in meant.items() if morning != coming[notice]}
    if meant:
        digests = Notice.objects.filter(
            kind=DIGEST,
            recipient__in=[notice.recipient for notice in meant],
            due_at__in=set(meant.values()),
            state__in=(*CLAIMABLE, State.LEASED),  # perhaps in the same worker's hands
            doubts=0,
        )
        open_ones = set(digests.values_list("recipient", "due_at"))
        coming |= {n: morning for n, morning in meant.items() if (n.recipient, morning) in open_ones}
    return coming


@transaction.atomic
def gather(mornings, *, at):
    """Let leased notices wait for their readers' digests: {notice: when it goes out}. The digests are owed with it."""
    for morning in sorted(set(mornings.values())):  # in one order, or two workers could wait for each other
        rows = [notice for notice, when in mornings.items() if when == morning]
        tell(
            kind=DIGEST,
            recipients=sorted({row.recipient for row in rows}),
            occurrence=morning.isoformat(),
            at=at,
            due_at=morning,
        )
        held = Notice.objects.filter(id__in=[row.id for row in rows], state=State.LEASED)
        held.update(state=State.GATHERED, due_at=morning, try_at=morning, gathered_in=None, reason="", **FREE)


@transaction.atomic
def take_in(digests, *, at):
    """Give each digest what waits for its reader; returns all that is in them, in the order in which it was told.

    One that may have been accepted already takes nothing new: it must say the same again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL synchronous_commit = on"
        )  # else a fall of the server could empty a sent digest
    fresh = [digest for digest in digests if not digest.doubts]
    if fresh:
        whose = Case(*(When(recipient=digest.recipient, then=digest.id) for digest in fresh))
        waiting = Notice.objects.gathered().filter(gathered_in=None, due_at__lte=at)
        waiting.filter(recipient__in=[digest.recipient for digest in fresh]).update(gathered_in=whose)
    taken = Notice.objects.gathered().filter(gathered_in__in=[digest.id for digest in digests])
    return list(taken.order_by("created_at", "id"))


def take_in_again(*, at):
    """Send back to the queue what came a moment too late for a digest that has gone out: it waits for the next one."""
    coming = Notice.objects.filter(
        kind=DIGEST, recipient=OuterRef("recipient"), due_at=OuterRef("due_at"), state__in=UNSENT
    )
    missed = Notice.objects.gathered().filter(~Exists(coming), gathered_in=None, due_at__lte=at)
    missed.update(state=State.QUEUED, due_at=at, try_at=at)


# --- what was in a digest ends with it; told at least once, so each of these may run twice -----------------------


def _inside(digests):
    return Notice.objects.gathered().filter(gathered_in__in=[digest.id for digest in digests])


def end_sent(digests, at):
    """What was in these digests is sent."""
    for digest in digests:
        _inside([digest]).update(state=State.SENT, sent_at=digest.sent_at, reason="", secret=None)


def end_failed(digests, at):
    """What was in these digests could not be sent, for the same reason; or came back with it later."""
    for digest in digests:
        _inside([digest]).update(state=State.FAILED, reason=digest.reason, secret=None)
        went = Notice.objects.filter(gathered_in=digest.id, state=State.SENT, sent_at=digest.sent_at)
        went.update(state=State.FAILED, reason=digest.reason, followed=False)


def end_dropped(digests, at):
    """What was in these digests is not needed any more."""
    for digest in digests:
        _inside([digest]).update(state=State.DROPPED, reason=digest.reason, secret=None)
