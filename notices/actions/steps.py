"""Every step of a row from owed to done. Each is guarded: only who holds the lease can take the next one."""

import random
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from ..models import Notice, State
from .telling import NEWS

STRIKES = 3  # a row that took its worker down this often is parked
FREE = {"lease_until": None, "leased_by": ""}

# A database session by process and birth, so that a lease ends with the session of a worker that was killed.
SESSION = """
    SELECT pid || ':' || extract(epoch FROM backend_start) FROM pg_stat_activity WHERE pid = pg_backend_pid()
"""
# Called for every mail, so written by hand and planned once: the end of one dialogue and the intent of the next.
PREPARE = """
    PREPARE notices_sent_and_next (uuid, uuid, timestamptz, timestamptz, text) AS
    WITH done AS (
        UPDATE notices_notice
        SET state = 'sent', sent_at = $3, reason = '', secret = NULL, lease_until = NULL, leased_by = ''
        WHERE id = $1 AND state NOT IN ('sent', 'failed', 'dropped')
    )
    UPDATE notices_notice SET state = 'sending', attempts = attempts + 1, lease_until = $4
    WHERE id = $2 AND state = 'leased' AND leased_by = $5 AND lease_until > $3
    RETURNING id
"""


def session():
    """The name under which this database session takes leases."""
    with connection.cursor() as cursor:
        cursor.execute(SESSION)
        return cursor.fetchone()[0]


def lease():
    """How long a row is held: longer than the longest dialogue, twice, with a new connection between."""
    return timedelta(seconds=120 + 15 * (settings.EMAIL_TIMEOUT or 60))


@contextmanager
def at_work():
    """Prepare this session for sending: the step is planned once, and no commit waits for the disk.

    A killed worker loses nothing by that. Only a crash of the database server itself can lose the last half second,
    and then `database_fell` says so: what was leased, which is always waited for, counts as perhaps sent.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(PREPARE)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE notices_sent_and_next")
            cursor.execute("RESET synchronous_commit")


# --- taking and giving back ------------------------------------------------------------------------------------


@transaction.atomic(durable=True)  # no dialogue may ever run inside a transaction
def claim(*, lane, size, at, by):
    """Lease up to `size` due rows of a lane to session `by`; rows that others hold are passed over.

    A row that once took its worker down is leased alone, so that it cannot take others with it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")
    due = list(Notice.objects.claimable(lane, at).select_for_update(skip_locked=True)[:size])
    rows = [row for row in due if not row.strikes] or due[:1]
    for row in rows:
        row.state, row.lease_until, row.leased_by = State.LEASED, at + lease(), by
    Notice.objects.filter(id__in=[row.id for row in rows]).update(
        state=State.LEASED, lease_until=at + lease(), leased_by=by
    )
    return rows


def release(notices, *, by):
    """Give leased rows back untouched, for the next claim."""
    held = Notice.objects.filter(id__in=[n.id for n in notices], state=State.LEASED, leased_by=by)
    held.update(state=State.QUEUED, **FREE)


# --- towards and out of a dialogue -------------------------------------------------------------------------------


def sent_and_next(done, following, *, at, by):
    """Commit that `done` was accepted and that `following` is about to be sent; either may be None.

    Only within `at_work`. Returns whether `following` may be sent: not when its lease was lost in the meantime.
    """
    ids = [notice and str(notice.id) for notice in (done, following)]
    # For the driver, words are much cheaper than objects.
    times = [at.isoformat(), (at + lease()).isoformat()]
    with connection.cursor() as cursor:
        cursor.execute("EXECUTE notices_sent_and_next (%s, %s, %s, %s, %s)", [*ids, *times, by])
        return cursor.fetchone() is not None


def again(notices, *, reason, at, longest):
    """Try these again later: soon at first, then ever more seldom, up to `longest` apart, for 72 hours."""
    for notice in notices:
        if at - notice.due_at >= NEWS:
            fail([notice], reason=reason if reason.startswith("refused") else "too_late", at=at)
            continue
        notice.reason = reason[:300]
        Notice.objects.filter(id=notice.id, leased_by=notice.leased_by).exclude(leased_by="").update(
            state=State.RETRY, reason=notice.reason, try_at=at + pause_before(notice, at, longest), **FREE
        )


def pause_before(notice, at, longest):
    """How long to wait: half of what has been waited already, from five seconds, with jitter."""
    waited = (at - notice.due_at) / 2
    return min(max(waited, timedelta(seconds=5)), longest) * random.uniform(0.75, 1.25)  # noqa: S311


def doubt(notices, *, at, known=State.SENDING):
    """Whether these were accepted is unknown; `sweep` does what their kind says."""
    for notice in notices:
        Notice.objects.filter(id=notice.id, state=known).update(
            state=State.AMBIGUOUS, reason="doubt", doubts=notice.doubts + 1, **FREE
        )


def fail(notices, *, reason, at):
    """These cannot be sent; the reason is for the convener."""
    _end(notices, state=State.FAILED, reason=reason)


def drop(notices, *, reason):
    """These need not be sent any more."""
    _end(notices, state=State.DROPPED, reason=reason)


def _end(notices, *, state, reason):
    mine = Notice.objects.filter(id__in=[n.id for n in notices]).exclude(state=State.SENT)
    mine.update(state=state, reason=reason[:300], secret=None, **FREE)


def strike(notice, *, at):
    """It could not be written. After three times it is parked as unreadable."""
    if notice.strikes + 1 >= STRIKES:
        fail([notice], reason="unreadable", at=at)
        return
    Notice.objects.filter(id=notice.id).update(
        state=State.RETRY,
        strikes=notice.strikes + 1,
        reason="unreadable",
        try_at=at + pause_before(notice, at, timedelta(minutes=10)),
        gathered_in=None,  # it goes on by itself, whatever becomes of the digest that it was to be in
        **FREE,
    )
