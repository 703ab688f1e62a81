"""A decision closes: when, to what outcome, in how many rounds, and who is told."""

import datetime

import pytest
from django.utils import timezone

from actors.models import Sector
from boundary.answer import Conflict, Refused
from journal.models import Entry
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import Decision, Member, Text
from partnerships.tasks.decisions import close_due_decisions, remind_undecided
from tests.cast import join, person, told, who_may
from tests.partnerships.writing import SOON, VOTERS, answer_it, ask, close, reopen, start, take, write

pytestmark = pytest.mark.django_db
Rule = Decision.Rule
DAY = datetime.timedelta(days=1)


def test_adopting_sets_the_words_that_stand(cast, decision):
    for who in (cast.convener, cast.citizen, cast.official):
        take(decision, who)
    at = timezone.now()
    closed = close(decision, cast, at=at)
    assert (closed.outcome, closed.closed_at) == ("adopted", at)
    assert Text.objects.get(pk=decision.text_id).adopted_revision == decision.revision
    entry = Entry.objects.get(scope=cast.partnership.pk, verb="decision.closed")
    assert (entry.ids["outcome"], entry.ids["revision"]) == ("adopted", str(decision.revision_id))


@pytest.mark.parametrize(
    ("positions", "outcome"),
    [
        ({"convener": "agree"}, "no_quorum"),
        ({"convener": "agree", "citizen": "object"}, "objected"),
        ({}, "no_quorum"),
        ({"official": "stand_aside", "citizen": "agree"}, "adopted"),
    ],
)
def test_what_is_not_adopted_leaves_the_words_as_they_were(cast, decision, positions, outcome):
    for name, choice in positions.items():
        take(decision, getattr(cast, name), choice, "Because.")
    assert close(decision, at=decision.closes_at).outcome == outcome
    adopted = Text.objects.get(pk=decision.text_id).adopted_revision
    assert adopted == (decision.revision if outcome == "adopted" else None)


def test_only_the_clock_closes_when_due_and_a_convener_once_all_have_answered(cast, decision):
    with pytest.raises(Refused, match="still open"):
        close(decision)
    with pytest.raises(Refused, match="Not everyone has answered"):
        close(decision, cast)
    for who in (cast.convener, cast.citizen, cast.official):
        take(decision, who)
    with pytest.raises(Refused, match="Only a convener"):
        actions.decisions.close_decision(decision=decision, by=cast.citizen, at=timezone.now())
    assert close(decision, cast).outcome == "adopted"
    with pytest.raises(Conflict, match="closed in the meantime"):
        close(decision, cast)


def test_two_objected_rounds_then_a_majority_on_each_side(cast):
    text = start(cast)
    for number in (1, 2, 3):
        decision = ask(cast, write(cast, text, what=f"Words {number}"))
        assert (decision.round, decision.rule) == (number, Rule.CONSENT if number < 3 else Rule.MAJORITY)
        for name in ("Ann", "Ben"):
            who = join(cast.partnership, person(f"{name}{number} Neighbour")).person
            take(decision, who)
        take(decision, cast.convener)
        take(decision, cast.citizen, "object", "Still no.")
        outcome = close(decision, at=decision.closes_at).outcome
        assert outcome == ("objected" if number < 3 else "held")
    answer_it(decision, cast.convener, at=decision.closes_at)
    assert decision.positions.get(choice="object").reason == "Still no."  # dissent is kept
    reopen(decision, cast.convener, at=decision.closes_at)
    after = ask(cast, write(cast, text, what="Words 4"), at=decision.closes_at + DAY)
    assert (after.round, after.rule) == (1, Rule.CONSENT)  # adopted words begin anew


def test_withdrawn_and_quorumless_rounds_do_not_count(cast, decision):
    actions.decisions.withdraw_decision(decision=decision, by=cast.convener, at=timezone.now())
    again = ask(cast, decision.revision)
    close(again, at=again.closes_at)
    assert again.positions.count() == 0
    assert ask(cast, decision.revision, at=again.closes_at + DAY).round == 1


