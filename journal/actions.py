"""Adding to the record: the only way a line gets in, always in the transaction of the deed it tells about."""

import re
import uuid

from django.db import connection
from django.db.transaction import TransactionManagementError

from boundary.digest import digest
from journal.models import Audience, Entry, Head

VERB = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
SHORT_KEY = re.compile(r"[\w.:/+-]{0,80}")

# One statement takes the lock whether or not the scope has a record yet, so that two first entries cannot collide.
TAKE_HEAD = """
    INSERT INTO journal_head (scope, sequence, digest) VALUES (%s, 0, '')
    ON CONFLICT (scope) DO UPDATE SET sequence = journal_head.sequence
    RETURNING sequence, digest
"""


def record(*, scope, verb, by, at, audience="public", **ids):
    """Add an entry to a scope's chain and return it; the head stays locked until the deed commits.

    scope: UUID of a partnership or platform; verb: "noun.verbed"; by: person (or id, or None for the clock);
    ids: UUIDs, whole numbers, short keys, or lists of them. Raises ValueError for free text,
    TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("journal.record belongs in the transaction of the deed it records.")
    entry = Entry(
        scope=_uuid(scope),
        at=at,
        audience=Audience(audience).value,
        actor=_uuid(by),
        verb=_checked(VERB, verb),
        ids={name: _opaque(value) for name, value in ids.items()},
    )
    return _append(entry)


def _append(entry):
    with connection.cursor() as cursor:
        cursor.execute(TAKE_HEAD, [entry.scope])
        last, entry.previous = cursor.fetchone()
    entry.sequence = last + 1
    entry.digest = digest(entry.content())
    entry.save(force_insert=True)
    Head.objects.filter(scope=entry.scope).update(sequence=entry.sequence, digest=entry.digest)
    return entry


def _uuid(value):
    value = getattr(value, "pk", value)
    return value if value is None or isinstance(value, uuid.UUID) else uuid.UUID(str(value))


def _opaque(value):
    """The value as JSON, if it is an id, a number or a short key: words of people can be erased, entries cannot."""
    value = getattr(value, "pk", value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_opaque(one) for one in value]
    if value is None or isinstance(value, bool | int):
        return value
    return _checked(SHORT_KEY, str(value))


def _checked(pattern, text):
    if not pattern.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not an id or a short key; the journal holds no free text.")
    return text
