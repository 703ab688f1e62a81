"""Meet: who calls, what the clock on the wall means, who comes, who came, what was minuted."""

import datetime

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from notices.actions import drain
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import Attendance, Meeting, Member, Partnership
from partnerships.stages import Stage
from tests.cast import join, make_cast, person

pytestmark = pytest.mark.django_db
deeds = actions.meetings
EVERYBODY = ("convener", "citizen", "official", "observer", "politician", "outsider", "case_officer")
DAY = datetime.timedelta(days=1)


def facts(**fields):
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + 10 * DAY
    return {
        "title": "Choosing a site",
        "starts_at": start,
        "ends_at": start + datetime.timedelta(hours=2),
        "time_zone": "Europe/Copenhagen",
        "place": "Library hall",
        "link": "https://meet.example.org/room",
        "agenda": "1. Welcome",
        **fields,
    }


def call(cast, who=None, at=None, **fields):
    return deeds.call_meeting(
        partnership=cast.partnership, by=who or cast.convener, at=at or timezone.now(), **facts(**fields)
    )


def held(cast):
    """A meeting that was held yesterday."""
    start = timezone.now() - DAY
    return call(cast, at=start - 9 * DAY, starts_at=start, ends_at=start + datetime.timedelta(hours=1))


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient", flat=True))


def members(cast, *, but=None):
    people = (cast.convener, cast.citizen, cast.official, cast.observer)
    return sorted(who.pk for who in people if who != but)


def who_may(cast, deed):
    allowed = set()
    for name in EVERYBODY:
        try:
            with transaction.atomic():
                deed(getattr(cast, name))
                allowed.add(name)
                transaction.set_rollback(True)
        except Refused:
            pass
    return allowed


def page(name, cast, *args):
    return reverse(name, args=[cast.partnership.slug, *args])


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


# --- pages ---------------------------------------------------------------------------------------------------------


def typed(**fields):
    return {
        "title": "Choosing a site",
        "day": "2031-02-18",
        "starts": "17:00",
        "ends": "19:30",
        "time_zone": "Europe/Copenhagen",
        "place": "Library hall",
        "link": "",
        "agenda": "**Welcome**",
        **fields,
    }


def test_calling_through_the_page_keeps_utc_and_the_zone(client):
    cast = make_cast()
    client.force_login(cast.convener)
    answer = client.post(page("call_meeting", cast), typed())
    meeting = Meeting.objects.get()
    assert (answer.status_code, answer.url) == (302, page("meeting", cast, meeting.pk))
    assert meeting.starts_at == datetime.datetime(2031, 2, 18, 16, tzinfo=datetime.UTC)
    assert meeting.time_zone == "Europe/Copenhagen"
    html = client.get(answer.url).content.decode()
    assert "Tuesday 18 February 2031, 17:00–19:30 (Europe/Copenhagen)" in html
    assert "<strong>Welcome</strong>" in html


def test_an_hour_that_does_not_exist_is_refused_with_what_to_choose(client):
    cast = make_cast()
    client.force_login(cast.convener)
    answer = client.post(page("call_meeting", cast), typed(day="2031-03-30", starts="02:30", ends="04:00"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "The clocks go forward on 30 March 2031: 02:30 does not exist. Choose 03:00 or later." in html
    assert 'value="02:30"' in html
    assert not Meeting.objects.exists()


def test_times_are_written_as_the_reader_writes_them(client, smtp_sink):
    cast = make_cast()
    cast.citizen.language = "da"
    cast.citizen.save()
    start = datetime.datetime(2031, 2, 18, 18, 0, tzinfo=datetime.UTC)
    hours = {"starts_at": start, "ends_at": start + datetime.timedelta(hours=2, minutes=30)}
    meeting = call(cast, **hours)
    client.force_login(cast.citizen)
    client.cookies["django_language"] = "da"
    drain("prompt")
    drain("bulk")
    mail = smtp_sink.to("bo@example.org")[-1]
    told = "tirsdag 18. februar 2031 kl. 19.00–21.30"
    assert told in client.get(page("meeting", cast, meeting.pk)).content.decode()
    assert told in client.get(page("meetings", cast)).content.decode()
    assert "tirsdag kl. 19.00–21.30" in client.get(cast.partnership.get_absolute_url()).content.decode()
    assert [told in mail.get_body((kind,)).get_content() for kind in ("plain", "html")] == [True, True]
    client.force_login(cast.convener)
    client.cookies["django_language"] = "en"
    english = "Tuesday 18 February 2031, 19:00–21:30"
    assert english in client.get(page("meeting", cast, meeting.pk)).content.decode()


def test_an_hour_that_comes_twice_is_the_first_and_the_page_says_so(client):
    cast = make_cast()
    client.force_login(cast.convener)
    sent = typed(day="2031-10-26", starts="02:30", ends="04:00")
    answer = client.post(page("call_meeting", cast), sent, follow=True)
    assert "02:30 comes twice. The first one is meant." in answer.content.decode()
    assert Meeting.objects.get().starts_at == datetime.datetime(2031, 10, 26, 0, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends": "16:00"}, "The end must be later than the start"),
        ({"place": ""}, "Write a place, a link, or both."),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"time_zone": "Europe/Atlantis"}, "Europe/Atlantis is not a time zone"),
        ({"time_zone": "../../etc/passwd"}, "is not a time zone"),
        ({"day": "18 feb"}, "Enter a valid date."),
        ({"title": ""}, "This field is required."),
        ({"agenda": "x" * 20_001}, "at most 20000 characters"),
    ],
)
def test_bad_input_keeps_what_was_typed(client, wrong, sentence):
    cast = make_cast()
    client.force_login(cast.convener)
    answer = client.post(page("call_meeting", cast), typed(place="<i>Hall</i>") | wrong)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    assert "17:00" in html
    assert "<i>Hall</i>" not in html
    assert not Meeting.objects.exists()


