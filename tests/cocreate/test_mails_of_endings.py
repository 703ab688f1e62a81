"""Mails about a partnership that rests, ends, or asks for a second signature, as they really arrive."""

import datetime
import io
import zipfile

import pytest
from django.utils import timezone

from cocreate.export import zipped
from partnerships import actions
from partnerships.models import ClosingAccount, Partnership, Pause, StageVisit
from partnerships.stages import Stage
from tests.cast import make_cast
from tests.cocreate.test_closing import closed, publish, write
from tests.cocreate.test_mails import deliver, last_to
from tests.cocreate.test_signatures import dumped, joins, propose
from tests.partnerships.resting import noon, pause, resume

pytestmark = pytest.mark.django_db


def test_mails_of_a_pause(smtp_sink):
    cast = make_cast(stage=Stage.DESIGN)
    pause(cast, at=noon(-2), reason="We wait for <the> vote.", look_again_on=datetime.date(2031, 5, 3))
    deliver()
    subject, words = last_to(smtp_sink, "bo@example.org")
    assert subject == "Seaweed on the beach is paused"
    assert "We wait for <the> vote." in words
    assert "The conveners look at it again on 3 May 2031." in words
    html = smtp_sink.to("bo@example.org")[-1].get_body(("html",)).get_content()
    assert "We wait for &lt;the&gt; vote." in html
    Pause.objects.update(look_again_on=noon(-2).date(), since=noon(-10))
    actions.pauses.remind_to_look_again(at=noon(-2))
    deliver()
    subject, words = last_to(smtp_sink, "karen@example.org")
    assert subject == "Look again: Seaweed on the beach is paused"
    assert "/partnerships/seaweed/manage/" in words
    resume(cast, at=noon(-2))
    deliver()
    subject, words = last_to(smtp_sink, "bo@example.org")
    assert subject == "Seaweed on the beach goes on"
    assert "What was due moves on by 8 days." in words


def test_mails_of_an_account(smtp_sink):
    cast = make_cast(stage=Stage.DESIGN)
    account = closed(cast)
    deliver()
    StageVisit.objects.filter(left_at=None).update(entered_at=noon(-9))
    ClosingAccount.objects.update(due_on=noon(-2).date())
    actions.closing.remind_of_accounts(at=noon(-2))
    deliver()
    subject, words = last_to(smtp_sink, "karen@example.org")
    assert subject.startswith("Seaweed on the beach: an account is owed by ")
    assert "Karen Convener writes it, by " in words
    write(account, cast.convener)
    publish(account, cast.convener)
    deliver()
    subject, words = last_to(smtp_sink, "olga@example.org")
    assert subject == "What came of Seaweed on the beach"
    assert "It is **clean**." in words
    assert "/partnerships/seaweed/account/" in words


def test_the_mail_that_asks_for_the_second_signature(smtp_sink):
    cast = dumped()
    propose(cast, cast.convener)
    deliver()
    subject, words = last_to(smtp_sink, "bo@example.org")
    assert subject == "Seaweed on the beach: a second signature is asked for"
    assert "Karen Convener wants to set something aside" in words
    assert "/partnerships/seaweed/stages/set-aside/handovers_supported/" in words


def test_the_case_holds_the_signatures_the_handover_and_the_account():
    cast = dumped()
    joins(propose(cast, cast.convener), cast.citizen)
    write(closed(cast), cast.convener)
    arena = Partnership.objects.select_related("platform", "mandate").get(pk=cast.partnership.pk)
    data = b"".join(zipped(arena, contacts=False, language="en", at=timezone.now()))
    file = zipfile.ZipFile(io.BytesIO(data))
    case = {name.partition("-")[2]: file.read(name).decode() for name in file.namelist()}
    assert "They want it all the same.; signed second by Bo Citizen" in case["mandate.md"]
    assert "**A public task before:** It was ours. (Karen Convener" in case["plan.md"]
    assert "**Supplied:** 62.00 hours" in case["plan.md"]
    for line in (
        "**What follows:** It stops",
        "**Published:** not yet",
        "**What came of it:** It is **clean**.",
    ):
        assert line in case["account.md"]
