"""Commit: offers are taken by somebody else, requests are answered in person, and owners are reminded."""

import datetime
import threading
from functools import partial

import pytest
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from notices.kinds import kind_named
from notices.models import Notice
from partnerships.models import Commitment, Member
from partnerships.stages import Stage
from tests.cast import join, make_cast, person, told, who_may
from tests.partnerships.promising import State, accepting, ask, deeds, offer
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_offer_and_ask_when(stage):
    cast = make_cast(stage=stage)
    closed = stage in (Stage.INITIATE, Stage.CLOSED)
    members = {"convener", "citizen", "official"}
    assert who_may(cast, lambda who: offer(cast, who)) == (set() if closed else members)
    assert who_may(cast, lambda who: ask(cast, by=who)) == (set() if closed else {"convener"})


def test_an_offer_is_taken_by_those_who_lead_and_the_owner_is_told():
    cast = make_cast()
    made = offer(cast, cast.citizen)
    assert told("commitment_offered") == [cast.convener.pk]
    assert who_may(cast, accepting(made)) == {"convener"}
    accepting(made)(cast.convener)
    made.refresh_from_db()
    assert (made.state, made.accepted_by, made.recorded_by) == (State.ACCEPTED, cast.convener, None)
    assert told("commitment_answered") == [cast.citizen.pk]


def test_nobody_takes_their_own_offer_while_another_leader_could():
    cast = make_cast()
    mine = offer(cast, cast.convener)
    join(cast.partnership, cast.outsider, role=Member.Role.FACILITATOR)
    with pytest.raises(Refused) as refused:
        deeds.accept_commitment(commitment=mine, by=cast.convener, at=timezone.now())
    assert "your own offer" in refused.value.answer.why_not
    deeds.accept_commitment(commitment=mine, by=cast.outsider, at=timezone.now())
    assert Commitment.objects.get().accepted_by == cast.outsider


def test_a_leader_alone_takes_their_own_offer():
    cast = make_cast()
    mine = offer(cast, cast.convener)
    deeds.accept_commitment(commitment=mine, by=cast.convener, at=timezone.now())
    assert Commitment.objects.get().state == State.ACCEPTED


def test_only_the_one_who_is_asked_accepts_in_person():
    cast = make_cast()
    asked = ask(cast)
    assert told("commitment_asked") == [cast.official.pk]
    assert who_may(cast, accepting(asked)) == {"official"}
    accepting(asked)(cast.official)
    asked.refresh_from_db()
    assert (asked.state, asked.accepted_by, asked.recorded_by) == (State.ACCEPTED, cast.official, None)
    assert told("commitment_answered") == [cast.convener.pk]


def test_a_yes_on_paper_is_written_down_with_who_wrote_it_and_the_owner_is_told():
    cast = make_cast()
    asked = ask(cast)
    owner = cast.member(cast.official)
    for other in (cast.citizen, cast.outsider):
        with pytest.raises(Refused):
            deeds.accept_commitment(commitment=asked, by=other, at=timezone.now(), recorded_for=owner)
    with pytest.raises(Refused):
        deeds.accept_commitment(
            commitment=asked, by=cast.convener, at=timezone.now(), recorded_for=cast.member(cast.citizen)
        )
    deeds.accept_commitment(commitment=asked, by=cast.convener, at=timezone.now(), recorded_for=owner)
    asked.refresh_from_db()
    assert (asked.accepted_by, asked.recorded_by) == (cast.official, cast.convener)
    assert told("commitment_answered") == [cast.official.pk]


