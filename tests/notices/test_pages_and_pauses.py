"""Stopping messages from a mail, pausing the dispatcher, and not sending twice after a restore."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from notices.actions import drain, prefer
from notices.models import Dispatcher, Notice, Preference
from tests.notices.kinds import address, person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def link(owe, post_office):
    """The path a reader finds in the mail."""
    owe(1, scope=person(5))
    drain("bulk")
    url = post_office.message(1)["List-Unsubscribe"].strip("<> ")
    return url.removeprefix("http://localhost:8000")


def chosen():
    return [(p.recipient, p.scope, p.kind, p.choice) for p in Preference.objects.all()]


def test_unsubscribe_asks_first_because_mail_scanners_open_every_link(client, link):
    response = client.get(link)
    assert response.status_code == 200
    assert "Stop these messages?" in response.content.decode()
    assert "Notes" in response.content.decode()
    assert chosen() == []


def test_unsubscribe_stops_one_kind_in_one_partnership_and_can_be_undone(client, link, owe):
    response = client.post(link, {"choice": "off"}, follow=True)
    assert "You no longer get these messages" in response.content.decode()
    assert chosen() == [(person(1), person(5), "note", "off")]
    owe(1, scope=person(5), occurrence="next")
    assert drain("bulk") == 0
    response = client.post(link, {"choice": "at_once"}, follow=True)
    assert "Stop these messages?" in response.content.decode()
    owe(1, scope=person(5), occurrence="after")
    assert drain("bulk") == 1


def test_unsubscribe_by_one_click_of_a_mail_program(link):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    body = "List-Unsubscribe=One-Click"
    response = strict.post(link, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 302
    assert chosen() == [(person(1), person(5), "note", "off")]


def test_unsubscribe_needs_the_link_of_the_mail(client, link):
    forged = [
        link[:-2] + "x/",
        link.replace(str(person(1)), str(person(2))),
        link.replace(str(person(5)), "everywhere"),
        link.replace(str(person(5)), "nonsense"),
        link.replace("/note/", "/law/"),
        link.replace("/note/", "/unheard-of/"),
    ]
    assert [client.post(path, {"choice": "off"}).status_code for path in forged] == [404] * 6
    assert chosen() == []


def test_a_paused_dispatcher_sends_nothing_and_loses_nothing(owe, post_office, capsys):
    owe(2)
    call_command("pause_notices")
    assert drain("bulk") == 0
    owe([3])
    call_command("resume_notices")
    assert "0 messages are held back" in capsys.readouterr().out
    assert drain("bulk") == 3
    call_command("resume_notices")
    assert "not paused" in capsys.readouterr().out


def restore():
    """What a database looks like that was put back from a backup: it remembers being another one."""
    Dispatcher.objects.update(fingerprint="1:1:1:1")


def test_after_a_restore_nothing_is_sent_until_somebody_says_what_was_sent(owe, post_office, capsys):
    owe(3)
    owe(1, kind="code", secret={"code": "1"})
    assert drain("prompt") == 1
    owe([4], kind="code", secret={"code": "2"})
    restore()
    assert (drain("bulk"), drain("prompt")) == (0, 0)
    assert Dispatcher.objects.get().why == "restored"
    with pytest.raises(CommandError, match="4 messages were unsent"):
        call_command("resume_notices")
    assert drain("bulk") == 0
    owe([9])
    call_command("resume_notices", hold_unsent=True)
    assert "3 messages are held back" in capsys.readouterr().out
    assert drain("bulk") == 1
    assert post_office.addresses() == [address(1), address(9)]
    held = Notice.objects.filter(state="held")
    assert {n.sentence for n in held} == {"It may have been sent before the site was restored from a backup."}
    assert drain("bulk") == 0


def test_after_a_restore_an_operator_may_send_all_the_same(owe, post_office):
    drain("bulk")
    owe(2)
    restore()
    drain("bulk")
    call_command("resume_notices", send_unsent=True)
    assert drain("bulk", at=timezone.now()) == 2


def resumed_after_a_restore(owe, **choice):
    """What the clock owes anew in a restored copy, before and after somebody resumes: {occurrence: its state}."""
    drain("bulk")
    restore()
    drain("bulk")
    now = timezone.now()
    for when in ("before", "after"):
        for name, moment in (("this morning", now - HOUR), ("tonight", now + HOUR), ("a deed", None)):
            owe(1, occurrence=f"{name}, {when}", belongs_to=moment)
        if when == "before":
            call_command("resume_notices", **choice)
    return dict(Notice.objects.values_list("occurrence", "state"))


def test_what_the_clock_owes_anew_for_a_moment_before_the_restore_is_held_with_the_rest(owe, post_office):
    assert resumed_after_a_restore(owe, hold_unsent=True) == {
        "this morning, before": "held",
        "this morning, after": "held",
        "tonight, before": "queued",
        "tonight, after": "queued",
        "a deed, before": "queued",
        "a deed, after": "queued",
    }
    assert {n.reason for n in Notice.objects.filter(state="held")} == {"restored"}
    # Pausing and resuming by hand lets none of it go.
    call_command("pause_notices")
    call_command("resume_notices")
    assert Notice.objects.filter(state="held").count() == 2
    assert drain("bulk") == 4


def test_who_sends_what_was_unsent_all_the_same_holds_nothing(owe, post_office):
    states = resumed_after_a_restore(owe, send_unsent=True)
    assert set(states.values()) == {"queued"}
    assert drain("bulk") == len(states) == 6


def test_what_could_not_be_due_in_the_backup_is_not_held(owe, post_office):
    prefer(recipient=person(1), kind="note", choice="daily", at=timezone.now())
    owe(1)
    assert drain("bulk") == 0
    owe([2])
    restore()
    drain("bulk")
    call_command("resume_notices", hold_unsent=True)
    assert dict(Notice.objects.values_list("kind", "state").filter(recipient=person(1))) == {
        "note": "gathered",
        "digest": "queued",
    }
    assert drain("bulk", at=Notice.objects.get(kind="digest").due_at) == 1
    assert post_office.addresses() == [address(1)]
