"""A calendar with an address of one's own: what is in it, for whom, how long; who has lost the right finds nothing."""

import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from cocreate.feed import address_of
from cocreate.forget import forget_person
from notices.models import Notice
from partnerships import actions
from partnerships.models import (
    CalendarFeed,
    Commitment,
    Decision,
    Follow,
    Meeting,
    Member,
    Partnership,
    StageVisit,
    Tally,
)
from partnerships.stages import Stage
from tests.cast import join, make_cast, partnership
from tests.cocreate.test_home import decision, step
from tests.partnerships.meeting import call
from tests.partnerships.resting import pause

pytestmark = pytest.mark.django_db
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@pytest.fixture
def cast():
    return make_cast(stage=Stage.IMPLEMENT)


def feed_of(who, arena=None):
    return actions.following.make_feed(by=who, at=timezone.now(), partnership=arena)


def fetch(client, feed, **headers):
    client.cookies.clear()  # a program has no session
    return client.get(urlsplit(address_of(feed)).path, headers=headers)


def events(client, feed):
    """{summary: event} of the calendar as a program finds it."""
    answer = fetch(client, feed)
    assert answer.status_code == 200
    return {
        str(event["summary"]): event for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    }


def promise(cast, who, what="Lend a boat", days=5):
    return Commitment.objects.create(
        partnership=cast.partnership, member=cast.member(who), kind="task", what=what, state="accepted",
        accepted_at=timezone.now(), created_by=who, due_on=timezone.localdate() + days * DAY,
    )  # fmt: skip


# --- what is in it -------------------------------------------------------------------------------------------------


def test_a_decision_that_opens_later_is_in_it_too(client, cast):
    asked, opens = decision(cast), timezone.now().replace(microsecond=0) + HOUR
    Decision.objects.filter(pk=asked.pk).update(opened_at=None, opens_at=opens)
    (found,) = events(client, feed_of(cast.citizen)).values()
    assert (found["uid"].partition("@")[0], found.DTSTAMP) == (f"decision-{asked.pk}", opens)


def test_it_holds_meetings_and_what_i_owe_and_nothing_of_others(client, cast):
    meeting = call(cast, title="On the quay", link="https://video.example/room")
    asked = decision(cast)
    (
        step(cast, cast.citizen, days=3),
        promise(cast, cast.citizen),
        promise(cast, cast.official, "Lend a lorry"),
    )
    meeting.attendances.create(member=cast.member(cast.official), answer="room", needs="No nuts, please")
    StageVisit.objects.filter(left_at=None).update(due_on=timezone.localdate() + 9 * DAY)
    here = "(Seaweed on the beach)"
    found = events(client, feed_of(cast.citizen))
    assert set(found) == {
        *(f"On the quay {here}", f"Closes: Do we choose nets? {here}"),
        *(f"Due: Buy nets {here}", f"Due: Lend a boat {here}"),
    }
    whole = fetch(client, CalendarFeed.objects.get()).content.decode()
    for kept in ("nuts", "Inge", "bo@example.org"):
        assert kept not in whole
    assert found[f"Closes: Do we choose nets? {here}"].decoded("dtstart") == asked.closes_at.replace(
        microsecond=0
    )
    leading = events(client, feed_of(cast.convener))
    assert f"“{Stage.IMPLEMENT.label}” is planned to be done {here}" in leading
    assert f"Closes: Do we choose nets? {here}" not in events(client, feed_of(cast.observer))


def test_it_is_a_calendar_that_programs_understand(client, cast):
    call(cast)
    answer = fetch(client, feed_of(cast.citizen))
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "private" in answer["Cache-Control"]
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert (str(calendar["method"]), str(calendar["version"])) == ("PUBLISH", "2.0")
    assert calendar["refresh-interval"].dt == HOUR
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in answer.content.decode()
    for event in calendar.walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(event)
        assert "ATTENDEE" not in event


def test_a_meeting_has_the_name_that_the_mailed_invitation_gave_it(client, cast):
    meeting = call(cast, title="On the quay")
    mailed = Notice.objects.filter(kind="meeting_called").first()
    assert mailed
    (event,) = [one for name, one in events(client, feed_of(cast.citizen)).items() if "On the quay" in name]
    assert str(event["uid"]).startswith(f"{meeting.pk}@")
    assert event["sequence"] == meeting.sequence


