"""Positions and closings at the same moment: who wins, and that both are never true."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from boundary.answer import Conflict
from journal.models import Entry
from notices.models import Notice
from partnerships import actions
from partnerships.models import Decision, Position
from partnerships.rules.decisions import outcome_of
from tests.partnerships.writing import ask, close, start, take, write
from tests.races import race

DAY = datetime.timedelta(days=1)
A_MOMENT = datetime.timedelta(microseconds=1)


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
        Decision.objects.update(outcome="withdrawn")  # each trial is a first round
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


@pytest.mark.django_db(transaction=True)
def test_the_task_that_closes_and_a_position_one_microsecond_before_never_disagree(cast):
    text, seen = start(cast), set()
    for number in range(12):
        decision = ask(cast, write(cast, text, what=f"Words {number}"))
        for who in (cast.convener, cast.citizen):
            take(decision, who)
        second = decision.closes_at
        objection, closed = race(
            lambda decision=decision, at=second - A_MOMENT: take(
                decision, cast.official, "object", "No.", at=at
            ),
            lambda at=second: actions.decisions.close_due_decisions(at=at),
            ahead=number % 2,
        )
        taken = isinstance(objection, Position)
        assert [one.outcome for one in closed] == ["objected" if taken else "adopted"]
        assert decision.positions.filter(choice="object").exists() == taken
        seen.add(taken)
        Decision.objects.update(outcome="withdrawn")
    assert seen == {True, False}


@pytest.mark.django_db(transaction=True)
def test_of_two_clocks_one_opens_and_everyone_is_asked_once(cast):
    at = timezone.now()
    text = start(cast)
    for number in range(5):
        decision = ask(
            cast, write(cast, text, what=f"Words {number}"), at=at, opens_at=at + DAY, closes_at=at + 3 * DAY
        )
        opened = race(*[lambda: actions.rounds.open_due_decisions(at=at + DAY)] * 2)
        assert sorted(len(found) for found in opened) == [0, 1]
        actions.decisions.withdraw_decision(decision=decision, by=cast.convener, at=at + DAY)
    assert Entry.objects.filter(verb="decision.begun").count() == 5
    assert Notice.objects.filter(kind="decision_opened").count() == 5 * 3


def _standing_in(cast):
    asked = actions.substitutes.name_substitute(
        partnership=cast.partnership,
        substitute=cast.member(cast.observer),
        by=cast.citizen,
        at=timezone.now(),
    )
    return actions.substitutes.answer_substitution(
        substitution=asked, accept=True, by=cast.observer, at=timezone.now()
    )


@pytest.mark.django_db(transaction=True)
def test_a_member_and_their_substitute_at_the_same_moment_give_the_seat_one_answer_the_members(cast):
    text, seen, standing = start(cast), set(), _standing_in(cast)
    for number in range(12):
        decision = ask(cast, write(cast, text, what=f"Words {number}"))
        own, substitutes = race(
            lambda decision=decision: take(decision, cast.citizen, "agree"),
            lambda decision=decision: take(
                decision, cast.observer, "object", "Not so.", substitution=standing
            ),
            ahead=number % 2,
        )
        position = Position.objects.get(decision=decision)
        assert (position, position.choice, position.substitute) == (own, "agree", None)
        was_first = isinstance(substitutes, Position)  # else it was refused: 409
        assert [one.choice for one in position.earlier.all()] == (["object"] if was_first else [])
        assert isinstance(substitutes, Position | Conflict)
        seen.add(was_first)
        actions.decisions.withdraw_decision(decision=decision, by=cast.convener, at=timezone.now())
    assert seen == {True, False}


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_a_substitute_would_write_over_what_the_member_says(cast):
    """The control: both look whether the seat has an answer before either has written."""
    decision, standing, line = ask(cast, write(cast, start(cast))), _standing_in(cast), Barrier(2)
    seat, done = cast.member(cast.citizen), Event()

    def member_answers():
        with transaction.atomic():
            assert not Position.objects.filter(decision=decision, member=seat).exists()
            line.wait(5)
            Position.objects.create(
                decision=decision, member=seat, choice="agree", digest="", at=timezone.now()
            )
        done.set()
        connection.close()

    def substitute_answers():
        found = Position.objects.filter(decision=decision, member=seat).first()
        line.wait(5)
        done.wait(5)
        if found is None or found.substitute_id:
            said = {"choice": "stand_aside", "substitute": standing, "digest": "", "at": timezone.now()}
            Position.objects.update_or_create(decision=decision, member=seat, defaults=said)
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda deed: deed(), (member_answers, substitute_answers)))
    assert Position.objects.get().choice == "stand_aside"
