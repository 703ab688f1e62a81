"""Who may move a partnership to another stage, set a criterion aside, and change when a stage is due."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..stages import ORDER, Stage, next_stage
from .standing import conveners_only, in_stage, leaders_only


def can_move(place):
    """Conveners answer for the stage."""
    return conveners_only(place)


def can_move_stage(place, to, gate, reason, follows=""):
    """On to the next stage through its gate; back, or to an early end, with a reason that everyone can read.

    follows: what comes after, which is said whenever a partnership ends.
    """
    return (
        conveners_only(place)
        and in_stage(place, "move_stage")
        and _is_a_move(place, to)
        and _may_pass(place, to, gate, reason)
        and _says_what_follows(to, follows)
    )


def _is_a_move(place, to):
    here = place.partnership.stage
    if to == here:
        return no(_("The partnership is in this stage already."))
    ahead = ORDER.index(Stage(to)) > ORDER.index(Stage(here))
    if ahead and to not in (next_stage(here), Stage.CLOSED):
        return no(
            _("A stage cannot be left out."), _("Next is “%(stage)s”.") % {"stage": next_stage(here).label}
        )
    return YES


def _may_pass(place, to, gate, reason):
    here = place.partnership.stage
    if to == next_stage(here):
        return _gate_open(gate)
    if reason.strip():
        return YES
    if to == Stage.CLOSED:
        return no(
            _("Ending early needs a reason."),
            _("Write why the partnership ends. Everyone who can read this partnership can read it."),
        )
    return no(
        _("Going back needs a reason."),
        _("Write why the stage is visited again. Everyone who can read this partnership can read it."),
    )


def _says_what_follows(to, follows):
    if to != Stage.CLOSED or follows:
        return YES
    return no(
        _("It is not said what follows."),
        _("Choose: it goes on as it is, it goes on changed, it is taken further, or it stops."),
    )


def _gate_open(gate):
    if gate.passable:
        return YES
    first = gate.open_criteria[0]
    return no(
        _("Something is missing before the next stage: %(what)s.") % {"what": first.label}, first.detail
    )


def can_change_due(place):
    """Those who lead plan the time."""
    return leaders_only(place) and in_stage(place, "plan_time")
