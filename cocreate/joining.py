"""How a reader gets a part in a partnership: one answer for the front page's button."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from boundary.answer import YES, Answer
from partnerships.models import Partnership
from partnerships.rules.members import can_ask_to_join, can_join
from partnerships.rules.standing import in_stage

from .arena import url_of_arena

Policy = Partnership.JoinPolicy
DOORS = {  # join policy -> (address, what the button says, its rule)
    Policy.OPEN: ("join_partnership", lambda: _("Join this partnership"), can_join),
    Policy.REQUEST: ("ask_to_join", lambda: _("Ask to join"), can_ask_to_join),
}


@dataclass(frozen=True)
class WayIn:
    """The next step in: a button with its address, or why there is none; a note for who has taken it already."""

    answer: Answer
    label: str = ""
    url: str = ""
    note: str = ""


def way_in(place, *, invited=None, asked=False, called=False):
    """The WayIn of this reader; who is not signed in sees the door, and signs in behind it."""
    if place.member:
        role = place.member.get_role_display().lower()
        return WayIn(YES, note=_("You take part as %(role)s.") % {"role": role})
    if invited:
        return WayIn(YES, _("Answer your invitation"), url_of_arena("my_invitation", invited))
    if asked:
        return WayIn(YES, note=_("You have asked to join. A convener will answer you."))
    if called:  # whatever the join policy: an open call is the door that the conveners hold open now
        return WayIn(YES, _("Put myself forward"), url_of_arena("call", place.partnership.slug))
    name, label, rule = DOORS.get(place.partnership.join_policy, ("", str, can_join))
    answer = rule(place) if place.person or not name else in_stage(place, "join")
    return WayIn(answer, label(), url_of_arena(name, place.partnership.slug) if answer else "")
