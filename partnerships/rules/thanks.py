"""Who may thank whom, and who decides whether others read it."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models import Commitment
from .standing import may_write, members_only

SETTLED_WELL = (Commitment.State.KEPT, Commitment.State.PARTLY)


def can_thank(place, to, *, commitment=None, thanked=False):
    """Members thank one another, once for a thing; for a promise once it is kept. thanked: whether they have."""
    answer = members_only(place)
    if not answer:
        return answer
    if place.member.pk == to.pk or place.member.person_id == to.person_id:
        return no(_("This is your own."))
    if commitment is not None and commitment.state not in SETTLED_WELL:
        return no(_("You can thank for a promise once it is kept."))
    if thanked:
        return no(_("You have said thank you for this."))
    return may_write(place)


def can_answer_thanks(place, thanks):
    """Whoever is thanked says whether others may read it, and may change their mind."""
    if place.member and place.member.person_id == thanks.to.person_id:
        return YES
    return no(_("Only the person who was thanked decides whether others read it."))