def test_declining_settling_and_renegotiating_leave_their_traces():
    cast = make_cast()
    no = offer(cast, cast.citizen)
    deeds.decline_commitment(commitment=no, by=cast.convener, at=timezone.now(), note="We have enough.")
    one = offer(cast, cast.citizen, due_on=datetime.date(2030, 5, 1))
    deeds.accept_commitment(commitment=one, by=cast.convener, at=timezone.now())
    deeds.renegotiate_commitment(
        commitment=one,
        what="Twenty hours",
        due_on=datetime.date(2030, 6, 1),
        note="My back.",
        by=cast.citizen,
        at=timezone.now(),
    )
    before = one.renegotiations.get()
    assert (before.what, before.due_on, before.note) == (
        "Forty hours of beach cleaning",
        datetime.date(2030, 5, 1),
        "My back.",
    )
    deeds.settle_commitment(commitment=one, state="kept", note="", by=cast.citizen, at=timezone.now())
    one.refresh_from_db()
    assert (one.state, one.what) == (State.KEPT, "Twenty hours")
    verbs = list(Entry.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == [
        "commitment.offered",
        "commitment.declined",
        "commitment.offered",
        "commitment.accepted",
        "commitment.renegotiated",
        "commitment.kept",
    ]
    with pytest.raises(Refused):
        deeds.settle_commitment(commitment=one, state="missed", note="x", by=cast.citizen, at=timezone.now())


def test_what_nobody_has_answered_is_taken_back_by_whoever_made_it():
    cast = make_cast()
    made, asked = offer(cast, cast.citizen), ask(cast)

    def take_back(commitment):
        return lambda who: deeds.settle_commitment(
            commitment=Commitment.objects.get(pk=commitment.pk),
            state="withdrawn",
            note="",
            by=who,
            at=timezone.now(),
        )

    assert who_may(cast, take_back(made)) == {"citizen"}
    assert who_may(cast, take_back(asked)) == {"convener"}


def test_a_stale_view_of_it_changes_nothing():
    cast = make_cast()
    made = offer(cast, cast.citizen)
    seen_before = Commitment.objects.get()
    deeds.decline_commitment(commitment=made, by=cast.convener, at=timezone.now())
    with pytest.raises(Conflict) as conflict:
        deeds.accept_commitment(commitment=seen_before, by=cast.convener, at=timezone.now())
    assert "declined" in conflict.value.sentence
    assert Commitment.objects.get().state == State.DECLINED


# --- races -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_leave_one():
    cast = make_cast()
    for _trial in range(10):
        made = offer(cast, cast.citizen)
        facts = {"by": cast.convener, "at": timezone.now()}
        lost = at_once(
            partial(deeds.accept_commitment, commitment=Commitment.objects.get(pk=made.pk), **facts),
            partial(deeds.decline_commitment, commitment=Commitment.objects.get(pk=made.pk), **facts),
        )
        assert sorted(type(end).__name__ for end in lost) == ["Conflict", "NoneType"]
        state = Commitment.objects.get(pk=made.pk).state
        assert state == (State.ACCEPTED if lost[0] is None else State.DECLINED)


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_both_would_win():
    """The control: the same race on a plain check-then-write lets both sides believe that they won."""
    cast = make_cast()

    def naive(pk, state):
        found = Commitment.objects.get(pk=pk)
        if found.state != State.OFFERED:
            raise Conflict("late")
        both_looked.wait(timeout=30)
        Commitment.objects.filter(pk=pk).update(state=state, accepted_at=timezone.now())

    made = offer(cast, cast.citizen)
    both_looked = threading.Barrier(2)
    lost = at_once(lambda: naive(made.pk, State.ACCEPTED), lambda: naive(made.pk, State.DECLINED))
    assert lost == [None, None]


# --- reminders -----------------------------------------------------------------------------------------------------


def test_the_owner_is_reminded_before_on_and_after_the_day_once_each():
    cast = make_cast()
    now = timezone.now().replace(hour=12)
    due = now.date() + datetime.timedelta(days=10)
    made = offer(cast, cast.citizen, due_on=due)
    deeds.accept_commitment(commitment=made, by=cast.convener, at=now)
    days = []
    for day in range(25):
        before = Notice.objects.filter(kind="commitment_due").count()
        for hour in (0, 1):
            deeds.remind_commitments(at=now + datetime.timedelta(days=day, hours=hour))
        days += [day] * (Notice.objects.filter(kind="commitment_due").count() - before)
    assert days == [3, 9, 10, 17, 24]
    assert told("commitment_due") == [cast.citizen.pk] * 5


def test_reminders_stop_being_true_when_it_is_kept_changed_or_left():
    cast = make_cast()
    now = timezone.now().replace(hour=12)
    due = now.date() + datetime.timedelta(days=7)
    owners = [cast.citizen, cast.official, person("Ida Member"), person("Jens Member")]
    for who in owners[2:]:
        join(cast.partnership, who)
    made = [offer(cast, who, due_on=due) for who in owners]
    for one in made:
        long_ago = now - datetime.timedelta(days=2)
        deeds.accept_commitment(commitment=one, by=cast.convener, at=long_ago)
    deeds.remind_commitments(at=now)
    notices = list(Notice.objects.filter(kind="commitment_due"))
    assert len(notices) == 4
    deeds.settle_commitment(commitment=made[0], state="kept", note="", by=owners[0], at=now)
    deeds.renegotiate_commitment(
        commitment=made[1],
        what="Less",
        due_on=due + datetime.timedelta(days=30),
        note="x",
        by=owners[1],
        at=now,
    )
    Member.objects.filter(person=owners[2]).update(left_at=now)
    true = kind_named("commitment_due").still_true(notices)
    assert {notice.recipient for notice in notices if notice.pk in true} == {owners[3].pk}