def test_only_members_find_the_link_into_the_room(client, cast):
    call(cast, link="https://video.example/room")
    actions.following.follow(
        partnership=cast.partnership, topics=["meetings"], by=cast.outsider, at=timezone.now()
    )
    for who, shown in ((cast.citizen, True), (cast.outsider, False)):
        assert ("video.example" in fetch(client, feed_of(who)).content.decode()) == shown
    assert len(events(client, feed_of(cast.outsider))) == 1
    Follow.objects.update(topics=["decisions"])
    assert events(client, feed_of(cast.outsider)) == {}


def test_what_is_cancelled_is_told_for_a_while(client, cast):
    meeting = call(cast, title="On the quay")
    actions.meetings.cancel_meeting(meeting=meeting, reason="Storm", by=cast.convener, at=timezone.now())
    feed = feed_of(cast.citizen)
    (event,) = events(client, feed).values()
    assert str(event["status"]) == "CANCELLED"
    Meeting.objects.update(cancelled_at=timezone.now() - 31 * DAY)
    assert events(client, feed) == {}


def test_in_a_pause_nothing_is_due_and_people_may_meet(client, cast):
    call(cast, title="On the quay"), decision(cast), promise(cast, cast.citizen)
    feed = feed_of(cast.citizen)
    assert len(events(client, feed)) == 3
    pause(cast)
    assert [name.partition(" (")[0] for name in events(client, feed)] == ["On the quay"]


def test_it_reaches_from_ninety_days_back_to_a_year_ahead(client, cast):
    now = timezone.now()
    for name, days in (("long ago", -91), ("ago", -89), ("ahead", 364), ("far ahead", 367)):
        meeting = call(cast, title=name)
        Meeting.objects.filter(pk=meeting.pk).update(
            starts_at=now + days * DAY, ends_at=now + days * DAY + HOUR
        )
    assert {name.partition(" (")[0] for name in events(client, feed_of(cast.citizen))} == {"ago", "ahead"}


@pytest.mark.parametrize("wall", ["2027-03-28 03:30", "2027-10-31 02:30"])
def test_hours_around_a_change_of_clocks_stay_the_same_moment(client, cast, wall):
    zone = ZoneInfo("Europe/Copenhagen")
    starts = datetime.datetime.fromisoformat(wall).replace(tzinfo=zone)
    meeting = call(cast)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=starts, ends_at=starts + HOUR, time_zone=zone.key)
    (event,) = events(client, feed_of(cast.citizen)).values()
    assert event.decoded("dtstart").astimezone(datetime.UTC) == starts.astimezone(datetime.UTC)


# --- whose it is, and until when -----------------------------------------------------------------------------------


def test_of_one_partnership_it_holds_that_one_alone(client, cast):
    other = partnership(cast.platform, slug="harbour", title="The harbour", stage=Stage.IMPLEMENT)
    seat = join(other, cast.citizen)
    meeting = call(cast, title="On the quay")
    Meeting.objects.filter(pk=call(cast, title="By the pier").pk).update(partnership=other)
    one, everything = feed_of(cast.citizen, cast.partnership), feed_of(cast.citizen)
    assert [str(name) for name in events(client, one)] == ["On the quay (Seaweed on the beach)"]
    assert len(events(client, everything)) == 2
    of_other = feed_of(cast.citizen, other)
    Member.objects.filter(pk=seat.pk).update(left_at=timezone.now())
    assert fetch(client, of_other).status_code == 404
    assert len(events(client, everything)) == 1
    assert meeting.pk


@pytest.mark.parametrize("way", ["left", "hidden"])
def test_who_may_no_longer_read_finds_nothing(client, cast, way):
    call(cast)
    who = cast.citizen if way == "left" else cast.outsider
    if way == "hidden":
        Follow.objects.create(person=who, partnership=cast.partnership)
    feed = feed_of(who)
    assert len(events(client, feed)) == 1
    if way == "left":
        Member.objects.filter(person=who).update(left_at=timezone.now())
    else:
        Partnership.objects.update(visibility="hidden")
    assert events(client, feed) == {}


