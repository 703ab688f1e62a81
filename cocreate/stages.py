"""The gate of a stage, put together from every app, and the one place that moves, pauses and resumes a partnership."""

from django.db import transaction
from django.db.models import BooleanField, Case, F, Func, Value, When
from django.http import Http404
from django.utils import timezone

import partnerships.criteria
import problems.criteria
import solutions.criteria
from boundary.kept import kept
from boundary.local_time import zone_named
from notices.models import Notice
from partnerships import actions
from partnerships.actions.reminders import tell_in_the_morning
from partnerships.criteria import Gate
from partnerships.models import Member, Partnership, StageVisit, Waiver
from partnerships.stages import ORDER, Stage
from solutions.actions import move_steps_on
from solutions.handovers import receivers

APPS = (partnerships.criteria, problems.criteria, solutions.criteria)
AT_ONCE = 200  # gates judged together by the clock
EVERY = len(Stage)  # in place of the place of one stage: facts of all of them


def _fact(expression, stages):
    """A fact of some stages, computed only for partnerships that are in one of them."""
    return Case(When(stage__in=stages, then=expression))


def _is_one_of(ids):
    """Whether a partnership's id is in a text of ids: one value, so that the SQL is the same however many there are."""
    listed = Func(Value(ids), Value(","), function="string_to_array")
    return Func(
        F("pk"),
        listed,
        template="(%(expressions)s::uuid[]))",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


@kept
def _facts(ids, place):
    """The partnerships with these ids (text, commas between), each with its mandate, its platform and what the criteria
    of its stage rest on. place: of the only stage asked for, or EVERY.
    """
    wanted = {}
    for stage in Stage if place == EVERY else [ORDER[place]]:
        for app in APPS:
            for name, expression in app.FACTS.get(stage, {}).items():
                wanted.setdefault(name, (expression, []))[1].append(stage.value)
    rows = Partnership.objects.filter(_is_one_of(ids)).select_related("mandate", "platform").order_by()
    return rows.annotate(**{name: _fact(*found) for name, found in wanted.items()})


def _facts_of(partnerships):
    """{id: the partnership with the facts of its stage}: one query."""
    stages = {Stage(one.stage) for one in partnerships}
    place = ORDER.index(stages.pop()) if len(stages) == 1 else EVERY
    return {row.pk: row for row in _facts(",".join(str(one.pk) for one in partnerships), place)}


def gates_of(partnerships, *, at=None, waivers=None):
    """{id: the Gate out of its present stage} of these partnerships, however many: two queries.

    at: the moment for which they are judged (now when left out); waivers: those of the present visits, if known,
    each with its visit.
    """
    at, facts = at or timezone.now(), _facts_of(partnerships)
    if waivers is None:
        present = Waiver.objects.in_effect(at).filter(visit__partnership__in=facts, visit__left_at=None)
        waivers = present.select_related("by", "seconded_by", "visit")
    waived = {pk: {} for pk in facts}
    for waiver in waivers:
        waived[waiver.visit.partnership_id][waiver.criterion] = waiver
    return {pk: Gate(tuple(_criteria(found, at)), waived[pk], found.stage) for pk, found in facts.items()}


def _criteria(facts, at):
    """Every criterion of the stage that is not switched off for this partnership. Pure."""
    found = (one for app in APPS for one in app.criteria(facts.stage, facts, at=at))
    return [one for one in found if one.hard or facts.gates.get(one.key) != "off"]


def gate(partnership, *, at=None, waivers=None):
    """The gate out of the present stage: every criterion that is built, met or not, and what was waived.

    at: the moment for which it is judged (now when left out); waivers: those in effect of the present visit, if known.
    """
    return gates_of([partnership], at=at, waivers=waivers)[partnership.pk]


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


@transaction.atomic
def tell_open_gates(*, at):
    """Tell the conveners of each stage that has all it takes, once for each visit, in their next morning.

    What was dropped because the gate had shut again, or the partnership rested, is told another day.
    """
    owed = Notice.objects.filter(kind="gate_open")
    told = set(owed.exclude(pk__in=owed.untrue().values("pk")).values_list("ids__visit", flat=True))
    visits = StageVisit.objects.filter(left_at=None, partnership__reconstructed_from="")
    visits = visits.exclude(stage=Stage.CLOSED).exclude(partnership__begun_at=None)
    visits = visits.filter(partnership__paused_at=None).select_related("partnership__platform")
    waiting = [visit for visit in visits if str(visit.pk) not in told]
    for start in range(0, len(waiting), AT_ONCE):
        some = waiting[start : start + AT_ONCE]
        found = gates_of([visit.partnership for visit in some], at=at)
        for visit in some:
            if found[visit.partnership_id].passable:
                _tell_open(visit, at)


def _tell_open(visit, at):
    conveners = Member.objects.present().filter(partnership=visit.partnership_id, role=Member.Role.CONVENER)
    today = at.astimezone(zone_named(visit.partnership.time_zone)).date()
    tell_in_the_morning(
        kind="gate_open",
        readers=conveners.values_list("person", flat=True),
        morning=visit.partnership.platform.morning,
        scope=visit.partnership_id,
        occurrence=f"{visit.pk} {today}",
        ids={"visit": str(visit.pk)},
        at=at,
    )
