"""After an end: telling the apps above. After a worker's death: taking back what it held."""

import logging
from collections import defaultdict

from django.db import connection, transaction

from ..kinds import BATCH, HOLD, all_kinds
from ..models import Notice, State
from .gathering import take_in_again
from .steps import FREE, STRIKES, doubt, fail
from .telling import NEWS

log = logging.getLogger(__name__)

HOLDER_IS_GONE = """
    NOT EXISTS (
        SELECT FROM pg_stat_activity AS alive
        WHERE alive.pid::text = split_part(notices_notice.leased_by, ':', 1)
          AND coalesce(extract(epoch FROM alive.backend_start)::text = split_part(leased_by, ':', 2), true)
    )
"""


# --- what follows an end ---------------------------------------------------------------------------------------


def follow(*, at, ids=None):
    """Tell each kind's app of its notices' ends (recent ones, or those among `ids`) at least once, batch by batch."""
    waiting = Notice.objects.unfollowed()
    waiting = waiting.filter(id__in=ids) if ids else waiting.filter(due_at__gt=at - 2 * NEWS)
    ends = defaultdict(list)
    for pk, name, state in waiting.order_by("id").values_list("id", "kind", "state"):
        ends[name, state].append(pk)
    for (name, state), rows in ends.items():
        for start in range(0, len(rows), BATCH):
            _follow(_hook(name, state), state, rows[start : start + BATCH], at)


def _hook(name, state):
    kind = all_kinds().get(name)
    return (
        kind
        and {
            State.SENT: kind.on_sent,
            State.FAILED: kind.on_failed,
            State.DROPPED: kind.on_dropped,
        }[state]
    )


def _follow(hook, state, ids, at):
    """In one transaction; if it breaks, one by one, so that one broken thing does not keep the others waiting.

    What has come to another end since it was looked at is left for the next look, which chooses that end's hook.
    """
    try:
        with transaction.atomic():
            waiting = Notice.objects.unfollowed().filter(id__in=ids, state=state)
            rows = list(waiting.select_for_update(skip_locked=True))
            if hook and rows:
                hook(rows, at)
            Notice.objects.filter(id__in=[row.id for row in rows]).update(followed=True)
    except Exception:
        log.exception("What should follow %d notices failed; it will be tried again.", len(ids))
        for one in ids if len(ids) > 1 else []:
            _follow(hook, state, [one], at)


# --- after a worker was killed -----------------------------------------------------------------------------------


def sweep(*, at):
    """Take back what dead workers held. What was being sent becomes ambiguous and goes the way its kind says."""
    _take_back(at)
    _settle_doubts(at)
    take_in_again(at=at)
    follow(at=at)


@transaction.atomic
def _take_back(at):
    """Free what dead workers had leased, and doubt what they were sending."""
    if not _first_here():
        return
    leased, sending = _abandoned(at)
    if database_fell():
        doubt(leased, at=at, known=State.LEASED)  # the last ends before the fall may be lost
    else:
        _strike(_suspects(leased), at)
        Notice.objects.filter(id__in=[row.id for row in leased], state=State.LEASED).update(
            state=State.QUEUED, **FREE
        )
    doubt(sending, at=at)


def _first_here():
    """Whether no other sweep is at this: two would each see half of what a dead worker held."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock('notices_notice'::regclass::oid::int)")
        return cursor.fetchone()[0]


def _abandoned(at):
    """(leased, being sent): the rows whose lease has run out or whose holder's session has ended, locked.

    One statement, one look at who is alive: that a worker was sending when it died clears the rows it held besides,
    and a worker that dies between two looks would seem to have held them without sending.
    """
    held = Notice.objects.filter(state__in=(State.LEASED, State.SENDING)).select_for_update(skip_locked=True)
    over = held.extra(where=[f"(lease_until <= %s OR {HOLDER_IS_GONE})"], params=[at])  # noqa: S610  a constant
    rows = list(over)
    return [[row for row in rows if row.state == state] for state in (State.LEASED, State.SENDING)]


def _suspects(rows):
    """Those whose holder died before it began to send: one of them may be why. Later all are written already."""
    holders = {row.leased_by for row in rows}
    sending = Notice.objects.filter(state=State.SENDING, leased_by__in=holders)
    beyond = set(sending.values_list("leased_by", flat=True))
    return [row for row in rows if row.leased_by not in beyond]


def _strike(rows, at):
    for row in rows:
        Notice.objects.filter(id=row.id).update(strikes=row.strikes + 1)
    poison = [row for row in rows if row.strikes + 1 >= STRIKES]
    if poison:
        fail(poison, reason="unreadable", at=at)


def database_fell():
    """Whether the database server has crashed since this was last asked: what it logs nowhere is then gone."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO notices_afloat VALUES (true) ON CONFLICT DO NOTHING")
        return cursor.rowcount == 1


@transaction.atomic
def _settle_doubts(at):
    """Send again under the same Message-ID, or hold: as the kind says."""
    rows = Notice.objects.filter(state=State.AMBIGUOUS).select_for_update(skip_locked=True)
    kinds = all_kinds()
    held = {row.id for row in rows if row.kind not in kinds or kinds[row.kind].on_ambiguous == HOLD}
    repeated = {row.id for row in rows} - held
    Notice.objects.filter(id__in=held).update(state=State.HELD)
    Notice.objects.filter(id__in=repeated).update(state=State.QUEUED, try_at=at)


def release_held(*, notices, at):
    """Send what was held back after all; returns how many."""
    held = Notice.objects.filter(id__in=[getattr(n, "id", n) for n in notices], state=State.HELD)
    return held.update(state=State.QUEUED, try_at=at, due_at=at)
