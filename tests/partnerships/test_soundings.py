"""Soundings: who asks, who answers, what is an answer, and what the marks add up to."""

import datetime

import pytest
from django.utils import timezone

from actors.models import Side
from boundary.answer import Conflict, Refused
from journal.models import Entry
from partnerships.models import Member, Note, Partnership, Phone, Sounding, SoundingMark, SoundingVoter
from partnerships.soundings import result_of, shuffled
from partnerships.stages import Stage
from tests.cast import join, make_cast, person, told, who_may
from tests.partnerships import rooming
from tests.partnerships.sounding import answer, ask, close, deeds, marks

pytestmark = pytest.mark.django_db


# --- who may --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", Stage)
def test_who_may_ask_and_answer(stage):
    cast = make_cast()
    asked = ask(cast)
    Partnership.objects.update(stage=stage)
    closed = stage in (Stage.INITIATE, Stage.CLOSED)
    asked.partnership.refresh_from_db()
    assert who_may(cast, lambda who: ask(cast, who=who)) == (set() if closed else {"convener"})
    assert who_may(cast, lambda who: answer(asked, who, _1=1)) == (
        set() if closed else {"convener", "citizen", "official"}
    )
    assert who_may(cast, lambda who: close(cast, asked, who=who)) == {"convener"}


def test_members_with_a_say_are_told_but_not_who_asks(cast):
    ask(cast)
    assert told("sounding_opened") == sorted([cast.citizen.pk, cast.official.pk])
    assert Entry.objects.filter(verb="sounding.opened").count() == 1


def test_who_still_has_one_to_answer(cast):
    first, at = ask(cast), timezone.now()
    soon = ask(cast, closes_at=at + datetime.timedelta(days=1))
    waiting = lambda who: list(Sounding.objects.waiting_for(who, at))  # noqa: E731
    assert waiting(cast.citizen) == [soon, first]
    answer(soon, cast.citizen, _1=1)
    assert waiting(cast.citizen) == [first]
    assert waiting(cast.observer) == waiting(cast.outsider) == []
    close(cast, first)
    assert waiting(cast.citizen) == []
    assert Sounding.objects.waiting_for(cast.official, at + datetime.timedelta(days=2)).count() == 0


# --- what is an answer ----------------------------------------------------------------------------------------


def test_agreeing_one_by_one_adds_up_and_is_changed(cast):
    asked = ask(cast)
    answer(asked, cast.citizen, _1=1)
    answer(asked, cast.citizen, _2=0)
    answer(asked, cast.citizen, _1=-1)
    assert marks(asked) == {("Bo Citizen", 1): -1, ("Bo Citizen", 2): 0}
    assert SoundingVoter.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "first", "second"),
    [("dots", {"_1": 3}, {"_2": 1}), ("ranking", {"_1": 1, "_2": 2}, {"_3": 1})],
)
def test_dots_and_places_replace_what_was_there(cast, method, first, second):
    asked = ask(cast, method)
    answer(asked, cast.citizen, **first)
    answer(asked, cast.citizen, **second)
    assert len(marks(asked)) == len(second)


@pytest.mark.parametrize(
    ("method", "given", "sentence"),
    [
        ("agree", {"_1": 2}, "Choose agree, disagree or pass"),
        ("dots", {"_1": 2, "_2": 2}, "You gave 4 dots and have 3"),
        ("dots", {"_1": -1}, "Give no fewer than 0 dots"),
        ("ranking", {"_1": 1, "_2": 1}, "Fill the places in order"),
        ("ranking", {"_1": 1, "_2": 3}, "Fill the places in order"),
        ("ranking", {"_1": 2}, "Fill the places in order"),
        ("ranking", {"_1": 0}, "Fill the places in order"),
    ],
)
def test_what_is_no_answer_changes_nothing(cast, method, given, sentence):
    asked = ask(cast, method)
    answer(asked, cast.citizen, _3=1)
    with pytest.raises(Refused, match=sentence):
        answer(asked, cast.citizen, **given)
    assert marks(asked) == {("Bo Citizen", 3): 1}


def test_more_than_five_places_are_refused(cast):
    asked = ask(cast, "ranking", [f"Line {n}" for n in range(1, 7)])
    with pytest.raises(Refused, match="Rank 5 at most"):
        answer(asked, cast.citizen, **{f"_{n}": n for n in range(1, 7)})


