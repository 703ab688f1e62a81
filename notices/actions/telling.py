"""Owing somebody a message."""

import uuid
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from boundary.secrets import seal

from ..kinds import kind_named
from ..models import UNSENT, Notice, Preference, State

NEWS = timedelta(hours=72)


def tell(*, kind, recipients, scope=None, occurrence="", ids=None, at, due_at=None, secret=None):
    """Owe a message of this kind to each recipient id, from `due_at` (or at once); the first one told wins.

    Call it in the transaction of the deed. Unique per scope, recipient, kind and occurrence. What happened more
    than 72 hours ago tells nobody. `secret` is a dict that waits sealed and is erased when the mail is done.
    Raises KeyError for a kind that nobody declared.
    """
    declared = kind_named(kind)
    if at < timezone.now() - NEWS:
        return
    sealed = seal(secret) if secret else None
    host = urlsplit(settings.SITE_URL).hostname
    rows = []
    for recipient in dict.fromkeys(recipients):
        pk = uuid.uuid4()
        rows.append(
            Notice(
                id=pk,
                scope=scope,
                recipient=recipient,
                kind=kind,
                occurrence=str(occurrence),
                ids=ids or {},
                secret=sealed,
                lane=declared.lane,
                due_at=due_at or at,
                try_at=due_at or at,
                message_id=f"<{pk}@{host}>",
            )
        )
    Notice.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


@transaction.atomic
def forget(*, recipient, at):
    """Stop everything still owed to a person who is erased, and forget what they chose."""
    owed = Notice.objects.filter(recipient=recipient, state__in=(*UNSENT, State.HELD))
    owed.exclude(state=State.SENDING).update(
        state=State.DROPPED, reason="forgotten", secret=None, lease_until=None, leased_by=""
    )
    Preference.objects.filter(recipient=recipient).delete()
