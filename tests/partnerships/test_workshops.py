"""Workshops: who may run one, how phones come in, and that what they write is there once."""

import datetime
import uuid

import pytest
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from partnerships.models import Member, Note, Partnership, Phone, Prompt, Tally, Workshop
from partnerships.models.workshops import DOOR_SHUTS, MOST_NOTES, MOST_PHONES
from partnerships.stages import Stage
from tests.cast import make_cast, who_may
from tests.partnerships import rooming
from tests.partnerships.meeting import call, held
from tests.partnerships.rooming import ask, enter, fresh, send, start

pytestmark = pytest.mark.django_db
LEADERS = {"convener"}


@pytest.fixture
def room(cast):
    return start(cast)


# --- who may --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", Stage)
def test_who_may_start_one(stage):
    cast = make_cast(stage=Stage.DEFINE)
    meeting = call(cast)
    Partnership.objects.update(stage=stage)

    def deed(who):
        now = timezone.now()
        rooming.workshops.start_workshop(meeting=meeting, prompts=[("Why?", "idea")], by=who, at=now)

    closed = stage in (Stage.INITIATE, Stage.CLOSED)
    assert who_may(cast, deed) == (set() if closed else LEADERS)


@pytest.mark.parametrize("deed", ["write_prompt", "open_prompt", "close_prompt", "lock", "unlock", "end"])
def test_who_may_lead_one(cast, room, deed):
    asked = room.prompts.get(number=1)
    now = {"at": timezone.now()}
    deeds = {
        "write_prompt": lambda by: rooming.workshops.write_prompt(
            workshop=room, words="Why?", kind="idea", by=by, **now
        ),
        "open_prompt": lambda by: rooming.workshops.open_prompt(prompt=asked, by=by, **now),
        "close_prompt": lambda by: rooming.workshops.close_prompt(prompt=asked, by=by, **now),
        "lock": lambda by: rooming.workshops.lock_workshop(workshop=room, by=by, **now),
        "unlock": lambda by: rooming.workshops.unlock_workshop(workshop=room, by=by, **now),
        "end": lambda by: rooming.landing.end_workshop(workshop=room, by=by, **now),
    }
    assert who_may(cast, deeds[deed]) == LEADERS


def test_a_facilitator_leads_as_well(cast, room):
    Member.objects.filter(person=cast.official).update(role=Member.Role.FACILITATOR)
    ask_again = rooming.workshops.open_prompt(
        prompt=room.prompts.get(number=2), by=cast.official, at=timezone.now()
    )
    assert ask_again.is_open


def test_a_workshop_begins_before_or_during_a_meeting_and_not_after(cast):
    over = held(cast)
    with pytest.raises(Refused, match="This meeting is over"):
        start(cast, meeting=over)
    start(cast, meeting=call(cast))
    assert Workshop.objects.count() == 1


def test_a_meeting_has_one_running_workshop(cast, room):
    with pytest.raises(Conflict, match="just started a workshop"):
        start(cast, meeting=room.meeting)
    rooming.end(cast, room)
    start(cast, meeting=room.meeting)
    assert Workshop.objects.running().count() == 1


def test_starting_is_one_entry_in_the_record(cast, room):
    entry = Entry.objects.get(verb="workshop.started")
    assert entry.ids == {"meeting": str(room.meeting.pk), "workshop": str(room.pk)}


def test_a_code_is_read_aloud_without_doubt(cast, room):
    assert len(room.code) == 6
    assert set(room.code) <= set("23456789ABCDEFGHJKMNPQRSTVWXYZ")


# --- what is asked --------------------------------------------------------------------------------------------


def test_one_question_is_open_at_a_time(cast, room):
    ask(cast, room, 2)
    first, second = Prompt.objects.order_by("number")
    assert (first.is_open, second.is_open) == (False, True)
    ask(cast, room, 1)
    first, second = Prompt.objects.order_by("number")
    assert (first.is_open, second.is_open) == (True, False)


