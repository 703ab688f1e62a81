"""Two conveners at the same moment: one sets aside, pauses or signs while the other moves, pauses or corrects."""

import threading

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from boundary.answer import Conflict, Refused
from cocreate import stages
from partnerships.models import Member, Partnership, Pause, Waiver
from partnerships.stages import Stage
from tests.cast import enter, join, make_cast
from tests.cocreate.test_signatures import dumped, joins, propose
from tests.cocreate.test_stages import advance
from tests.partnerships.resting import pause
from tests.races import at_once, race
from tests.solutions.test_handovers import mark

pytestmark = pytest.mark.django_db(transaction=True)
MOST, ENOUGH = 60, 15


def two_conveners(stage):
    cast = make_cast(stage=stage)
    join(cast.partnership, cast.politician, role=Member.Role.CONVENER, side="public", sector="political")
    return cast


def again(cast, stage):
    """The partnership in `stage` as before; the version that both of them see."""
    enter(cast.partnership, stage)
    Pause.objects.all().delete()
    Partnership.objects.update(paused_at=None)
    return Partnership.objects.get().stage_version


def trials(deed):
    """Try until each side has won a fifth of the trials, or enough is enough; returns how often each won."""
    wins = [0, 0]
    for number in range(MOST):
        if number >= ENOUGH and min(wins) >= number / 5:
            break
        wins[deed(number)] += 1
    assert min(wins) >= sum(wins) / 5
    return wins


def waive(cast, by, seen, key="indicator", reason="It can wait."):
    facts = {"partnership": cast.partnership, "expected": seen, "at": timezone.now()}
    return stages.waive(key=key, reason=reason, by=by, **facts)


# --- setting aside and moving -------------------------------------------------------------------------------------


def test_what_is_set_aside_while_another_goes_back_never_lands_in_a_stage_that_nobody_saw():
    cast = two_conveners(Stage.DEFINE)

    def trial(number):
        seen = again(cast, Stage.DEFINE)
        waived, moved = at_once(
            lambda: waive(cast, cast.convener, seen),
            lambda: advance(cast, "convene", by=cast.politician, expected=seen, reason="We forgot some."),
            ahead=number % 2,
        )
        assert moved is None
        assert Partnership.objects.get().stage == "convene"
        visits = list(Waiver.objects.values_list("visit__stage", flat=True))
        assert visits == ([] if waived else ["define"])
        if waived:
            assert isinstance(waived, Conflict)
            assert "in the stage “Convene” now" in waived.sentence
        return 1 if waived else 0

    trials(trial)


def test_without_the_version_it_would_land_in_the_stage_that_came_after():
    """The control: the same two deeds, the criterion read before the move and the visit after it."""
    cast, both_looked, moved = two_conveners(Stage.DEFINE), threading.Barrier(2), threading.Event()

    def waives():
        found = stages.criterion_of(cast.partnership, "indicator", at=timezone.now())
        both_looked.wait(30)
        moved.wait(30)
        visit = cast.partnership.visits.get(left_at=None)
        facts = {"reason": "It can wait.", "by": cast.convener, "at": timezone.now()}
        Waiver.objects.create(visit=visit, criterion=found.key, **facts)

    def moves():
        both_looked.wait(30)
        advance(cast, "convene", by=cast.politician, reason="We forgot some.")
        moved.set()

    assert at_once(waives, moves) == [None, None]
    assert Waiver.objects.get().visit.stage == "convene"
    connection.close()


# --- pausing and moving -------------------------------------------------------------------------------------------


def test_of_who_pauses_and_who_moves_exactly_one_wins():
    cast = two_conveners(Stage.DESIGN)

    def trial(number):
        seen = again(cast, Stage.DESIGN)
        ends = at_once(
            lambda: pause(cast, expected=seen),
            lambda: advance(cast, "define", by=cast.politician, expected=seen, reason="Because."),
            ahead=number % 2,
        )
        assert sorted(type(end).__name__ for end in ends) == ["Conflict", "NoneType"]
        winner, arena = ends.index(None), Partnership.objects.get()
        assert arena.stage_version == seen + 1
        state = (arena.stage, arena.paused_at is not None, Pause.objects.count())
        assert state == (("design", True, 1) if winner == 0 else ("define", False, 0))
        said = ends[1 - winner].sentence
        assert (
            "has paused the partnership" if winner == 0 else "in the stage “Define the problem” now"
        ) in said
        return winner

    trials(trial)


def test_without_the_version_a_partnership_would_move_while_it_rests():
    """The control: the same two deeds, each looking before the other has written."""
    cast, both_looked = two_conveners(Stage.DESIGN), threading.Barrier(2)

    def naive(**change):
        found = Partnership.objects.get(pk=cast.partnership.pk)
        if found.paused_at or found.stage != "design":
            raise Conflict("late")
        both_looked.wait(30)
        Partnership.objects.filter(pk=found.pk).update(**change)

    assert at_once(lambda: naive(paused_at=timezone.now()), lambda: naive(stage="define")) == [None, None]
    arena = Partnership.objects.get()
    assert (arena.stage, arena.paused_at is not None) == ("define", True)
    connection.close()


# --- two who set the same aside ------------------------------------------------------------------------------------


def test_of_two_who_set_the_same_aside_one_wins_and_the_other_reads_the_reason():
    cast = two_conveners(Stage.DEFINE)

    def trial(number):
        seen = again(cast, Stage.DEFINE)
        ends = at_once(
            lambda: waive(cast, cast.convener, seen, reason="Karen's reason"),
            lambda: waive(cast, cast.politician, seen, reason="Pia's reason"),
            ahead=number % 2,
        )
        assert sorted(type(end).__name__ for end in ends) == ["Conflict", "NoneType"]
        winner, kept = ends.index(None), Waiver.objects.get()
        assert kept.reason == ["Karen's reason", "Pia's reason"][winner]
        assert kept.reason in ends[1 - winner].sentence
        return winner

    trials(trial)


def test_without_the_lock_the_loser_would_meet_a_fault_instead_of_a_sentence():
    """The control: look, then write. The database still keeps one row, and the loser is told nothing."""
    cast, both_looked, faults = two_conveners(Stage.DEFINE), threading.Barrier(2), []
    visit = cast.partnership.visits.get(left_at=None)

    def naive(by):
        if Waiver.objects.filter(visit=visit, criterion="indicator").exists():
            raise Conflict("late")
        both_looked.wait(30)
        try:
            Waiver.objects.create(visit=visit, criterion="indicator", reason="x", by=by, at=timezone.now())
        except IntegrityError as fault:
            faults.append(fault)

    assert at_once(lambda: naive(cast.convener), lambda: naive(cast.politician)) == [None, None]
    assert (len(faults), Waiver.objects.count()) == (1, 1)
    connection.close()


# --- a second signature and a corrected fact --------------------------------------------------------------------------


def test_nobody_s_signature_stands_under_facts_that_were_corrected_at_the_same_moment():
    cast = dumped()

    def trial(number):
        Waiver.objects.all().delete()
        made = propose(cast, cast.convener)
        joined, corrected = race(
            lambda: joins(made, cast.citizen),
            lambda: mark(cast, cast.step, cast.politician, supplied=str(50 + number % 20)),
            ahead=number % 2,
        )
        assert not isinstance(corrected, Conflict | Refused)
        made.refresh_from_db()
        assert made.withdrawn_at is not None
        signed = made.seconded_by_id is not None
        assert signed == isinstance(joined, Waiver)
        return 0 if signed else 1

    trials(trial)
