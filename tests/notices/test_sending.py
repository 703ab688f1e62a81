"""Every message owed is handed to the mail server once, as its reader can read it."""

import gc
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from notices import tasks
from notices.actions import drain, prefer, suppress, sweep
from notices.kinds import Recipient
from notices.models import Notice, Suppression
from tests.notices.kinds import address, person

pytestmark = pytest.mark.django_db


def states():
    return {n.recipient.int: (n.state, n.reason) for n in Notice.objects.all()}


def test_what_is_owed_is_sent_once_over_one_connection(owe, post_office, world):
    owe(120)
    assert drain("bulk") == 120
    assert drain("bulk") == 0
    assert sorted(post_office.addresses()) == sorted(address(n) for n in range(1, 121))
    assert len(post_office.connections) == 1
    assert set(states().values()) == {("sent", "")}
    assert {(n.attempts, n.leased_by, n.lease_until) for n in Notice.objects.all()} == {(1, "", None)}
    assert sorted(world.sent) == [(n, "note") for n in range(1, 121)]


def test_a_letter_has_all_that_mail_programs_need(owe, post_office, world, settings):
    world.facts = {
        "sender_name": "Østerå Kommune",
        "contact_name": "Ida Mørk",
        "contact_phone": "+45 12 34 56 78",
        "contact_email": "ida@osteraa.example",
        "privacy_link": "https://osteraa.example/privacy",
        "why": "You live close to the harbour.",
    }
    owe(1, scope=person(5))
    drain("bulk")
    notice, message = Notice.objects.get(), post_office.message(1)
    assert message["Message-ID"] == notice.message_id
    assert message["From"] == "Østerå Kommune <noreply@roundtable.example>"
    assert (message["To"], message["Reply-To"]) == ("Person 1 <p1@people.example>", "ida@osteraa.example")
    assert message["Subject"] == "A note about Harbour & baths"
    assert (message["Auto-Submitted"], message["Content-Language"]) == ("auto-generated", "en")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = message["List-Unsubscribe"].strip("<> ")
    assert link.startswith(f"http://localhost:8000/notices/unsubscribe/{person(1)}/note/{person(5)}/")
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert "Harbour & baths: Monday 2. March 00:30" in text
    assert "\n.a line that starts with a dot" in text
    assert "Harbour &amp; baths: Monday 2. March 00:30" in html
    for words in (
        "Ida Mørk",
        "+45 12 34 56 78",
        "https://osteraa.example/privacy",
        "close to the harbour",
        link,
    ):
        assert words in text
        assert words in html


def test_what_cannot_be_switched_off_has_no_such_link(owe, post_office):
    owe(1, kind="law")
    drain("bulk")
    message = post_office.message(1)
    assert message["List-Unsubscribe"] is None
    assert "unsubscribe" not in message.as_string()


def test_each_reads_it_in_their_own_language_and_time_zone(owe, post_office, world):
    world.people = {
        person(1): Recipient(address(1), "Åse Bjørn", "da", "Europe/Copenhagen"),
        person(2): Recipient(address(2), "Person 2", "en", "Pacific/Auckland"),
        person(3): Recipient(address(3), "", "en", "No/Where"),
    }
    owe(3)
    drain("bulk")
    text = {n: post_office.message(n).get_body(("plain",)).get_content() for n in (1, 2, 3)}
    assert "mandag 2. marts 00:30" in text[1]
    assert post_office.message(1)["Content-Language"] == "da"
    assert post_office.message(1)["To"] == "Åse Bjørn <p1@people.example>"
    assert "Monday 2. March 12:30" in text[2]
    assert "Monday 2. March 00:30" in text[3]


def test_names_and_titles_cannot_add_headers(owe, post_office, world):
    world.people = {person(1): Recipient(address(1), "Maja\r\nBcc: x@evil.example", "en", "UTC")}
    world.facts = {"title": "a\r\nBcc: x@evil.example", "sender_name": "City\r\nBcc: x@evil.example"}
    owe(1)
    drain("bulk")
    assert [m["Bcc"] for _to, m in post_office.accepted] in ([None], [])
    assert set(post_office.addresses()) <= {address(1)}


def test_a_file_comes_along(owe, post_office):
    owe(1, kind="file")
    drain("bulk")
    (attached,) = post_office.message(1).iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("meeting.ics", "text/calendar")


def test_a_secret_is_shown_once_and_erased(owe, post_office):
    owe(1, kind="code", secret={"code": "493821"})
    drain("prompt")
    assert "493821" in post_office.message(1).get_body(("plain",)).get_content()
    assert Notice.objects.get().secret is None


