"""Mail servers that are away, refuse, hang up or go silent; workers that are killed; messages that are broken."""

import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notices.actions import claim, drain, lift_suppression, release_held, steps, sweep
from notices.models import Notice, Suppression
from tests.notices.kinds import address, person


def states():
    return {n.recipient.int: (n.state, n.reason) for n in Notice.objects.all()}


def later(**time):
    return timezone.now() + timedelta(**time)


# --- the mail server ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_mail_server_that_is_away_loses_nothing_and_doubles_nothing(owe, post_office):
    owe(70)
    post_office.stop()
    assert drain("bulk") == 0
    assert drain("bulk") == 0
    assert set(states().values()) == {("retry", "unreachable")}
    assert Notice.objects.first().sentence == "The mail server cannot be reached. It will be tried again."
    post_office.start()
    assert drain("bulk", at=later(minutes=2)) == 70
    assert sorted(post_office.addresses()) == sorted(address(n) for n in range(1, 71))
    assert {n.attempts for n in Notice.objects.all()} == {1}


@pytest.mark.django_db
def test_after_three_days_it_is_given_up_and_shown(owe, post_office, world):
    owe(1)
    post_office.stop()
    drain("bulk")
    drain("bulk", at=later(hours=73))
    assert states() == {1: ("failed", "too_late")}
    assert world.failed == [(1, "too_late")]
    post_office.start()


@pytest.mark.django_db
def test_a_reader_whom_the_server_refuses_fails_with_the_servers_words(owe, post_office, world):
    post_office.refuse[address(2)] = "550 5.1.1 <p2@people.example>: no such user"
    post_office.refuse[address(3)] = "554 5.7.1 policy says no"
    owe(4)
    assert drain("bulk") == 2
    assert states() == {
        1: ("sent", ""),
        2: ("failed", "refused: 550 5.1.1 …: no such user"),
        3: ("failed", "refused: 554 5.7.1 policy says no"),
        4: ("sent", ""),
    }
    assert (
        Notice.objects.get(recipient=person(3)).sentence
        == "The mail server answered: 554 5.7.1 policy says no"
    )
    assert sorted(world.failed) == [(n, states()[n][1]) for n in (2, 3)]
    assert Suppression.objects.count() == 1


@pytest.mark.django_db
def test_an_address_that_does_not_exist_is_not_tried_again_until_somebody_checked_it(owe, post_office):
    post_office.refuse[address(1)] = "550 5.1.1 no such user"
    owe(1)
    drain("bulk")
    post_office.refuse = {}
    owe(1, occurrence="second")
    drain("bulk")
    assert Notice.objects.get(occurrence="second").reason == "suppressed"
    lift_suppression(address=address(1))
    owe(1, occurrence="third")
    assert drain("bulk") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["450 4.2.1 try later", "451 4.3.0 grey", "530 5.7.0 sign in first"])
def test_a_temporary_refusal_is_tried_again_and_the_others_are_sent(owe, post_office, answer):
    post_office.refuse[address(2)] = answer
    owe(3)
    assert drain("bulk") == 2
    assert states()[2] == ("retry", f"refused: {answer}")
    assert drain("bulk") == 0
    post_office.refuse = {}
    assert drain("bulk", at=later(hours=2)) == 1
    assert sorted(post_office.addresses()) == [address(1), address(2), address(3)]
    assert len({message["Message-ID"] for _to, message in post_office.accepted}) == 3


@pytest.mark.django_db
def test_a_refusal_of_the_sender_says_nothing_about_the_readers(owe, post_office):
    post_office.refuse_sender = "550 5.7.1 you may not send from here"
    owe(2)
    assert drain("bulk") == 0
    assert {state for state, _reason in states().values()} == {"retry"}
    post_office.refuse_sender = ""
    assert drain("bulk", at=later(hours=1)) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "state"), [("452 4.3.1 full", "retry"), ("554 5.6.0 no", "failed")])
def test_a_refusal_of_the_letter_itself(owe, post_office, answer, state):
    post_office.refuse_body = answer
    owe(2)
    assert drain("bulk") == 0
    assert set(states().values()) == {(state, f"refused: {answer}")}


@pytest.mark.django_db
def test_a_server_that_hangs_up_after_so_many_letters_is_called_again(owe, post_office):
    post_office.per_connection = 7
    owe(30)
    assert drain("bulk") == 30
    assert len(post_office.addresses()) == len(set(post_office.addresses())) == 30
    assert len(post_office.connections) == 5


