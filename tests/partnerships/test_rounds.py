"""Around a decision: advice, opening later, more time, answers to objections, and asking it anew."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from partnerships import actions
from partnerships.models import Decision, Reopening, Text
from partnerships.rules.decisions import Tally, outcome_of
from partnerships.stages import OPENS, Stage
from partnerships.tasks.decisions import open_due_decisions
from tests.cast import enter, join, make_cast, person, told, who_may
from tests.partnerships.writing import VOTERS, ask, close, reopen, start, take, write

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
A_MOMENT = datetime.timedelta(microseconds=1)


def voters(cast):
    return sorted(getattr(cast, name).pk for name in VOTERS)


def agreed(cast, revision, **fields):
    """A decision about the revision that everybody agrees to."""
    decision = ask(cast, revision, **fields)
    for who in (cast.convener, cast.citizen, cast.official):
        take(decision, who)
    return close(decision, cast)


# --- advice -----------------------------------------------------------------------------------------------------------


def test_advice_comes_to_advice_whatever_is_said():
    nobody, objecting = Tally("public", 0), Tally("non_public", 0, object=3)
    assert outcome_of(Decision.Rule.ADVISORY, nobody, objecting) == Decision.Outcome.ADVISED


def test_advice_adopts_nothing_and_counts_as_no_round(cast):
    revision = write(cast, start(cast))
    for _number in range(3):
        advice = ask(cast, revision, advisory=True)
        assert (advice.rule, advice.quorum_public, advice.quorum_non_public) == ("advisory", 0, 0)
        take(advice, cast.citizen, "object", "It forgets the boats.")
        assert close(advice, at=advice.closes_at).outcome == "advised"
    assert Text.objects.get(pk=revision.text_id).adopted_revision is None
    decision = ask(cast, revision)
    assert (decision.round, decision.rule) == (1, "consent")
    assert told("objection_raised") == []


def test_the_database_keeps_advice_from_adopting(cast):
    advice = ask(cast, write(cast, start(cast)), advisory=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=advice.pk).update(outcome="adopted", closed_at=timezone.now())


def test_advice_and_a_decision_are_not_asked_for_at_once(cast):
    revision = write(cast, start(cast))
    ask(cast, revision, advisory=True)
    for advisory in (False, True):
        with pytest.raises(Refused, match="deciding on this text already"):
            ask(cast, revision, advisory=advisory)
    with pytest.raises(Refused, match="cannot change now"):
        write(cast, revision.text, what="Newer words.")


@pytest.mark.parametrize("stage", list(Stage))
def test_advice_is_asked_for_by_leaders_while_the_text_is_written(stage):
    cast = make_cast(stage=Stage.DEFINE)
    revision = write(cast, start(cast))
    enter(cast.partnership, stage)
    opened = stage in OPENS["write_problem"]
    assert who_may(cast, lambda who: ask(cast, revision, who, advisory=True)) == (
        {"convener"} if opened else set()
    )


def test_advice_about_one_proposal_does_not_stop_the_choice_of_another():
    cast = make_cast(stage=Stage.DESIGN)
    one, two = (write(cast, start(cast, "proposal", title=title)) for title in ("Biogas", "Compost"))
    ask(cast, one, advisory=True)
    assert ask(cast, two).rule == "consent"


# --- opening later ----------------------------------------------------------------------------------------------------


def planned(cast, *, days=2, **fields):
    at = timezone.now()
    return ask(
        cast,
        write(cast, start(cast)),
        at=at,
        opens_at=at + days * DAY,
        closes_at=at + 2 * days * DAY,
        **fields,
    )


def test_it_opens_once_when_its_time_has_come_and_the_members_are_told_then(cast):
    decision = planned(cast)
    assert decision.is_planned
    assert told("decision_opened") == []
    with pytest.raises(Refused, match="This decision opens on"):
        take(decision, cast.citizen)
    assert actions.rounds.open_due_decisions(at=decision.opens_at - A_MOMENT) == []
    assert actions.rounds.open_due_decisions(at=decision.opens_at) == [decision]
    assert actions.rounds.open_due_decisions(at=decision.opens_at) == []
    assert told("decision_opened") == voters(cast)
    decision.refresh_from_db()
    assert take(decision, cast.citizen, at=decision.opened_at).choice == "agree"
    verbs = Entry.objects.filter(scope=cast.partnership.pk, verb__startswith="decision.").order_by("sequence")
    assert list(verbs.values_list("verb", flat=True)) == ["decision.planned", "decision.begun"]


def test_until_it_opens_its_words_stand_still_and_its_quorum_is_not_settled(cast):
    decision = planned(cast)
    with pytest.raises(Refused, match="cannot change now"):
        write(cast, decision.text, what="Newer words.")
    for name in ("Ann Neighbour", "Ben Neighbour"):
        join(cast.partnership, person(name))
    (opened,) = actions.rounds.open_due_decisions(at=decision.opens_at)
    assert (decision.quorum_non_public, opened.quorum_non_public) == (1, 2)


def test_the_task_opens_by_the_clock_on_the_wall(cast):
    past = timezone.now() - 2 * DAY
    decision = ask(cast, write(cast, start(cast)), at=past, opens_at=past + DAY, closes_at=past + 4 * DAY)
    open_due_decisions()
    decision.refresh_from_db()
    assert decision.is_open


def test_one_that_could_not_open_in_time_gets_its_time(cast):
    decision = planned(cast)
    late = decision.closes_at + DAY
    (opened,) = actions.rounds.open_due_decisions(at=late)
    assert opened.closes_at == late + 2 * DAY


def test_none_opens_in_a_pause_nor_in_a_closed_partnership(cast):
    decision = planned(cast)
    told_at = timezone.now()
    version = {"partnership": cast.partnership, "by": cast.convener}
    actions.pauses.pause_partnership(**version, reason="Summer.", expected=0, at=told_at)
    assert actions.rounds.open_due_decisions(at=decision.opens_at) == []
    actions.pauses.resume_partnership(**version, expected=1, at=told_at + 10 * DAY)
    assert actions.rounds.open_due_decisions(at=decision.opens_at + 9 * DAY) == []
    enter(cast.partnership, Stage.CLOSED)
    assert actions.rounds.open_due_decisions(at=decision.opens_at + 20 * DAY) == []
    enter(cast.partnership, Stage.DEFINE)
    assert actions.rounds.open_due_decisions(at=decision.opens_at + 20 * DAY) == [decision]


def test_one_that_is_withdrawn_before_it_opens_tells_nobody(cast):
    decision = planned(cast)
    with pytest.raises(Refused, match="has not opened yet"):
        close(decision, cast)
    actions.decisions.withdraw_decision(decision=decision, by=cast.convener, at=timezone.now())
    assert told("decision_closed") == []
    assert actions.rounds.open_due_decisions(at=decision.opens_at) == []
    with pytest.raises(Conflict, match="opened or withdrawn in the meantime"):
        actions.rounds.begin_decision(decision=decision, at=decision.opens_at)


@pytest.mark.parametrize(
    ("opens", "closes", "field", "wrong"),
    [
        (3, 2, "opens_at", "before it closes"),
        (2, 2, "opens_at", "before it closes"),
        (None, -1, "closes_at", "in the future"),
        (1, 400, "closes_at", "within a year"),
    ],
)
def test_times_that_make_no_sense(cast, opens, closes, field, wrong):
    at = timezone.now()
    revision = write(cast, start(cast))
    opens_at = opens and at + opens * DAY
    with pytest.raises(ValidationError, match=wrong) as refused:
        ask(cast, revision, at=at, opens_at=opens_at, closes_at=at + closes * DAY)
    assert list(refused.value.message_dict) == [field]
    assert not Decision.objects.exists()


# --- more time --------------------------------------------------------------------------------------------------------


def longer(decision, who, *, days=1, reason="The library was closed.", at=None):
    return actions.rounds.lengthen_decision(
        decision=decision,
        closes_at=decision.closes_at + days * DAY,
        reason=reason,
        by=who,
        at=at or timezone.now(),
    )


def test_more_time_is_given_with_a_reason_and_told_to_those_who_have_not_answered(cast, decision):
    take(decision, cast.citizen)
    was = decision.closes_at
    assert longer(decision, cast.convener).closes_at == was + DAY
    assert told("decision_lengthened") == sorted([cast.convener.pk, cast.official.pk])
    given = decision.lengthenings.get()
    assert (given.was, given.closes_at, given.reason, given.by) == (
        was, was + DAY, "The library was closed.", cast.convener
    )  # fmt: skip
    assert take(decision, cast.official, at=was).choice == "agree"


def test_time_is_never_taken_away(cast, decision):
    for days in (0, -1):
        with pytest.raises(ValidationError, match="only gets longer"):
            longer(decision, cast.convener, days=days)
    with pytest.raises(ValidationError, match="within a year"):
        longer(decision, cast.convener, days=400)
    with pytest.raises(ValidationError, match="why more time"):
        longer(decision, cast.convener, reason=" ")
    with pytest.raises(Refused, match="Only a decision that is open"):
        longer(decision, cast.convener, at=decision.closes_at)
    assert not decision.lengthenings.exists()


def test_who_gives_more_time(cast, decision):
    assert who_may(cast, lambda who: longer(decision, who)) == {"convener"}


# --- asking it anew ---------------------------------------------------------------------------------------------------


def test_what_was_adopted_is_reopened_before_other_words_are_asked_about(cast):
    first = agreed(cast, write(cast, start(cast)))
    with pytest.raises(Refused, match="Revision 1 is adopted"):
        ask(cast, first.revision)
    newer = write(cast, first.text, what="Newer words.")
    with pytest.raises(Refused, match="Revision 1 is adopted, and stands"):
        ask(cast, newer)
    reopening = reopen(first, cast.convener, "The harbour was sold.")
    assert told("decision_reopened") == voters(cast)
    assert (reopening.reason, reopening.by) == ("The harbour was sold.", cast.convener)
    text = Text.objects.get(pk=first.text_id)
    assert text.adopted_revision == first.revision  # it stands until other words do
    second = agreed(cast, newer)
    text.refresh_from_db()
    assert (second.round, text.adopted_revision) == (1, newer)


def test_words_that_were_said_no_to_are_not_asked_about_again(cast, decision):
    take(decision, cast.convener)
    take(decision, cast.citizen, "object", "No.")
    close(decision, at=decision.closes_at)
    with pytest.raises(Refused, match="said no to revision 1"):
        ask(cast, decision.revision)
    reopen(decision, cast.convener)
    with pytest.raises(Refused, match="said no to revision 1"):
        ask(cast, decision.revision)
    assert ask(cast, write(cast, decision.text, what="Newer words.")).round == 2


def test_for_lack_of_a_quorum_the_same_words_are_asked_about_again(cast, decision):
    close(decision, at=decision.closes_at)
    assert ask(cast, decision.revision, at=decision.closes_at).round == 1


def test_who_reopens_what(cast):
    decision = agreed(cast, write(cast, start(cast)))
    assert who_may(cast, lambda who: reopen(decision, who)) == {"convener"}
    with pytest.raises(ValidationError, match="why it is reopened"):
        reopen(decision, cast.convener, " ")
    reopen(decision, cast.convener)
    with pytest.raises(Refused, match="reopened already"):
        reopen(decision, cast.convener)
    assert Reopening.objects.count() == 1


def test_only_the_last_settled_decision_is_reopened(cast, decision):
    with pytest.raises(Refused, match="Only a decision that was settled"):
        reopen(decision, cast.convener)
    take(decision, cast.convener)
    take(decision, cast.citizen, "object", "No.")
    close(decision, at=decision.closes_at)
    again = ask(cast, write(cast, decision.text, what="Newer words."), at=decision.closes_at)
    with pytest.raises(Refused, match="deciding on this text already"):
        reopen(decision, cast.convener)
    close(again, at=again.closes_at)
    with pytest.raises(Refused, match="decided on this text again since"):
        reopen(decision, cast.convener)


@pytest.mark.parametrize("stage", list(Stage))
def test_it_is_reopened_in_the_stages_that_decide_it(stage):
    cast = make_cast(stage=Stage.DEFINE)
    decision = agreed(cast, write(cast, start(cast)))
    enter(cast.partnership, stage)
    opened = stage in OPENS["decide_problem"]
    assert who_may(cast, lambda who: reopen(decision, who)) == ({"convener"} if opened else set())


# --- the closing second -----------------------------------------------------------------------------------------------


def test_one_microsecond_before_counts_and_the_second_itself_does_not(cast, decision):
    with pytest.raises(Refused, match="The time to answer ended"):
        take(decision, cast.citizen, "object", "No.", at=decision.closes_at)
    assert take(decision, cast.citizen, "object", "No.", at=decision.closes_at - A_MOMENT).choice == "object"
