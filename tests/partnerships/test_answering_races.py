"""Answers, appeals and leaders at the same moment: one wins, the other is told, and nothing is lost or doubled."""

import threading

import pytest
from django.utils import timezone

from notices.models import Notice
from partnerships import actions
from partnerships.models import AnswerTaken, Appeal, Contribution, EarlierResponse, Intervention, Response
from tests.cast import make_cast
from tests.partnerships.moderating import appeal, decide, facilitator, hide
from tests.partnerships.saying import answer, said, together
from tests.races import at_once, race

TRIALS = 10
pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_decide_one_appeal_at_once_decide_it_once():
    cast = make_cast()
    judges = [facilitator(cast, f"{name} Facilitator") for name in ("Fran", "Gert")]
    states, wins = ("stands", "taken_back"), [0, 0]
    for trial in range(TRIALS):
        words = said(cast)
        made = appeal(hide(words, by=cast.convener), by=cast.citizen)
        deeds = [
            lambda who=who, state=state, made=made: decide(made, by=who, state=state)
            for who, state in zip(judges, states, strict=True)
        ]
        outcome = at_once(*deeds, ahead=trial % 2)
        (lost,) = [error for error in outcome if error]
        assert "Somebody else has decided this appeal in the meantime." in str(lost)
        winner = outcome.index(None)
        wins[winner] += 1
        made.refresh_from_db()
        assert (made.state, made.decided_by) == (states[winner], judges[winner])
        hidden = Contribution.objects.get(pk=words.pk).hidden_at is not None
        assert hidden == (states[winner] == "stands")
    assert min(wins) >= TRIALS // 5


def test_deciding_without_its_guard_would_tell_two_outcomes():
    """The control of the race above: look, then write, and the appeal is decided twice."""
    cast = make_cast()
    made = appeal(hide(said(cast), by=cast.convener), by=cast.citizen)
    both_looked, decided = threading.Barrier(2), []

    def decide_unguarded(state):
        def deed():
            if Appeal.objects.get(pk=made.pk).state == Appeal.State.OPEN:
                both_looked.wait()
                facts = {"decided_by": cast.official, "decided_at": timezone.now(), "reason": "x"}
                Appeal.objects.filter(pk=made.pk).update(state=state, **facts)
                decided.append(state)

        return deed

    at_once(decide_unguarded("stands"), decide_unguarded("taken_back"))
    assert sorted(decided) == ["stands", "taken_back"]


def test_an_appeal_that_meets_showing_again_never_waits_for_nothing():
    cast = make_cast()
    fran = facilitator(cast)
    for trial in range(TRIALS):
        words = said(cast)
        hidden = hide(words, by=cast.convener)
        at_once(
            lambda hidden=hidden: appeal(hidden, by=cast.citizen),
            lambda words=words: actions.moderation.show_contribution(
                contribution=words, by=fran, at=timezone.now()
            ),
            ahead=trial % 2,
        )
        assert Contribution.objects.get(pk=words.pk).hidden_at is None
        assert Intervention.objects.get(pk=hidden.pk).ended_at is not None
    assert not Appeal.objects.open().exists()


def test_one_who_answers_alone_and_one_who_answers_together_lose_nothing():
    cast = make_cast()
    fran = facilitator(cast)
    alone_won = 0
    for trial in range(TRIALS):
        first, second = said(cast, body="First"), said(cast, body="Second")
        alone, came = race(
            lambda first=first: answer(cast, first, by=fran, reason="Alone."),
            lambda pair=(first, second): together(cast, pair),
            ahead=trial % 2,
        )
        given = dict(Response.objects.filter(pk__in=[first.pk, second.pk]).values_list("pk", "reason"))
        alone_won += given[first.pk] == "Alone."
        assert given[second.pk] == "We look into it."
        if given[first.pk] == "Alone.":
            assert [one.pk for one in came.left] == [first.pk]
        else:
            assert "Somebody else has answered this" in str(alone)
    assert TRIALS // 5 <= alone_won <= TRIALS - TRIALS // 5
    assert EarlierResponse.objects.count() == 0
    assert Notice.objects.filter(kind="contribution_answered").count() == TRIALS + alone_won


def test_two_who_change_an_answer_at_once_overwrite_nothing_unseen():
    cast = make_cast()
    fran, wins = facilitator(cast), [0, 0]
    for trial in range(TRIALS):
        words = said(cast)
        seen = answer(cast, words).seen_as
        deeds = [
            lambda who=who, words=words, seen=seen: answer(
                cast, words, by=who, reason=who.name, expected=seen
            )
            for who in (cast.convener, fran)
        ]
        outcome = at_once(*deeds, ahead=trial % 2)
        assert sum(error is None for error in outcome) == 1
        wins[outcome.index(None)] += 1
        assert EarlierResponse.objects.filter(contribution=words).count() == 1
    assert min(wins) >= TRIALS // 5


def test_two_who_take_one_on_at_once_and_one_has_it():
    cast = make_cast()
    fran, wins = facilitator(cast), [0, 0]
    for trial in range(TRIALS):
        words = said(cast)
        deeds = [
            lambda who=who, words=words: actions.answering.take_on_answer(
                contribution=words, by=who, at=timezone.now()
            )
            for who in (cast.convener, fran)
        ]
        outcome = at_once(*deeds, ahead=trial % 2)
        (lost,) = [error for error in outcome if error]
        assert "has taken this on already" in str(lost)
        wins[outcome.index(None)] += 1
        assert AnswerTaken.objects.filter(contribution=words).count() == 1
    assert min(wins) >= TRIALS // 5
