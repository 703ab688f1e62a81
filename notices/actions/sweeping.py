"""After an end: telling the apps above. After a worker's death: taking back what it held."""

import logging
from contextlib import contextmanager

from django.db import connection, transaction

from ..kinds import HOLD, all_kinds
from ..models import Notice, State
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
    """Tell each kind's app of its notices' ends (all, or those among `ids`): at least once, fifty to a transaction."""
    waiting = Notice.objects.unfollowed().filter(created_at__gt=at - 2 * NEWS)
    waiting = waiting.filter(id__in=ids) if ids else waiting
    for name, state in waiting.values_list("kind", "state").distinct():
        hook = _hook(name, state)
        rows = list(waiting.filter(kind=name, state=state).order_by("id").values_list("id", flat=True))
        for start in range(0, len(rows), 50):
            _follow(hook, rows[start : start + 50], at)


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


def _follow(hook, ids, at):
    """In one transaction; if it breaks, one by one, so that one broken thing does not keep the others waiting."""
    try:
        with transaction.atomic():
            rows = list(Notice.objects.unfollowed().filter(id__in=ids).select_for_update(skip_locked=True))
            if hook and rows:
                hook(rows, at)
            Notice.objects.filter(id__in=[row.id for row in rows]).update(followed=True)
    except Exception:
        log.exception("What should follow %d notices failed; it will be tried again.", len(ids))
        for one in ids if len(ids) > 1 else []:
            _follow(hook, [one], at)


# --- after a worker was killed -----------------------------------------------------------------------------------


def sweep(*, at):
    """Take back what dead workers held. What was being sent becomes ambiguous and goes the way its kind says."""
    _take_back(at)
    _doubt_abandoned(at)
    _settle_doubts(at)
    follow(at=at)


@contextmanager
def _abandoned(state, at):
    """The rows in this state whose lease has run out or whose holder's session has ended, locked."""
    with transaction.atomic():
        rows = Notice.objects.filter(state=state).select_for_update(skip_locked=True)
        over = rows.filter(lease_until__lte=at)
        gone = rows.extra(where=[HOLDER_IS_GONE])  # noqa: S610  a constant; no ORM words for pg_stat_activity
        yield {row.id: row for row in [*over, *gone]}.values()


def _take_back(at):
    with _abandoned(State.LEASED, at) as rows:
        if database_fell():
            doubt(rows, at=at, known=State.LEASED)  # the last ends before the fall may be lost
            return
        poison = [row for row in rows if row.strikes + 1 >= STRIKES]
        for row in rows:
            Notice.objects.filter(id=row.id).update(state=State.QUEUED, strikes=row.strikes + 1, **FREE)
        if poison:
            fail(poison, reason="unreadable", at=at)


def database_fell():
    """Whether the database server has crashed since this was last asked: what it logs nowhere is then gone."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO notices_afloat VALUES (true) ON CONFLICT DO NOTHING")
        return cursor.rowcount == 1


def _doubt_abandoned(at):
    with _abandoned(State.SENDING, at) as rows:
        doubt(rows, at=at)


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
