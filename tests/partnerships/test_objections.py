"""Objections are answered: in a round by consent, and before a majority adopts anything."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from boundary.answer import Refused
from journal.models import Entry
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import Member, Text
from partnerships.tasks.decisions import remind_of_objections
from tests.cast import join, person, told, who_may
from tests.partnerships.writing import answer_it, ask, close, start, take, write

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def in_the_fallback(cast):
    """A third round, in which a majority of each side agrees and one member objects."""
    text = start(cast)
    for number in (1, 2):
        lost = ask(cast, write(cast, text, what=f"Words {number}"))
        take(lost, cast.convener)
        take(lost, cast.citizen, "object", f"No, {number}.")
        close(lost, at=lost.closes_at)
    third = ask(cast, write(cast, text, what="Words 3"))
    for name in ("Ann Neighbour", "Ben Neighbour"):
        take(third, join(cast.partnership, person(name)).person)
    take(third, cast.convener)
    take(third, cast.citizen, "object", "Still no.")
    return third


def test_an_objection_is_answered_while_it_is_open_and_who_objects_thinks_again(cast, decision):
    take(decision, cast.citizen, "object", "It forgets the boats.")
    assert told("objection_raised") == [cast.convener.pk]  # the citizen writes this text too
    answer = answer_it(decision, cast.convener, "The boats come next spring.")
    assert told("objection_answered") == [cast.citizen.pk]
    assert (answer.body, answer.by) == ("The boats come next spring.", cast.convener)
    take(decision, cast.citizen)
    take(decision, cast.official)
    assert close(decision, at=decision.closes_at).outcome == "adopted"
    assert decision.positions.get(choice="agree", member__person=cast.citizen).answers.get() == answer


def test_in_a_round_by_consent_an_answered_objection_still_stops_it(cast, decision):
    take(decision, cast.convener)
    take(decision, cast.citizen, "object", "It forgets the boats.")
    answer_it(decision, cast.convener)
    assert close(decision, at=decision.closes_at).outcome == "objected"


def test_a_majority_waits_until_each_objection_has_an_answer(cast):
    decision = in_the_fallback(cast)
    take(decision, cast.official, "object", "Too dear.")
    join(cast.partnership, person("Carl Clerk"), side="public", sector="public")
    take(decision, person_named("Carl"), "agree")
    closed = close(decision, at=decision.closes_at)
    assert closed.outcome == "held"
    assert Text.objects.get(pk=decision.text_id).adopted_revision is None
    with pytest.raises(Refused, match="cannot change now"):
        write(cast, decision.text, what="Newer words.")
    with pytest.raises(Refused, match="closed"):
        take(decision, cast.citizen, at=decision.closes_at)
    answer_it(decision, cast.convener, of=cast.member(cast.citizen), at=decision.closes_at)
    decision.refresh_from_db()
    assert decision.outcome == "held"
    answer_it(decision, cast.convener, of=cast.member(cast.official), at=decision.closes_at + DAY)
    decision.refresh_from_db()
    assert (decision.outcome, decision.closed_at) == ("adopted", decision.closes_at)
    assert Text.objects.get(pk=decision.text_id).adopted_revision == decision.revision
    outcomes = Entry.objects.filter(verb="decision.closed", ids__decision=str(decision.pk)).order_by(
        "sequence"
    )
    assert [entry.ids["outcome"] for entry in outcomes] == ["held", "adopted"]


def person_named(name):
    return Member.objects.get(person__name__startswith=name).person


def test_a_majority_whose_objections_are_answered_is_adopted_at_once(cast):
    decision = in_the_fallback(cast)
    answer_it(decision, cast.convener)
    assert close(decision, at=decision.closes_at).outcome == "adopted"


def test_an_objection_with_new_words_is_a_new_one(cast):
    decision = in_the_fallback(cast)
    answer_it(decision, cast.convener)
    take(decision, cast.citizen, "object", "Now for another reason.")
    assert close(decision, at=decision.closes_at).outcome == "held"


def test_what_was_said_again_needs_no_second_answer(cast):
    decision = in_the_fallback(cast)
    answer_it(decision, cast.convener)
    take(decision, cast.citizen, "object", "Still no.")
    assert close(decision, at=decision.closes_at).outcome == "adopted"


def test_who_answers_an_objection(cast, decision):
    old = join(cast.partnership, person("Old Oda"))
    take(decision, old.person, "object", "No.")
    assert who_may(cast, lambda who: answer_it(decision, who)) == {
        "convener",
        "citizen",
    }  # who leads, who writes
    with pytest.raises(ValidationError, match="Write what you answer"):
        answer_it(decision, cast.convener, " ")
    answer_it(decision, cast.convener)
    with pytest.raises(Refused, match="has an answer already"):
        answer_it(decision, cast.convener)


def test_nobody_answers_their_own_objection(cast, decision):
    take(decision, cast.convener, "object", "No.")
    with pytest.raises(Refused, match="Somebody else answers"):
        answer_it(decision, cast.convener)


def test_an_objection_of_a_failed_round_can_be_answered_afterwards(cast, decision):
    take(decision, cast.convener)
    take(decision, cast.citizen, "object", "No.")
    close(decision, at=decision.closes_at)
    assert answer_it(decision, cast.convener).body == "We have changed it."
    decision.refresh_from_db()
    assert decision.outcome == "objected"


def test_those_who_answer_are_reminded_while_it_is_held(cast):
    decision = in_the_fallback(cast)
    close(decision, at=decision.closes_at)
    for days in (0, 0, 1, 3):
        actions.rounds.remind_of_objections(at=decision.closes_at + days * DAY)
    both = sorted([cast.convener.pk, cast.citizen.pk])
    assert told("objections_waiting") == both
    actions.rounds.remind_of_objections(at=decision.closes_at + 8 * DAY)
    assert told("objections_waiting") == sorted(2 * both)
    waiting = list(Notice.objects.filter(kind="objections_waiting"))
    still_true = kind_named("objections_waiting").still_true
    assert len(still_true(waiting)) == 4
    answer_it(decision, cast.convener, at=decision.closes_at + 9 * DAY)
    assert still_true(waiting) == set()
    remind_of_objections()
    assert len(told("objections_waiting")) == 4


def test_what_is_held_can_be_withdrawn(cast):
    decision = in_the_fallback(cast)
    close(decision, at=decision.closes_at)
    actions.decisions.withdraw_decision(decision=decision, by=cast.convener, at=decision.closes_at + DAY)
    assert write(cast, decision.text, what="Newer words.").number == 4
