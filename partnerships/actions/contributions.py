"""Say: contributions."""

from django.db import transaction

from ..models import Contribution, Partnership
from ..places import place_of
from ..rules import contributions as may
from .memory import remember


@transaction.atomic
def say(*, partnership, kind, body, by, at, reply_to=None, wants_answer=False, meeting=None, on_behalf_of=""):
    """Say something in the arena, perhaps in answer to another contribution. Returns the Contribution."""
    partnership = Partnership.objects.locked(partnership.pk)
    place = place_of(partnership, by)
    (may.can_record_contribution(place) if on_behalf_of else may.can_say(place)).enforce()
    contribution = Contribution.objects.create(
        partnership=partnership,
        member=place.member,
        kind=kind,
        body=body,
        reply_to=reply_to,
        thread=reply_to and (reply_to.thread or reply_to),
        meeting=meeting,
        wants_answer=wants_answer,
        on_behalf_of=on_behalf_of,
        recorded_by=by if on_behalf_of else None,
        created_at=at,
    )
    remember(partnership, "contribution.said", by=by, at=at, contribution=contribution.pk)
    return contribution
