"""Who may freeze a list, draw from it, and ask the next one on it."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from .calls import can_see_volunteers
from .register import can_choose_from_register, can_look_into_register
from .standing import conveners_only, in_stage


def _among(place, call):
    """Whoever may see the people may draw lots among them."""
    return can_choose_from_register(place) if call is None else can_see_volunteers(place)


def can_freeze_list(place, call, at, *, waiting, seats, left=None, reserve=False):
    """A list is frozen when nobody can come on it any more.

    call: None for the register; waiting: how many would be on the list; left: how many the call still seeks;
    reserve: whether an earlier draw from the register, for this group, has left somebody who can be asked.
    """
    if call is not None and call.is_open(at):
        return no(_("The call is still open: somebody can still come on the list."), _("End it first."))
    if not waiting:
        return no(_("Nobody is on this list."))
    if left is not None and seats > left:
        return no(
            _("The call seeks %(left)s more for this group.") % {"left": left},
            _("Draw fewer, or change how many the call seeks."),
        )
    if reserve:
        return no(
            _("An earlier draw for this group still has a reserve list. A draw is never repeated."),
            _("Ask the next one on that list."),
        )
    return _among(place, call) and in_stage(place, "join")


def _waits(draw):
    return no(_("The lots are drawn already. A draw is never repeated.")) if draw.drawn_at else YES


def can_draw_lots(place, draw):
    """Conveners draw, once."""
    return _waits(draw) and _among(place, draw.call) and in_stage(place, "join")


def can_take_list_back(place, draw):
    """A frozen list can be taken back as long as no seed was made: until then nobody knows anything."""
    return _waits(draw) and conveners_only(place)


def can_ask_next(place, draw, *, free, reserve):
    """When a seat is free again, the next on the reserve list is asked. free: seats; reserve: people left on it."""
    if not draw.drawn_at:
        return no(_("The lots are not drawn yet."))
    if free < 1:
        return no(_("Nobody who was drawn has said no or left: no seat is free."))
    if not reserve:
        return no(_("Nobody is left on the reserve list."))
    return _among(place, draw.call) and in_stage(place, "invite")


def can_see_draw(place, draw):
    """A draw among those who answered a call is for all who may see the call; one from the register for conveners."""
    if draw.call_id or place.keeps_cases:
        return YES
    return conveners_only(place)


def can_see_people(place, draw):
    """Conveners see who is behind a lot; behind one from the register, only those who may look into it."""
    return conveners_only(place) and (YES if draw.call_id else can_look_into_register(place))
