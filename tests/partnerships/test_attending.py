"""Who says that they come, what they need, who came; and who is asked when people come and go."""

import datetime
import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from cocreate.forget import forget_person
from journal.models import Entry
from notices.actions import drain
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import Attendance, Guests, Meeting, Platform, PollMark
from partnerships.tasks.meetings import forget_needs
from tests.cast import make_cast, person, told, who_may
from tests.partnerships.meeting import DAY, call, deeds, held, page
from tests.partnerships.test_ics import sent_files
from tests.partnerships.test_polls import mark, opened

pytestmark = pytest.mark.django_db


def answer(cast, meeting, who, said="room", **given):
    facts = {"meeting": meeting, "answer": said, "needs": "A ramp", "by": who, "at": timezone.now()}
    return deeds.answer_meeting(**facts | given)


# --- answering ---------------------------------------------------------------------------------------


def test_a_link_in_the_mail_brings_the_answer_and_only_sending_it_counts(client, smtp_sink):
    cast = make_cast()
    meeting = call(cast)
    drain("bulk")
    mail = smtp_sink.to("bo@example.org")[-1].get_body(("plain",)).get_content()
    client.force_login(cast.citizen)
    for said in ("room", "online", "maybe", "no"):
        link = page("answer_meeting", cast, meeting.pk) + f"?answer={said}"
        assert link in mail
        html = client.get(link).content.decode()
        ticked = [tag for tag in re.findall(r"<input[^>]*>", html) if "checked" in tag]
        assert [re.search(r'value="([^"]*)"', tag)[1] for tag in ticked] == [said]
        assert not Attendance.objects.exists()
    address = page("answer_meeting", cast, meeting.pk)
    sent = {"answer": "maybe", "need_kinds": ["access", "food"], "needs": "", "kinds_asked": "True"}
    assert client.post(address, sent).status_code == 302
    own = Attendance.objects.get()
    assert (own.answer, own.need_kinds, own.way) == ("maybe", ["access", "food"], "page")
    client.post(address, {"answer": "no", "needs": ""})  # from the overview, where kinds are not asked for
    own.refresh_from_db()
    assert (own.answer, own.need_kinds) == ("no", ["access", "food"])
    client.post(address, {"answer": "no", "needs": "", "kinds_asked": "True"})
    own.refresh_from_db()
    assert own.need_kinds == []


@pytest.mark.parametrize(
    "wrong",
    [{"answer": ""}, {"answer": "perhaps"}, {"answer": "room", "need_kinds": ["gold"]}, {"needs": "x" * 501}],
)
def test_a_wrong_answer_keeps_what_was_typed(client, wrong):
    cast = make_cast()
    meeting = call(cast)
    client.force_login(cast.citizen)
    came = client.post(
        page("answer_meeting", cast, meeting.pk), {"answer": "room", "needs": "A ramp"} | wrong
    )
    assert came.status_code == 422
    assert wrong.get("needs", "A ramp") in came.content.decode()
    assert not Attendance.objects.exists()


def test_nobody_answers_a_room_that_there_is_not_or_a_meeting_that_is_cancelled(client):
    cast = make_cast()
    meeting = call(cast, place="")
    client.force_login(cast.citizen)
    assert client.post(page("answer_meeting", cast, meeting.pk), {"answer": "room"}).status_code == 422
    deeds.cancel_meeting(meeting=meeting, reason="Storm", by=cast.convener, at=timezone.now())
    assert client.get(page("answer_meeting", cast, meeting.pk)).status_code == 403
    assert client.post(page("answer_meeting", cast, meeting.pk), {"answer": "online"}).status_code == 403
    assert not Attendance.objects.exists()


# --- needs -------------------------------------------------------------------------------------------