def test_wrong_old_and_ended_addresses_are_not_there(client, cast):
    old = feed_of(cast.citizen)
    address = address_of(old)
    theirs = feed_of(cast.official)
    assert fetch(client, old).status_code == 200
    new = feed_of(cast.citizen)
    assert new.pk == old.pk
    assert address_of(new) != address
    missing = [
        fetch(client, old),
        client.get(f"/calendar/{new.pk}/{'a' * 43}.ics"),
        client.get(f"/calendar/{new.pk}/{address_of(theirs).rpartition('/')[2]}"),
        client.get("/calendar/00000000-0000-4000-8000-000000000000/x.ics"),
    ]
    actions.following.revoke_feed(feed=theirs, by=cast.citizen, at=timezone.now())  # somebody else's stays
    assert fetch(client, theirs).status_code == 200
    actions.following.revoke_feed(feed=theirs, by=cast.official, at=timezone.now())
    missing.append(fetch(client, theirs))
    assert [answer.status_code for answer in missing] == [404] * 5
    assert fetch(client, new).status_code == 200


@pytest.mark.parametrize("way", ["erased", "deactivated"])
def test_who_is_no_longer_here_has_none(client, cast, way):
    feed = feed_of(cast.citizen)
    assert fetch(client, feed).status_code == 200
    if way == "erased":
        forget_person(person=cast.citizen, by=cast.citizen, at=timezone.now())
    else:
        type(cast.citizen).objects.filter(pk=cast.citizen.pk).update(is_active=False)
    assert fetch(client, feed).status_code == 404


def test_what_has_not_changed_is_not_sent_again_and_too_often_is_refused(client, cast):
    call(cast)
    feed = feed_of(cast.citizen)
    first = fetch(client, feed)
    again = fetch(client, feed, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    promise(cast, cast.citizen)
    assert fetch(client, feed, if_none_match=first["ETag"]).status_code == 200
    assert [fetch(client, feed).status_code for _time in range(20)][-1] == 429
    Tally.objects.all().delete()
    assert fetch(client, feed).status_code == 200


def test_it_costs_the_same_with_little_and_with_much(client, cast, django_assert_max_num_queries):
    feed = feed_of(cast.citizen)
    call(cast), decision(cast), promise(cast, cast.citizen), step(cast, cast.citizen)
    with django_assert_max_num_queries(12) as few:
        assert fetch(client, feed).status_code == 200
    starts = timezone.now() + DAY
    Meeting.objects.bulk_create(
        Meeting(partnership=cast.partnership, title=f"Meeting {n}", starts_at=starts, ends_at=starts + HOUR,
                place="Here", called_by=cast.convener)
        for n in range(300)
    )  # fmt: skip
    for n in range(2, 30):
        step(cast, cast.citizen, number=n)
    with django_assert_max_num_queries(12) as many:
        assert fetch(client, feed).status_code == 200
    assert len(few) == len(many)
    assert Decision.objects.count() == 1


# --- the page ------------------------------------------------------------------------------------------------------


def test_the_page_shows_an_address_once(client, cast):
    client.force_login(cast.citizen)
    page = reverse("my_calendars")
    assert client.post(reverse("make_calendar"), {"where": "seaweed"}).status_code == 302
    feed = CalendarFeed.objects.get()
    assert feed.partnership == cast.partnership
    proof = address_of(feed).rpartition("/")[2]
    first, second = client.get(page), client.get(page)
    assert (first.text.count(proof), second.text.count(proof)) == (2, 0)
    assert "webcal:" in first.text
    assert first["Referrer-Policy"] == "same-origin"  # else a browser's press comes from no origin
    assert client.post(reverse("make_calendar"), {"where": "no-such"}).status_code == 404
    client.force_login(cast.official)
    assert proof not in client.get(page).text
    assert client.post(reverse("end_calendar", args=[feed.pk])).status_code == 404
    client.force_login(cast.citizen)
    client.post(reverse("end_calendar", args=[feed.pk]))
    assert not CalendarFeed.objects.exists()
