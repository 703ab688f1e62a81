"""What tests of commitments do all the time."""

from django.utils import timezone

from partnerships import actions
from partnerships.models import Commitment

State = Commitment.State
deeds = actions.commitments


def offer(cast, who, what="Forty hours of beach cleaning", **fields):
    return deeds.offer_commitment(
        partnership=cast.partnership, kind="hours", what=what, by=who, at=timezone.now(), **fields
    )


def ask(cast, who=None, by=None, what="Measure the bay", **fields):
    return deeds.ask_commitment(
        partnership=cast.partnership,
        member=cast.member(who or cast.official),
        kind="task",
        what=what,
        by=by or cast.convener,
        at=timezone.now(),
        **fields,
    )


def accepting(commitment):
    """The deed of accepting it, looked up anew each time."""
    return lambda who: deeds.accept_commitment(
        commitment=Commitment.objects.get(pk=commitment.pk), by=who, at=timezone.now()
    )
