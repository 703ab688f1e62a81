"""What tests of invitations do all the time."""

import datetime

from django.urls import reverse
from django.utils import timezone

from partnerships import actions
from partnerships.models import Invitation

State = Invitation.State
DAY = datetime.timedelta(days=1)


def draft(cast, *addresses, by=None, **shared):
    facts = {
        "name": "",
        "sector": "citizens",
        "role": "member",
        "why_you": "You live there.",
        "language": "en",
    }
    return actions.invitations.draft_invitations(
        partnership=cast.partnership,
        addresses=[{**facts, "address": address, **shared} for address in addresses],
        by=by or cast.convener,
        at=timezone.now(),
    )


def send(cast, at=None):
    return actions.invitations.send_invitations(
        partnership=cast.partnership, by=cast.convener, at=at or timezone.now()
    )


def page_of(cast, name, *more):
    return reverse(name, args=[cast.partnership.slug, *more])


def sent_ago(cast, days, address="maja@lind.dk", state=State.SENT):
    (row,) = draft(cast, address)
    at = timezone.now() - days * DAY
    Invitation.objects.filter(pk=row.pk).update(
        state=state, queued_at=at, sent_at=at, expires_at=at + 30 * DAY
    )
    return Invitation.objects.get(pk=row.pk)