@pytest.mark.django_db
def test_a_line_that_breaks_before_the_answer_leaves_one_doubt_which_is_sent_again(owe, post_office):
    post_office.break_after_body = {address(2)}
    owe(3)
    assert drain("bulk") == 2
    assert states()[2] == ("ambiguous", "doubt")
    post_office.break_after_body = set()
    sweep(at=timezone.now())
    assert drain("bulk") == 1
    ids = {
        to: [m["Message-ID"] for t, m in post_office.accepted if t == to] for to in post_office.addresses()
    }
    assert {to: len(found) for to, found in ids.items()} == {address(1): 1, address(2): 2, address(3): 1}
    assert len(set(ids[address(2)])) == 1
    assert sorted(n.doubts for n in Notice.objects.all()) == [0, 0, 1]


@pytest.mark.django_db
def test_a_kind_that_must_not_come_twice_is_held_and_shown_instead(owe, post_office):
    post_office.break_after_body = {address(1)}
    owe(1, kind="once")
    drain("bulk")
    sweep(at=timezone.now())
    assert states() == {1: ("held", "doubt")}
    assert Notice.objects.unreached().count() == 1
    assert drain("bulk") == 0
    post_office.break_after_body = set()
    assert release_held(notices=Notice.objects.all(), at=timezone.now()) == 1
    assert drain("bulk") == 1


@pytest.mark.django_db
def test_a_server_that_goes_silent_is_not_waited_for_forever(owe, post_office, settings):
    settings.EMAIL_TIMEOUT = 0.3
    post_office.hang = {address(1)}
    owe(2)
    started = time.monotonic()
    assert drain("bulk") == 1
    assert time.monotonic() - started < 3
    assert states() == {1: ("ambiguous", "doubt"), 2: ("sent", "")}


# --- broken messages ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_poison_message_is_parked_after_three_tries_and_takes_no_other_with_it(owe, post_office, world):
    world.poison = {person(2)}
    owe(3)
    assert drain("bulk") == 2
    assert states()[2] == ("retry", "unreadable")
    for hours in (1, 2, 3):
        drain("bulk", at=later(hours=hours))
    assert states() == {1: ("sent", ""), 2: ("failed", "unreadable"), 3: ("sent", "")}
    assert world.failed == [(2, "unreadable")]


@pytest.mark.django_db
def test_a_kind_that_no_app_declares_any_more_is_parked(owe, post_office):
    owe(1)
    Notice.objects.update(kind="forgotten")
    for hours in (0, 1, 2):
        drain("bulk", at=later(hours=hours))
    assert states() == {1: ("failed", "unreadable")}


# --- workers --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_a_lane_and_send_nothing_twice(owe, post_office):
    owe(400)
    counts = []

    def work():
        try:
            counts.append(drain("bulk"))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 400
    assert min(counts) >= 80
    assert sorted(post_office.addresses()) == sorted(address(n) for n in range(1, 401))


