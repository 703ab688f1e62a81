"""Mails about needs, relief, thanks and leaving, as they really arrive, in both languages."""

import datetime

import pytest
from django.utils import timezone

from actors.models import Person
from notices.actions import drain, prefer
from partnerships import actions
from partnerships.models import Commitment
from tests.cast import make_cast
from tests.partnerships.promising import accepting, offer

pytestmark = pytest.mark.django_db
KINDS = ["need_asked", "relief_asked", "commitment_taken_over", "relief_answered", "thanked", "member_left"]


def everything(cast):
    """Each deed that tells somebody, in order; the last one is that Bo leaves."""
    now = timezone.now()
    actions.needs.ask_everyone(
        partnership=cast.partnership,
        kind="hours",
        what="Keep <b>the</b> books",
        amount=40,
        unit="hours",
        due_on=timezone.localdate() + datetime.timedelta(days=9),
        by=cast.convener,
        at=now,
    )
    made = accepting(offer(cast, cast.citizen, "Ten evenings"))(cast.convener)
    yield
    bo = cast.member(cast.citizen)
    help_offered = actions.relief.offer_relief(member=bo, words="Shall I call?", by=cast.convener, at=now)
    yield
    actions.relief.answer_relief(offer=help_offered, accept=True, by=cast.citizen, at=now)
    actions.relief.ask_relief(commitment=made, why="My back.", openly=True, by=cast.citizen, at=now)
    yield
    actions.relief.take_over_commitment(commitment=Commitment.objects.get(), by=cast.official, at=now)
    said = actions.contributions.say(
        partnership=cast.partnership, kind="idea", body="Boats", by=cast.citizen, at=now
    )
    actions.thanks.thank(to=bo, contribution=said, words="You saved the day.", by=cast.official, at=now)
    yield
    left = accepting(offer(cast, cast.citizen, "One more"))(cast.convener)
    assert left.state == "accepted"
    actions.members.leave(partnership=cast.partnership, reason="I move away.", by=cast.citizen, at=now)
    yield


SUBJECTS = {
    "en": {
        "Seaweed on the beach needs something",
        "Somebody offers you help in Seaweed on the beach",
        "Bo Citizen has answered your offer of help",
        "Bo Citizen would hand on a promise",
        "Inge Official has taken over a promise",
        "Inge Official thanks you",
        "Bo Citizen has left Seaweed on the beach",
    },
    "da": {
        "Seaweed on the beach har brug for noget",
        "Nogen tilbyder dig hjælp i Seaweed on the beach",
        "Bo Citizen har svaret på dit tilbud om hjælp",
        "Bo Citizen vil gerne give et tilsagn videre",
        "Inge Official har overtaget et tilsagn",
        "Inge Official takker dig",
        "Bo Citizen har forladt Seaweed on the beach",
    },
}


@pytest.mark.parametrize("language", ["en", "da"])
def test_each_mail_says_what_happened_and_leads_there(smtp_sink, language):
    cast = make_cast()
    Person.objects.update(language=language)
    for who in (cast.citizen, cast.official, cast.convener):
        for kind in KINDS:
            prefer(recipient=who.pk, kind=kind, choice="at_once", at=timezone.now())
    for _deed in everything(cast):
        drain("bulk")
    mails = [mail for name in ("bo", "inge", "karen") for mail in smtp_sink.to(f"{name}@example.org")]
    told = {}
    for mail in mails:
        plain = mail.get_body(("plain",)).get_content()
        html = mail.get_body(("html",)).get_content()
        link = next(
            line for line in plain.splitlines() if line.startswith("http://localhost:8000/partnerships")
        )
        assert f'href="{link.strip()}"' in html
        told[mail["Subject"]] = plain, html
    assert told.keys() >= SUBJECTS[language]
    whole = "\n".join(plain for plain, _html in told.values())
    for words in ("Keep <b>the</b> books", "Shall I call?", "My back.", "You saved the day.", "I move away."):
        assert words in whole
    assert "Keep &lt;b&gt;the&lt;/b&gt; books" in "".join(html for _plain, html in told.values())
