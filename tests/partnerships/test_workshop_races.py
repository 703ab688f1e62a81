"""Workshops and soundings when two deeds come at the same moment: nothing lost, nothing twice."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone

from boundary.answer import Conflict
from journal.models import Entry
from partnerships.models import Contribution, Note, Phone, SoundingMark, SoundingVoter, Workshop
from partnerships.models.workshops import MOST_PHONES
from tests.partnerships import rooming
from tests.partnerships.rooming import end, enter, fresh, move, send, sorted_room, start
from tests.partnerships.sounding import answer, ask, close
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True)


def names(ends):
    return sorted(type(end).__name__ for end in ends)


def neck_and_neck(number, first, second):
    """The two deeds together, of ten trials some with either far ahead and some with both at the line."""
    lead = 0.02 * (number - 4.5)  # seconds

    def after(seconds, deed):
        time.sleep(max(0, seconds))
        return deed()

    return race(lambda: after(-lead, first), lambda: after(lead, second))


def test_it_lands_once(cast):
    for _time in range(4):
        workshop = sorted_room(cast)
        assert names(race(*[lambda workshop=workshop: end(cast, workshop)] * 2)) == ["Conflict", "int"]
    assert Contribution.objects.count() == 4 * 6
    assert Entry.objects.filter(verb="workshop.ended").count() == 4


def test_a_note_at_the_last_moment_lands_with_the_rest_or_after_them(cast):
    """Whoever is first: the note is a contribution in the end, once."""
    with_the_rest = []
    for number in range(10):
        workshop = start(cast)
        phone = enter(workshop)
        note, landed = neck_and_neck(
            number,
            lambda phone=phone, n=number: send(phone, f"Last words {n}"),
            lambda workshop=workshop: end(cast, workshop),
        )
        assert Contribution.objects.filter(pk=note.pk).count() == 1
        with_the_rest.append(landed)
    assert 2 <= sum(with_the_rest) <= 8  # each side of the race has won


def test_without_the_count_a_note_would_be_left_behind(cast):
    """The control: the note looks whether the workshop runs, and is written after everything has landed."""
    workshop = start(cast)
    phone, line = enter(workshop), Barrier(2)

    def writes():
        with transaction.atomic():
            runs = Workshop.objects.running().filter(pk=workshop.pk).exists()
            line.wait(5)
            line.wait(5)
            if runs:
                facts = {"workshop": workshop, "phone": phone, "at": timezone.now()}
                Note.objects.create(pk=uuid.uuid4(), body="Lost", **facts)
        connection.close()

    def ends():
        line.wait(5)
        end(cast, workshop)
        line.wait(5)
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda deed: deed(), (writes, ends)))
    assert list(Note.objects.filter(contribution=None).values_list("body", flat=True)) == ["Lost"]


def test_the_same_note_from_two_tries_at_once_is_there_once(cast):
    workshop = start(cast)
    phone = enter(workshop)
    for number in range(5):
        given = str(uuid.uuid4())
        race(*[lambda n=number, given=given: send(phone, f"Words {n}", given=given)] * 2)
    assert (Note.objects.count(), fresh(workshop).notes) == (5, 5)


def test_a_change_at_the_end_is_landed_or_refused(cast):
    for number in range(10):
        workshop = start(cast)
        phone = enter(workshop)
        note = send(phone, "Before")
        changed, _landed = neck_and_neck(
            number,
            lambda phone=phone, note=note: rooming.notes.change_note(
                phone=phone, note=note, body="After", at=timezone.now()
            ),
            lambda workshop=workshop: end(cast, workshop),
        )
        landed = Contribution.objects.get(pk=note.pk).body
        assert landed.endswith("Before" if isinstance(changed, Conflict) else "After")


def test_the_last_place_is_taken_once(cast):
    for _time in range(5):
        workshop = start(cast)
        Workshop.objects.filter(pk=workshop.pk).update(phones=MOST_PHONES - 1)
        assert names(race(*[lambda workshop=workshop: enter(workshop)] * 2)) == ["Phone", "Refused"]
    assert Phone.objects.count() == 5


def test_a_member_on_two_phones_is_in_once(cast):
    for _time in range(5):
        workshop = start(cast)
        race(*[lambda workshop=workshop: enter(workshop, cast.citizen)] * 2)
        assert (workshop.in_the_room.count(), fresh(workshop).phones) == (1, 1)


def test_two_who_sort_at_once_lose_nothing(cast):
    """One joins two themes while the other moves a note into the one that goes."""
    for number in range(6):
        workshop = sorted_room(cast)
        beach, water = workshop.clusters.all()
        alone = workshop.written.get(cluster=None)
        moved, _merged = race(
            lambda w=workshop, note=alone, to=beach: move(cast, w, note, cluster=to),
            lambda a=beach, b=water: rooming.clusters.merge_clusters(
                cluster=a, into=b, by=cast.convener, at=timezone.now()
            ),
            ahead=number % 2,
        )
        homeless = 1 if isinstance(moved, Conflict) else 0
        assert workshop.written.filter(cluster=None).count() == homeless
        assert water.notes.count() == 4 - homeless


def test_two_windows_of_one_voter_give_one_answer(cast):
    """Each window gives all its dots: one of them counts, and never both together."""
    for number in range(5):
        asked = ask(cast, "dots")
        race(
            lambda asked=asked: answer(asked, cast.citizen, _1=3),
            lambda asked=asked: answer(asked, cast.citizen, _2=3),
            ahead=number % 2,
        )
        assert SoundingVoter.objects.filter(sounding=asked).count() == 1
        assert list(SoundingMark.objects.filter(voter__sounding=asked).values_list("value", flat=True)) == [3]


def test_an_answer_at_the_close_is_counted_or_refused(cast):
    seen = set()
    for number in range(10):
        asked = ask(cast, "dots")
        given, closed = neck_and_neck(
            number,
            lambda asked=asked: answer(asked, cast.citizen, _1=3),
            lambda asked=asked: close(cast, asked),
        )
        taken = isinstance(given, SoundingVoter)
        assert closed.closed_at
        assert SoundingMark.objects.filter(voter__sounding=asked).exists() == taken
        seen.add(taken)
    assert seen == {True, False}  # each side of the race has won
