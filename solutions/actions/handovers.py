"""Saying that a step was a public task before, with what it needs and what is supplied."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from actors.models import Side
from partnerships.actions.memory import remember
from partnerships.actions.waivers import lapse_waivers
from partnerships.models import Partnership
from partnerships.places import place_of

from ..handovers import SUPPORTED
from ..models import Handover
from ..rules import handovers as may


def _found(step):
    return Handover.objects.select_for_update(of=("self",)).filter(step=step).first()


@transaction.atomic
def mark_handover(*, step, needed, supplied, unit, accountable, why, by, at):
    """Say that the step was a public task before, or correct what is said about it. Returns the Handover.

    needed, supplied: in `unit` (Decimal, or None where it is not known); accountable: a public Organization or None.
    What two sides signed about the facts as they stood is over. Why somebody contests it stays in their words.
    """
    partnership = Partnership.objects.locked(step.partnership_id)
    place, handover = place_of(partnership, by), _found(step)
    owns = bool(place.member and step.has_part(place.member))
    may.can_mark_handover(place, handover, owns=owns).enforce()
    if accountable and accountable.side != Side.PUBLIC:
        raise ValidationError({"accountable": _("Choose a public body.")})
    facts = {"needed": needed, "supplied": supplied, "unit": unit, "accountable": accountable}
    if may.can_say_why(place, handover):
        facts["why"] = why
    if handover is None:
        handover = Handover(step=step, contested=may.contests(place), marked_by=by, marked_at=at)
        verb = "handover.contested" if handover.contested else "handover.marked"
    else:
        verb = "handover.corrected"
    for name, value in facts.items():
        setattr(handover, name, value)
    handover.save()
    told = {name: None if facts[name] is None else str(facts[name]) for name in ("needed", "supplied")}
    remember(partnership, verb, by=by, at=at, step=step.pk, **told)
    lapse_waivers(partnership, criterion=SUPPORTED, by=by, at=at)
    return handover


@transaction.atomic
def withdraw_handover(*, handover, by, at):
    """Take back that a step was a public task before."""
    partnership = Partnership.objects.locked(handover.step.partnership_id)
    may.can_withdraw_handover(place_of(partnership, by), handover).enforce()
    remember(partnership, "handover.withdrawn", by=by, at=at, step=handover.step_id)
    handover.delete()
    lapse_waivers(partnership, criterion=SUPPORTED, by=by, at=at)
