"""Who may change a mandate, the promise, and how a partnership is shown and joined."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..stages import Stage
from .standing import conveners_only, in_stage


def _not_closed(place):
    if place.partnership.stage == Stage.CLOSED:
        return no(_("This partnership is closed. It can be read, not changed."))
    return YES


def can_change_mandate(place):
    """Conveners shape the mandate until the arena starts to work on it."""
    return conveners_only(place) and in_stage(place, "change_mandate")


def can_begin(place, missing):
    """A prepared partnership begins when nothing is missing that cannot be made up for later."""
    if place.partnership.begun_at:
        return no(_("This partnership has begun already."))
    if missing:
        return no(
            _("Something is missing before it can begin: %(what)s.") % {"what": missing[0]},
            _("It stands in the list of what to prepare."),
        )
    return conveners_only(place)


def can_change_settings(place):
    """Conveners decide how the partnership is shown and who may join."""
    return conveners_only(place) and _not_closed(place)


def can_plan_stages(place):
    """Conveners plan the time ahead."""
    return conveners_only(place) and in_stage(place, "plan_time")


def can_ask_promise(place):
    """Conveners ask the recipient for a promise, as long as the partnership works."""
    return conveners_only(place) and _not_closed(place)


def can_record_promise(place):
    """Conveners write down what was promised or declined, and in which minute."""
    return conveners_only(place) and _not_closed(place)