def test_changing_shows_the_wall_clock_of_the_meeting_and_a_stale_form_is_409(client):
    cast = make_cast()
    client.force_login(cast.convener)
    client.post(page("call_meeting", cast), typed(time_zone="America/Nuuk"))
    meeting = Meeting.objects.get()
    form = client.get(page("change_meeting", cast, meeting.pk)).content.decode()
    assert 'value="17:00"' in form
    sent = typed(time_zone="America/Nuuk", starts="18:00", expected="0")
    assert client.post(page("change_meeting", cast, meeting.pk), sent).status_code == 302
    assert client.post(page("change_meeting", cast, meeting.pk), sent).status_code == 409
    assert Meeting.objects.get().sequence == 1


def test_answering_through_the_page_shows_needs_to_those_who_lead_only(client):
    cast = make_cast()
    meeting = call(cast)
    client.force_login(cast.citizen)
    sent = {"answer": "room", "needs": "A ramp, please"}
    assert client.post(page("answer_meeting", cast, meeting.pk), sent).status_code == 302
    shows = {}
    for name in ("convener", "official", "outsider"):
        client.force_login(getattr(cast, name))
        html = client.get(page("meeting", cast, meeting.pk)).content.decode()
        shows[name] = {
            words for words in ("A ramp, please", "Bo Citizen", "meet.example.org/room") if words in html
        }
    assert shows == {
        "convener": {"A ramp, please", "Bo Citizen", "meet.example.org/room"},
        "official": {"Bo Citizen", "meet.example.org/room"},
        "outsider": set(),
    }


def test_an_answer_must_be_one(client):
    cast = make_cast()
    meeting = call(cast)
    client.force_login(cast.citizen)
    answer = client.post(page("answer_meeting", cast, meeting.pk), {"answer": "", "needs": "A ramp"})
    assert answer.status_code == 422
    assert "A ramp" in answer.content.decode()
    client.force_login(cast.outsider)
    assert client.post(page("answer_meeting", cast, meeting.pk), {"answer": "room"}).status_code == 403


def test_who_came_and_the_minutes(client):
    cast = make_cast()
    meeting = held(cast)
    client.force_login(cast.convener)
    came = [str(cast.member(cast.citizen).pk), str(cast.member(cast.official).pk)]
    client.post(page("record_attendance", cast, meeting.pk), {"present": came})
    noted = dict(Attendance.objects.values_list("member__person", "attended"))
    assert noted == {
        cast.citizen.pk: True,
        cast.official.pk: True,
        cast.convener.pk: False,
        cast.observer.pk: False,
    }
    client.post(page("record_attendance", cast, meeting.pk), {"present": came[:1]})
    assert Attendance.objects.filter(attended=True).count() == 1
    answer = client.post(page("write_minutes", cast, meeting.pk), {"minutes": "We chose **site B**."})
    assert answer.status_code == 302
    client.logout()
    html = client.get(page("meeting", cast, meeting.pk)).content.decode()
    assert "<strong>site B</strong>" in html
    assert "Written by Karen Convener" in html
    assert "Bo Citizen" not in html


def test_minutes_written_at_the_same_time_are_not_lost(client):
    cast = make_cast()
    meeting = held(cast)
    client.force_login(cast.convener)
    client.post(page("write_minutes", cast, meeting.pk), {"minutes": "First words", "expected": ""})
    answer = client.post(page("write_minutes", cast, meeting.pk), {"minutes": "Other words", "expected": ""})
    assert answer.status_code == 422
    assert "Somebody has written minutes in the meantime" in answer.content.decode()
    assert "Other words" in answer.content.decode()
    assert Meeting.objects.get().minutes == "First words"


def test_the_list_shows_what_comes_and_what_was(client):
    cast = make_cast()
    call(cast, title="Next one"), held(cast)
    shows = {"": {"Next one"}, "?when=past": {"Choosing a site"}, "?when=all&q=next": {"Next one"}}
    for query, expected in shows.items():
        html = client.get(page("meetings", cast) + query).content.decode()
        assert {words for words in ("Next one", "Choosing a site") if words in html} == expected, query


@pytest.mark.parametrize("name", ["meetings", "meeting", "meeting_calendar"])
def test_hidden_is_404(client, name):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    args = [call(cast).pk] if name != "meetings" else []
    for who, status in ((None, 404), (cast.outsider, 404), (cast.citizen, 200), (cast.case_officer, 200)):
        client.logout()
        if who:
            client.force_login(who)
        assert client.get(page(name, cast, *args)).status_code == status


def test_the_pages_cost_the_same_with_few_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast()
    meeting = call(cast)
    deeds.answer_meeting(meeting=meeting, answer="room", needs="", by=cast.citizen, at=timezone.now())
    client.force_login(cast.convener)
    pages = [page("meetings", cast), page("meeting", cast, meeting.pk)]
    few = []
    for address in pages:
        with django_assert_max_num_queries(12) as queries:
            client.get(address)
        few.append(len(queries))
    for number in range(22):
        call(cast, title=f"Meeting {number}")
        join(cast.partnership, who := person(f"Member{number} Extra"))
        deeds.answer_meeting(meeting=meeting, answer="online", needs="", by=who, at=timezone.now())
    for address, count in zip(pages, few, strict=True):
        with django_assert_max_num_queries(12) as queries:
            client.get(address)
        assert len(queries) == count
