"""Stages: on through the gate, back with a reason, one mover at a time, and reminders that come once."""

import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from boundary.answer import Conflict, Refused
from cocreate import stages
from cocreate.celery import app
from cocreate.tasks import remind_commitments
from journal.models import Entry
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import Mandate, Member, Partnership, StageVisit, Waiver
from partnerships.stages import DEFAULT_LENGTH_DAYS, Stage
from partnerships.tasks.meetings import remind_meetings
from partnerships.tasks.stages import remind_stage_due
from solutions.models import Ownership, Step
from tests.cast import join, make_cast
from tests.races import at_once

pytestmark = pytest.mark.django_db
EVERYBODY = ("convener", "citizen", "official", "observer", "politician", "outsider", "case_officer")


def advance(cast, to, by=None, expected=None, **fields):
    arena = Partnership.objects.get(pk=cast.partnership.pk)
    if to == "closed":
        fields.setdefault("follows", "stop")
    return stages.advance(
        partnership=arena,
        to=to,
        expected=arena.stage_version if expected is None else expected,
        by=by or cast.convener,
        at=timezone.now(),
        **fields,
    )


def open_the_gate(cast):
    """Waive what is soft; the hard criteria of `convene` are met by the cast."""
    visit = cast.partnership.visits.get(left_at=None)
    for one in stages.gate(cast.partnership).open_criteria:
        Waiver.objects.create(visit=visit, criterion=one.key, reason="x", by=cast.convener, at=timezone.now())


def stage_of(cast):
    return Partnership.objects.get(pk=cast.partnership.pk).stage


def test_going_on_through_the_gate():
    cast = make_cast(stage=Stage.CONVENE)
    open_the_gate(cast)
    visit = advance(cast, "define")
    arena = Partnership.objects.get()
    assert (arena.stage, arena.stage_version, arena.closed_at) == ("define", 1, None)
    assert (visit.number, visit.stage, visit.left_at) == (3, "define", None)
    assert visit.due_on == timezone.localdate() + datetime.timedelta(days=DEFAULT_LENGTH_DAYS[Stage.DEFINE])
    assert StageVisit.objects.get(number=2).left_at == visit.entered_at
    entry = Entry.objects.get()
    assert (entry.verb, entry.ids["was"], entry.ids["to"]) == ("stage.moved", "convene", "define")
    told = set(Notice.objects.filter(kind="stage_opened").values_list("recipient", flat=True))
    assert told == {cast.citizen.pk, cast.official.pk, cast.observer.pk}


def test_only_a_convener_moves_it():
    cast = make_cast(stage=Stage.CONVENE)
    open_the_gate(cast)
    join(cast.partnership, cast.politician, role=Member.Role.FACILITATOR)
    for name in EVERYBODY[1:]:
        with pytest.raises(Refused):
            advance(cast, "define", by=getattr(cast, name))
    assert stage_of(cast) == "convene"


def test_a_closed_gate_refuses_with_what_is_missing():
    cast = make_cast(stage=Stage.INITIATE)
    with pytest.raises(Refused) as refused:
        advance(cast, "convene")
    assert "The receiver is asked for a promise" in refused.value.answer.why_not
    assert refused.value.answer.what_would_help == "Ask the receiver what it will do with the result."
    assert stage_of(cast) == "initiate"
    assert not Notice.objects.exists()


@pytest.mark.parametrize("to", ["design", "authorize", "evaluate", "convene"])
def test_a_stage_cannot_be_left_out_or_entered_twice_at_once(to):
    cast = make_cast(stage=Stage.CONVENE)
    open_the_gate(cast)
    with pytest.raises(Refused):
        advance(cast, to, reason="Quickly")
    assert stage_of(cast) == "convene"


def test_going_back_needs_a_reason_and_no_gate():
    cast = make_cast(stage=Stage.AUTHORIZE)
    with pytest.raises(Refused) as refused:
        advance(cast, "define", reason=" ")
    assert "reason" in refused.value.answer.why_not
    visit = advance(cast, "define", reason="The politicians returned it.")
    assert (visit.number, visit.reason, stage_of(cast)) == (6, "The politicians returned it.", "define")
    assert [v.stage for v in cast.partnership.visits.order_by("number")] == [
        "initiate",
        "convene",
        "define",
        "design",
        "authorize",
        "define",
    ]


