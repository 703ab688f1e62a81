"""Relief: promises are handed on in person, and whoever carries much is offered help, not shown up."""

import datetime
import threading
from decimal import Decimal
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions, load
from partnerships.models import Commitment, Member, Relief, ReliefOffer
from solutions.actions import own_step, plan_step, take_over_commitment
from solutions.models import Ownership
from tests.cast import join, make_cast, person, told, who_may
from tests.partnerships.promising import State, accepting, deeds, offer
from tests.races import at_once

pytestmark = pytest.mark.django_db
relief = actions.relief


def promised(cast, who=None, **fields):
    made = offer(cast, who or cast.citizen, **fields)
    return accepting(made)(cast.convener)


def asked(commitment, by, *, openly=True, why="My back."):
    return relief.ask_relief(commitment=commitment, why=why, openly=openly, by=by, at=timezone.now())


def taking(commitment):
    return lambda who: take_over_commitment(
        commitment=Commitment.objects.select_related("member").get(pk=commitment.pk),
        by=who,
        at=timezone.now(),
    )


def page(name, cast, *args):
    return reverse(name, args=[cast.partnership.slug, *args])


# --- handing on ------------------------------------------------------------------------------------------------------


def test_who_may_ask_and_who_may_take_over():
    cast = make_cast()
    made = promised(cast)
    assert who_may(cast, taking(made)) == set()
    assert who_may(cast, lambda who: asked(made, who)) == {"citizen"}
    asked(made, cast.citizen)
    assert who_may(cast, taking(made)) == {"convener", "official"}
    assert told("relief_asked") == sorted([cast.convener.pk, cast.official.pk])
    with pytest.raises(Refused):
        asked(made, cast.citizen)


def test_what_is_asked_of_leaders_alone_is_known_to_them_alone(client):
    cast = make_cast()
    made = promised(cast)
    asked(made, cast.citizen, openly=False, why="A private matter.")
    assert told("relief_asked") == [cast.convener.pk]
    assert who_may(cast, taking(made)) == {"convener"}
    assert set(Entry.objects.filter(verb="relief.asked").values_list("audience", flat=True)) == {"conveners"}
    for who, knows in ((cast.official, False), (None, False), (cast.convener, True), (cast.citizen, True)):
        client.logout()
        if who:
            client.force_login(who)
        told_page = client.get(page("commitment", cast, made.pk)).content.decode()
        listed = client.get(page("commitments", cast) + "?whose=relief").content.decode()
        assert ("A private matter." in told_page, "Forty hours" in listed) == (knows, knows)


def test_taking_over_keeps_the_history_and_misses_nothing(client):
    cast = make_cast()
    made = promised(cast)
    asked(made, cast.citizen)
    taking(made)(cast.official)
    made.refresh_from_db()
    assert (made.state, made.member.person, made.accepted_by) == (
        State.ACCEPTED,
        cast.official,
        cast.official,
    )
    one = Relief.objects.get()
    assert (one.member.person, one.taken_by.person, one.ended_at is not None) == (
        cast.citizen,
        cast.official,
        True,
    )
    assert told("commitment_taken_over") == sorted([cast.citizen.pk, cast.convener.pk])
    html = client.get(page("commitment", cast, made.pk)).content.decode()
    assert "Inge Official took it over from Bo Citizen. It was handed on, not missed." in html
    assert "Offered by Bo Citizen." in html
    html = client.get(page("member", cast, cast.member(cast.citizen).pk) + "?show=promised").content.decode()
    assert "Handed on" in html


def test_a_reminder_goes_to_the_new_owner_alone():
    cast = make_cast()
    now = timezone.now().replace(hour=12)
    made = promised(cast, due_on=now.date() + datetime.timedelta(days=7))
    Commitment.objects.update(accepted_at=now - datetime.timedelta(days=2))
    deeds.remind_commitments(at=now)
    asked(made, cast.citizen)
    notices = list(Notice.objects.filter(kind="commitment_due"))
    true = kind_named("commitment_due").still_true
    assert ([notice.recipient for notice in notices], len(true(notices))) == ([cast.citizen.pk], 1)
    taking(made)(cast.official)
    assert true(notices) == set()
    deeds.remind_commitments(at=now + datetime.timedelta(days=6))
    assert cast.official.pk in told("commitment_due")


def test_it_can_be_kept_after_all_and_settling_ends_the_asking():
    cast = make_cast()
    made = promised(cast)
    one = asked(made, cast.citizen)
    assert who_may(
        cast,
        lambda who: relief.end_relief(relief=Relief.objects.get(pk=one.pk), by=who, at=timezone.now()),
    ) == {"citizen"}
    relief.end_relief(relief=one, by=cast.citizen, at=timezone.now())
    with pytest.raises(Refused):
        taking(made)(cast.official)
    again = asked(made, cast.citizen)
    deeds.settle_commitment(commitment=made, state="kept", note="", by=cast.citizen, at=timezone.now())
    again.refresh_from_db()
    assert (again.ended_at is not None, again.taken_by) == (True, None)
    with pytest.raises(Refused):
        taking(made)(cast.official)


