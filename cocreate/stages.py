"""The gate of a stage, put together from every app, and the one place that moves a stage."""

from django.db import transaction
from django.http import Http404

import partnerships.criteria
import problems.criteria
import solutions.criteria
from notices.models import Notice
from partnerships import actions
from partnerships.actions.reminders import tell_in_the_morning
from partnerships.criteria import Gate
from partnerships.models import Member, Partnership, StageVisit, Waiver
from partnerships.stages import Stage

APPS = (partnerships.criteria, problems.criteria, solutions.criteria)


def gate(partnership, *, at=None, waivers=None):
    """The gate out of the present stage: every criterion that is built, met or not, and what was waived.

    at: the moment for which it is judged (now when left out); waivers: those of the present visit, if known.
    """
    found = [one for app in APPS for one in app.criteria(partnership.stage, partnership, at=at)]
    if waivers is None:
        waivers = Waiver.objects.filter(visit__partnership=partnership, visit__left_at=None).select_related(
            "by"
        )
    found = [one for one in found if one.hard or partnership.gates.get(one.key) != "off"]
    return Gate(tuple(found), {waiver.criterion: waiver for waiver in waivers}, partnership.stage)


@transaction.atomic
def advance(*, partnership, to, expected, by, at, reason="", due_on=None):
    """Move the partnership to the stage `to`: locks it, judges the gate anew, moves. Returns the StageVisit.

    expected: the stage_version that the mover saw. Raises Conflict when somebody moved it in the meantime.
    """
    locked = Partnership.objects.locked(partnership.pk)
    return actions.stages.move_stage(
        partnership=locked,
        to=to,
        expected=expected,
        gate=gate(locked, at=at),
        reason=reason,
        due_on=due_on,
        by=by,
        at=at,
    )


@transaction.atomic
def waive(*, partnership, key, reason, by, at):
    """Set the soft criterion named `key` aside, with a public reason. Returns the Waiver; no such one is 404."""
    locked = Partnership.objects.locked(partnership.pk)
    criterion = next((one for one in gate(locked, at=at).criteria if one.key == key), None)
    if criterion is None:
        raise Http404
    return actions.stages.waive(partnership=locked, criterion=criterion, reason=reason, by=by, at=at)


@transaction.atomic
def tell_open_gates(*, at):
    """Tell the conveners of each stage that has all it takes, once for each visit, in their next morning."""
    told = set(Notice.objects.filter(kind="gate_open").values_list("occurrence", flat=True))
    visits = StageVisit.objects.filter(left_at=None, partnership__reconstructed_from="")
    visits = visits.exclude(stage=Stage.CLOSED).exclude(partnership__begun_at=None)
    for visit in visits.select_related("partnership__platform", "partnership__mandate"):
        if str(visit.pk) not in told and gate(visit.partnership, at=at).passable:
            conveners = Member.objects.present().filter(
                partnership=visit.partnership_id, role=Member.Role.CONVENER
            )
            tell_in_the_morning(
                kind="gate_open",
                readers=conveners.values_list("person", flat=True),
                morning=visit.partnership.platform.morning,
                scope=visit.partnership_id,
                occurrence=str(visit.pk),
                ids={"visit": str(visit.pk)},
                at=at,
            )