def test_ending_early_needs_a_reason_and_a_closed_one_can_be_opened_again():
    cast = make_cast(stage=Stage.DESIGN)
    with pytest.raises(Refused):
        advance(cast, "closed")
    visit = advance(cast, "closed", reason="The money is gone.")
    assert visit.due_on is None
    assert Partnership.objects.get().closed_at == visit.entered_at
    advance(cast, "design", reason="A fund was found.")
    assert (Partnership.objects.get().closed_at, stage_of(cast)) == (None, "design")


def test_the_end_of_evaluation_has_its_gate():
    cast = make_cast(stage=Stage.EVALUATE)
    with pytest.raises(Refused):
        advance(cast, "closed", reason="Done.")
    open_the_gate(cast)
    advance(cast, "closed", reason="Done: it goes on as it is.")
    assert stage_of(cast) == "closed"


def test_a_soft_criterion_is_waived_once_with_a_reason_and_a_hard_one_never():
    cast = make_cast(stage=Stage.INITIATE)
    facts = {"partnership": cast.partnership, "reason": "Said in the first meeting.", "at": timezone.now()}
    facts["expected"] = 0
    with pytest.raises(Refused) as refused:
        stages.waive(key="promise_asked", by=cast.convener, **facts)
    assert "cannot be set aside" in refused.value.answer.why_not
    with pytest.raises(Refused):
        stages.waive(key="interdependence", by=cast.citizen, **facts)
    stages.waive(key="interdependence", by=cast.convener, **facts)
    with pytest.raises(Conflict):
        stages.waive(key="interdependence", by=cast.convener, **facts)
    Mandate.objects.update(names_no_solution=True)
    with pytest.raises(Refused) as refused:
        stages.waive(key="names_no_solution", by=cast.convener, **facts)
    assert "met already" in refused.value.answer.why_not
    assert Entry.objects.get().verb == "criterion.waived"


def test_a_new_visit_starts_with_nothing_waived():
    cast = make_cast(stage=Stage.CONVENE)
    open_the_gate(cast)
    advance(cast, "define")
    advance(cast, "convene", reason="We forgot the farmers.")
    cast.partnership.refresh_from_db()
    assert not stages.gate(cast.partnership).passable


def test_an_old_view_of_the_stage_is_a_conflict_that_says_where_it_is_now():
    cast = make_cast(stage=Stage.DESIGN)
    advance(cast, "define", reason="One")
    with pytest.raises(Conflict) as conflict:
        advance(cast, "convene", expected=0, reason="Two")
    assert "Define the problem" in conflict.value.sentence
    assert stage_of(cast) == "define"


# --- two movers at once ------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_movers_at_once_exactly_one_wins():
    cast = make_cast(stage=Stage.DESIGN)
    wins = {"define": 0, "convene": 0}
    for trial in range(60):
        if trial >= 20 and min(wins.values()) >= trial / 5:
            break
        Partnership.objects.update(stage="design")
        seen = Partnership.objects.get().stage_version
        visits = StageVisit.objects.count()
        targets = ["define", "convene"] if trial % 2 else ["convene", "define"]
        lost = at_once(*[mover(cast, to, seen) for to in targets])
        assert sorted(type(end).__name__ for end in lost) == ["Conflict", "NoneType"]
        winner = targets[lost.index(None)]
        arena = Partnership.objects.get()
        assert (arena.stage, arena.stage_version) == (winner, seen + 1)
        assert StageVisit.objects.count() == visits + 1
        wins[winner] += 1
    assert min(wins.values()) >= sum(wins.values()) / 5


def mover(cast, to, seen):
    return lambda: advance(cast, to, expected=seen, reason="Because.")


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_both_movers_believe_that_they_won():
    """The control: the same two moves by check-then-write; the later one is lost on nobody but the reader."""
    cast = make_cast(stage=Stage.DESIGN)
    both_looked = threading.Barrier(2)

    def naive(to):
        found = Partnership.objects.get(pk=cast.partnership.pk)
        if found.stage_version != 0:
            raise Conflict("late")
        both_looked.wait(timeout=30)
        Partnership.objects.filter(pk=found.pk).update(stage=to, stage_version=found.stage_version + 1)

    assert at_once(lambda: naive("define"), lambda: naive("convene")) == [None, None]
    assert Partnership.objects.get().stage_version == 1
    connection.close()


# --- due -------------------------------------------------------------------------------------------------------------