def test_what_somebody_left_behind_may_be_taken_over_and_is_called_so(client):
    cast = make_cast()
    made = promised(cast)
    Member.objects.filter(person=cast.citizen).update(left_at=timezone.now())
    html = client.get(page("commitments", cast) + "?whose=left").content.decode()
    assert "Left by its owner" in html
    taking(made)(cast.official)
    made.refresh_from_db()
    assert made.member.person == cast.official
    assert "Left by its owner</span>" not in client.get(page("commitments", cast)).content.decode()


def test_a_step_has_its_new_owner():
    cast = make_cast(stage="implement")
    step = plan_step(
        partnership=cast.partnership,
        what="Paint the pier",
        due_on=datetime.date(2031, 5, 1),
        by=cast.convener,
        at=timezone.now(),
    )
    made = own_step(step=step, by=cast.citizen, at=timezone.now()).commitment
    accepting(made)(cast.convener)
    asked(Commitment.objects.get(), cast.citizen)
    assert (step.is_owned_by(cast.member(cast.citizen)), made.step_number) == (True, step.number)
    taking(made)(cast.official)
    assert Ownership.objects.count() == 1
    assert step.is_owned_by(cast.member(cast.official))
    assert not step.is_owned_by(cast.member(cast.citizen))
    assert Entry.objects.filter(verb="step.owner_found").count() == 2


def test_the_pages_ask_and_hand_on(client):
    cast = make_cast()
    made = promised(cast)
    client.force_login(cast.citizen)
    wrong = client.post(page("ask_relief", cast, made.pk), {"relief-openly": "nobody", "relief-why": "Ill"})
    assert (wrong.status_code, "Ill" in wrong.content.decode()) == (422, True)
    client.post(page("ask_relief", cast, made.pk), {"relief-openly": "everyone", "relief-why": "Ill"})
    client.post(page("end_relief", cast, made.pk))
    client.post(page("ask_relief", cast, made.pk), {"relief-openly": "everyone", "relief-why": "Ill"})
    client.force_login(cast.official)
    assert "I take it over" in client.get(page("commitment", cast, made.pk)).content.decode()
    assert client.post(page("end_relief", cast, made.pk)).status_code == 403
    client.post(page("take_over_commitment", cast, made.pk))
    assert Commitment.objects.get().member.person == cast.official
    assert client.post(page("end_relief", cast, made.pk)).status_code == 404


# --- races -----------------------------------------------------------------------------------------------------------


def fresh(commitment):
    return Commitment.objects.select_related("member").get(pk=commitment.pk)


@pytest.mark.django_db(transaction=True)
def test_two_who_take_over_at_once_and_its_owner_who_keeps_it():
    cast = make_cast()
    for _trial in range(5):
        made = promised(cast)
        asked(made, cast.citizen)
        now = timezone.now()
        ends = at_once(
            partial(take_over_commitment, commitment=fresh(made), by=cast.official, at=now),
            partial(take_over_commitment, commitment=fresh(made), by=cast.convener, at=now),
            partial(
                deeds.settle_commitment,
                commitment=fresh(made),
                state="kept",
                note="",
                by=cast.citizen,
                at=now,
            ),
        )
        assert sum(end is None for end in ends) == 1, ends
        assert {type(end) for end in ends} <= {type(None), Conflict, Refused}
        found = fresh(made)
        winner = [cast.official, cast.convener, cast.citizen][ends.index(None)]
        assert (found.member.person, found.state == State.KEPT) == (winner, winner == cast.citizen)


@pytest.mark.django_db(transaction=True)
def test_kept_and_renegotiated_at_once_leave_one():
    cast = make_cast()
    made = promised(cast)
    for trial in range(8):
        now = timezone.now()
        change = {"what": f"Words {trial}", "due_on": None, "note": "x", "by": cast.citizen, "at": now}
        again = change | {"what": f"Other words {trial}", "by": cast.convener}
        ends = at_once(
            partial(deeds.renegotiate_commitment, commitment=fresh(made), **change),
            partial(deeds.renegotiate_commitment, commitment=fresh(made), **again),
        )
        assert sorted(type(end).__name__ for end in ends) == ["Conflict", "NoneType"]
    told_before = list(made.renegotiations.order_by("at").values_list("what", flat=True))
    assert len(set(told_before)) == 8
    keep = partial(deeds.settle_commitment, commitment=fresh(made), state="kept", note="")
    ends = at_once(
        partial(keep, by=cast.citizen, at=timezone.now()),
        partial(deeds.renegotiate_commitment, commitment=fresh(made), **change),
    )
    assert sorted(type(end).__name__ for end in ends) == ["Conflict", "NoneType"]


