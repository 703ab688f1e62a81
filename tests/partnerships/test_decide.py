"""Decisions: what positions add up to, who may do what when, who wins a race, who is told."""

import datetime
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from actors.models import Sector, Side
from boundary.answer import Conflict, Refused
from journal.models import Entry
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import Decision, Member, Position, Revision, Text
from partnerships.rules.decisions import Tally, outcome_of, quorum_of, rule_of
from partnerships.stages import OPENS, Stage
from partnerships.tasks.decisions import close_due_decisions, remind_undecided
from tests.cast import enter, join, make_cast, person
from tests.partnerships.test_texts import allowed
from tests.partnerships.writing import SOON, ask, start, take, write

pytestmark = pytest.mark.django_db

VOTERS = {"convener", "citizen", "official"}
DAY = datetime.timedelta(days=1)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def decision(cast):
    return ask(cast, write(cast, start(cast)))


def close(decision, cast=None, *, at=None):
    return actions.decisions.close_decision(
        decision=decision, by=cast.convener if cast else None, at=at or timezone.now()
    )


def told(kind):
    """Whom a kind of message was told, sorted."""
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient", flat=True))


# --- what positions add up to -----------------------------------------------------------------------------------

A, C, M = Decision.Outcome, Decision.Rule.CONSENT, Decision.Rule.MAJORITY


@pytest.mark.parametrize(
    ("rule", "public", "non_public", "outcome"),
    [  # per side: quorum, agree, stand aside, object
        (C, (1, 1, 0, 0), (1, 1, 0, 0), A.ADOPTED),
        (C, (2, 1, 1, 0), (1, 0, 1, 0), A.ADOPTED),  # standing aside counts as taking part
        (C, (1, 1, 0, 0), (1, 1, 0, 1), A.OBJECTED),  # one objection is enough
        (C, (1, 1, 0, 1), (1, 1, 0, 0), A.OBJECTED),
        (C, (2, 1, 0, 0), (1, 1, 0, 0), A.NO_QUORUM),  # one of the two needed from the public side
        (C, (1, 1, 0, 0), (1, 0, 0, 0), A.NO_QUORUM),
        (C, (1, 5, 0, 0), (2, 0, 0, 1), A.NO_QUORUM),  # too few, whatever they say
        (C, (1, 1, 0, 0), (0, 0, 0, 0), A.ADOPTED),  # a side on which nobody sits asks for nothing
        (M, (1, 2, 0, 1), (1, 2, 0, 1), A.ADOPTED),  # dissent is kept, and does not stop it
        (M, (1, 1, 0, 1), (1, 2, 0, 0), A.OUTVOTED),  # a tie is no majority
        (M, (1, 9, 0, 0), (1, 1, 0, 2), A.OUTVOTED),  # one side cannot outvote the other
        (M, (1, 0, 1, 0), (1, 1, 0, 0), A.OUTVOTED),  # nobody agrees on one side
        (M, (3, 2, 0, 0), (1, 1, 0, 0), A.NO_QUORUM),
        (M, (1, 1, 0, 0), (0, 0, 0, 0), A.ADOPTED),
        (M, (1, 1, 0, 0), (0, 0, 0, 1), A.OUTVOTED),
    ],
)
def test_what_positions_add_up_to(rule, public, non_public, outcome):
    assert outcome_of(rule, Tally(Side.PUBLIC, *public), Tally(Side.NON_PUBLIC, *non_public)) == outcome


