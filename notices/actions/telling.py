"""Owing somebody a message."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from boundary.secrets import seal

from ..kinds import kind_named
from ..models import UNSENT, Notice, Preference, State

NEWS = timedelta(hours=72)

# One statement, however many are told: as objects, ten thousand rows took Python four times as long as PostgreSQL.
TELL = """
    INSERT INTO notices_notice (
        id, message_id, recipient, scope, kind, occurrence, ids, secret, lane, state, due_at, try_at, created_at,
        reason, leased_by, attempts, strikes, doubts, followed
    )
    SELECT
        id, '<' || id || '@' || %(host)s || '>', recipient, %(scope)s::uuid, %(kind)s, %(occurrence)s, %(ids)s::jsonb,
        %(secret)s, %(lane)s, CASE WHEN again THEN 'held' ELSE 'queued' END, %(due_at)s, %(due_at)s, %(now)s,
        CASE WHEN again THEN 'restored' ELSE '' END, '', 0, 0, 0, false
    FROM (
        SELECT gen_random_uuid() AS id, told.recipient FROM unnest(%(recipients)s::uuid[]) AS told (recipient)
    ) AS new, (
        SELECT EXISTS (
            SELECT FROM notices_dispatcher WHERE restored_at >= %(belongs_to)s::timestamptz
        ) AS again
    ) AS restored
    ON CONFLICT DO NOTHING
"""


def tell(
    *, kind, recipients, scope=None, occurrence="", ids=None, at, due_at=None, belongs_to=None, secret=None
):
    """Owe a message of this kind to each recipient id, from `due_at` (or at once); the first one told wins.

    Call it in the transaction of the deed. Unique per scope, recipient, kind and occurrence. What happened more
    than 72 hours ago tells nobody. `belongs_to` is the moment for which a clock owes it: one before the site was
    restored from a backup may have been told before, and is held as what was unsent in the backup is. `secret` is a
    dict that waits sealed and is erased when the mail is done.
    Raises KeyError for a kind that nobody declared.
    """
    declared = kind_named(kind)
    wanted = list(dict.fromkeys(recipients))
    if not wanted or at < timezone.now() - NEWS:
        return
    facts = {
        "recipients": wanted,
        "scope": scope,
        "kind": kind,
        "occurrence": str(occurrence),
        "ids": json.dumps(ids or {}, cls=DjangoJSONEncoder),
        "secret": seal(secret) if secret else None,
        "lane": declared.lane,
        "due_at": due_at or at,
        "belongs_to": belongs_to,
        "host": urlsplit(settings.SITE_URL).hostname,
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(TELL, facts)


@transaction.atomic
def forget(*, recipient, at):
    """Stop everything still owed to a person who is erased, and forget what they chose."""
    owed = Notice.objects.filter(recipient=recipient, state__in=(*UNSENT, State.HELD))
    owed.exclude(state=State.SENDING).update(
        state=State.DROPPED, reason="forgotten", secret=None, lease_until=None, leased_by=""
    )
    Preference.objects.filter(recipient=recipient).delete()
