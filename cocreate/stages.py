"""The gate of a stage, put together from every app, and the one place that moves, pauses and resumes a partnership."""

from django.db import transaction
from django.http import Http404
from django.utils import timezone

import partnerships.criteria
import problems.criteria
import solutions.criteria
from partnerships import actions
from partnerships.criteria import Gate
from partnerships.models import Partnership, Waiver
from solutions.actions import move_steps_on
from solutions.handovers import receivers

APPS = (partnerships.criteria, problems.criteria, solutions.criteria)


def gate(partnership, *, at=None, waivers=None):
    """The gate out of the present stage: every criterion that is built, met or not, and what was waived.

    at: the moment for which it is judged (now when left out); waivers: those in effect of the present visit, if known.
    """
    found = [one for app in APPS for one in app.criteria(partnership.stage, partnership, at=at)]
    if waivers is None:
        visit = {"visit__partnership": partnership, "visit__left_at": None}
        waivers = (
            Waiver.objects.in_effect(at or timezone.now()).filter(**visit).select_related("by", "seconded_by")
        )
    found = [one for one in found if one.hard or partnership.gates.get(one.key) != "off"]
    return Gate(tuple(found), {waiver.criterion: waiver for waiver in waivers}, partnership.stage)


@transaction.atomic
def advance(*, partnership, to, expected, by, at, reason="", due_on=None, follows="", writer=None):
    """Move the partnership to the stage `to`: locks it, judges the gate anew, moves. Returns the StageVisit.

    expected: the stage_version that the mover saw. Raises Conflict when somebody moved or paused it in the meantime.
    due_on, follows, writer: see partnerships.actions.stages.move_stage.
    """
    locked = Partnership.objects.locked(partnership.pk)
    return actions.stages.move_stage(
        partnership=locked,
        to=to,
        expected=expected,
        gate=gate(locked, at=at),
        reason=reason,
        due_on=due_on,
        follows=follows,
        writer=writer,
        by=by,
        at=at,
    )


@transaction.atomic
def resume(*, partnership, expected, by, at):
    """Let a paused partnership go on; all that was due in it moves on by the days of the pause. Returns the Pause."""
    pause = actions.pauses.resume_partnership(partnership=partnership, expected=expected, by=by, at=at)
    move_steps_on(partnership=partnership, days=pause.days)
    return pause


def criterion_of(partnership, key, *, at):
    """The criterion of this key in the present gate; one that the gate does not have is 404."""
    found = next((one for one in gate(partnership, at=at).criteria if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _locked(partnership, expected):
    locked = Partnership.objects.locked(partnership.pk)
    actions.pauses.check_version(locked, expected)  # a stage that was left has no such criterion any more
    return locked


@transaction.atomic
def waive(*, partnership, key, reason, expected, by, at):
    """Set the soft criterion named `key` aside, with a public reason. Returns the Waiver; no such one is 404."""
    locked = _locked(partnership, expected)
    criterion = criterion_of(locked, key, at=at)
    return actions.waivers.waive(partnership=locked, criterion=criterion, reason=reason, by=by, at=at)


@transaction.atomic
def propose_waiver(*, partnership, key, reason, expected, by, at):
    """Sign first for setting a hard criterion aside that two sides may. Returns the Waiver; no such one is 404."""
    locked = _locked(partnership, expected)
    people = receivers(locked)
    return actions.waivers.propose_waiver(
        partnership=locked,
        criterion=criterion_of(locked, key, at=at),
        reason=reason,
        receives=by.pk in people,
        receivers=people,
        by=by,
        at=at,
    )


@transaction.atomic
def join_waiver(*, waiver, by, at):
    """Sign second. Returns the Waiver."""
    locked = Partnership.objects.locked(waiver.visit.partnership_id)
    return actions.waivers.join_waiver(waiver=waiver, receives=by.pk in receivers(locked), by=by, at=at)


@transaction.atomic
def withdraw_waiver(*, waiver, by, at):
    """Take back what two sides signed, before it takes effect. Returns the Waiver."""
    locked = Partnership.objects.locked(waiver.visit.partnership_id)
    return actions.waivers.withdraw_waiver(waiver=waiver, receives=by.pk in receivers(locked), by=by, at=at)