def test_a_line_of_another_sounding_is_refused(cast):
    asked, other = ask(cast), ask(cast)
    with pytest.raises(Conflict, match="does not belong to this sounding"):
        deeds.answer_sounding(
            sounding=asked, by=cast.citizen, marks={other.options.first().pk: 1}, at=timezone.now()
        )
    assert not SoundingMark.objects.exists()


@pytest.mark.parametrize("how", ["by hand", "by time"])
def test_nothing_is_answered_when_it_is_closed(cast, how):
    now = timezone.now()
    asked = ask(cast, closes_at=now + datetime.timedelta(hours=1))
    at = now if how == "by hand" else asked.closes_at
    shown = close(cast, asked) if how == "by hand" else asked
    with pytest.raises(Refused, match="This sounding is closed"):
        answer(shown, cast.citizen, at=at, _1=1)
    with pytest.raises((Conflict, Refused), match="closed"):
        answer(asked, cast.citizen, at=at, _1=1)  # as the page had it
    with pytest.raises(Refused, match="This sounding is closed"):
        close(cast, shown, at=at)


# --- phones ---------------------------------------------------------------------------------------------------


@pytest.fixture
def dots(cast):
    workshop = rooming.sorted_room(cast)
    return deeds.give_dots(workshop=workshop, dots=3, by=cast.convener, at=timezone.now())


def test_a_phone_gives_its_dots_and_changes_them(cast, dots):
    phone = Phone.objects.get(first_name="Anna")
    answer(dots, phone=phone, _1=3)
    answer(dots, phone=phone, _1=1, _2=2)
    (voter,) = dots.voters.all()
    assert (voter.phone, voter.side) == (phone, Side.NON_PUBLIC)
    assert sorted(voter.marks.values_list("value", flat=True)) == [1, 2]


def test_who_is_signed_in_on_a_phone_answers_once_on_both(cast, dots):
    phone = Phone.objects.get(member__person=cast.citizen)
    answer(dots, phone=phone, _1=3)
    answer(dots, cast.citizen, _2=3)
    (voter,) = dots.voters.all()
    assert (voter.member, voter.phone) == (cast.member(cast.citizen), None)


def test_a_phone_of_another_room_is_refused(cast, dots):
    stranger = rooming.enter(rooming.start(cast))
    with pytest.raises(Refused, match="not asked in your room"):
        answer(dots, phone=stranger, _1=3)
    with pytest.raises(Refused, match="not asked in your room"):
        answer(ask(cast, "dots"), phone=stranger, _1=3)


def test_nobody_is_mailed_about_the_dots_of_a_room(cast, dots):
    assert told("sounding_opened") == []
    assert list(Sounding.objects.waiting_for(cast.official, timezone.now())) == []


def test_a_phone_that_is_forgotten_leaves_its_dots(cast, dots):
    answer(dots, phone=Phone.objects.get(first_name="Anna"), _1=3)
    Phone.objects.all().delete()
    assert result_of(dots).voters == 1
    assert Note.objects.filter(phone=None).count() == 4


def test_themes_of_the_same_title_are_told_apart(cast):
    workshop = rooming.start(cast)
    phone = rooming.enter(workshop)
    for words in ("One", "Two"):
        rooming.move(cast, workshop, rooming.send(phone, words), title="The beach")
    asked = deeds.give_dots(workshop=workshop, dots=3, by=cast.convener, at=timezone.now())
    assert [one.words for one in asked.options.all()] == ["The beach", "The beach (2)"]


def test_dots_need_themes(cast):
    with pytest.raises(Refused, match="There are no themes"):
        deeds.give_dots(workshop=rooming.start(cast), dots=3, by=cast.convener, at=timezone.now())


# --- what it comes to -----------------------------------------------------------------------------------------


def crowd(cast, public, non_public):
    """That many more members of each side."""
    made = {"public": [], "non_public": []}
    for side, number in (("public", public), ("non_public", non_public)):
        for n in range(number):
            who = person(f"{side}{n} Somebody")
            join(cast.partnership, who, sector="public" if side == "public" else "citizens", side=side)
            made[side].append(who)
    return made


