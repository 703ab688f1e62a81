"""What waits and what moved, by mail: one for each person and morning, asked anew when it goes, silent when there is
nothing."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from cocreate.waiting_digest import owe_waiting_digests
from notices.actions import choose, drain, prefer, tell
from notices.actions.gathering import next_digest
from notices.models import Dispatcher, Notice, State
from partnerships import actions
from partnerships.models import Follow, Member, Position
from tests.cast import join, make_cast, partnership
from tests.partnerships.writing import ask, start, take, write

pytestmark = pytest.mark.django_db
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
KIND = "waiting_digest"


def monday(zone="Europe/Copenhagen"):
    return next_digest("weekly", zone, timezone.now() + 3 * HOUR)


def send(morning):
    """What the clock owes before this morning, and then what goes out in it."""
    owe_waiting_digests(at=morning - HOUR)
    drain("bulk", at=morning - HOUR)
    drain("bulk", at=morning + datetime.timedelta(minutes=1))


def said(sink, address):
    """(subject, plain text, HTML) of every gathered mail to somebody."""
    return [
        (m["Subject"], m.get_body(("plain",)).get_content(), m.get_body(("html",)).get_content())
        for m in sink.to(address)
        if "waits for you" in m["Subject"] or "wait for you" in m["Subject"] or "moved" in m["Subject"]
    ]


@pytest.fixture
def cast():
    cast = make_cast()
    Notice.objects.all().delete()
    return cast


def asked(cast):
    """A decision that waits for three people; only what is gathered is told."""
    decision = ask(cast, write(cast, start(cast)), closes_at=monday() + 5 * DAY)
    Notice.objects.all().delete()
    return decision


def test_one_mail_tells_what_waits_and_what_moved(cast, smtp_sink):
    asked(cast)
    send(monday())
    ((subject, text, html),) = said(smtp_sink, "bo@example.org")
    assert subject == "1 thing waits for you"
    for told in ("Positions to take", "This moved in your partnerships:", "Karen Convener opened a decision"):
        assert told in text
        assert told in html
    assert "/partnerships/seaweed/decisions/" in text
    (message,) = smtp_sink.to("bo@example.org")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert smtp_sink.to("uffe@example.org") == []


def test_what_is_gathered_besides_is_in_the_same_mail(cast, smtp_sink):
    asked(cast)
    morning = monday()
    prefer(recipient=cast.citizen.pk, kind="stage_opened", choice="weekly", at=timezone.now())
    visit = cast.partnership.visits.get(left_at=None)
    facts = {"scope": cast.partnership.pk, "ids": {"visit": str(visit.pk)}}
    tell(kind="stage_opened", recipients=[cast.citizen.pk], at=morning - 2 * HOUR, **facts)
    send(morning)
    ((subject, text, _html),) = said(smtp_sink, "bo@example.org")
    assert subject.startswith("1 message from ")
    assert subject.endswith(". 1 thing waits for you")
    assert text.index("since the last gathered mail") < text.index("This waits for you") < text.index("moved")
    assert len(smtp_sink.to("bo@example.org")) == 1


def test_what_is_done_when_it_goes_out_is_not_in_it(cast, smtp_sink):
    decision = asked(cast)
    morning = monday()
    owe_waiting_digests(at=morning - HOUR)
    drain("bulk", at=morning - HOUR)
    take(decision, cast.citizen)
    Notice.objects.exclude(kind__in=[KIND, "digest"]).delete()
    drain("bulk", at=morning + HOUR / 60)
    ((subject, text, _html),) = said(smtp_sink, "bo@example.org")
    assert subject == "What moved in your partnerships"
    assert "Positions to take" not in text
    assert Position.objects.count() == 1


def test_who_owes_nothing_and_where_nothing_moved_gets_nothing(cast, smtp_sink):
    join(partnership(cast.platform, slug="quiet"), cast.outsider)
    send(monday())
    assert smtp_sink.messages == []
    assert set(Notice.objects.values_list("state", "reason")) == {(State.DROPPED, "untrue")}


def test_nothing_of_what_was_left_or_hidden_is_in_it(cast, smtp_sink):
    asked(cast)
    other = partnership(cast.platform, slug="harbour", title="The harbour", by=cast.convener)
    seat = join(other, cast.citizen)
    join(other, cast.convener, role=Member.Role.CONVENER, sector="public", side="public")
    actions.following.follow(partnership=other, topics=["meetings"], by=cast.outsider, at=timezone.now())
    starts = timezone.now() + 20 * DAY
    actions.meetings.call_meeting(
        partnership=other, title="On the quay", starts_at=starts, ends_at=starts + HOUR, place="The quay",
        time_zone="Europe/Copenhagen", link="", agenda="", by=cast.convener, at=timezone.now(),
    )  # fmt: skip
    Notice.objects.all().delete()
    morning = monday()
    owe_waiting_digests(at=morning - HOUR)
    drain("bulk", at=morning - HOUR)
    Member.objects.filter(pk=seat.pk).update(left_at=timezone.now())
    type(other).objects.filter(pk=other.pk).update(visibility="hidden")
    drain("bulk", at=morning + HOUR / 60)
    ((_subject, text, _html),) = said(smtp_sink, "bo@example.org")
    assert "harbour" not in text
    assert "quay" not in text
    assert smtp_sink.to("uffe@example.org") == []
    ((_subject, text, _html),) = said(smtp_sink, "karen@example.org")
    assert "On the quay" in text


def test_who_follows_is_told_what_they_chose(cast, smtp_sink):
    asked(cast)
    facts = {"partnership": cast.partnership, "by": cast.outsider, "at": timezone.now()}
    actions.following.follow(topics=["meetings"], **facts)
    send(monday())
    assert smtp_sink.to("uffe@example.org") == []
    actions.following.follow(topics=["decisions"], **facts)
    send(monday() + 7 * DAY)
    ((subject, text, _html),) = said(smtp_sink, "uffe@example.org")
    assert subject == "What moved in your partnerships"
    assert "Karen Convener opened a decision" in text
    assert "began the text" not in text


def test_once_for_each_person_and_morning_however_often_the_clock_ticks(cast, smtp_sink):
    asked(cast)
    morning = monday()
    for minutes in (119, 90, 45, 3):
        owe_waiting_digests(at=morning - datetime.timedelta(minutes=minutes))
        drain("bulk", at=morning - datetime.timedelta(minutes=minutes))
    assert Notice.objects.filter(kind=KIND, recipient=cast.citizen.pk).count() == 1
    for minutes in (1, 2, 20):
        owe_waiting_digests(at=morning + datetime.timedelta(minutes=minutes))
        drain("bulk", at=morning + datetime.timedelta(minutes=minutes))
    assert len(smtp_sink.to("bo@example.org")) == 1


def test_a_clock_that_missed_the_morning_tells_it_the_next_time_and_only_once(cast, smtp_sink):
    asked(cast)
    morning = monday()
    owe_waiting_digests(at=morning - HOUR)  # and no worker until noon
    drain("bulk", at=morning + 4 * HOUR)
    assert smtp_sink.messages == []
    send(morning + 7 * DAY)
    assert [len(said(smtp_sink, "inge@example.org"))] == [1]


@pytest.mark.parametrize(
    ("choice", "mornings"), [("daily", [True, True]), ("weekly", [True, False]), ("off", [False, False])]
)
def test_as_often_as_its_reader_wants(cast, smtp_sink, choice, mornings):
    asked(cast)
    prefer(recipient=cast.citizen.pk, kind=KIND, choice=choice, at=timezone.now())
    found = []
    for morning in (monday(), monday() + DAY):
        before = len(smtp_sink.to("bo@example.org"))
        send(morning)
        found.append(len(smtp_sink.to("bo@example.org")) > before)
    assert found == mornings


@pytest.mark.parametrize("choice", ["at_once", "nowhere"])
def test_it_does_not_come_at_once(cast, choice):
    with pytest.raises(ValueError, match="does not come"):
        choose(recipient=cast.citizen.pk, choices={KIND: choice}, at=timezone.now())


@pytest.mark.parametrize("zone", ["Europe/Copenhagen", "America/New_York", "Pacific/Auckland"])
def test_it_is_owed_before_the_morning_where_its_reader_is(cast, zone):
    cast.citizen.time_zone = zone
    cast.citizen.save()
    morning = monday(zone)
    owe_waiting_digests(at=morning - 3 * HOUR)
    mine = Notice.objects.filter(kind=KIND, recipient=cast.citizen.pk)
    assert not mine.exists()
    owe_waiting_digests(at=morning - HOUR)
    assert mine.get().occurrence == f"{morning.astimezone(ZoneInfo(zone)).date()}"


def test_a_restored_site_tells_nothing_twice(cast):
    morning = monday()
    Dispatcher.objects.update_or_create(id=1, defaults={"restored_at": morning + DAY, "fingerprint": "x"})
    owe_waiting_digests(at=morning - HOUR)
    assert set(Notice.objects.filter(kind=KIND).values_list("state", "reason")) == {("held", "restored")}


def test_a_silent_partnership_is_left_out_of_what_moved_and_not_of_what_waits(cast, smtp_sink):
    asked(cast)
    prefer(recipient=cast.citizen.pk, kind=KIND, scope=cast.partnership.pk, choice="off", at=timezone.now())
    send(monday())
    ((_subject, text, _html),) = said(smtp_sink, "bo@example.org")
    assert "Positions to take" in text
    assert "This moved" not in text


def test_it_comes_in_danish_to_who_reads_danish(cast, smtp_sink):
    asked(cast)
    cast.citizen.language = "da"
    cast.citizen.save()
    send(monday())
    (message,) = smtp_sink.to("bo@example.org")
    assert message["Subject"] == "1 ting venter på dig"
    assert "Beslutninger, du skal tage stilling til" in message.get_body(("plain",)).get_content()


def test_a_left_site_gets_nothing(cast):
    Follow.objects.all().delete()
    cast.citizen.is_active = False
    cast.citizen.save()
    owe_waiting_digests(at=monday() - HOUR)
    assert cast.citizen.pk not in Notice.objects.filter(kind=KIND).values_list("recipient", flat=True)
    assert cast.official.pk in Notice.objects.filter(kind=KIND).values_list("recipient", flat=True)