def test_what_to_arrange_is_a_list_for_those_who_lead_and_nobody_else(client):
    cast = make_cast()
    meeting = call(cast)
    answer(cast, meeting, cast.citizen, need_kinds=["access", "other"])
    answer(cast, meeting, cast.official, "no", needs="Not needed")
    answer(cast, meeting, cast.observer, "maybe", needs="", need_kinds=["access"])
    client.force_login(cast.convener)
    html = client.get(page("meeting_needs", cast, meeting.pk)).content.decode()
    assert "<dt>A way in without steps, or a seat close by</dt><dd>2</dd>" in html
    assert ("A ramp" in html, "Not needed" in html) == (True, False)
    for who in (cast.citizen, cast.case_officer, cast.outsider):
        client.force_login(who)
        assert client.get(page("meeting_needs", cast, meeting.pk)).status_code == 403


def test_needs_are_erased_some_time_after_the_meeting():
    cast = make_cast()
    past, coming = held(cast), call(cast)
    for meeting in (past, coming):
        Attendance.objects.create(
            meeting=meeting,
            member=cast.member(cast.citizen),
            answer="room",
            needs="A ramp",
            need_kinds=["food"],
        )
    forget_needs()
    assert Attendance.objects.filter(needs="A ramp").count() == 2
    Platform.objects.update(keep_needs_days=0)
    assert actions.attending.forget_needs(at=timezone.now()) == 1
    kept = Attendance.objects.get(meeting=past)
    assert (kept.needs, kept.need_kinds, kept.answer) == ("", [], "room")
    assert Attendance.objects.get(meeting=coming).needs == "A ramp"


def test_erasing_a_person_erases_what_they_needed_and_when_they_could():
    cast = make_cast()
    answer(cast, call(cast), cast.citizen, need_kinds=["food"])
    mark(opened(cast), cast.citizen, "no")
    forget_person(person=cast.citizen, by=cast.citizen, at=timezone.now())
    own = Attendance.objects.get()
    assert (own.needs, own.need_kinds, PollMark.objects.count()) == ("", [], 0)


# --- who came ----------------------------------------------------------------------------------------


def test_guests_are_counted_by_sector_without_a_name(client):
    cast = make_cast()
    meeting = held(cast)
    client.force_login(cast.convener)
    address = page("record_attendance", cast, meeting.pk)
    for wrong in ("-1", "5000", "many"):
        came = client.post(address, {"present": [], "guests_citizens": wrong})
        assert (came.status_code, f'value="{wrong}"' in came.content.decode()) == (422, True)
    assert not Attendance.objects.exists()
    client.post(address, {"present": [], "guests_citizens": "12", "guests_academia": "1"})
    client.post(address, {"present": [], "guests_citizens": "14", "guests_academia": ""})
    assert list(Guests.objects.values_list("sector", "number")) == [("citizens", 14)]
    assert "Guests: 14" in client.get(page("meeting", cast, meeting.pk)).content.decode()
    actions.meetings.record_attendance(meeting=meeting, present=[], by=cast.convener, at=timezone.now())
    assert Guests.objects.count() == 1  # what is not given stays


# --- who comes in and who goes -------------------------------------------------------------------------


def test_a_new_member_is_asked_to_meetings_that_are_still_to_come(smtp_sink):
    cast = make_cast()
    held(cast), call(cast, title="Coming"), call(cast, title="Off")
    off = Meeting.objects.get(title="Off")
    deeds.cancel_meeting(meeting=off, reason="Storm", by=cast.convener, at=timezone.now())
    cast.partnership.join_policy = "open"
    cast.partnership.save()
    newcomer = person("Nina New")
    actions.members.join_partnership(
        partnership=cast.partnership, sector="citizens", by=newcomer, at=timezone.now()
    )
    drain("bulk")
    files = sent_files_of_meetings(smtp_sink, "nina@example.org")
    assert [(method, str(event["SUMMARY"]).split(" (")[0]) for method, event in files] == [
        ("REQUEST", "Coming")
    ]


def sent_files_of_meetings(smtp_sink, address):
    """(method, event) of each calendar that arrived."""
    found = []
    for message in smtp_sink.to(address):
        if any(part.get_content_type() == "text/calendar" for part in message.walk()):
            found.append(message)

    class Only:
        @staticmethod
        def to(_address):
            return found

    return [(method, event) for method, _name, _calendar, event in sent_files(Only, address)]


