"""Finding a time: proposed, marked, chosen for both sides; the meeting that comes of it knows what was said."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from boundary.answer import YES, Refused
from journal.models import Entry
from notices.actions import drain
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import Attendance, Meeting, Partnership, Poll, PollMark
from partnerships.rules import polls as may
from partnerships.stages import Stage
from tests.cast import join, make_cast, partnership, person, told, who_may
from tests.partnerships.meeting import DAY, page
from tests.races import race

pytestmark = pytest.mark.django_db
polls = actions.polls
EVERYBODY = {"convener", "citizen", "official", "observer"}


def opened(cast, who=None, at=None, **given):
    """A poll about three days, open for five."""
    at = at or timezone.now()
    start = at.replace(minute=0, second=0, microsecond=0)
    facts = {
        "partnership": cast.partnership,
        "title": "The trial",
        "times": [start + n * DAY for n in (8, 9, 10)],
        "length": 90,
        "time_zone": "Europe/Copenhagen",
        "place": "Library hall",
        "link": "",
        "closes_at": at + 5 * DAY,
        "by": who or cast.convener,
        "at": at,
    }
    return polls.open_poll(**facts | given)


def mark(poll, who, *marks, at=None):
    times = list(poll.times.all())
    said = {time.pk: said for time, said in zip(times, marks, strict=False)}
    return polls.mark_times(poll=poll, marks=said, by=who, at=at or timezone.now())


def pick(poll, who, number=0, at=None):
    time = list(poll.times.all())[number]
    return polls.pick_time(time=time, by=who, at=at or timezone.now())


@pytest.mark.parametrize("stage", [Stage.INITIATE, Stage.DEFINE, Stage.CLOSED])
def test_who_may_ask_mark_choose_and_take_back(stage):
    cast = make_cast()
    poll = opened(cast)
    Partnership.objects.update(stage=stage)
    leads = set() if stage == Stage.CLOSED else {"convener"}
    assert who_may(cast, lambda who: opened(cast, who)) == leads
    assert who_may(cast, lambda who: mark(poll, who, "yes")) == (
        set() if stage == Stage.CLOSED else EVERYBODY
    )
    assert who_may(cast, lambda who: pick(poll, who)) == leads
    assert who_may(cast, lambda who: polls.withdraw_poll(poll=poll, by=who, at=timezone.now())) == leads


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda now: {"times": [now + DAY]}, "Propose 2 to 20 times"),
        (lambda now: {"times": [now + n * DAY for n in range(1, 22)]}, "Propose 2 to 20 times"),
        (lambda now: {"times": [now + 8 * DAY] * 2}, "twice"),
        (lambda now: {"times": [now - DAY, now + 8 * DAY]}, "still to come"),
        (lambda now: {"closes_at": now - DAY}, "in the future"),
        (lambda now: {"closes_at": now + 30 * DAY}, "before the last of the times"),
    ],
)
def test_times_that_make_no_sense_are_refused(wrong, sentence):
    cast = make_cast()
    with pytest.raises(ValidationError, match=sentence):
        opened(cast, **wrong(timezone.now()))
    assert not Poll.objects.exists()


def test_what_members_mark_becomes_their_answer_and_the_invitation_says_so(smtp_sink):
    cast = make_cast()
    poll = opened(cast)
    assert told("poll_opened") == sorted(
        who.pk for who in (cast.convener, cast.citizen, cast.official, cast.observer)
    )
    mark(poll, cast.citizen, "no", "yes", "yes")
    mark(poll, cast.citizen, "yes")
    mark(poll, cast.official, "if_need", "no", "no")
    mark(poll, cast.observer, "no")
    assert PollMark.objects.count() == 7
    meeting = pick(poll, cast.convener)
    rows = {one.member.person: (one.answer, one.way) for one in Attendance.objects.all()}
    assert rows == {
        cast.citizen: ("room", "poll"),
        cast.official: ("maybe", "poll"),
        cast.observer: ("no", "poll"),
    }
    assert (meeting.starts_at, meeting.title) == (poll.times.first().starts_at, "The trial")
    assert meeting.ends_at - meeting.starts_at == datetime.timedelta(minutes=90)
    drain("bulk")
    notes = {
        name: "your answer is noted: Yes, in the room." in mail.get_body(("plain",)).get_content()
        for name in ("bo", "karen")
        for mail in smtp_sink.to(f"{name}@example.org")
    }
    assert notes == {"bo": True, "karen": False}
    verbs = list(
        Entry.objects.filter(verb__startswith="poll.").order_by("sequence").values_list("verb", flat=True)
    )
    assert verbs == ["poll.opened", *["poll.answered"] * 4, "poll.settled"]


def test_when_it_is_over_nobody_marks_and_nobody_chooses_twice_or_in_the_past():
    cast = make_cast()
    poll = opened(cast)
    with pytest.raises(Refused, match="time to answer is over"):
        mark(poll, cast.citizen, "yes", at=poll.closes_at)
    with pytest.raises(Refused, match="has passed"):
        pick(poll, cast.convener, at=poll.times.first().starts_at)
    pick(poll, cast.convener, at=poll.closes_at)  # choosing is still possible
    for deed in (lambda: pick(poll, cast.convener, 1), lambda: mark(poll, cast.citizen, "yes")):
        with pytest.raises(Refused, match="time is found"):
            deed()
    assert Meeting.objects.count() == 1


def test_a_foreign_time_is_not_marked():
    cast = make_cast()
    one, other = opened(cast), opened(cast)
    with pytest.raises(ValidationError, match="not among those"):
        polls.mark_times(poll=one, marks={other.times.first().pk: "yes"}, by=cast.citizen, at=timezone.now())


def test_those_who_have_not_marked_are_reminded_and_then_those_who_lead_choose():
    cast = make_cast()
    poll = opened(cast)
    mark(poll, cast.citizen, "no")
    for hours in range(0, 24 * 9, 6):
        polls.remind_polls(at=poll.opened_at + datetime.timedelta(hours=hours))
    waiting = [cast.convener.pk, cast.official.pk, cast.observer.pk]
    assert told("poll_closing") == sorted(waiting)
    assert told("poll_over") == [cast.convener.pk]
    closing, over = (list(Notice.objects.filter(kind=kind)) for kind in ("poll_closing", "poll_over"))
    assert len(kind_named("poll_closing").still_true(closing)) == 3
    mark(poll, cast.official, "yes")
    true = kind_named("poll_closing").still_true(closing)
    assert sorted(n.recipient for n in closing if n.pk in true) == sorted(
        [cast.convener.pk, cast.observer.pk]
    )
    pick(poll, cast.convener)
    assert kind_named("poll_closing").still_true(closing) == kind_named("poll_over").still_true(over) == set()


def test_polls_that_wait_for_somebody():
    cast = make_cast()
    poll, now = opened(cast), timezone.now()
    waiting = lambda who, at=now: list(Poll.objects.waiting_for(who, at))  # noqa: E731
    assert [waiting(who) for who in (cast.citizen, cast.outsider)] == [[poll], []]
    assert waiting(cast.citizen, poll.closes_at) == []
    mark(poll, cast.citizen, "no")
    assert [waiting(who) for who in (cast.citizen, cast.official)] == [[], [poll]]
    polls.withdraw_poll(poll=poll, by=cast.convener, at=now)
    assert waiting(cast.official) == []


# --- pages -------------------------------------------------------------------------------------------


def typed(**given):
    day = timezone.localdate() + 8 * DAY
    return {
        "title": "The trial",
        "length": "90",
        "time_zone": "Europe/Copenhagen",
        "place": "Library hall",
        "link": "",
        "closes_at": (day - 3 * DAY).isoformat() + "T12:00",
        "time_1": f"{day}T17:00",
        "time_2": f"{day + DAY}T17:00",
        "time_3": "",
        **given,
    }


def test_a_poll_is_opened_marked_and_settled_through_the_pages(client):
    cast = make_cast()
    client.force_login(cast.convener)
    answer = client.post(page("open_poll", cast), typed())
    poll = Poll.objects.get()
    assert (answer.status_code, answer.url, poll.times.count()) == (302, page("poll", cast, poll.pk), 2)
    first, second = poll.times.all()
    client.force_login(cast.citizen)
    address = page("mark_times", cast, poll.pk)
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {f"time_{first.pk}": "perhaps"}).status_code == 422
    sent = {f"time_{first.pk}": "yes", f"time_{second.pk}": "if_need"}
    assert client.post(address, sent).status_code == 302
    assert "Bo Citizen" in client.get(page("poll", cast, poll.pk)).content.decode()
    client.force_login(cast.convener)
    assert client.post(page("pick_time", cast, poll.pk), {"time": "none"}).status_code == 404
    assert client.post(page("pick_time", cast, poll.pk), {"time": first.pk}).status_code == 302
    assert "The time is found" in client.get(page("poll", cast, poll.pk)).content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"time_2": ""}, "This field is required."),
        ({"time_3": typed()["time_1"]}, "The same time stands here twice."),
        ({"time_3": "2020-01-01T10:00"}, "This time has passed."),
        ({"time_3": "2027-03-28T02:30"}, "02:30 does not exist"),
        ({"time_3": "9999-12-31T23:59"}, "Look at the year"),
        ({"time_3": "soon"}, "Enter a valid date/time."),
        ({"time_zone": "Europe/Atlantis"}, "is not a time zone"),
        ({"place": ""}, "Write a place, a link, or both."),
        ({"length": "0"}, "greater than or equal to 10"),
        ({"closes_at": "2020-01-01T10:00"}, "Choose a time in the future."),
    ],
)
def test_bad_input_keeps_what_was_typed(client, wrong, sentence):
    cast = make_cast()
    client.force_login(cast.convener)
    answer = client.post(page("open_poll", cast), typed() | wrong)
    html = answer.content.decode()
    assert (answer.status_code, sentence in html, "Library hall" in html or "place" in wrong) == (
        422,
        True,
        True,
    )
    assert typed()["time_1"] in html
    assert not Poll.objects.exists()


def test_more_boxes_keep_what_was_typed(client):
    cast = make_cast()
    client.force_login(cast.convener)
    html = client.post(page("open_poll", cast), typed(deed="more")).content.decode()
    assert (html.count('type="datetime-local"'), typed()["time_2"] in html) == (13, True)
    many = {f"time_{n}": "" for n in range(1, 21)}
    html = client.post(page("open_poll", cast), typed() | many | {"deed": "more"}).content.decode()
    assert html.count('type="datetime-local"') == 21


def test_the_page_shows_what_suits_both_sides_and_names_only_to_members(client):
    cast = make_cast()
    poll = opened(cast)
    join(cast.partnership, eva := person("Eva Extra"))
    for who in (cast.citizen, eva, cast.observer):
        mark(poll, who, "yes", "yes")
    mark(poll, cast.official, "no", "if_need", "yes")
    shows = {}
    for name in ("convener", "citizen", "outsider"):
        client.force_login(getattr(cast, name))
        html = client.get(page("poll", cast, poll.pk)).content.decode()
        best = [part for part in html.split("<li>") if "Suits best" in part]
        day = poll.times.all()[1].starts_at.astimezone().day
        assert len(best) == 1
        assert f" {day} " in best[0]
        shows[name] = [words in html for words in ("Eva Extra", "Choose this time", "Not answered yet")]
    assert shows == {"convener": [True] * 3, "citizen": [True, False, False], "outsider": [False] * 3}


def test_other_meetings_at_the_same_time_are_pointed_out_where_the_reader_may_see_them(client):
    cast = make_cast()
    poll = opened(cast)
    times = list(poll.times.all())
    for slug, visibility, title in (("open", "public", "Shown one"), ("secret", "hidden", "Secret one")):
        arena = partnership(cast.platform, slug=slug, visibility=visibility)
        join(arena, cast.citizen)
        Meeting.objects.create(
            partnership=arena,
            title=title,
            place="Here",
            called_by=cast.citizen,
            starts_at=times[0].starts_at + DAY / 48,
            ends_at=times[0].starts_at + DAY / 12,
        )
    client.force_login(cast.convener)
    html = client.get(page("poll", cast, poll.pk)).content.decode()
    assert html.count("At the same time: Shown one") == 1
    assert "Secret one" not in html
    meeting = pick(poll, cast.convener)
    html = client.get(page("meeting", cast, meeting.pk)).content.decode()
    assert ("Shown one" in html, "Secret one" in html) == (True, False)


def test_hidden_is_404(client):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    poll = opened(cast)
    for who, status in ((None, 404), (cast.outsider, 404), (cast.citizen, 200)):
        client.logout()
        if who:
            client.force_login(who)
        assert client.get(page("poll", cast, poll.pk)).status_code == status


# --- two at once --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_choose_at_once_call_one_meeting():
    cast = make_cast()
    join(cast.partnership, fie := person("Fie Facilitator"), role="facilitator")
    won = []
    for n in range(10):
        poll = opened(cast)
        ends = race(lambda p=poll: pick(p, cast.convener), lambda p=poll: pick(p, fie, 1), ahead=n % 2)
        (winner,) = [number for number, end in enumerate(ends) if isinstance(end, Meeting)]
        won.append(winner)
        assert Meeting.objects.filter(poll=poll).count() == 1
    assert Meeting.objects.count() == 10
    assert min(won.count(0), won.count(1)) >= 2


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_and_the_swap_two_meetings_would_be_called(monkeypatch):
    """The control: with both guards off, the fault shows."""
    rows = type(Partnership.objects.all())
    monkeypatch.setattr(rows, "locked", lambda self, pk: self.select_related("platform").get(pk=pk))
    monkeypatch.setattr(type(Poll.objects.all()), "running", lambda self: self)
    monkeypatch.setattr(may, "_running", lambda poll: YES)
    cast = make_cast()
    poll = opened(cast)
    pick(poll, cast.convener)
    with pytest.raises(IntegrityError), transaction.atomic():
        Poll.objects.filter(pk=poll.pk).update(withdrawn_at=timezone.now())  # the database still says no
    pick(poll, cast.convener, 1)
    assert Meeting.objects.count() == 2
