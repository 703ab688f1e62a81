"""What members' calendars answer: only a member's own answer counts, the newest wins, and twice is once."""

import datetime

import pytest
from django.utils import timezone

from actors.models import Person
from journal.models import Entry
from notices.actions import drain, take_bounces, take_mail
from partnerships import actions
from partnerships.models import Attendance, Partnership, Platform
from partnerships.replies import take_reply
from tests.cast import Cast, join, make_cast, partnership, person
from tests.partnerships.meeting import DAY, call, deeds, facts
from tests.partnerships.test_ics import sent_files

pytestmark = pytest.mark.django_db
OURS = "meetings@dialog.example.org"

REPLY = """From: Somebody <{sender}>
To: {to}
Subject: Accepted: Choosing a site
MIME-Version: 1.0
{head}Content-Type: multipart/alternative; boundary="x"

--x
Content-Type: text/plain; charset=utf-8

Bo has accepted.
--x
Content-Type: text/calendar; charset=utf-8; method={method}

BEGIN:VCALENDAR
PRODID:-//Some//Calendar//EN
VERSION:2.0
METHOD:{method}
BEGIN:VEVENT
UID:{uid}
SEQUENCE:{sequence}
DTSTAMP:{stamp}
ORGANIZER:mailto:{to}
ATTENDEE;CN=Bo;PARTSTAT={partstat}:mailto:{attendee}
DTSTART:20310701T150000Z
END:VEVENT
END:VCALENDAR
--x--
"""


@pytest.fixture(autouse=True)
def _answers_come_to(settings):
    settings.REPLY_ADDRESS = OURS


def invited(smtp_sink, address="bo@example.org"):
    """The event of the newest invitation at this address, after it was really sent."""
    drain("bulk")
    return sent_files(smtp_sink, address)[-1][3]


def reply(event, partstat="ACCEPTED", **given):
    """The mail of a calendar that answers this event."""
    told = {
        "sender": "bo@example.org",
        "to": str(event["ORGANIZER"]).removeprefix("MAILTO:"),
        "head": "",
        "method": "REPLY",
        "uid": event["UID"],
        "sequence": event["SEQUENCE"],
        "stamp": (timezone.now() + datetime.timedelta(seconds=1)).strftime("%Y%m%dT%H%M%SZ"),
        "partstat": partstat,
        "attendee": "bo@example.org",
    }
    return REPLY.format(**told | given).replace("\n", "\r\n").encode()


def take(data, at=None):
    return take_mail(data=data, at=at or timezone.now() + datetime.timedelta(seconds=2))


def answers():
    return dict(Attendance.objects.values_list("member__person__name", "answer"))


def test_an_invitation_asks_calendars_to_answer_to_an_address_of_its_own_for_each_member(smtp_sink):
    call(make_cast())
    events = [invited(smtp_sink, who) for who in ("bo@example.org", "inge@example.org")]
    assert [event["ATTENDEE"].params["RSVP"] for event in events] == ["TRUE", "TRUE"]
    addresses = {str(event["ORGANIZER"]).removeprefix("MAILTO:") for event in events}
    assert len(addresses) == 2
    for address in addresses:
        local, domain = address.split("@")
        assert (local.startswith("meetings+"), domain, len(local) <= 64) == (True, "dialog.example.org", True)


def test_without_an_address_none_is_asked_for(smtp_sink, settings):
    settings.REPLY_ADDRESS = ""
    call(make_cast())
    event = invited(smtp_sink)
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert "dialog.example.org" not in str(event["ORGANIZER"])
    settings.REPLY_ADDRESS = OURS
    right = invited_again(smtp_sink)
    settings.REPLY_ADDRESS = ""
    assert take(reply(right)) is False
    assert answers() == {}


def invited_again(smtp_sink):
    call(make_other())
    return invited(smtp_sink)


def make_other():
    """Another partnership with the same people in it."""
    host = Platform.objects.get()
    people = {name: Person.objects.get(email=f"{name}@example.org") for name in ("karen", "bo")}
    arena = partnership(host, slug="other", by=people["karen"])
    join(arena, people["karen"], role="convener", sector="public", side="public")
    join(arena, people["bo"])
    assert Partnership.objects.count() == 2
    nobody = dict.fromkeys(Cast.__dataclass_fields__)
    return Cast(**nobody | {"platform": host, "partnership": arena, "convener": people["karen"]})


