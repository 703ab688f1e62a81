"""Mails about answers and the ground rules, as they really arrive."""

import pytest
from django.utils import timezone

from actors.models import Person
from notices.actions import drain
from notices.models import Notice, State
from partnerships import actions
from partnerships.models import Contribution
from tests.cast import make_cast
from tests.partnerships.moderating import DAY, appeal, decide, facilitator, hide, pause, report
from tests.partnerships.saying import said, together

pytestmark = pytest.mark.django_db


def deliver():
    """Send what is owed, and leave nothing behind."""
    Notice.objects.filter(state=State.QUEUED).update(due_at=timezone.now(), try_at=timezone.now())
    for lane in ("prompt", "bulk"):
        drain(lane)
    assert not Notice.objects.exclude(state__in=(State.SENT, State.DROPPED)).exists()


def arrived(smtp_sink, address):
    """{subject: plain words} of the mails to an address; the HTML part of each names the same link."""
    found = {}
    for message in smtp_sink.to(address):
        plain = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
        link = next(line for line in plain.splitlines() if line.startswith("http://localhost:8000/"))
        assert f'href="{link}"' in message.get_body(("html",)).get_content()
        found[message["Subject"]] = plain
    return found


def test_mails_of_answers(smtp_sink):
    cast = make_cast()
    for number in range(2):
        said(cast, body=f"Smell <b>{number}</b>")
    said(cast, cast.convener, "From the room", on_behalf_of="Grandmother Else")
    said(cast, cast.official, "Waits", ago=20 * DAY)
    actions.answering.remind_answers_owed(at=timezone.now() + 7 * DAY)
    together(cast, Contribution.objects.exclude(body="Waits"), outcome="deferred", waits_for="The budget")
    deliver()
    words = arrived(smtp_sink, "bo@example.org")[
        "2 of your contributions in Seaweed on the beach are answered"
    ]
    assert "What became of it: Put off.\n\nWe look into it.\n\nIt waits for: The budget" in words
    assert "- Smell <b>0</b>\n- Smell <b>1</b>" in words
    to_karen = arrived(smtp_sink, "karen@example.org")
    answered = to_karen["Your contribution in Seaweed on the beach is answered"]
    assert "You wrote this down for Grandmother Else. Please pass the answer on." in answered
    assert "Say what became of it" in to_karen["Seaweed on the beach: one answer is overdue"]


def test_mails_of_the_ground_rules(smtp_sink):
    cast = make_cast()
    Person.objects.filter(pk=cast.citizen.pk).update(language="da")
    fran, words = facilitator(cast), said(cast, body="You fools")
    report(words, by=cast.official, reason="Rude")
    hidden = hide(words, by=cast.convener)
    pause(cast, cast.citizen)
    made = appeal(hidden, by=cast.citizen)
    deliver()
    assert "Hidden" not in arrived(smtp_sink, "fran@example.org")
    assert list(arrived(smtp_sink, "fran@example.org")) == ["An appeal in Seaweed on the beach waits for you"]
    settled = arrived(smtp_sink, "inge@example.org")["What came of your report in Seaweed on the beach"]
    assert "What you reported is hidden now." in settled
    to_bo = arrived(smtp_sink, "bo@example.org")
    assert set(to_bo) == {
        "Dit indlæg i Seaweed on the beach er skjult",
        "Du har fået skrivepause i Seaweed on the beach",
    }
    assert "Three insults in a day." in to_bo["Du har fået skrivepause i Seaweed on the beach"]
    decide(made, by=fran, state="stands", reason="Fools is fools.")
    deliver()
    assert (
        "Fools is fools."
        in arrived(smtp_sink, "bo@example.org")["En klage i Seaweed on the beach er afgjort"]
    )
    told = arrived(smtp_sink, "karen@example.org")["An appeal in Seaweed on the beach is decided"]
    assert "What was done by the ground rules stands." in told