def test_the_sides_are_apart_when_enough_of_each_have_answered(cast):
    asked, people = ask(cast), crowd(cast, 5, 6)
    for who in people["public"]:
        answer(asked, who, _1=1, _2=-1)
    for who in people["non_public"][:4]:
        answer(asked, who, _1=-1, _2=-1, _3=1)
    few = result_of(asked)
    assert (few.voters, few.sides, [line.sides for line in few.lines]) == (9, {}, [{}, {}, {}])
    assert (few.differ, few.meet) == (None, None)
    answer(asked, people["non_public"][4], _1=1, _2=-1, _3=1)
    enough = result_of(asked)
    assert enough.sides == {"public": 5, "non_public": 5}
    assert enough.differ.option.words == "A kiosk"
    assert enough.meet.option.words == "A ladder"
    ladder = next(line for line in enough.lines if line.option.words == "A ladder")
    assert [(name, part.agree, part.disagree, part.share) for name, part in ladder.apart] == [
        ("Public side", 5, 0, 100),
        ("Non-public side", 1, 4, 20),
    ]


def test_no_side_is_told_by_what_is_left(cast):
    """With the whole and one side shown, the few of another could be counted."""
    asked, people = ask(cast), crowd(cast, 5, 5)
    for who in (*people["public"], *people["non_public"]):
        answer(asked, who, _1=1)
    assert result_of(asked).sides
    workshop = rooming.start(cast)
    Sounding.objects.filter(pk=asked.pk).update(workshop=workshop)
    asked.refresh_from_db()
    answer(asked, phone=rooming.enter(workshop), _1=-1)
    assert result_of(asked).sides == {}


def test_dots_are_added_up_and_named(cast):
    asked = ask(cast, "dots")
    answer(asked, cast.citizen, _2=3)
    answer(asked, cast.official, _1=1, _2=1)
    result = result_of(asked)
    assert [(line.option.words, line.whole.dots, line.bar) for line in result.lines] == [
        ("Clean sand", 4, "100.0%"),
        ("A ladder", 1, "25.0%"),
        ("A kiosk", 0, "0.0%"),
    ]
    assert result.finding == "Most dots: “Clean sand”, 4."


def test_places_give_points(cast):
    asked = ask(cast, "ranking")
    answer(asked, cast.citizen, _1=1, _2=2)
    answer(asked, cast.official, _2=1)
    answer(asked, cast.convener, _2=1, _3=2, _1=3)
    lines = {line.option.number: line.whole for line in result_of(asked).lines}
    assert {n: (part.points, part.firsts, part.mean_place) for n, part in lines.items()} == {
        1: (5 + 3, 1, 2.0),
        2: (4 + 5 + 5, 2, 4 / 3),
        3: (4, 0, 2.0),
    }


def test_a_finding_for_every_end(cast):
    asked = ask(cast, lines=[f"Line {n}" for n in range(5)])
    assert result_of(asked).finding == "Nobody has answered yet."
    answer(asked, cast.citizen, _1=-1)
    assert result_of(asked).finding == "No line stands out."
    answer(asked, cast.citizen, _1=1, _2=1)
    assert result_of(asked).finding == "Most agree with “Line 0” and “Line 1”: 1 of 1 who answered."
    answer(asked, cast.citizen, _3=1, _4=1)
    assert result_of(asked).finding == "4 lines have the most, and the same."


def test_everybody_gets_an_order_of_their_own_and_the_same_again(cast):
    options = list(ask(cast, lines=[f"Line {n}" for n in range(20)]).options.all())
    orders = [[one.number for one in shuffled(options, who.pk)] for who in (cast.citizen, cast.official)]
    assert orders[0] == [one.number for one in shuffled(options, cast.citizen.pk)]
    assert orders[0] != orders[1] != sorted(orders[0]) != orders[0]
    firsts = {shuffled(options, member.pk)[0].number for member in Member.objects.all()}
    assert len(firsts) > 1


def test_a_tie_in_length_is_no_error_for_two_hundred_lines(cast):
    asked = ask(cast, lines=[f"Line {n}" for n in range(200)])
    answer(asked, cast.citizen, _200=1)
    assert result_of(asked).lines[0].option.number == 200
