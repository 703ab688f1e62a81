"""Positions and closings at the same moment: who wins, and that both are never true."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone

from journal.models import Entry
from notices.models import Notice
from partnerships import actions
from partnerships.models import Decision, Position
from partnerships.rules.decisions import outcome_of
from tests.partnerships.writing import ask, close, start, take, write
from tests.races import race


@pytest.mark.django_db(transaction=True)
def test_of_two_closers_one_wins_and_everyone_is_told_once(cast):
    text = start(cast)
    for number in range(5):
        decision = ask(cast, write(cast, text, what=f"Words {number}"))
        due = decision.closes_at
        results = race(*[lambda decision=decision, due=due: close(decision, at=due)] * 2)
        assert sorted(type(result).__name__ for result in results) == ["Conflict", "Decision"]
    assert Entry.objects.filter(verb="decision.closed").count() == 5
    assert Notice.objects.filter(kind="decision_closed").count() == 5 * 3


@pytest.mark.django_db(transaction=True)
def test_a_position_and_the_close_never_disagree(cast):
    """An objection at the last moment is either counted or refused, never taken and ignored."""
    text, seen = start(cast), set()
    for number in range(12):
        decision = ask(cast, write(cast, text, what=f"Words {number}"))
        for who in (cast.convener, cast.citizen):
            take(decision, who)
        moment = decision.closes_at - datetime.timedelta(microseconds=1)
        objection, closed = race(
            lambda decision=decision, at=moment: take(decision, cast.official, "object", "No.", at=at),
            lambda decision=decision: close(decision, at=decision.closes_at),
            ahead=number % 2,
        )
        taken = isinstance(objection, Position)
        assert closed.outcome == ("objected" if taken else "adopted")
        assert Position.objects.filter(decision=decision, choice="object").exists() == taken
        seen.add(taken)
        Decision.objects.filter(outcome="objected").update(outcome="withdrawn")  # each trial is a first round
    assert seen == {True, False}  # each side of the race has won


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_an_objection_would_be_taken_and_ignored(cast):
    """The control: the same two deeds, each reading before the other has written."""
    decision = ask(cast, write(cast, start(cast)))
    for who in (cast.convener, cast.citizen):
        take(decision, who)
    member, line = cast.member(cast.official), Barrier(2)

    def objects():
        with transaction.atomic():
            still_open = Decision.objects.get(pk=decision.pk).closed_at is None
            line.wait(5)
            if still_open:
                Position.objects.create(
                    decision=decision,
                    member=member,
                    choice="object",
                    reason="No.",
                    digest="",
                    at=timezone.now(),
                )
        connection.close()

    def closes():
        with transaction.atomic():
            outcome = outcome_of(decision.rule, *actions.decisions.tallies(decision))
            line.wait(5)
            Decision.objects.filter(pk=decision.pk).update(closed_at=timezone.now(), outcome=outcome)
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda deed: deed(), (objects, closes)))
    decision.refresh_from_db()
    assert decision.outcome == "adopted"
    assert decision.positions.filter(choice="object").exists()