@pytest.mark.parametrize(("members", "needed"), [(0, 0), (1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (30, 15)])
def test_half_of_a_side_must_answer(members, needed):
    assert quorum_of(members) == needed


def test_after_two_rounds_the_fallback_applies():
    assert [rule_of(number) for number in (1, 2, 3, 4)] == [C, C, M, M]


# --- opening ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(Text.Kind))
@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_ask_for_a_decision_when(stage, kind):
    cast = make_cast(stage=stage)
    text = Text.objects.create(partnership=cast.partnership, kind=kind, title="A text")
    revision = Revision.objects.create(text=text, number=1, body={"what": "x"}, digest="0" * 64)
    opened = stage in OPENS[f"decide_{kind}"]
    assert allowed(lambda who: ask(cast, revision, who), cast) == ({"convener"} if opened else set())


def test_a_facilitator_may_ask_too(cast):
    Member.objects.filter(person=cast.citizen).update(role=Member.Role.FACILITATOR)
    assert ask(cast, write(cast, start(cast)), cast.citizen).opened_by == cast.citizen


def test_a_decision_is_about_the_newest_words_only(cast):
    text = start(cast)
    first = write(cast, text)
    write(cast, text, what="Newer words.")
    with pytest.raises(Refused, match="Revision 1 is not the newest; that is revision 2"):
        ask(cast, first)


def test_a_text_has_one_open_decision(cast, decision):
    with pytest.raises(Refused, match="deciding on this text already"):
        ask(cast, decision.revision)


@pytest.mark.parametrize(
    ("kind", "stage", "refused"),
    [("problem", Stage.DEFINE, True), ("proposal", Stage.DESIGN, True), ("charter", Stage.CONVENE, False)],
)
@pytest.mark.parametrize("missing", list(Side))
def test_both_sides_must_sit_where_both_must_settle(kind, stage, refused, missing):
    cast = make_cast(stage=stage)
    other = Side.PUBLIC if missing == Side.NON_PUBLIC else Side.NON_PUBLIC
    cast.partnership.members.exclude(role=Member.Role.OBSERVER).update(side=other)
    revision = write(cast, start(cast, kind))
    if refused:
        with pytest.raises(Refused, match="both sides must take part in this"):
            ask(cast, revision)
        return
    decision = ask(cast, revision)
    assert {decision.quorum_public, decision.quorum_non_public} == {0, 2}


def test_it_closes_in_the_future(cast):
    revision = write(cast, start(cast))
    with pytest.raises(ValidationError, match="Choose a time in the future"):
        ask(cast, revision, closes_at=timezone.now() - DAY)
    with pytest.raises(ValidationError, match="within a year"):
        ask(cast, revision, closes_at=timezone.now() + 400 * DAY)
    assert not Decision.objects.exists()


def test_one_choice_between_proposals_at_a_time():
    cast = make_cast(stage=Stage.DESIGN)
    one, two = (start(cast, "proposal", title=title) for title in ("Biogas", "Compost"))
    first, second = write(cast, one), write(cast, two)
    decision = ask(cast, first)
    with pytest.raises(Refused, match="deciding on “Biogas” first"):
        ask(cast, second)
    for who in (cast.convener, cast.citizen, cast.official):
        take(decision, who)
    close(decision, cast)
    with pytest.raises(Refused, match="“Biogas” is chosen already"):
        ask(cast, second)


def test_quorums_are_half_of_each_side_when_it_opens(cast, decision):
    assert (decision.quorum_public, decision.quorum_non_public) == (1, 1)
    actions.decisions.withdraw_decision(decision=decision, by=cast.convener, at=timezone.now())
    for name in ("Ann Neighbour", "Ben Neighbour"):
        join(cast.partnership, person(name))
    assert ask(cast, decision.revision).quorum_non_public == 2


# --- positions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_take_a_position(stage):
    cast = make_cast(stage=Stage.DEFINE)
    decision = ask(cast, write(cast, start(cast)))
    enter(cast.partnership, stage)
    assert allowed(lambda who: take(decision, who), cast) == (set() if stage == Stage.CLOSED else VOTERS)


def test_a_position_is_changed_not_doubled(cast, decision):
    take(decision, cast.citizen, "object", "It forgets the boats.")
    take(decision, cast.citizen, "agree")
    position = Position.objects.get()
    assert (position.choice, position.reason, position.recorded_by) == ("agree", "", None)
    assert position.digest == decision.revision.digest


def test_an_objection_says_why(cast, decision):
    for empty in ("", "  \n"):
        with pytest.raises(ValidationError, match="Write why you object"):
            take(decision, cast.citizen, "object", empty)
    with pytest.raises(IntegrityError), transaction.atomic():
        Position.objects.create(
            decision=decision, member=cast.member(cast.citizen), choice="object", digest="", at=timezone.now()
        )


def test_a_position_is_on_the_words_that_were_shown(cast, decision):
    with pytest.raises(Conflict, match="other words than those of revision 1"):
        take(decision, cast.citizen, digest="0" * 64)
    assert not Position.objects.exists()


def test_a_position_on_superseded_words_is_refused_and_named(cast, decision):
    actions.decisions.withdraw_decision(decision=decision, by=cast.convener, at=timezone.now())
    write(cast, decision.text, what="Newer words.")
    with pytest.raises(Refused, match="about revision 1, and revision 2 is newer"):
        take(decision, cast.citizen)
    newer = ask(cast, decision.text.revisions.first())
    with pytest.raises(Conflict):
        take(newer, cast.citizen, digest=decision.revision.digest)  # nothing is carried over


def test_no_position_after_its_time_even_before_the_clock_has_closed_it(cast, decision):
    with pytest.raises(Refused, match="The time to answer ended"):
        take(decision, cast.citizen, at=decision.closes_at)
    take(decision, cast.citizen, at=decision.closes_at - datetime.timedelta(seconds=1))


def test_paper_and_voice_count_as_the_members_own(cast, decision):
    old = join(cast.partnership, person("Old Oda"))
    position = take(decision, cast.convener, "object", "I said no.", member=old)
    assert (position.member, position.recorded_by) == (old, cast.convener)
    assert told("position_recorded") == [old.person_id]
    take(decision, old.person, "agree")  # they confirm or correct it themselves
    position.refresh_from_db()
    assert (position.choice, position.recorded_by) == ("agree", None)
    with pytest.raises(Refused, match="Old Oda has answered in person"):
        take(decision, cast.convener, "object", "No.", member=old)


def test_who_may_write_down_a_position(cast, decision):
    old = join(cast.partnership, person("Old Oda"))
    assert allowed(lambda who: take(decision, who, member=old), cast) == {"convener"}
    with pytest.raises(Refused, match="Only members with a say"):
        take(decision, cast.convener, member=cast.member(cast.observer))


def test_a_position_counts_unless_its_member_has_left(cast, decision):
    take(decision, cast.citizen, "object", "No.")
    take(decision, cast.convener)
    Member.objects.filter(person=cast.citizen).update(left_at=timezone.now())
    assert close(decision, at=decision.closes_at).outcome == Decision.Outcome.NO_QUORUM


# --- closing --------------------------------------------------------------------------------------------------------


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
        assert (decision.round, decision.rule) == (number, C if number < 3 else M)
        for name in ("Ann", "Ben"):
            who = join(cast.partnership, person(f"{name}{number} Neighbour")).person
            take(decision, who)
        take(decision, cast.convener)
        take(decision, cast.citizen, "object", "Still no.")
        outcome = close(decision, at=decision.closes_at).outcome
        assert outcome == ("objected" if number < 3 else "adopted")
    assert decision.positions.get(choice="object").reason == "Still no."  # dissent is kept
    after = ask(cast, write(cast, text, what="Words 4"), at=decision.closes_at + DAY)
    assert (after.round, after.rule) == (1, C)  # adopted words begin anew


def test_withdrawn_and_quorumless_rounds_do_not_count(cast, decision):
    actions.decisions.withdraw_decision(decision=decision, by=cast.convener, at=timezone.now())
    again = ask(cast, decision.revision)
    close(again, at=again.closes_at)
    assert again.positions.count() == 0
    assert ask(cast, decision.revision, at=again.closes_at + DAY).round == 1


def test_who_may_withdraw(cast, decision):
    assert allowed(
        lambda who: actions.decisions.withdraw_decision(decision=decision, by=who, at=timezone.now()), cast
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


# --- races ------------------------------------------------------------------------------------------------------------


def race(*deeds, ahead=None):
    """Run the deeds at once, each on its own connection: what each came to. `ahead` starts a hair earlier."""
    line = Barrier(len(deeds))

    def run(deed):
        try:
            connection.ensure_connection()
            line.wait(5)
            if ahead is not None and deed is not deeds[ahead]:
                time.sleep(0.003)
            return deed()
        except (Conflict, Refused) as lost:
            return lost
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


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
