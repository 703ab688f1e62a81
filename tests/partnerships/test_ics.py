"""The calendar file: real calendars read it, follow its changes and take it out again."""

import datetime

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from notices.actions import drain
from notices.kinds import kind_named
from notices.models import Notice, State
from partnerships import actions
from partnerships.calendars import calendar_of
from tests.cast import make_cast
from tests.partnerships.meeting import DAY, call, facts, page

pytestmark = pytest.mark.django_db


def event_of(file):
    """The calendar and its one event, parsed."""
    calendar = icalendar.Calendar.from_ical(file)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def sent_files(smtp_sink, address):
    """The calendars that really arrived at an address, oldest first: (method, name of the file, calendar, event).

    Each stands in its mail twice, as Gmail, Outlook and Apple's Mail want it: as a way to read it, and as a file.
    """
    found = []
    for message in smtp_sink.to(address):
        parts = {part.get_content_type(): part for part in message.walk()}
        shown, file = parts["text/calendar"], parts["application/ics"]
        (alternative,) = (
            part for part in message.walk() if part.get_content_type() == "multipart/alternative"
        )
        assert alternative.get_payload()[-1] is shown
        assert event_of(shown.get_content()) == event_of(file.get_content())
        found.append((shown.get_param("method"), file.get_filename(), *event_of(shown.get_content())))
    return found


def deliver():
    """Send what is owed, really."""
    for lane in ("prompt", "bulk"):
        drain(lane)


def file_for(meeting, who):
    """The file that goes to one member with the invitation."""
    notice = Notice.objects.get(kind="meeting_called", recipient=who.pk)
    shown, file = kind_named("meeting_called").attachments(notice)
    assert [shown[0], shown[2]] == ["", "text/calendar; method=REQUEST"]
    assert file == ("invite.ics", shown[1], "application/ics")
    return shown[1]


def test_a_file_says_when_where_and_whose():
    cast = make_cast()
    start = datetime.datetime(2031, 7, 1, 15, tzinfo=datetime.UTC)
    meeting = call(
        cast,
        title="Blåtang, æøå; og komma",
        starts_at=start,
        ends_at=start + DAY / 12,
        agenda="Linje 1\nLinje 2",
    )
    calendar, event = event_of(file_for(meeting, cast.citizen))
    assert calendar["METHOD"] == "REQUEST"
    assert str(event["SUMMARY"]) == "Blåtang, æøå; og komma (Seaweed on the beach)"
    assert event["DTSTART"].dt == start
    assert event["DTSTART"].params["TZID"] == "Europe/Copenhagen"
    assert event["DTSTART"].dt.hour == 17
    assert event["UID"].startswith(str(meeting.pk))
    assert event["SEQUENCE"] == 0
    assert event["ATTENDEE"] == "MAILTO:bo@example.org"
    assert event["ATTENDEE"].params["CN"] == "Bo Citizen"
    assert event["ORGANIZER"].startswith("MAILTO:")
    assert "Linje 1\nLinje 2" in event["DESCRIPTION"]
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Copenhagen"


def test_the_zone_in_the_file_knows_summer_and_winter():
    cast = make_cast()
    summer = datetime.datetime(2031, 7, 1, 15, tzinfo=datetime.UTC)
    winter = datetime.datetime(2031, 12, 1, 16, tzinfo=datetime.UTC)
    for start in (summer, winter):
        meeting = call(cast, starts_at=start, ends_at=start + DAY / 24)
        calendar, event = event_of(calendar_of(meeting))
        assert event["DTSTART"].dt.hour == 17
        assert event["DTSTART"].dt.astimezone(datetime.UTC) == start
        assert {part.name for part in calendar.walk("VTIMEZONE")[0].subcomponents} == {
            "STANDARD",
            "DAYLIGHT",
        }


def test_what_arrives_follows_the_meeting(smtp_sink):
    cast = make_cast()
    deeds = actions.meetings
    meeting = call(cast)
    deliver()
    moved = facts(starts_at=meeting.starts_at + DAY, ends_at=meeting.ends_at + DAY)
    meeting = deeds.change_meeting(meeting=meeting, by=cast.convener, at=timezone.now(), **moved)
    deliver()
    deeds.cancel_meeting(meeting=meeting, reason="Storm flood", by=cast.convener, at=timezone.now())
    deliver()
    files = sent_files(smtp_sink, "bo@example.org")
    assert [(method, name, event["SEQUENCE"]) for method, name, _calendar, event in files] == [
        ("REQUEST", "invite.ics", 0),
        ("REQUEST", "invite.ics", 1),
        ("CANCEL", "invite.ics", 2),
    ]
    assert [calendar["METHOD"] for _m, _n, calendar, _e in files] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({event["UID"] for _m, _n, _c, event in files}) == 1
    assert [str(event["STATUS"]) for _m, _n, _c, event in files] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert files[1][3]["DTSTART"].dt - files[0][3]["DTSTART"].dt == DAY
    last = smtp_sink.to("bo@example.org")[-1]
    assert "Cancelled" in last["Subject"]
    assert "Storm flood" in last.get_body(("plain",)).get_content()
    assert "List-Unsubscribe" in last
    assert not Notice.objects.exclude(state=State.SENT).exists()


def test_what_a_change_overtook_is_never_sent(smtp_sink):
    cast = make_cast()
    meeting = call(cast)
    actions.meetings.change_meeting(
        meeting=meeting, by=cast.convener, at=timezone.now(), **facts(place="Town hall")
    )
    deliver()
    assert [event["SEQUENCE"] for _m, _n, _c, event in sent_files(smtp_sink, "bo@example.org")] == [1]


def test_the_download_has_the_link_for_members_only(client):
    cast = make_cast()
    meeting = call(cast)
    for who, shown in ((cast.citizen, True), (cast.outsider, False)):
        client.force_login(who)
        answer = client.get(page("meeting_calendar", cast, meeting.pk))
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        calendar, event = event_of(answer.content)
        assert calendar["METHOD"] == "PUBLISH"
        assert "ATTENDEE" not in event
        assert ("meet.example.org" in answer.content.decode()) is shown
        assert event["URL"].endswith(reverse("meeting", args=[cast.partnership.slug, meeting.pk]))
