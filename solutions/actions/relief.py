"""A promise changes hands: where it is a step's, the step has another owner from then on."""

from django.db import transaction

from partnerships.actions import relief
from partnerships.actions.memory import remember
from partnerships.actions.waivers import lapse_waivers

from ..handovers import SUPPORTED
from ..models import Handover, Ownership


@transaction.atomic
def take_over_commitment(*, commitment, by, at):
    """Take a promise over in person, and with it the step that it is for. Returns the Commitment."""
    taken = relief.take_over_commitment(commitment=commitment, by=by, at=at)
    owned = Ownership.objects.filter(commitment=taken).select_related("step__partnership__platform").first()
    if owned:
        partnership = owned.step.partnership
        if Handover.objects.filter(step=owned.step).exists():
            lapse_waivers(partnership, criterion=SUPPORTED, by=by, at=at)
        remember(partnership, "step.owner_found", by=by, at=at, step=owned.step_id, commitment=taken.pk)
    return taken