def test_it_is_sent_when_it_is_due(owe, post_office):
    now = timezone.now()
    owe(1, at=now, due_at=now + timedelta(days=3))
    assert drain("bulk") == 0
    assert drain("bulk", at=now + timedelta(days=3, minutes=1)) == 1


def test_what_is_no_longer_true_is_not_sent(owe, post_office, world):
    owe(3)
    world.untrue = {person(2)}
    drain("bulk")
    assert post_office.addresses() == [address(1), address(3)]
    assert states()[2] == ("dropped", "untrue")
    assert world.dropped == [(2, "untrue")]


def test_who_cannot_be_reached_is_shown_to_be_called(owe, post_office, world):
    owe(2)
    world.unreachable = {person(2)}
    drain("bulk")
    assert states() == {1: ("sent", ""), 2: ("failed", "no_address")}
    assert Notice.objects.get(state="failed").sentence == "There is no address to write to. Call instead."
    assert world.failed == [(2, "no_address")]


def test_what_somebody_switched_off_is_not_sent(owe, post_office):
    now, here, there = timezone.now(), person(5), person(6)
    prefer(recipient=person(1), kind="note", choice="off", at=now)
    prefer(recipient=person(2), kind="note", choice="off", at=now, scope=here)
    prefer(recipient=person(3), kind="note", choice="off", at=now)
    prefer(recipient=person(3), kind="note", choice="at_once", at=now, scope=here)
    for scope in (here, there):
        owe(3, scope=scope)
    owe(3, kind="law", scope=here)
    drain("bulk")
    sent = Notice.objects.filter(state="sent", kind="note")
    assert sorted((n.recipient.int, n.scope) for n in sent) == [(2, there), (3, here)]
    assert {n.reason for n in Notice.objects.exclude(state="sent")} == {"off"}
    assert Notice.objects.filter(state="sent", kind="law").count() == 3


def test_what_must_be_told_cannot_be_switched_off():
    with pytest.raises(ValueError, match="cannot be switched off"):
        prefer(recipient=person(1), kind="law", choice="off", at=timezone.now())


def test_an_address_that_mail_came_back_from_gets_no_bulk_mail_but_may_sign_in(owe, post_office):
    suppress(address=address(1).upper(), reason="complained", at=timezone.now())
    assert address(1) not in str(Suppression.objects.values_list())
    owe(2)
    owe(1, kind="code")
    drain("bulk")
    assert sorted(post_office.addresses()) == [address(1), address(2)]
    assert Notice.objects.get(kind="note", recipient=person(1)).reason == "suppressed"


def test_what_follows_an_end_may_fail_without_undoing_it_and_is_made_up_for(owe, post_office, world):
    world.broken_hook = True
    owe(2)
    assert drain("bulk") == 2
    assert drain("bulk") == 0
    assert len(post_office.accepted) == 2
    assert world.sent == []
    world.broken_hook = False
    for _time in range(2):
        sweep(at=timezone.now())
    assert sorted(world.sent) == [(1, "note"), (2, "note")]


def test_the_clock_drains_a_lane_and_sweeps(owe, post_office):
    owe(2)
    owe([7], kind="code")
    tasks.drain.apply(args=["prompt"]).get()
    assert post_office.addresses() == [address(7)]
    tasks.drain.apply(args=["bulk"]).get()
    tasks.sweep.apply().get()
    assert len(post_office.accepted) == 3


@pytest.mark.django_db(transaction=True)
def test_who_finds_nothing_stays_a_while_and_begins_with_what_comes(owe, post_office):
    counts = []

    def work():
        try:
            counts.append(drain("bulk", stay=20))
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join(0.5)
    assert worker.is_alive()
    owe(2)
    worker.join()
    assert counts == [2]


def test_a_worker_gets_ready_without_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):  # its children would share the connection
        tasks.make_ready()
    gc.unfreeze()


def test_who_waits_at_the_screen_never_waits_behind_a_bulk(owe, post_office):
    owe(120)
    owe([777], kind="code")
    drain("bulk")
    assert post_office.addresses().index(address(777)) == 0


def test_another_mail_backend_works_too(owe):
    owe(2)
    assert drain("bulk") == 2
    assert [message.to for message in mail.outbox] == [
        ["Person 1 <p1@people.example>"],
        ["Person 2 <p2@people.example>"],
    ]


def test_a_batch_of_fifty_costs_few_queries(owe, post_office, django_assert_max_num_queries):
    owe(50, kind="law")
    with django_assert_max_num_queries(50 + 42):
        assert drain("bulk") == 50
