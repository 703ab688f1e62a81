"""The pages of meetings: what the clock on the wall means, who comes, who came, what was minuted."""

import datetime

import pytest
from django.utils import timezone

from notices.actions import drain
from partnerships.models import Attendance, Meeting, Partnership
from tests.cast import join, make_cast, person
from tests.partnerships.meeting import call, deeds, held, page

pytestmark = pytest.mark.django_db


def typed(**fields):
    return {
        "title": "Choosing a site",
        "day": (timezone.localdate() + datetime.timedelta(days=60)).isoformat(),
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
    answer = client.post(page("call_meeting", cast), typed(day="2027-02-18"))
    meeting = Meeting.objects.get()
    assert (answer.status_code, answer.url) == (302, page("meeting", cast, meeting.pk))
    assert meeting.starts_at == datetime.datetime(2027, 2, 18, 16, tzinfo=datetime.UTC)
    assert meeting.time_zone == "Europe/Copenhagen"
    html = client.get(answer.url).content.decode()
    assert "Thursday 18 February 2027, 17:00–19:30 (Europe/Copenhagen)" in html
    assert "<strong>Welcome</strong>" in html


def test_an_hour_that_does_not_exist_is_refused_with_what_to_choose(client):
    cast = make_cast()
    client.force_login(cast.convener)
    answer = client.post(page("call_meeting", cast), typed(day="2027-03-28", starts="02:30", ends="04:00"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "The clocks go forward on 28 March 2027: 02:30 does not exist. Choose 03:00 or later." in html
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
    sent = typed(day="2027-10-31", starts="02:30", ends="04:00")
    answer = client.post(page("call_meeting", cast), sent, follow=True)
    assert "02:30 comes twice. The first one is meant." in answer.content.decode()
    assert Meeting.objects.get().starts_at == datetime.datetime(2027, 10, 31, 0, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends": "16:00"}, "The end must be later than the start"),
        ({"place": ""}, "Write a place, a link, or both."),
        ({"link": "javascript:alert(1)"}, "Write an address that begins with https://."),
        ({"link": "http://meet.example.org/room"}, "Write an address that begins with https://."),
        ({"day": "2206-02-18"}, "Look at the year"),
        ({"day": "0206-02-18"}, "Look at the year"),
        ({"support": "gold"}, "gold is not one of the available choices"),
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
        html += client.get(page("meeting_needs", cast, meeting.pk)).content.decode()
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
