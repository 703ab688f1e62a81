"""Who offers a function, who answers, and who hands it on."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models import Leadership
from .standing import in_stage, leaders_only, members_only

State = Leadership.State


def can_offer_leadership(place):
    """Those who lead offer functions to members, while the arena works."""
    return leaders_only(place) and in_stage(place, "lead")


def can_answer_leadership(place, leadership):
    """Only the member it was offered to says yes or no."""
    if leadership.state != State.OFFERED:
        return no(_("This has been answered already."))
    if place.member is None or place.member.pk != leadership.member_id:
        return no(_("Only the member it was offered to can answer."))
    return members_only(place) and in_stage(place, "lead")


def can_end_leadership(place, leadership):
    """Whoever carries it hands it on; those who lead can take an offer or a function back."""
    if leadership.state not in (State.OFFERED, State.HELD):
        return no(_("Nobody carries this any more."))
    if place.member and place.member.pk == leadership.member_id:
        return YES
    return leaders_only(place)