@pytest.mark.django_db(transaction=True)
def test_a_third_worker_on_a_lane_goes_home_at_once(owe, post_office):
    post_office.hang = {address(1), address(60)}
    owe(60)
    threads = [threading.Thread(target=lambda: (drain("bulk"), connection.close())) for _ in range(2)]
    for thread in threads:
        thread.start()
    wait_for(lambda: len(post_office.accepted) >= 11)
    assert drain("bulk") == 0
    owe([777], kind="code")
    assert drain("prompt") == 1
    post_office.hang = set()
    for thread in threads:
        thread.join()
    assert len(post_office.accepted) == 61


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_inside_the_dialogue_leaves_one_doubt_and_no_loss(owe, post_office):
    sweep(at=timezone.now())
    owe(20)
    post_office.hang = {address(5)}
    kill_worker_when(lambda: address(5) in post_office.addresses())
    before = len(post_office.accepted)
    assert sorted(state for state, _ in states().values()) == sorted(
        ["sent"] * (before - 1) + ["sending"] + ["leased"] * (20 - before)
    )
    post_office.hang = set()
    wait_for(
        lambda: (
            sweep(at=timezone.now()) or not Notice.objects.filter(state__in=("leased", "sending")).exists()
        )
    )
    assert drain("bulk") == 21 - before
    assert set(states().values()) == {("sent", "")}
    counted = {to: post_office.addresses().count(to) for to in post_office.addresses()}
    assert counted == {address(n): 2 if n == 5 else 1 for n in range(1, 21)}
    assert len({m["Message-ID"] for to, m in post_office.accepted if to == address(5)}) == 1
    assert list(Notice.objects.filter(doubts=1).values_list("recipient", flat=True)) == [person(5)]
    assert not Notice.objects.filter(
        strikes__gt=0
    ).exists()  # all had been written: none of them took it down


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_while_a_sweep_looks_is_not_thought_to_have_held_a_poisoned_row(owe):
    sweep(at=timezone.now())
    owe(3)
    worker = connection.copy()
    with worker.cursor() as cursor:
        cursor.execute(steps.SESSION)
        (by,) = cursor.fetchone()
    with steps.at_work():
        rows = claim(lane="bulk", size=3, at=timezone.now(), by=by)
        steps.sent_and_next(None, rows[0], at=timezone.now(), by=by)

    def dies_after_the_first_look(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if "pg_stat_activity" in sql and worker.connection:
            worker.close()
            wait_for(lambda: not is_alive(by))
        return answer

    with connection.execute_wrapper(dies_after_the_first_look):
        sweep(at=timezone.now())
    assert worker.connection is None
    sweep(at=timezone.now())
    assert sorted((n.state, n.strikes) for n in Notice.objects.all()) == [("queued", 0)] * 3
    assert [n.doubts for n in Notice.objects.order_by("-doubts")] == [1, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_a_message_that_takes_its_worker_down_is_tried_alone_and_parked(owe, post_office, world):
    sweep(at=timezone.now())
    owe(5)
    for hour in (1, 2):
        by = f"1:{hour}"  # a session that is no more
        claim(lane="bulk", size=50, at=timezone.now(), by=by)
        sweep(at=timezone.now())
    told = sorted((n.state, n.strikes) for n in Notice.objects.all())
    assert told == [("queued", 1)] * 4 + [("queued", 2)]
    (alone,) = claim(lane="bulk", size=50, at=timezone.now(), by="1:3")
    assert alone.strikes == 1
    sweep(at=timezone.now())
    assert drain("bulk") == 5


@pytest.mark.django_db
def test_after_a_crash_of_the_database_server_what_was_leased_counts_as_perhaps_sent(owe, post_office):
    sweep(at=timezone.now())
    owe(2)
    owe([3], kind="once")
    claim(lane="bulk", size=50, at=timezone.now(), by="1:1")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE notices_afloat")  # what the server itself does when it starts after a crash
    sweep(at=timezone.now())
    assert states() == {1: ("queued", "doubt"), 2: ("queued", "doubt"), 3: ("held", "doubt")}
    assert {n.doubts for n in Notice.objects.all()} == {1}
    claim(lane="bulk", size=50, at=timezone.now(), by="1:2")
    sweep(at=timezone.now())
    assert {n.doubts for n in Notice.objects.all()} == {1}


@pytest.mark.django_db
def test_who_has_lost_the_lease_cannot_send(owe):
    owe(1)
    by = steps.session()
    with steps.at_work():
        (mine,) = claim(lane="bulk", size=1, at=timezone.now(), by=by)
        assert steps.sent_and_next(None, mine, at=later(hours=1), by=by) is False
        sweep(at=later(hours=1))
        (theirs,) = claim(lane="bulk", size=1, at=later(hours=1), by="2:2")
        assert steps.sent_and_next(None, mine, at=timezone.now(), by=by) is False
        assert steps.sent_and_next(None, theirs, at=timezone.now(), by="2:2") is True


@pytest.mark.django_db
def test_a_sweep_leaves_a_living_worker_alone(owe):
    owe(2)
    by = steps.session()
    with steps.at_work():
        rows = claim(lane="bulk", size=2, at=timezone.now(), by=by)
        steps.sent_and_next(None, rows[0], at=timezone.now(), by=by)
    sweep(at=timezone.now())
    assert sorted(state for state, _ in states().values()) == ["leased", "sending"]


def is_alive(session):
    """Whether this database session still is, asked from a session of its own."""
    asking = connection.copy()
    try:
        with asking.cursor() as cursor:
            cursor.execute("SELECT pid::text FROM pg_stat_activity")
            return (session.split(":")[0],) in cursor.fetchall()
    finally:
        asking.close()


def wait_for(fact, seconds=20):
    """Until it is so."""
    until = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < until, "It never happened."
        time.sleep(0.05)


def kill_worker_when(fact, port=None):
    """Start a worker of its own process and kill it (SIGKILL) as soon as the fact holds."""
    from django.conf import settings

    worker = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.notices.worker",
            connection.settings_dict["NAME"],
            str(settings.EMAIL_PORT),
            "bulk",
        ]
    )
    try:
        wait_for(fact)
    finally:
        worker.kill()
        worker.wait()
