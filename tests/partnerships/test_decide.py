"""Decisions: what positions add up to, who may ask and who may answer when."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from actors.models import Side
from boundary.answer import Conflict, Refused
from partnerships import actions
from partnerships.models import Decision, Member, Partnership, Position, Revision, Text
from partnerships.rules.decisions import Tally, outcome_of, quorum_of, rule_of
from partnerships.stages import OPENS, Stage
from tests.cast import enter, join, make_cast, person, told, who_may
from tests.partnerships.writing import VOTERS, ask, close, start, take, write

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


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
    assert quorum_of(Partnership(), members) == needed


def test_after_two_rounds_the_fallback_applies():
    assert [rule_of(Partnership(), number) for number in (1, 2, 3, 4)] == [C, C, M, M]


# --- opening ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(Text.Kind))
@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_ask_for_a_decision_when(stage, kind):
    cast = make_cast(stage=stage)
    text = Text.objects.create(partnership=cast.partnership, kind=kind, title="A text")
    revision = Revision.objects.create(text=text, number=1, body={"what": "x"}, digest="0" * 64)
    opened = stage in OPENS[f"decide_{kind}"]
    assert who_may(cast, lambda who: ask(cast, revision, who)) == ({"convener"} if opened else set())


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
    assert who_may(cast, lambda who: take(decision, who)) == (set() if stage == Stage.CLOSED else VOTERS)


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
    assert who_may(cast, lambda who: take(decision, who, member=old)) == {"convener"}
    with pytest.raises(Refused, match="Only members with a say"):
        take(decision, cast.convener, member=cast.member(cast.observer))


def test_a_position_counts_unless_its_member_has_left(cast, decision):
    take(decision, cast.citizen, "object", "No.")
    take(decision, cast.convener)
    Member.objects.filter(person=cast.citizen).update(left_at=timezone.now())
    assert close(decision, at=decision.closes_at).outcome == Decision.Outcome.NO_QUORUM
