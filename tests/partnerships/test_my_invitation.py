"""Somebody who has an account is invited in the site too; and whoever comes in by another door has answered."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from notices.actions import drain
from notices.models import Notice
from partnerships import actions
from partnerships.models import Invitation, JoinRequest, Member
from tests.cast import make_cast
from tests.partnerships.answering import invited, page_of
from tests.partnerships.inviting import DAY, draft

pytestmark = pytest.mark.django_db
State = Invitation.State


@pytest.fixture
def cast():
    return make_cast()


def mine(row):
    return reverse("my_invitation", args=[row.pk])


def states():
    return list(Invitation.objects.order_by("number").values_list("state", flat=True))


def test_it_waits_under_waiting_for_me_and_on_the_front_page_and_is_answered_there(client, cast):
    row = invited(cast, address="UFFE@example.org", name="")
    client.force_login(cast.outsider)
    for page in (reverse("mine"), reverse("home"), reverse("partnership", args=["seaweed"])):
        assert f'href="{mine(row)}"' in client.get(page).content.decode(), page
    html = client.get(mine(row)).content.decode()
    assert "Yes, I will take part" in html
    assert client.post(mine(row), {"answer": "yes"})["Location"] == "/partnerships/seaweed/"
    row.refresh_from_db()
    assert (row.state, row.member.person) == (State.ACCEPTED, cast.outsider)
    assert mine(row) not in client.get(reverse("mine")).content.decode()
    assert (
        "You said yes on" in client.get(page_of(row)).content.decode()
    )  # the mailed link knows: it is one row


def test_each_answer_there_is_the_one_that_the_mailed_link_gives(client, cast):
    row = invited(cast, address="uffe@example.org", name="")
    client.force_login(cast.outsider)
    client.get(mine(row))
    client.head(mine(row))
    assert states() == [State.QUEUED]  # looking is no answer
    assert client.post(mine(row), {"answer": "later"})["Location"] == mine(row)
    row.refresh_from_db()
    assert (row.state, row.seen_at is not None) == (State.SEEN, True)
    assert client.post(mine(row), {"answer": "ask", "words": ""}).status_code == 422
    client.post(mine(row), {"answer": "ask", "words": "When is it?"})
    assert row.questions.get().words == "When is it?"
    client.post(mine(row), {"answer": "no", "reason": "No time"})
    row.refresh_from_db()
    assert (row.state, row.reason) == (State.DECLINED, "No time")
    assert client.get(mine(row)).status_code == 200


def test_for_everybody_else_it_does_not_exist(client, cast):
    row = invited(cast, address="uffe@example.org", name="Uffe Outsider")
    on_paper = invited(cast, address="", name="Uffe Outsider")
    unproved = invited(cast, address="second@example.org")
    (drafted,) = draft(cast, "uffe@example.org", name="Later")
    cast.outsider.emailaddress_set.create(email="second@example.org", verified=False)
    for who in (cast.convener, cast.citizen, cast.case_officer):
        client.force_login(who)
        assert (client.get(mine(row)).status_code, client.post(mine(row)).status_code) == (404, 404)
    client.force_login(cast.outsider)
    others = [mine(other) for other in (on_paper, drafted, unproved)]
    assert {client.get(page).status_code for page in others} == {404}
    assert client.get(mine(row)).status_code == 200
    client.logout()
    assert client.get(mine(row)).status_code == 302
    assert states() == [State.QUEUED, State.QUEUED, State.QUEUED, State.DRAFT]


def test_one_that_ran_out_cannot_be_answered_there_either(client, cast):
    row = invited(cast, address="uffe@example.org")
    Invitation.objects.update(expires_at=timezone.now() - DAY)
    client.force_login(cast.outsider)
    assert client.get(mine(row)).status_code == 410
    assert client.post(mine(row), {"answer": "yes"}).status_code == 410
    assert not Member.objects.filter(person=cast.outsider).exists()
    assert mine(row) not in client.get(reverse("mine")).content.decode()


# --- another door -------------------------------------------------------------------------------------------


def test_a_pending_invitation_does_not_stop_anybody_from_signing_up(client, cast, smtp_sink):
    row = invited(cast)
    client.post(reverse("account_signup"), {"email": "maja@lind.dk", "name": "Maja Lind"})
    drain("prompt")
    page = mine(row)
    assert client.get(page).status_code == 302  # nothing is proved yet
    mail = smtp_sink.to("maja@lind.dk")[-1].get_body("plain").get_content()
    code = re.search(r"^\s{4}(\S+)\s*$", mail, re.MULTILINE)[1]
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert client.get(page).status_code == 200
    assert page in client.get(reverse("mine")).content.decode()
    assert not Member.objects.filter(person__email="maja@lind.dk").exists()
    client.post(page, {"answer": "yes"})
    row.refresh_from_db()
    assert (row.state, row.member.person.email) == (State.ACCEPTED, "maja@lind.dk")


def test_who_joins_by_themselves_has_said_yes_and_is_not_reminded(cast):
    cast.partnership.join_policy = "open"
    cast.partnership.save()
    row = invited(cast, address="uffe@example.org", name="U. Outsider")
    others = invited(cast, address="maja@lind.dk")
    Invitation.objects.update(state=State.SENT, sent_at=timezone.now() - 3 * DAY)
    member = actions.members.join_partnership(
        partnership=cast.partnership, sector="citizens", by=cast.outsider, at=timezone.now()
    )
    row.refresh_from_db()
    assert (row.state, row.member, row.answered_at is not None) == (State.ACCEPTED, member, True)
    actions.invitations.remind_invitations(at=timezone.now())
    reminded = Notice.objects.filter(kind="invitation_reminder").values_list("recipient", flat=True)
    assert list(reminded) == [others.pk]


def test_of_two_at_one_address_each_answers_for_themselves(cast):
    cast.partnership.join_policy = "open"
    cast.partnership.save()
    invited(cast, address="uffe@example.org", name="Anna Outsider")
    invited(cast, address="uffe@example.org", name="Uffe Outsider")
    invited(cast, address="uffe@example.org", name="")
    draft(cast, "uffe@example.org", name="uffe outsider ")
    actions.members.join_partnership(
        partnership=cast.partnership, sector="citizens", by=cast.outsider, at=timezone.now()
    )
    assert states()[:3] == [State.QUEUED, State.ACCEPTED, State.WITHDRAWN]
    assert Invitation.objects.get(number=3).reason == "Is a member already."


def test_who_is_taken_in_on_request_has_said_yes_and_drafts_are_not_sent(cast):
    cast.partnership.join_policy = "request"
    cast.partnership.save()
    invited(cast, address="uffe@example.org", name="")
    draft(cast, "uffe@example.org", name="Uffe Outsider")
    actions.members.ask_to_join(
        partnership=cast.partnership, message="Me", sector="citizens", by=cast.outsider, at=timezone.now()
    )
    actions.members.answer_join_request(
        join_request=JoinRequest.objects.get(), accept=True, reason="", by=cast.convener, at=timezone.now()
    )
    assert states() == [State.ACCEPTED, State.WITHDRAWN]


def test_a_yes_by_mail_ends_the_other_invitation_to_the_same_person(client, cast):
    row = invited(cast, address="uffe@example.org", name="Uffe Outsider")
    invited(cast, address="uffe@example.org", name="")
    client.force_login(cast.outsider)
    client.post(page_of(row), {"answer": "yes"})
    assert states() == [State.ACCEPTED, State.WITHDRAWN]
