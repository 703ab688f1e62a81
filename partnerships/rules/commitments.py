"""Who may promise something, take a promise on behalf of the arena, and say what became of it."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models import Commitment
from .standing import in_stage, leader_in_stage, leaders_only, member_in_stage, members_only

State = Commitment.State
STANDING = (State.ACCEPTED, State.RENEGOTIATED)
WAITING = (State.ASKED, State.OFFERED)


def can_offer_commitment(place):
    """Members offer what they can."""
    return member_in_stage(place, "commit")


def can_ask_commitment(place):
    """Conveners and facilitators ask members; asking is not having."""
    return leader_in_stage(place, "commit")


def owns(place, commitment):
    """Whether this reader is the one who promises."""
    return bool(place.member and place.member.pk == commitment.member_id)


def in_state(commitment, states):
    """Whether the commitment is in one of these states; if not, in which."""
    if commitment.state in states:
        return YES
    return no(_("This commitment is %(state)s.") % {"state": commitment.get_state_display().lower()})


def _arena_answers(place, commitment, other_leaders):
    """An offer is taken by somebody who leads, and not by its owner while another leader could."""
    answer = leaders_only(place)
    if answer and owns(place, commitment) and other_leaders:
        return no(
            _("You cannot accept your own offer on behalf of the partnership."),
            _("Another convener or facilitator can."),
        )
    return answer


def _owner_answers(place, commitment, in_person):
    """What was asked is answered by its owner; a leader may write down what they said on paper or by voice."""
    if owns(place, commitment):
        return YES
    if not in_person:
        return leaders_only(place)
    return no(
        _("Only the person who was asked can answer this."),
        _("A convener can write down an answer given on paper or by voice."),
    )


def can_answer_commitment(place, commitment, *, other_leaders=True, in_person=True):
    """Who may accept or decline: the arena answers an offer, the owner answers a request.

    other_leaders: whether anybody but the owner leads here; in_person: false when a leader writes down the owner's
    answer given on paper or by voice.
    """
    may_now = members_only(place) and in_stage(place, "answer_commitment") and in_state(commitment, WAITING)
    if commitment.state == State.OFFERED:
        return may_now and _arena_answers(place, commitment, other_leaders)
    return may_now and _owner_answers(place, commitment, in_person)


def _owner_or_leader(place, commitment):
    if owns(place, commitment) or place.leads:
        return YES
    return no(
        _("Only the person who promised this, or a convener or facilitator, can do this."),
        _("Ask one of them; they are listed under People."),
    )


def can_settle_commitment(place, commitment):
    """The owner or a leader says what became of a promise: kept, missed or withdrawn."""
    return (
        members_only(place)
        and _owner_or_leader(place, commitment)
        and in_stage(place, "answer_commitment")
        and in_state(commitment, STANDING)
    )


def can_take_back_commitment(place, commitment):
    """What nobody has answered yet is taken back by whoever made it: the owner an offer, a leader a request."""
    whose = YES if owns(place, commitment) else no(_("Only the person who offered this can take it back."))
    if commitment.state == State.ASKED:
        whose = leaders_only(place)
    return (
        members_only(place)
        and whose
        and in_stage(place, "answer_commitment")
        and in_state(commitment, WAITING)
    )


def can_renegotiate_commitment(place, commitment):
    """The owner, or a leader who writes it down, changes a standing promise in the open."""
    return (
        members_only(place)
        and _owner_or_leader(place, commitment)
        and in_stage(place, "answer_commitment")
        and in_state(commitment, STANDING)
    )