def test_every_change_is_seen_by_the_wall(cast, room):
    seen = [fresh(room).changes]
    phone = enter(room)
    note = send(phone)
    for deed in (
        lambda: None,
        lambda: ask(cast, room, 2) and ask(cast, room, 1),
        lambda: rooming.notes.change_note(phone=phone, note=note, body="White sand", at=timezone.now()),
        lambda: rooming.move(cast, room, note, title="Sand"),
        lambda: rooming.notes.withdraw_note(phone=phone, note=note, at=timezone.now()),
        lambda: rooming.end(cast, room),
    ):
        deed()
        seen.append(fresh(room).changes)
    assert seen == sorted(set(seen))


# --- coming in ------------------------------------------------------------------------------------------------


def test_a_phone_comes_in_without_a_name(cast, room):
    phone = enter(room)
    assert (phone.member, phone.first_name, phone.sector) == (None, "", "")
    assert fresh(room).phones == 1


def test_who_is_signed_in_joins_as_themselves_once(cast, room):
    first, second = enter(room, cast.citizen), enter(room, cast.citizen)
    assert first == second
    assert first.member == cast.member(cast.citizen)
    assert fresh(room).phones == 1


@pytest.mark.parametrize("name", ["observer", "outsider", "case_officer"])
def test_who_has_no_say_here_is_somebody_in_the_room(cast, room, name):
    phone = enter(room, getattr(cast, name), first_name="Olga")
    assert (phone.member, phone.first_name) == (None, "Olga")


def test_a_closed_door_lets_nobody_new_in_and_nobody_out(cast, room):
    phone = enter(room)
    rooming.workshops.lock_workshop(workshop=room, by=cast.convener, at=timezone.now())
    for seen in (room, fresh(room)):  # as the page had it, and as it is
        with pytest.raises(Refused, match="The door is closed"):
            enter(seen)
    send(phone)
    rooming.workshops.unlock_workshop(workshop=room, by=cast.convener, at=timezone.now())
    enter(fresh(room))
    assert (Phone.objects.count(), Note.objects.count()) == (2, 1)


def test_the_501st_phone_stays_outside(cast, room):
    Workshop.objects.update(phones=MOST_PHONES - 1)
    enter(room)
    with pytest.raises(Refused, match="The room is full: 500 phones are in"):
        enter(room)
    assert (Phone.objects.count(), fresh(room).phones) == (1, MOST_PHONES)


@pytest.mark.parametrize("why", ["ended", "forgotten", "cancelled"])
def test_a_code_stops_working(cast, room, why):
    at = timezone.now()
    if why == "ended":
        rooming.end(cast, room)
    if why == "forgotten":
        at = room.meeting.ends_at + DOOR_SHUTS
    if why == "cancelled":
        rooming.actions.meetings.cancel_meeting(meeting=room.meeting, reason="Storm", by=cast.convener, at=at)
    room = Workshop.objects.select_related("meeting").get()
    assert not Workshop.objects.admitting(at).exists()
    with pytest.raises(Refused, match="This workshop is over"):
        rooming.notes.enter_workshop(workshop=room, by=None, at=at)


# --- notes ----------------------------------------------------------------------------------------------------


def test_the_same_note_sent_often_is_there_once(cast, room):
    phone, given = enter(room), str(uuid.uuid4())
    assert send(phone, given=given) == send(phone, given=given) == send(phone, given=given)
    assert (Note.objects.count(), fresh(room).notes) == (1, 1)


def test_other_words_under_the_same_number_are_another_note(cast, room):
    """Somebody goes back in the browser, changes the words and sends the old form: nothing is written over."""
    phone, given = enter(room), str(uuid.uuid4())
    send(phone, "Sand", given=given)
    send(phone, "More sand", given=given)
    assert sorted(Note.objects.values_list("body", flat=True)) == ["More sand", "Sand"]


