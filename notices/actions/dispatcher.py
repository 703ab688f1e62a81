"""Whether mail goes out at all. After a restore it does not, until an operator has said what was sent already."""

import logging

from django.db import connection, transaction

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
    Dispatcher.objects.filter(id=1, paused=False).update(paused=True, why=Dispatcher.RESTORED, since=at)
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
    """
    dispatcher = Dispatcher.objects.select_for_update().get(id=1)
    held = _hold(Notice.objects.filter(created_at__lte=dispatcher.since)) if hold_unsent else 0
    dispatcher.paused, dispatcher.why, dispatcher.since = False, "", at
    dispatcher.fingerprint = fingerprint()
    dispatcher.save(update_fields=["paused", "why", "since", "fingerprint"])
    return held


def _hold(notices):
    unsent = notices.filter(state__in=UNSENT)
    free = {"reason": "restored", "lease_until": None, "leased_by": "", "secret": None}
    unsent.exclude(secret=None).update(state=State.DROPPED, **free)
    return unsent.update(state=State.HELD, **free)
