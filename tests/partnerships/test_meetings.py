"""Meet: who calls, who is told, who comes, and what happens when the time changes."""

import datetime

import pytest
from django.utils import timezone

from boundary.answer import Conflict
from journal.models import Entry
from notices.kinds import kind_named
from notices.models import Notice
from partnerships.models import Attendance, Meeting, Member
from partnerships.stages import Stage
from tests.cast import make_cast, told, who_may
from tests.partnerships.meeting import DAY, call, deeds, facts, held

pytestmark = pytest.mark.django_db


def members(cast, *, but=None):
    people = (cast.convener, cast.citizen, cast.official, cast.observer)
    return sorted(who.pk for who in people if who != but)


# --- who -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_call_and_answer_when(stage):
    cast = make_cast(stage=stage)
    closed = stage == Stage.CLOSED
    meeting = Meeting.objects.create(partnership=cast.partnership, called_by=cast.convener, **facts())
    assert who_may(cast, lambda who: call(cast, who)) == (set() if closed else {"convener"})

    def answer(who):
        deeds.answer_meeting(meeting=meeting, answer="room", needs="", by=who, at=timezone.now())

    everyone = {"convener", "citizen", "official", "observer"}
    assert who_may(cast, answer) == (set() if closed else everyone)


def test_who_may_note_and_minute_once_it_has_begun():
    cast = make_cast()
    coming, past = call(cast), held(cast)

    def note(meeting):
        return lambda who: deeds.record_attendance(meeting=meeting, present=[], by=who, at=timezone.now())

    def minute(meeting):
        return lambda who: deeds.write_minutes(meeting=meeting, minutes="x", by=who, at=timezone.now())

    assert who_may(cast, note(coming)) == who_may(cast, minute(coming)) == set()
    assert who_may(cast, note(past)) == who_may(cast, minute(past)) == {"convener"}


# --- telling ------------------------------------------------------------------------------------------


def test_a_call_a_change_and_a_cancellation_each_reach_every_member_once():
    cast = make_cast()
    meeting = call(cast)
    assert told("meeting_called") == members(cast)
    meeting = deeds.change_meeting(
        meeting=meeting, by=cast.convener, at=timezone.now(), **facts(place="Town hall")
    )
    assert (meeting.sequence, meeting.place) == (1, "Town hall")
    assert told("meeting_changed") == members(cast)
    meeting = deeds.cancel_meeting(meeting=meeting, reason="Storm", by=cast.convener, at=timezone.now())
    assert (meeting.sequence, meeting.cancelled_reason) == (2, "Storm")
    assert told("meeting_cancelled") == members(cast)
    verbs = list(Entry.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["meeting.called", "meeting.changed", "meeting.cancelled"]
    # What is overtaken is not sent any more.
    true = {
        name
        for name in ("meeting_called", "meeting_changed", "meeting_cancelled")
        if kind_named(name).still_true(list(Notice.objects.filter(kind=name)))
    }
    assert true == {"meeting_cancelled"}


def test_a_meeting_that_was_held_already_is_entered_without_writing_to_anybody():
    cast = make_cast()
    held(cast)
    assert not Notice.objects.exists()


def test_whoever_has_left_is_not_written_to():
    cast = make_cast()
    call(cast)
    Member.objects.filter(person=cast.citizen).update(left_at=timezone.now())
    notices = list(Notice.objects.filter(kind="meeting_called"))
    true = kind_named("meeting_called").still_true(notices)
    assert sorted(n.recipient for n in notices if n.pk in true) == members(cast, but=cast.citizen)


def test_members_are_reminded_the_day_before_once_and_not_those_who_stay_away():
    cast = make_cast()
    meeting = call(cast)
    deeds.answer_meeting(meeting=meeting, answer="no", needs="", by=cast.citizen, at=timezone.now())
    at = timezone.now()
    sent = []
    for hours in range(0, 24 * 11, 6):
        before = Notice.objects.filter(kind="meeting_reminder").count()
        deeds.remind_meetings(at=at + datetime.timedelta(hours=hours))
        if Notice.objects.filter(kind="meeting_reminder").count() > before:
            sent.append(hours)
    assert len(sent) == 1
    begins = (meeting.starts_at - at).total_seconds() / 3600
    assert begins - 24 <= sent[0] < begins
    assert told("meeting_reminder") == members(cast, but=cast.citizen)


def test_a_reminder_is_checked_again_when_it_is_sent():
    cast = make_cast()
    meeting = call(cast)
    deeds.remind_meetings(at=meeting.starts_at - DAY / 2)
    notices = list(Notice.objects.filter(kind="meeting_reminder"))
    still_true = kind_named("meeting_reminder").still_true
    assert len(still_true(notices)) == 4
    deeds.answer_meeting(meeting=meeting, answer="no", needs="", by=cast.official, at=timezone.now())
    true = still_true(notices)
    left = sorted(n.recipient for n in notices if n.pk in true)
    assert left == members(cast, but=cast.official)
    later = facts(starts_at=meeting.starts_at + DAY, ends_at=meeting.ends_at + DAY)
    deeds.change_meeting(meeting=meeting, by=cast.convener, at=timezone.now(), **later)
    assert still_true(notices) == set()


def test_a_meeting_called_for_tomorrow_reminds_by_its_invitation():
    cast = make_cast()
    start = timezone.now() + DAY / 2
    call(cast, starts_at=start, ends_at=start + DAY / 24)
    deeds.remind_meetings(at=timezone.now())
    assert told("meeting_reminder") == []


# --- answers, changes ---------------------------------------------------------------------------------


def test_an_answer_can_change_and_a_new_time_asks_again():
    cast = make_cast()
    meeting = call(cast)
    for answer in ("room", "online"):
        deeds.answer_meeting(
            meeting=meeting, answer=answer, needs="Step-free", by=cast.citizen, at=timezone.now()
        )
    assert Attendance.objects.get().answer == "online"
    deeds.change_meeting(meeting=meeting, by=cast.convener, at=timezone.now(), **facts(title="Same time"))
    assert Attendance.objects.get().answer == "online"
    later = facts(starts_at=meeting.starts_at + DAY, ends_at=meeting.ends_at + DAY)
    deeds.change_meeting(meeting=meeting, by=cast.convener, at=timezone.now(), expected=1, **later)
    assert (Attendance.objects.get().answer, Attendance.objects.get().needs) == ("", "Step-free")


def test_two_changes_to_one_version_leave_the_first():
    cast = make_cast()
    meeting = call(cast)
    deeds.change_meeting(
        meeting=meeting, expected=0, by=cast.convener, at=timezone.now(), **facts(place="First")
    )
    with pytest.raises(Conflict):
        deeds.change_meeting(
            meeting=meeting, expected=0, by=cast.convener, at=timezone.now(), **facts(place="Second")
        )
    assert Meeting.objects.get().place == "First"
