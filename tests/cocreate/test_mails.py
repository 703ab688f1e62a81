"""Mails about promises and stages, as they really arrive."""

import datetime

import pytest
from django.utils import timezone, translation

from notices.actions import drain, prefer
from notices.kinds import all_kinds
from notices.models import Notice, State
from partnerships import actions
from partnerships.models import Commitment, StageVisit
from partnerships.stages import Stage
from tests.cast import make_cast
from tests.cocreate.test_stages import advance

pytestmark = pytest.mark.django_db
deeds = actions.commitments


def deliver():
    """Send what is owed, and leave nothing behind."""
    for lane in ("prompt", "bulk"):
        drain(lane)
    assert not Notice.objects.exclude(state__in=(State.SENT, State.DROPPED)).exists()


def last_to(smtp_sink, address):
    """Subject and plain words of the last mail to an address; its HTML part names the same link."""
    message = smtp_sink.to(address)[-1]
    plain = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    link = next(line for line in plain.splitlines() if line.startswith("http://localhost:8000/partnerships"))
    assert f'href="{link}"' in message.get_body(("html",)).get_content()
    assert "List-Unsubscribe" in message
    return message["Subject"], plain


def test_mails_of_a_commitment(smtp_sink):
    cast = make_cast()
    prefer(recipient=cast.convener.pk, kind="commitment_changed", choice="at_once", at=timezone.now())
    today, due = timezone.now(), timezone.localdate() + datetime.timedelta(days=7)
    made = deeds.offer_commitment(
        partnership=cast.partnership,
        kind="money",
        what="Pay <b>the</b> ladder & rail",
        amount=1200,
        unit="kr.",
        due_on=due,
        by=cast.citizen,
        at=today,
    )
    deliver()
    subject, words = last_to(smtp_sink, "karen@example.org")
    assert subject == "Bo Citizen offers something to Seaweed on the beach"
    assert "Pay <b>the</b> ladder & rail\n1,200 kr.\nBy " in words
    assert f"/partnerships/seaweed/commitments/{made.pk}/" in words
    html = smtp_sink.to("karen@example.org")[-1].get_body(("html",)).get_content()
    assert "Pay &lt;b&gt;the&lt;/b&gt; ladder &amp; rail" in html

    deeds.accept_commitment(commitment=made, by=cast.convener, at=today)
    deliver()
    subject, words = last_to(smtp_sink, "bo@example.org")
    assert subject == "A commitment in Seaweed on the beach is answered"
    assert "The commitment of Bo Citizen is now: accepted." in words

    noon = today.replace(hour=12) - datetime.timedelta(days=2)
    Commitment.objects.update(due_on=noon.date(), accepted_at=noon - datetime.timedelta(days=9))
    deeds.remind_commitments(at=noon)
    deliver()
    assert last_to(smtp_sink, "bo@example.org")[0] == "What you promised Seaweed on the beach is due"

    made.refresh_from_db()
    deeds.settle_commitment(commitment=made, state="missed", note="No money.", by=cast.citizen, at=today)
    deliver()
    subject, words = last_to(smtp_sink, "karen@example.org")
    assert subject == "A commitment in Seaweed on the beach is missed"
    assert "No money." in words

    asked = deeds.ask_commitment(
        partnership=cast.partnership,
        member=cast.member(cast.official),
        kind="task",
        what="Measure",
        by=cast.convener,
        at=today,
    )
    deliver()
    assert last_to(smtp_sink, "inge@example.org")[0] == "Seaweed on the beach asks something of you"
    deeds.accept_commitment(
        commitment=asked, by=cast.convener, at=today, recorded_for=cast.member(cast.official)
    )
    deliver()
    assert "wrote this answer down" in last_to(smtp_sink, "inge@example.org")[1]


def test_mails_of_stages(smtp_sink):
    cast = make_cast(stage=Stage.AUTHORIZE)
    advance(cast, "design", reason="The council returned it.")
    deliver()
    subject, words = last_to(smtp_sink, "bo@example.org")
    assert subject == "Seaweed on the beach: Design a solution"
    assert "is now in the stage “Design a solution”." in words
    assert "The council returned it." in words

    noon = timezone.now().replace(hour=12) - datetime.timedelta(days=2)
    StageVisit.objects.filter(left_at=None).update(
        due_on=noon.date(), entered_at=noon - datetime.timedelta(days=5)
    )
    actions.stages.remind_stage_due(at=noon)
    deliver()
    subject, words = last_to(smtp_sink, "karen@example.org")
    assert subject.startswith("Seaweed on the beach: “Design a solution” is due on ")
    assert "/partnerships/seaweed/manage/" in words

    advance(cast, "closed", reason="The money is gone.")
    deliver()
    assert "is closed. It can still be read." in last_to(smtp_sink, "bo@example.org")[1]


def test_every_kind_says_why_its_reader_gets_it_in_both_languages():
    kinds = all_kinds().values()
    for language in ("en", "da"):
        with translation.override(language):
            assert [kind.name for kind in kinds if not str(kind.why).endswith(".")] == []
    with translation.override("en"):
        english = {str(kind.why) for kind in kinds}
    with translation.override("da"):
        assert english & {str(kind.why) for kind in kinds} == set()