def test_those_who_lead_are_reminded_before_on_and_weekly_after_the_day():
    cast = make_cast(stage=Stage.DESIGN)
    join(cast.partnership, cast.politician, role=Member.Role.FACILITATOR)
    now = timezone.now().replace(hour=12)
    due = now.date() + datetime.timedelta(days=9)
    actions.stages.change_due(partnership=cast.partnership, due_on=due, by=cast.convener, at=now)
    days = []
    for day in range(26):
        before = Notice.objects.filter(kind="stage_due").count()
        for hour in (0, 2):
            actions.stages.remind_stage_due(at=now + datetime.timedelta(days=day, hours=hour))
        days += [day] * (Notice.objects.filter(kind="stage_due").count() - before)
    assert days == [2, 2, 8, 8, 9, 9, 16, 16, 23, 23]
    told = set(Notice.objects.filter(kind="stage_due").values_list("recipient", flat=True))
    assert told == {cast.convener.pk, cast.politician.pk}


def test_nobody_is_reminded_at_night_and_a_clock_that_stood_still_catches_up_once():
    make_cast(stage=Stage.DESIGN)
    noon = timezone.now().replace(hour=12)
    StageVisit.objects.filter(left_at=None).update(due_on=noon.date() + datetime.timedelta(days=7))
    actions.stages.remind_stage_due(at=noon.replace(hour=1))
    assert not Notice.objects.exists()
    for days in (2, 3):
        actions.stages.remind_stage_due(at=noon + datetime.timedelta(days=days))
    assert Notice.objects.count() == 1


def test_a_reconstruction_reminds_nobody():
    make_cast(stage=Stage.DESIGN, reconstructed_from="Minutes of 2010")
    StageVisit.objects.filter(left_at=None).update(due_on=timezone.localdate())
    actions.stages.remind_stage_due(at=timezone.now().replace(hour=12))
    assert not Notice.objects.exists()


def test_a_reminder_is_checked_again_when_it_is_sent():
    cast = make_cast(stage=Stage.DESIGN)
    noon = timezone.now().replace(hour=12)
    StageVisit.objects.filter(left_at=None).update(due_on=noon.date())
    actions.stages.remind_stage_due(at=noon)
    notices = list(Notice.objects.filter(kind="stage_due"))
    still_true = kind_named("stage_due").still_true
    assert len(still_true(notices)) == 1
    Member.objects.filter(person=cast.convener).update(role=Member.Role.MEMBER)
    assert still_true(notices) == set()
    Member.objects.filter(person=cast.convener).update(role=Member.Role.CONVENER)
    later = noon.date() + datetime.timedelta(days=3)
    actions.stages.change_due(partnership=cast.partnership, due_on=later, by=cast.convener, at=noon)
    assert still_true(notices) == set()


def test_a_stage_that_was_left_is_not_announced_any_more():
    cast = make_cast(stage=Stage.DESIGN)
    advance(cast, "define", reason="One")
    first = list(Notice.objects.filter(kind="stage_opened"))
    advance(cast, "convene", reason="Two")
    assert kind_named("stage_opened").still_true(first) == set()
    both = list(Notice.objects.filter(kind="stage_opened"))
    assert len(kind_named("stage_opened").still_true(both)) == len(first) == 3


def test_the_owner_of_a_step_is_reminded_of_the_step_and_not_of_its_commitment_too():
    cast = make_cast(stage=Stage.IMPLEMENT)
    noon = timezone.now().replace(hour=12)
    due = noon.date() + datetime.timedelta(days=1)
    facts = {"partnership": cast.partnership, "kind": "task", "due_on": due, "by": cast.citizen}
    for what in ("A step", "Something else"):
        made = actions.commitments.offer_commitment(what=what, at=noon, **facts)
        long_ago = noon - datetime.timedelta(days=5)
        actions.commitments.accept_commitment(commitment=made, by=cast.convener, at=long_ago)
        if what == "A step":
            step = Step.objects.create(
                partnership=cast.partnership, number=1, what=what, due_on=due, created_by=cast.convener
            )
            Ownership.objects.create(step=step, commitment=made)
    actions.commitments.remind_commitments(at=noon, but=Ownership.objects.values("commitment"))
    told = Notice.objects.filter(kind="commitment_due")
    assert [notice.ids["commitment"] for notice in told] == [str(made.pk)]
    remind_commitments()
    assert told.count() == 1


def test_every_clock_of_this_kind_runs():
    for task in (remind_commitments, remind_meetings, remind_stage_due):
        task()
        assert task.name in {line["task"] for line in app.conf.beat_schedule.values()}