def test_who_may_withdraw(cast, decision):
    assert who_may(
        cast, lambda who: actions.decisions.withdraw_decision(decision=decision, by=who, at=timezone.now())
    ) == {"convener"}
    actions.decisions.withdraw_decision(decision=decision, by=cast.convener, at=timezone.now())
    with pytest.raises(Conflict):
        actions.decisions.withdraw_decision(decision=decision, by=cast.convener, at=timezone.now())


def test_the_clock_closes_what_is_due_and_only_that(cast, decision):
    for who in (cast.convener, cast.citizen):
        take(decision, who)
    assert actions.decisions.close_due_decisions(at=decision.closes_at - DAY) == []
    assert actions.decisions.close_due_decisions(at=decision.closes_at) == [decision]
    assert actions.decisions.close_due_decisions(at=decision.closes_at) == []
    decision.refresh_from_db()
    assert decision.outcome == "adopted"


def test_the_tasks_run_against_the_clock_on_the_wall(cast):
    past = timezone.now() - 2 * SOON
    decision = ask(cast, write(cast, start(cast)), at=past, closes_at=past + SOON)
    remind_undecided()
    close_due_decisions()
    close_due_decisions()
    decision.refresh_from_db()
    assert decision.outcome == "no_quorum"


# --- telling ----------------------------------------------------------------------------------------------------------


def test_asking_tells_everyone_with_a_say_once(cast, decision):
    voters = sorted(getattr(cast, name).pk for name in VOTERS)
    assert told("decision_opened") == voters
    assert Entry.objects.filter(scope=cast.partnership.pk, verb="decision.opened").count() == 1


def test_the_reminder_goes_a_day_before_to_those_who_have_not_answered(cast, decision):
    take(decision, cast.citizen)
    actions.decisions.remind_undecided(at=decision.closes_at - 2 * DAY)
    assert told("decision_closing") == []
    for hours in (23, 22, 1):
        actions.decisions.remind_undecided(at=decision.closes_at - datetime.timedelta(hours=hours))
    assert told("decision_closing") == sorted([cast.convener.pk, cast.official.pk])
    actions.decisions.remind_undecided(at=decision.closes_at)
    assert len(told("decision_closing")) == 2


def test_a_short_decision_sends_no_second_message(cast):
    at = timezone.now()
    ask(cast, write(cast, start(cast)), closes_at=at + DAY)
    actions.decisions.remind_undecided(at=at + DAY / 2)
    assert told("decision_closing") == []


def test_closing_tells_everyone_with_a_say_once(cast, decision):
    close(decision, at=decision.closes_at)
    assert told("decision_closed") == sorted(getattr(cast, name).pk for name in VOTERS)


def true_for(kind):
    """The people for whom the waiting notices of a kind are still true."""
    notices = list(Notice.objects.filter(kind=kind))
    ids = kind_named(kind).still_true(notices)
    return {notice.recipient for notice in notices if notice.pk in ids}


def test_a_message_that_stopped_being_true_is_not_sent(cast, decision):
    everyone = {getattr(cast, name).pk for name in VOTERS}
    assert true_for("decision_opened") == everyone
    take(decision, cast.citizen)
    assert true_for("decision_opened") == everyone - {cast.citizen.pk}
    Member.objects.filter(person=cast.official).update(left_at=timezone.now())
    assert true_for("decision_opened") == {cast.convener.pk}
    close(decision, at=decision.closes_at)
    assert true_for("decision_opened") == set()
    assert true_for("decision_closed") == {cast.convener.pk, cast.citizen.pk}
    old = join(cast.partnership, person("Old Oda"), sector=Sector.CITIZENS)
    again = ask(cast, decision.revision, at=decision.closes_at + DAY)
    take(again, cast.convener, member=old)
    assert true_for("position_recorded") == {old.person_id}
    take(again, old.person)
    assert true_for("position_recorded") == set()
