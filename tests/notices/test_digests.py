"""Messages that wait for a digest: one mail gathers them, in the morning where its reader is; none twice, none lost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from notices.actions import choose, claim, drain, forget, prefer, reconsider, stop_digests, sweep
from notices.actions.gathering import next_digest
from notices.kinds import Kind, Recipient
from notices.models import Notice, Preference
from tests.notices.kinds import address, person
from tests.notices.test_faults import kill_worker_when, wait_for

WEDNESDAY = datetime(2030, 1, 9, 10, tzinfo=UTC)
THURSDAY_MORNING = datetime(2030, 1, 10, 7, 5, tzinfo=UTC)
MONDAY_MORNING = datetime(2030, 1, 14, 7, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def states(**which):
    rows = Notice.objects.exclude(kind="digest").filter(**which)
    return sorted((n.recipient.int, n.occurrence, n.state) for n in rows)


def digests():
    return [
        (n.recipient.int, n.state, n.due_at) for n in Notice.objects.filter(kind="digest").order_by("due_at")
    ]


def wants(number, choice, kind="note", scope=None):
    prefer(recipient=person(number), kind=kind, choice=choice, scope=scope, at=WEDNESDAY)


def body(message):
    return message.get_body(("plain",)).get_content()


# --- when a digest goes out ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "zone", "at", "comes"),
    [
        ("daily", "Europe/Copenhagen", "2030-01-09 07:04", "2030-01-09 07:05"),
        ("daily", "Europe/Copenhagen", "2030-01-09 07:05", "2030-01-10 07:05"),
        ("daily", "Pacific/Auckland", "2030-01-09 10:00", "2030-01-09 19:05"),  # tomorrow morning there
        ("daily", "America/New_York", "2030-01-09 10:00", "2030-01-09 13:05"),  # this morning there
        ("weekly", "Europe/Copenhagen", "2030-01-09 10:00", "2030-01-14 07:05"),
        ("weekly", "Europe/Copenhagen", "2030-01-14 07:05", "2030-01-21 07:05"),
        ("daily", "Europe/Copenhagen", "2030-03-30 08:00", "2030-03-31 06:05"),  # summer time begins
        ("daily", "Europe/Copenhagen", "2030-10-26 08:00", "2030-10-27 07:05"),  # and ends
        ("daily", "No/Where", "2030-01-09 10:00", "2030-01-10 07:05"),
    ],
)
def test_it_goes_out_in_the_morning_of_its_reader(choice, zone, at, comes):
    at, comes = (datetime.fromisoformat(f"{text}+00:00") for text in (at, comes))
    assert next_digest(choice, zone, at) == comes


# --- what is in it ---------------------------------------------------------------------------------------------------


def test_what_its_reader_wants_daily_waits_and_comes_in_one_mail(owe, post_office, world):
    wants(1, "daily")
    wants(1, "daily", kind="brief")
    for scope, occurrence in ((person(5), "a"), (person(6), "b"), (person(5), "c")):
        owe(1, scope=scope, occurrence=occurrence, at=WEDNESDAY)
    owe(1, kind="brief", at=WEDNESDAY)
    owe([2], at=WEDNESDAY)
    assert drain("bulk", at=WEDNESDAY) == 1
    assert post_office.addresses() == [address(2)]
    assert digests() == [(1, "queued", THURSDAY_MORNING)]
    assert drain("bulk", at=THURSDAY_MORNING - MINUTE) == 0
    assert drain("bulk", at=THURSDAY_MORNING) == 1
    message = post_office.message(1)
    assert message["Subject"] == "4 messages from Round Table"
    text = body(message)
    assert text.count("A note about Harbour & baths") == 4
    assert [line for line in text.splitlines() if line.startswith("Place")] == ["Place 5", "Place 6"]
    assert text.index("Place 5") < text.index("Place 6")
    assert "https://places.example/6/" in text
    assert "You get this mail because some messages are gathered for you: you choose which, and when." in text
    assert {state for _who, _what, state in states(recipient=person(1))} == {"sent"}
    assert {n.sent_at for n in Notice.objects.filter(recipient=person(1))} == {
        Notice.objects.get(kind="digest").sent_at
    }
    sweep(at=THURSDAY_MORNING)
    assert sorted(world.sent) == [(1, "note")] * 3 + [(2, "note")]
    assert drain("bulk", at=THURSDAY_MORNING + timedelta(days=1)) == 0


def test_daily_and_weekly_meet_on_monday(owe, post_office):
    wants(1, "weekly")
    wants(1, "daily", kind="brief")
    owe(1, at=WEDNESDAY)
    drain("bulk", at=WEDNESDAY)
    owe(1, kind="brief", at=MONDAY_MORNING - timedelta(hours=9))
    drain("bulk", at=MONDAY_MORNING - timedelta(hours=9))
    assert digests() == [(1, "queued", MONDAY_MORNING)]
    assert drain("bulk", at=MONDAY_MORNING) == 1
    assert post_office.message(1)["Subject"] == "2 messages from Round Table"


def test_a_kind_may_come_weekly_to_whoever_has_not_chosen(owe, post_office):
    owe(1, kind="weekly", at=WEDNESDAY)
    assert drain("bulk", at=WEDNESDAY) == 0
    assert digests() == [(1, "queued", MONDAY_MORNING)]


@pytest.mark.parametrize("broken", [{"default": "daily"}, {"default": "sometimes", "switchable": True}])
def test_only_what_may_be_chosen_has_another_default(broken):
    needed = dict.fromkeys(("label", "template", "context", "still_true", "recipients"))
    with pytest.raises(ValueError, match="default"):
        Kind(name="law", **needed, **broken)


def test_what_is_no_longer_true_or_wanted_is_left_out_and_nothing_to_say_is_no_mail(owe, post_office, world):
    for number in (1, 2, 3):
        wants(number, "daily")
    owe(3, at=WEDNESDAY)
    owe([1], kind="weekly", at=WEDNESDAY)
    owe([3], occurrence="b", scope=person(5), at=WEDNESDAY)
    drain("bulk", at=WEDNESDAY)
    world.untrue = {person(1)}
    wants(2, "off")
    wants(3, "off", scope=person(5))
    drain("bulk", at=WEDNESDAY)
    assert drain("bulk", at=THURSDAY_MORNING) == 1
    assert post_office.addresses() == [address(3)]
    assert post_office.message(3)["Subject"] == "1 message from Round Table"
    assert states(kind="note") == [
        (1, "", "dropped"),
        (2, "", "dropped"),
        (3, "", "sent"),
        (3, "b", "dropped"),
    ]
    assert states(kind="weekly") == [(1, "", "gathered")]
    sweep(at=THURSDAY_MORNING)
    assert sorted(world.dropped) == [(1, "untrue"), (2, "off"), (3, "off")]
    assert sorted(state for _who, state, due in digests() if due == THURSDAY_MORNING) == [
        "dropped",
        "dropped",
        "sent",
    ]


def test_what_ends_before_the_next_digest_goes_at_once(owe, post_office, world):
    for number in (1, 2, 3):
        wants(number, "daily", kind="brief")
    world.until = {person(1): THURSDAY_MORNING - MINUTE, person(2): THURSDAY_MORNING + MINUTE}
    owe(3, kind="brief", at=WEDNESDAY)
    assert drain("bulk", at=WEDNESDAY) == 1
    assert post_office.addresses() == [address(1)]


def test_a_partnership_may_be_chosen_for_otherwise(owe, post_office):
    wants(1, "daily")
    wants(1, "at_once", scope=person(5))
    owe(1, at=WEDNESDAY, scope=person(5))
    owe(1, at=WEDNESDAY, scope=person(6))
    assert drain("bulk", at=WEDNESDAY) == 1
    assert states(scope=person(6)) == [(1, "", "gathered")]


def test_it_is_written_in_its_readers_language(owe, post_office, world):
    world.people = {person(1): Recipient(address(1), "Åse", "da", "Europe/Copenhagen")}
    wants(1, "daily")
    owe(1, at=WEDNESDAY)
    drain("bulk", at=WEDNESDAY)
    drain("bulk", at=THURSDAY_MORNING)
    assert post_office.message(1)["Subject"] == "1 besked fra Round Table"


# --- choosing while things wait -------------------------------------------------------------------------------------


def test_a_choice_takes_effect_on_what_waits(owe, post_office):
    wants(1, "weekly")
    wants(2, "weekly")
    owe(2, at=WEDNESDAY)
    drain("bulk", at=WEDNESDAY)
    wants(1, "at_once")
    wants(2, "daily")
    assert drain("bulk", at=WEDNESDAY) == 1
    assert post_office.addresses() == [address(1)]
    assert drain("bulk", at=THURSDAY_MORNING) == 1
    assert post_office.addresses() == [address(1), address(2)]
    assert drain("bulk", at=MONDAY_MORNING) == 0


def test_whoever_moves_gets_it_in_the_morning_of_the_new_place(owe, post_office, world):
    wants(1, "daily")
    owe(1, at=WEDNESDAY)
    drain("bulk", at=WEDNESDAY)
    world.people = {person(1): Recipient(address(1), "Moved", "en", "America/New_York")}
    reconsider(recipient=person(1), at=WEDNESDAY)
    drain("bulk", at=WEDNESDAY)
    (note,) = Notice.objects.filter(kind="note")
    assert (note.state, note.due_at) == ("gathered", datetime(2030, 1, 9, 13, 5, tzinfo=UTC))


def test_a_choice_can_be_taken_back(owe):
    wants(1, "off")
    wants(1, "daily", scope=person(5))
    choose(recipient=person(1), scope=person(5), choices={"note": None}, at=WEDNESDAY)
    assert [(p.scope, p.choice) for p in Preference.objects.all()] == [(None, "off")]
    with pytest.raises(ValueError, match="law cannot"):
        wants(1, "daily", kind="law")
    with pytest.raises(ValueError, match="digest cannot"):
        wants(1, "off", kind="digest")
    with pytest.raises(ValueError, match="hourly"):
        wants(1, "hourly")
    assert Preference.objects.count() == 1


def test_one_click_on_a_digest_stops_digests_and_nothing_else(owe, post_office, client):
    wants(1, "daily")
    wants(1, "weekly", kind="brief", scope=person(5))
    owe(1, at=WEDNESDAY)
    drain("bulk", at=WEDNESDAY)
    drain("bulk", at=THURSDAY_MORNING)
    message = post_office.message(1)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = message["List-Unsubscribe"].strip("<> ").removeprefix("http://localhost:8000")
    assert "Stop the gathered mails?" in client.get(link).content.decode()
    assert Preference.objects.filter(choice="off").count() == 0
    strict = Client(enforce_csrf_checks=True)
    clicked = strict.post(
        link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert clicked.status_code == 302
    chosen = {(p.kind, p.scope): p.choice for p in Preference.objects.filter(recipient=person(1))}
    assert chosen == {("note", None): "off", ("weekly", None): "off", ("brief", person(5)): "off"}
    assert "You get no gathered mails" in client.get(link).content.decode()
    owe(1, kind="many", at=MONDAY_MORNING)
    assert drain("bulk", at=MONDAY_MORNING) == 1


def test_whoever_is_erased_gets_no_digest(owe, post_office):
    wants(1, "daily")
    owe(1, at=WEDNESDAY)
    drain("bulk", at=WEDNESDAY)
    forget(recipient=person(1), at=WEDNESDAY)
    assert drain("bulk", at=THURSDAY_MORNING) == 0
    assert {n.state for n in Notice.objects.all()} == {"dropped"}


# --- faults -----------------------------------------------------------------------------------------------------


def gathered(owe, at=WEDNESDAY, number=1):
    """Two notes that wait for one digest."""
    wants(number, "daily")
    for occurrence in ("a", "b"):
        owe([number], occurrence=occurrence, at=at)
    drain("bulk", at=at)


def test_a_mail_server_that_is_away_keeps_it_all(owe, post_office):
    gathered(owe)
    post_office.stop()
    assert drain("bulk", at=THURSDAY_MORNING) == 0
    assert states() == [(1, "a", "gathered"), (1, "b", "gathered")]
    owe(1, occurrence="c", at=THURSDAY_MORNING + MINUTE)
    drain("bulk", at=THURSDAY_MORNING + MINUTE)
    post_office.start()
    assert drain("bulk", at=THURSDAY_MORNING + 5 * MINUTE) == 1
    assert states() == [(1, "a", "sent"), (1, "b", "sent"), (1, "c", "gathered")]
    assert drain("bulk", at=THURSDAY_MORNING + timedelta(days=1)) == 1
    assert [m["Subject"][:1] for _to, m in post_office.accepted] == ["2", "1"]


def test_what_cannot_be_sent_fails_with_the_servers_words(owe, post_office, world):
    gathered(owe)
    post_office.refuse[address(1)] = "550 5.1.1 no such user"
    assert drain("bulk", at=THURSDAY_MORNING) == 0
    assert states() == [(1, "a", "failed"), (1, "b", "failed")]
    sweep(at=THURSDAY_MORNING)
    assert world.failed == [(1, "refused: 550 5.1.1 no such user")] * 2


def test_a_line_that_breaks_leaves_one_doubt_and_the_same_is_said_again(owe, post_office):
    gathered(owe)
    post_office.break_after_body = {address(1)}
    assert drain("bulk", at=THURSDAY_MORNING) == 0
    post_office.break_after_body = set()
    # Owed before, but only now gathered: it must not slip into what may have been read already.
    owe(1, occurrence="late", at=WEDNESDAY)
    Notice.objects.filter(occurrence="late").update(state="gathered", due_at=THURSDAY_MORNING)
    sweep(at=THURSDAY_MORNING + MINUTE)
    assert drain("bulk", at=THURSDAY_MORNING + MINUTE) == 1
    first, second = (message for _to, message in post_office.accepted)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Subject"] == second["Subject"] == "2 messages from Round Table"
    assert states() == [(1, "a", "sent"), (1, "b", "sent"), (1, "late", "gathered")]
    sweep(at=THURSDAY_MORNING + MINUTE)
    drain("bulk", at=THURSDAY_MORNING + MINUTE)
    assert drain("bulk", at=THURSDAY_MORNING + timedelta(days=1)) == 1
    assert states()[2] == (1, "late", "sent")


def test_one_that_came_a_moment_too_late_waits_for_the_next(owe, post_office):
    gathered(owe)
    owe(1, occurrence="late", at=WEDNESDAY)
    assert drain("bulk", at=THURSDAY_MORNING) == 1
    Notice.objects.filter(occurrence="late").update(
        state="gathered", due_at=THURSDAY_MORNING, gathered_in=None
    )
    sweep(at=THURSDAY_MORNING + MINUTE)
    drain("bulk", at=THURSDAY_MORNING + MINUTE)
    assert digests()[-1] == (1, "queued", THURSDAY_MORNING + timedelta(days=1))
    assert drain("bulk", at=THURSDAY_MORNING + timedelta(days=1)) == 1


def test_a_poisoned_one_is_parked_and_the_others_are_told(owe, post_office, world):
    gathered(owe)
    owe(1, kind="many", at=WEDNESDAY)
    Notice.objects.filter(kind="many").update(state="gathered", due_at=THURSDAY_MORNING)
    world.poison = {person(1)}
    assert drain("bulk", at=THURSDAY_MORNING) == 1
    assert post_office.message(1)["Subject"] == "1 message from Round Table"
    assert states() == [(1, "", "sent"), (1, "a", "retry"), (1, "b", "retry")]
    for days in range(1, 6):
        drain("bulk", at=THURSDAY_MORNING + timedelta(days=days))
    assert states() == [(1, "", "sent"), (1, "a", "failed"), (1, "b", "failed")]


def test_a_kind_that_no_app_declares_any_more_does_not_count_as_told(owe, post_office):
    gathered(owe)
    Notice.objects.filter(occurrence="a").update(kind="forgotten")
    assert drain("bulk", at=THURSDAY_MORNING) == 1
    assert states() == [(1, "a", "retry"), (1, "b", "sent")]


def test_many_readers_cost_few_queries(owe, post_office, django_assert_max_num_queries):
    for number in range(1, 41):
        wants(number, "daily")
    for occurrence in "abc":
        owe(40, occurrence=occurrence, at=WEDNESDAY)
    with django_assert_max_num_queries(80):
        drain("bulk", at=WEDNESDAY)
    with django_assert_max_num_queries(40 * 3 + 40):  # an intent, an end and what follows it for each mail
        assert drain("bulk", at=THURSDAY_MORNING) == 40


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_inside_the_dialogue_sends_the_same_digest_again(owe, post_office):
    sweep(at=timezone.now())
    for number in (1, 2, 3):
        gathered(owe, at=timezone.now(), number=number)
    now = timezone.now()
    Notice.objects.update(due_at=now, try_at=now)
    post_office.hang = {address(2)}
    kill_worker_when(lambda: address(2) in post_office.addresses())
    post_office.hang = set()
    wait_for(
        lambda: (
            sweep(at=timezone.now()) or not Notice.objects.filter(state__in=("leased", "sending")).exists()
        )
    )
    drain("bulk")
    counted = {number: post_office.addresses().count(address(number)) for number in (1, 2, 3)}
    assert counted == {1: 1, 2: 2, 3: 1}
    assert len({(m["Message-ID"], body(m)) for to, m in post_office.accepted if to == address(2)}) == 1
    sweep(at=timezone.now())
    assert {n.state for n in Notice.objects.all()} == {"sent"}


def test_a_fall_of_the_database_server_repeats_a_digest_and_empties_none(owe, post_office):
    sweep(at=WEDNESDAY)
    gathered(owe)
    claim(lane="bulk", size=50, at=THURSDAY_MORNING, by="1:1")
    Notice.objects.gathered().update(gathered_in=Notice.objects.get(kind="digest").id)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE notices_afloat")
    sweep(at=THURSDAY_MORNING)
    assert drain("bulk", at=THURSDAY_MORNING) == 1
    assert post_office.message(1)["Subject"] == "2 messages from Round Table"
    assert states() == [(1, "a", "sent"), (1, "b", "sent")]


def test_stopping_digests_takes_what_waits(owe, post_office):
    gathered(owe)
    stop_digests(recipient=person(1), at=WEDNESDAY)
    assert drain("bulk", at=THURSDAY_MORNING) == 0
    assert {state for _who, _what, state in states()} == {"dropped"}