@pytest.mark.parametrize(
    ("partstat", "link", "place", "answer"),
    [
        ("ACCEPTED", "https://meet.example.org/room", "Library hall", "room"),
        ("ACCEPTED", "https://meet.example.org/room", "", "online"),
        ("accepted", "", "Library hall", "room"),
        ("DECLINED", "", "Library hall", "no"),
        ("TENTATIVE", "", "Library hall", "maybe"),
    ],
)
def test_what_a_calendar_says_is_the_members_answer(smtp_sink, partstat, link, place, answer):
    call(make_cast(), link=link, place=place)
    assert take(reply(invited(smtp_sink), partstat)) is True
    assert answers() == {"Bo Citizen": answer}
    assert Attendance.objects.get().way == "calendar"


def test_twice_is_once_and_older_after_newer_changes_nothing(smtp_sink):
    call(make_cast())
    event, now = invited(smtp_sink), timezone.now()
    stamps = [(now + datetime.timedelta(seconds=n)).strftime("%Y%m%dT%H%M%SZ") for n in (2, 4)]
    older, newer = reply(event, "ACCEPTED", stamp=stamps[0]), reply(event, "DECLINED", stamp=stamps[1])
    at = now + datetime.timedelta(seconds=9)
    assert [take(data, at) for data in (newer, newer, older, newer)] == [True] * 4
    assert answers() == {"Bo Citizen": "no"}
    assert Entry.objects.filter(verb="meeting.answered").count() == 1
    assert take(reply(event, "ACCEPTED", stamp="20990101T000000Z"), at) is True  # a clock that runs ahead
    assert answers() == {"Bo Citizen": "room"}
    deeds.answer_meeting(
        meeting=Attendance.objects.get().meeting, answer="no", needs="", by=bo(), at=at + DAY / 24
    )
    assert take(reply(event, "ACCEPTED", stamp=stamps[1]), at + DAY / 24) is True
    assert answers() == {"Bo Citizen": "no"}


def bo():
    return Attendance.objects.get().member.person


def test_online_stays_online_and_needs_stay(smtp_sink):
    cast = make_cast()
    meeting = call(cast)
    event = invited(smtp_sink)
    said = {"answer": "online", "needs": "Captions", "need_kinds": ["language"]}
    deeds.answer_meeting(meeting=meeting, by=cast.citizen, at=timezone.now() - DAY / 24, **said)
    assert take(reply(event)) is True
    own = Attendance.objects.get()
    assert (own.answer, own.needs, own.need_kinds, own.way) == (
        "online",
        "Captions",
        ["language"],
        "calendar",
    )


def forged(event, cast):
    """Answers that prove nothing, each with what is wrong with it."""
    to = str(event["ORGANIZER"]).removeprefix("MAILTO:")
    local, domain = to.split("@")
    other = f"{local[:-1]}{'3' if local[-1] != '3' else '4'}@{domain}"
    inge = cast.member(cast.official).pk.hex
    return {
        "a wrong proof": reply(event, to=other),
        "no proof": reply(event, to=OURS),
        "somebody else's id": reply(event, to=f"meetings+{inge}{local[-17:]}@{domain}"),
        "a forwarded invitation": reply(event, attendee="friend@example.net"),
        "another domain": reply(event, to=to.replace("example.org", "example.com")),
        "a foreign event": reply(event, uid="20310701@calendar.example.com"),
        "no event": reply(event, uid=f"not-a-key@{event['UID'].partition('@')[2]}"),
        "it came by itself": reply(event, head="Auto-Submitted: auto-replied\n"),
        "a counter-proposal": reply(event, method="COUNTER"),
        "a request": reply(event, method="REQUEST"),
        "rubbish": reply(event)[:600] + b"\x00\xff\xfe" * 500,
        "nothing": b"",
    }


