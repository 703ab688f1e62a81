"""Who may ask for relief, take a promise over, see who carries much, and offer help."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from .commitments import STANDING, in_state, owns
from .standing import conveners_only, deciders_only, in_stage, members_only


def can_ask_relief(place, commitment, *, waiting):
    """The owner of a standing promise asks others to take it over. waiting: whether that is asked already."""
    if not owns(place, commitment):
        return members_only(place) and no(_("Only the person who promised this can ask for relief."))
    if waiting:
        return no(_("You have asked others to take this over."), _("You can take that back."))
    return in_state(commitment, STANDING) and in_stage(place, "answer_commitment")


def can_end_relief(place, relief):
    """Whoever asked for relief takes it back while nobody has taken over."""
    if relief.ended_at:
        return no(_("This has been answered already."))
    if place.member and place.member.pk == relief.member_id:
        return YES
    return no(_("Only the person who asked for relief can take that back."))


def is_told(place, relief):
    """Whether this reader may know of a request for relief: those who lead always, the others where it is open."""
    if relief is None:
        return False
    mine = bool(place.member and place.member.pk == relief.member_id)
    return relief.openly or place.leads or place.keeps_cases or mine


def can_take_over(place, commitment, *, relief):
    """A member with a say takes a promise over in person: one whose owner asks for it, or has left.

    relief: the open Relief of the commitment, or None.
    """
    answer = deciders_only(place) and in_state(commitment, STANDING)
    if not answer:
        return answer
    if owns(place, commitment):
        return no(_("This is yours already."))
    if not is_told(place, relief) and commitment.member.left_at is None:
        return no(_("Its owner has not asked anybody to take this over."))
    return in_stage(place, "answer_commitment")


def can_see_who_carries_much(place):
    """Conveners alone see who carries much: nobody is ranked, and nobody is shown up."""
    return conveners_only(place)


def can_offer_relief(place, member, *, waiting=False):
    """A convener offers help to a member who is still here, one offer at a time."""
    answer = conveners_only(place)
    if not answer:
        return answer
    if member.left_at:
        return no(_("This member has left."))
    if place.member.pk == member.pk:
        return no(_("You need not offer help to yourself."), _("Ask for relief on the promise itself."))
    if waiting:
        return no(_("They have been offered help and have not answered yet."))
    return in_stage(place, "answer_commitment")


def can_answer_relief(place, offer):
    """Only the one who is offered help says yes or no, once."""
    if not place.member or place.member.pk != offer.member_id:
        return no(_("Only the person who was offered help can answer."))
    if offer.answered_at:
        return no(_("You have answered this already."))
    return YES
