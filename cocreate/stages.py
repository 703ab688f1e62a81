"""The gate of a stage, put together from every app, and the one place that moves a stage."""

from django.db import transaction
from django.db.models import Case, When
from django.http import Http404
from django.utils import timezone

import partnerships.criteria
import problems.criteria
import solutions.criteria
from partnerships import actions
from partnerships.criteria import Gate
from partnerships.models import Partnership, Waiver
from partnerships.stages import Stage

APPS = (partnerships.criteria, problems.criteria, solutions.criteria)


def _facts_of(partnerships):
    """{id: the partnership with its mandate, its platform and what the criteria of its stage rest on}: one query."""
    wanted = {}
    for one in partnerships:
        for app in APPS:
            for name, fact in app.FACTS.get(Stage(one.stage), {}).items():
                wanted.setdefault(name, (fact, []))[1].append(one.pk)
    everyone = [one.pk for one in partnerships]
    only_of = {
        name: fact if len(those) == len(everyone) else Case(When(pk__in=those, then=fact))
        for name, (fact, those) in wanted.items()
    }
    found = Partnership.objects.filter(pk__in=everyone).select_related("mandate", "platform").order_by()
    return {row.pk: row for row in found.annotate(**only_of)}


def gates_of(partnerships, *, at=None, waivers=None):
    """{id: the Gate out of its present stage} of these partnerships, however many: two queries.

    at: the moment for which they are judged (now when left out); waivers: those of the present visits, if known,
    each with its visit.
    """
    at, facts = at or timezone.now(), _facts_of(partnerships)
    if waivers is None:
        present = Waiver.objects.filter(visit__partnership__in=facts, visit__left_at=None)
        waivers = present.select_related("by", "visit")
    waived = {pk: {} for pk in facts}
    for waiver in waivers:
        waived[waiver.visit.partnership_id][waiver.criterion] = waiver
    return {
        one.pk: Gate(tuple(_criteria(one.stage, facts[one.pk], at)), waived[one.pk], one.stage)
        for one in partnerships
    }


def _criteria(stage, facts, at):
    """Every criterion of the stage that is not switched off for this partnership. Pure."""
    found = (one for app in APPS for one in app.criteria(stage, facts, at=at))
    return [one for one in found if one.hard or facts.gates.get(one.key) != "off"]


def gate(partnership, *, at=None, waivers=None):
    """The gate out of the present stage: every criterion that is built, met or not, and what was waived.

    at: the moment for which it is judged (now when left out); waivers: those of the present visit, if known.
    """
    return gates_of([partnership], at=at, waivers=waivers)[partnership.pk]


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