def test_who_leaves_has_it_taken_out_of_their_calendar_and_nobody_else(smtp_sink):
    cast = make_cast()
    call(cast)
    drain("bulk")
    actions.members.leave(partnership=cast.partnership, reason="", by=cast.citizen, at=timezone.now())
    drain("bulk")
    assert told("meeting_left") == [cast.citizen.pk]
    files = sent_files_of_meetings(smtp_sink, "bo@example.org")
    assert [method for method, _event in files] == ["REQUEST", "CANCEL"]
    assert [str(event["STATUS"]) for _method, event in files] == ["CONFIRMED", "CANCELLED"]
    assert files[0][1]["UID"] == files[1][1]["UID"]
    assert files[1][1]["DTSTAMP"].dt >= files[0][1]["DTSTAMP"].dt
    assert "meet.example.org" in files[0][1]["LOCATION"]
    assert "meet.example.org" not in smtp_sink.to("bo@example.org")[-1].as_string()
    assert [method for method, _event in sent_files_of_meetings(smtp_sink, "inge@example.org")] == ["REQUEST"]


def test_who_leaves_and_comes_back_before_the_mail_goes_is_told_nothing_of_it():
    cast = make_cast()
    call(cast)
    actions.members.leave(partnership=cast.partnership, reason="", by=cast.citizen, at=timezone.now())
    notices = list(Notice.objects.filter(kind="meeting_left"))
    assert len(kind_named("meeting_left").still_true(notices)) == 1
    cast.partnership.join_policy = "open"
    cast.partnership.save()
    actions.members.join_partnership(
        partnership=cast.partnership, sector="citizens", by=cast.citizen, at=timezone.now()
    )
    assert kind_named("meeting_left").still_true(notices) == set()


def test_at_a_new_address_the_invitation_comes_again(client, smtp_sink):
    cast = make_cast()
    call(cast)
    drain("bulk")
    EmailAddress.objects.create(user=cast.citizen, email="bo@example.net", verified=True)
    client.force_login(cast.citizen)
    client.post(reverse("account_email"), {"action_primary": "", "email": "bo@example.net"})
    cast.citizen.refresh_from_db()
    assert cast.citizen.email == "bo@example.net"
    drain("bulk")
    ((method, event),) = sent_files_of_meetings(smtp_sink, "bo@example.net")
    assert (method, str(event["ATTENDEE"])) == ("REQUEST", "MAILTO:bo@example.net")
    assert len(sent_files_of_meetings(smtp_sink, "bo@example.org")) == 1


def test_an_answer_is_in_the_record_for_members_without_what_it_was():
    cast = make_cast()
    answer(cast, call(cast), cast.citizen)
    entry = Entry.objects.get(verb="meeting.answered")
    assert (entry.audience, set(entry.ids)) == ("members", {"meeting"})


def test_the_next_one_like_this_is_filled_in_for_some_weeks_later(client):
    cast = make_cast()
    start = datetime.datetime(2027, 3, 25, 16, tzinfo=datetime.UTC)  # three days before the clocks go forward
    meeting = call(cast, starts_at=start, ends_at=start + DAY / 12, access="West door", support=["food"])
    client.force_login(cast.convener)
    html = client.get(page("call_meeting", cast) + f"?like={meeting.pk}&weeks=2").content.decode()
    shown = ["Choosing a site", 'value="2027-04-08"', 'value="17:00"', "West door", 'value="food" id']
    assert [words for words in shown if words in html or words.startswith('value="food')] == shown
    for query in ("?like=none&weeks=2", f"?like={meeting.pk}&weeks=x", f"?like={meeting.pk}&weeks=99999999"):
        html = client.get(page("call_meeting", cast) + query).content.decode()
        assert "West door" not in html
    assert who_may(cast, lambda who: call(cast, who)) == {"convener"}


def test_the_list_shows_mine(client):
    cast = make_cast()
    for title, said in (("Yes one", "room"), ("No one", "no"), ("Silent one", "")):
        meeting = call(cast, title=title)
        if said:
            answer(cast, meeting, cast.citizen, said)
    client.force_login(cast.citizen)
    html = client.get(page("meetings", cast) + "?when=mine").content.decode()
    assert [title for title in ("Yes one", "No one", "Silent one") if title in html] == ["Yes one"]