def test_the_number_of_another_phone_gives_a_note_of_ones_own(cast, room):
    one, other, given = enter(room), enter(room), str(uuid.uuid4())
    send(one, "Sand", given=given)
    send(other, "Sand", given=given)
    assert sorted(Note.objects.values_list("phone", flat=True)) == sorted([one.pk, other.pk])


def test_what_comes_twice_does_not_undo_a_change(cast, room):
    """The first try was lost on its way and arrives after the note was changed."""
    phone, given = enter(room), str(uuid.uuid4())
    note = send(phone, "Sand", given=given)
    rooming.notes.change_note(phone=phone, note=note, body="White sand", at=timezone.now())
    send(phone, "Sand", given=given)
    assert list(Note.objects.values_list("body", flat=True)) == ["White sand"]


def test_a_note_for_a_question_that_has_closed_still_arrives(cast, room):
    phone = enter(room)
    ask(cast, room, 2)
    note = send(phone, "I was in the tunnel", number=1)
    assert note.prompt.number == 1


def test_ones_own_note_is_changed_and_taken_back_until_the_question_closes(cast, room):
    phone, other = enter(room), enter(room)
    note, kept = send(phone), send(phone, "Shade")
    now = timezone.now()
    with pytest.raises(Refused, match="not yours to change"):
        rooming.notes.change_note(phone=other, note=note, body="Mine", at=now)
    rooming.notes.withdraw_note(phone=phone, note=note, at=now)
    assert (fresh(note).body, list(Note.objects.kept())) == ("", [kept])
    ask(cast, room, 2)
    for deed in (
        lambda: rooming.notes.change_note(phone=phone, note=kept, body="Sun", at=now),
        lambda: rooming.notes.withdraw_note(phone=phone, note=kept, at=now),
    ):
        with pytest.raises(Refused, match="This question is closed"):
            deed()
    assert fresh(kept).body == "Shade"


def test_nobody_types_more_than_twelve_notes_a_minute(cast, room):
    phone, other, now = enter(room), enter(room), timezone.now().replace(second=1)
    for number in range(12):
        send(phone, f"Note {number}", at=now)
    with pytest.raises(Refused, match="many notes in one minute"):
        send(phone, "Note 13", at=now)
    send(other, at=now)
    send(phone, "Note 13", at=now + datetime.timedelta(minutes=1))
    assert Note.objects.count() == 14


def test_a_wall_holds_two_thousand_notes(cast, room):
    phone = enter(room)
    Workshop.objects.update(notes=MOST_NOTES - 1)
    send(phone)
    with pytest.raises(Refused, match="The wall is full: 2000 notes"):
        send(phone, "One more")
    assert Note.objects.count() == 1


def test_no_address_of_a_visitor_is_kept(cast, room):
    send(enter(room))
    kept = [field.name for model in (Workshop, Phone, Note) for field in model._meta.get_fields()]
    assert [name for name in kept if "ip" in name.split("_") or "address" in name] == []
    assert [key for key in Tally.objects.values_list("key", flat=True) if "127.0.0.1" in key] == []


# --- what is forgotten ----------------------------------------------------------------------------------------


def test_phones_are_forgotten_a_week_after_and_words_stay(cast, room):
    send(enter(room, first_name="Anna"))
    running = start(cast)
    enter(running)
    ended = timezone.now()
    rooming.end(cast, room, at=ended)
    week = datetime.timedelta(days=7)
    rooming.workshops.forget_phones(at=ended + week - datetime.timedelta(seconds=1))
    assert Phone.objects.count() == 2
    rooming.workshops.forget_phones(at=ended + week + datetime.timedelta(seconds=1))
    assert list(Phone.objects.values_list("workshop", flat=True)) == [running.pk]
    (note,) = Note.objects.all()
    assert (note.phone, note.body, note.contribution.on_behalf_of) == (None, "Clean sand", "Anna")


def test_phones_of_a_workshop_that_nobody_ended_are_forgotten_too(cast, room):
    enter(room)
    rooming.workshops.forget_phones(at=room.meeting.ends_at + datetime.timedelta(days=8))
    assert not Phone.objects.exists()
