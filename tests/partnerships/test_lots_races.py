"""Draws, choices and answers at the same moment, each on a connection of its own."""

import pytest
from django.utils import timezone

from boundary.answer import Refused
from partnerships import actions
from partnerships.models import Draw, Lot, Member, Volunteer
from tests.cast import join, make_cast, person
from tests.partnerships.calling import close, crowd, draw, freeze, group, join_register, open_call, volunteer
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    cast = make_cast()
    cast.second = person("Signe Second")
    join(cast.partnership, cast.second, role=Member.Role.CONVENER)
    return cast


def over(cast, seats, number):
    families = group(cast)
    call = open_call(cast, {families: seats})
    rows = crowd(call, families, number)
    return close(cast, call), families, rows


def test_two_conveners_draw_at_once_and_it_is_drawn_once(cast):
    call, families, _rows = over(cast, 1, 4)
    frozen = freeze(cast, call, families)
    ends = at_once(lambda: draw(cast, frozen), lambda: draw(cast, frozen, by=cast.second))
    assert sum(end is None for end in ends) == 1
    assert Lot.objects.filter(state="drawn").count() == Volunteer.objects.filter(state="chosen").count() == 1


def test_two_conveners_freeze_at_once_and_there_is_one_list(cast):
    call, families, _rows = over(cast, 1, 2)
    ends = at_once(lambda: freeze(cast, call, families), lambda: freeze(cast, call, families, by=cast.second))
    assert sum(end is None for end in ends) == 1
    assert Draw.objects.count() == 1


def test_somebody_steps_back_while_the_draw_runs(cast):
    call, families, rows = over(cast, 2, 3)
    frozen, gone = freeze(cast, call, families, seats=2), rows[0]
    drew, stepped = at_once(
        lambda: draw(cast, frozen),
        lambda: actions.calls.step_back(volunteer=gone, by=gone.person, at=timezone.now()),
    )
    assert drew is None
    state = Volunteer.objects.get(pk=gone.pk).state
    assert (state == "withdrawn") == (
        stepped is None
    )  # either they were out before it, or they have their answer
    assert Member.objects.filter(person=gone.person).exists() == (state == "chosen")
    assert Lot.objects.filter(state="drawn").count() == 2


def test_two_conveners_choose_for_the_last_seat(cast):
    families = group(cast)
    call = open_call(cast, {families: 1})
    first, second = crowd(call, families, 2)

    def choose(one, by):
        return lambda: actions.calls.choose_volunteers(
            call=call, group=families, people=[one.pk], by=by, at=timezone.now()
        )

    ends = at_once(choose(first, cast.convener), choose(second, cast.second))
    assert sum(isinstance(end, Refused) for end in ends) == 1
    assert Volunteer.objects.filter(state="chosen").count() == 1


def test_pressed_twice_one_stands_in_the_call_once(cast):
    families = group(cast)
    call = open_call(cast, {families: 1})
    assert at_once(*[lambda: volunteer(call, families, cast.outsider)] * 2) == [None, None]
    assert Volunteer.objects.count() == 1


def test_pressed_twice_one_stands_in_the_register_once(cast):
    assert at_once(*[lambda: join_register(cast, cast.outsider)] * 2) == [None, None]
    assert cast.outsider.willing.count() == 1
