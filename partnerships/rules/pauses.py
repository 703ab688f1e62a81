"""Who may pause a partnership, and let it go on."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..stages import Stage
from .standing import conveners_only


def can_pause(place):
    """Conveners pause a partnership that works."""
    arena = place.partnership
    if arena.stage == Stage.CLOSED:
        return no(_("This partnership is closed. It can be read, not changed."))
    if arena.begun_at is None:
        return no(_("This partnership has not begun yet. Nothing falls due in it."))
    if arena.paused_at:
        return no(_("This partnership is paused already."))
    return conveners_only(place)


def can_resume(place):
    """Conveners let a paused partnership go on."""
    return conveners_only(place) and (
        YES if place.partnership.paused_at else no(_("This partnership is not paused."))
    )