def test_what_is_forged_or_foreign_changes_nothing(smtp_sink):
    cast = make_cast()
    call(cast)
    event = invited(smtp_sink)
    assert {why: take(data) for why, data in forged(event, cast).items()} == dict.fromkeys(
        forged(event, cast), False
    )
    assert answers() == {}
    assert take(reply(event)) is True  # the control: the same mail, unspoilt
    assert answers() == {"Bo Citizen": "room"}


def test_delegated_is_no_answer_and_no_error(smtp_sink):
    call(make_cast())
    event = invited(smtp_sink)
    assert [take(reply(event, partstat)) for partstat in ("DELEGATED", "NEEDS-ACTION", "")] == [True] * 3
    assert answers() == {}


def test_an_answer_to_another_time_than_the_meeting_has_now_changes_nothing(smtp_sink):
    cast = make_cast()
    meeting = call(cast)
    first = invited(smtp_sink)
    meeting = deeds.change_meeting(
        meeting=meeting, by=cast.convener, at=timezone.now(), **facts(place="Hall 2")
    )
    assert take(reply(first)) is True  # only the place is another: the answer holds
    assert answers() == {"Bo Citizen": "room"}
    later = facts(starts_at=meeting.starts_at + DAY, ends_at=meeting.ends_at + DAY)
    deeds.change_meeting(meeting=meeting, by=cast.convener, at=timezone.now(), **later)
    assert answers() == {"Bo Citizen": ""}
    for old in (first, {**first, "SEQUENCE": 1}, {**first, "SEQUENCE": 9}):
        assert take(reply(old)) is True
        assert answers() == {"Bo Citizen": ""}
    assert take(reply(invited(smtp_sink))) is True
    assert answers() == {"Bo Citizen": "room"}


@pytest.mark.parametrize("end", ["cancelled", "over", "left", "moved house"])
def test_when_it_is_too_late_nothing_changes(smtp_sink, end):
    cast = make_cast()
    meeting = call(cast)
    data = reply(invited(smtp_sink))
    at = timezone.now() + datetime.timedelta(seconds=2)
    if end == "cancelled":
        deeds.cancel_meeting(meeting=meeting, reason="Storm", by=cast.convener, at=timezone.now())
    elif end == "left":
        actions.members.leave(partnership=cast.partnership, reason="", by=cast.citizen, at=timezone.now())
    elif end == "moved house":
        type(cast.citizen).objects.filter(pk=cast.citizen.pk).update(email="new@example.org")
    else:
        at = meeting.ends_at
    assert take(data, at) is (
        end in ("cancelled", "over")
    )  # it proves itself, and is not kept for a person to read
    assert answers() == {}


def test_two_people_at_one_address_answer_for_themselves(smtp_sink):
    cast = make_cast()
    join(cast.partnership, twin := person("Bea Citizen"))
    type(twin).objects.filter(pk=twin.pk).update(email="bo@example.org")
    call(cast)
    drain("bulk")
    events = {
        str(file[3]["ATTENDEE"].params["CN"]): file[3] for file in sent_files(smtp_sink, "bo@example.org")
    }
    assert take(reply(events["Bea Citizen"], "DECLINED")) is True
    assert take(reply(events["Bo Citizen"], "TENTATIVE")) is True
    assert answers() == {"Bea Citizen": "no", "Bo Citizen": "maybe"}


def test_answers_come_through_the_same_folder_as_reports(smtp_sink, tmp_path):
    call(make_cast())
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "new" / "1").write_bytes(reply(invited(smtp_sink)))
    (tmp_path / "new" / "2").write_bytes(b"To: meetings@dialog.example.org\n\nShall I bring cake?")
    assert take_bounces(folder=tmp_path, at=timezone.now() + datetime.timedelta(seconds=2)) == (2, 1)
    assert sorted(path.name for path in tmp_path.glob("*/*")) == ["2:2,S"]
    assert answers() == {"Bo Citizen": "room"}


def test_a_reader_that_breaks_takes_nothing_in():
    assert take_mail(data=b"Content-Type: text/calendar\n\nBEGIN:", at=timezone.now()) is False
    assert take_reply(data=b"\xff" * 100, at=timezone.now()) is False
