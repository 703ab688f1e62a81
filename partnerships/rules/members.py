"""Who may join, leave, and change who sits where."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models import JoinRequest, Member, Partnership
from .standing import conveners_only, in_stage, members_only

Policy = Partnership.JoinPolicy


def _newcomer(place):
    """A signed-in person who is not in the partnership, while it takes people in."""
    if place.person is None:
        return no(_("Sign in to join."), _("It takes an e-mail address and a minute."))
    if place.member:
        return no(_("You are a member here already."))
    return in_stage(place, "join")


def _by_invitation(place):
    platform = place.partnership.platform
    return no(
        _("You can take part here by invitation only."),
        _("Do you think you should be invited? Call %(name)s, %(phone)s.")
        % {"name": platform.contact_name, "phone": platform.contact_phone},
    )


def can_join(place):
    """Anyone joins an open partnership at once."""
    policy = place.partnership.join_policy
    if policy == Policy.INVITATION and not place.member:
        return _by_invitation(place)
    if policy == Policy.REQUEST and place.person and not place.member:
        return no(_("A convener answers who can join."), _("Ask to join, and say in a sentence why."))
    return _newcomer(place)


def can_ask_to_join(place, waiting=False):
    """Anyone asks to join, once at a time, where a convener answers requests."""
    policy = place.partnership.join_policy
    if policy == Policy.INVITATION and not place.member:
        return _by_invitation(place)
    if policy == Policy.OPEN and place.person and not place.member:
        return no(_("You need not ask: anyone may join this partnership."), _("Join on its page “People”."))
    if waiting:
        return no(_("You have asked to join. A convener will answer you by e-mail."))
    return _newcomer(place)


def can_withdraw_join_request(person, join_request):
    """Whoever asked can take the request back while it waits."""
    if join_request.state != JoinRequest.State.WAITING:
        return no(_("This request has been answered already."))
    if person is None or join_request.person_id != person.pk:
        return no(_("Only the person who asked can take a request back."))
    return YES


def can_answer_join_request(place, join_request):
    """Conveners answer a request that waits."""
    if join_request.state != JoinRequest.State.WAITING:
        return no(_("This request has been answered already."))
    return can_answer_join_requests(place)


def can_answer_join_requests(place):
    return conveners_only(place) and in_stage(place, "join")


def can_register_person(place):
    """Conveners register people without e-mail, with their agreement."""
    return conveners_only(place) and in_stage(place, "invite")


def can_leave(place, other_conveners):
    """Every member can leave; the last convener hands over first."""
    answer = members_only(place)
    if not answer or not place.convenes or other_conveners:
        return answer
    return no(
        _("You are the only convener here. A partnership is not left without one."),
        _("Make another member convener first, under People."),
    )


def can_change_role(place, member, other_conveners, role=None):
    """Conveners give and take roles; one convener always remains."""
    if member.left_at:
        return no(_("This member has left."))
    last = member.role == Member.Role.CONVENER and not other_conveners
    if last and role != Member.Role.CONVENER:
        return no(
            _("A partnership always has a convener, and this is the only one."),
            _("Make another member convener first."),
        )
    return conveners_only(place)


def can_change_seat(place, member):
    """Conveners confirm for which sector and side a member sits."""
    if member.left_at:
        return no(_("This member has left."))
    return conveners_only(place)


def can_add_seats(place):
    """Conveners set the table."""
    return conveners_only(place) and in_stage(place, "invite")


def can_remove_seat(place, seat):
    """An open seat can be taken away again."""
    if seat.holder_id:
        return no(_("Somebody sits on this seat."))
    return conveners_only(place)


def can_show_me_as(place):
    """Members say themselves how they are shown."""
    return YES if place.member else members_only(place)
