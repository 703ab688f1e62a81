"""Whether mail goes out at all. After a restore it does not, until an operator has said what was sent already."""

import logging

from django.db import connection, transaction
from django.db.models.functions import Greatest

from ..models import UNSENT, Dispatcher, Notice, State

log = logging.getLogger(__name__)

# Each part changes with one way of restoring: another server, a point in time, another database, a table put back.
FINGERPRINT = """
    SELECT concat_ws(
        ':',
        (SELECT system_identifier FROM pg_control_system()),
        (SELECT timeline_id FROM pg_control_checkpoint()),
        (SELECT oid FROM pg_database WHERE datname = current_database()),
        'notices_dispatcher'::regclass::oid
    )
"""


def fingerprint():
    """What tells this database from a copy of it that was put back."""
    with connection.cursor() as cursor:
        cursor.execute(FINGERPRINT)
        return cursor.fetchone()[0]


def may_send(at):
    """Whether mail may go out now. Pauses by itself when the database turns out to be a restored copy."""
    dispatcher, _new = Dispatcher.objects.get_or_create(id=1, defaults={"fingerprint": fingerprint()})
    if dispatcher.paused:
        return False
    if dispatcher.fingerprint == fingerprint():
        return True
    restored = {"why": Dispatcher.RESTORED, "since": at, "restored_at": at}
    Dispatcher.objects.filter(id=1, paused=False).update(paused=True, **restored)
    log.error("This database was restored: no mail goes out until `manage.py resume_notices` is run.")
    return False


def pause(*, at):
    """Let no more mail out; what is owed waits in its row."""
    may_send(at)
    Dispatcher.objects.filter(id=1, paused=False).update(paused=True, why=Dispatcher.BY_HAND, since=at)


@transaction.atomic
def resume(*, at, hold_unsent=False):
    """Let mail out again; returns how many rows are held back.

    With `hold_unsent`, what was unsent in the backup is held as "may have been sent"; codes in it have long expired.
    What could not have been due yet goes out in its time. What the clock owes anew for a moment before the restore is
    held too, from then on (`tell`); without `hold_unsent`, it is sent.
    """
    dispatcher = Dispatcher.objects.select_for_update().get(id=1)
    held = 0
    if hold_unsent:
        held, dispatcher.restored_at = _hold(dispatcher.since), dispatcher.since
    elif dispatcher.why == Dispatcher.RESTORED:
        _let_go(dispatcher.since, at)
        dispatcher.restored_at = None
    dispatcher.paused, dispatcher.why, dispatcher.since = False, "", at
    dispatcher.fingerprint = fingerprint()
    dispatcher.save(update_fields=["paused", "why", "since", "fingerprint", "restored_at"])
    return held


def _let_go(since, at):
    """Send what was held only because the clock owed it anew after the restore."""
    anew = Notice.objects.filter(state=State.HELD, reason="restored", created_at__gt=since)
    anew.update(state=State.QUEUED, reason="", due_at=Greatest("due_at", at), try_at=Greatest("due_at", at))


def _hold(since):
    unsent = Notice.objects.filter(created_at__lte=since, due_at__lte=since, state__in=UNSENT)
    free = {"reason": "restored", "lease_until": None, "leased_by": "", "secret": None}
    unsent.exclude(secret=None).update(state=State.DROPPED, **free)
    return unsent.update(state=State.HELD, **free)