@pytest.mark.django_db(transaction=True)
def test_an_offer_taken_and_taken_back_at_once_is_one_of_both():
    cast = make_cast()
    for _trial in range(5):
        made = offer(cast, cast.citizen)
        now = timezone.now()
        ends = at_once(
            partial(deeds.accept_commitment, commitment=fresh(made), by=cast.convener, at=now),
            partial(
                deeds.settle_commitment,
                commitment=fresh(made),
                state="withdrawn",
                note="",
                by=cast.citizen,
                at=now,
            ),
        )
        assert sorted(type(end).__name__ for end in ends) == ["Conflict", "NoneType"]
        assert fresh(made).state == (State.ACCEPTED if ends[0] is None else State.WITHDRAWN)


@pytest.mark.django_db(transaction=True)
def test_without_comparing_words_both_changes_would_win():
    """The control: comparing the state alone, two changes in a row both believe that they saw the last words."""
    cast = make_cast()
    made = promised(cast)
    Commitment.objects.update(state=State.RENEGOTIATED)
    both_looked = threading.Barrier(2)

    def naive(words):
        found = fresh(made)
        both_looked.wait(timeout=30)
        if not Commitment.objects.filter(pk=made.pk, state=found.state).update(what=words):
            raise Conflict("late")

    assert at_once(partial(naive, "One"), partial(naive, "Two")) == [None, None]


# --- help for who carries much -----------------------------------------------------------------------------------


def test_much_is_what_the_platform_says_for_volunteers_alone():
    cast = make_cast()
    today = timezone.localdate()
    for _ in range(5):
        promised(cast, cast.official)
    for _ in range(4):
        promised(cast, cast.citizen)
    assert list(load.carrying_much(cast.partnership, today)) == []
    late = promised(cast, amount=Decimal(50), unit="hours", due_on=today + datetime.timedelta(days=90))
    assert [one.person for one in load.carrying_much(cast.partnership, today)] == [cast.citizen]
    deeds.settle_commitment(commitment=late, state="kept", note="", by=cast.citizen, at=timezone.now())
    assert list(load.carrying_much(cast.partnership, today)) == []
    promised(
        cast, person_of(cast), amount=Decimal(40), unit="hours", due_on=today + datetime.timedelta(days=9)
    )
    assert [one.person.name for one in load.carrying_much(cast.partnership, today)] == ["Anna Volunteer"]
    cast.platform.thresholds = {"much_promises": 4}
    cast.platform.save()
    cast.partnership.refresh_from_db()
    names = [one.person.name for one in load.carrying_much(cast.partnership, today)]
    assert names == ["Anna Volunteer", "Bo Citizen"]  # the alphabet, and not who carries more


def person_of(cast):
    anna = person("Anna Volunteer")
    join(cast.partnership, anna)
    return anna


def test_only_conveners_see_who_carries_much_and_the_volunteer_themselves(client):
    cast = make_cast()
    for number in range(5):
        promised(cast, what=f"Task {number}")
    for who, status in (
        (cast.convener, 200),
        (cast.official, 403),
        (cast.citizen, 403),
        (cast.case_officer, 403),
    ):
        client.force_login(who)
        answer = client.get(page("who_carries_much", cast))
        assert (answer.status_code, "5 open promises" in answer.content.decode()) == (status, status == 200)
        listed = client.get(page("commitments", cast)).content.decode()
        assert ("This is a lot" in listed) is (who == cast.citizen)


def test_help_is_offered_and_answered_by_the_volunteer_alone(client):
    cast = make_cast()
    for number in range(5):
        promised(cast, what=f"Task {number}")
    client.force_login(cast.convener)
    bo = cast.member(cast.citizen)
    assert client.post(page("offer_relief", cast, bo.pk), {"words": ""}).status_code == 422
    client.post(page("offer_relief", cast, bo.pk), {"words": "Shall I find somebody?"})
    made = ReliefOffer.objects.get()
    assert told("relief_offered") == [cast.citizen.pk]
    assert client.post(page("offer_relief", cast, bo.pk), {"words": "Again?"}).status_code == 403
    client.force_login(cast.official)
    assert client.post(page("answer_relief", cast, made.pk), {"answer": "yes"}).status_code == 404
    assert "Shall I find somebody?" not in client.get(page("commitments", cast)).content.decode()
    client.force_login(cast.citizen)
    assert "Shall I find somebody?" in client.get(page("commitments", cast)).content.decode()
    client.post(page("answer_relief", cast, made.pk), {"answer": "yes"})
    made.refresh_from_db()
    assert (made.accepted, told("relief_answered")) == (True, [cast.convener.pk])
    assert client.post(page("answer_relief", cast, made.pk), {"answer": "no"}).status_code == 403
    true = kind_named("relief_offered").still_true(list(Notice.objects.filter(kind="relief_offered")))
    assert true == set()
