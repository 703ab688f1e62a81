"""Passing an invitation on: once, to a colleague who is asked in their own name."""

import pytest
from django.utils import timezone

from boundary.answer import Conflict, Refused
from notices.actions import drain
from partnerships import actions
from partnerships.messages.invitations import link_of
from partnerships.models import Group, Invitation, Platform
from tests.cast import make_cast
from tests.partnerships.inviting import draft, send

pytestmark = pytest.mark.django_db
State = Invitation.State
TYPED = {"answer": "delegate", "name": "Nils Nabo", "address": "nils@example.net"}


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def invited(cast):
    group = Group.objects.create(partnership=cast.partnership, name="Clubs", affectedness=2, relevance=2)
    (row,) = draft(
        cast,
        "maja@example.net",
        name="Maja",
        group=group,
        sector="civil_society",
        organization_name="Rowing Club",
    )
    send(cast)
    return Invitation.objects.get(pk=row.pk)


def path_of(row):
    return "/i/" + link_of(row).partition("/i/")[2]


def delegate(row, address="nils@example.net", by=None):
    return actions.delegation.delegate_invitation(
        invitation=row, name="Nils", address=address, by=by, at=timezone.now()
    )


def test_a_colleague_gets_an_invitation_of_their_own(client, cast, invited, smtp_sink):
    assert client.post(path_of(invited), TYPED).status_code == 302
    invited.refresh_from_db()
    assert (invited.state, invited.reason) == (State.DECLINED, "Passed on to a colleague.")
    colleague = Invitation.objects.get(address="nils@example.net")
    assert (colleague.group, colleague.organization, colleague.sector, colleague.why_you) == (
        invited.group,
        invited.organization,
        "civil_society",
        invited.why_you,
    )
    drain("bulk")
    (mail,) = smtp_sink.to("nils@example.net")
    text = mail.get_body(("plain",)).get_content()
    assert "Maja was asked first, and proposes you." in text
    assert "Maja has typed it in, to have you asked instead." in " ".join(text.split())
    html = client.get(path_of(colleague)).content.decode()
    assert "A colleague should do this instead" not in html  # once is enough
    assert "Maja has typed it in, to have you asked instead." in html
    with pytest.raises(Refused, match="cannot be passed on again"):
        delegate(colleague, "third@example.net")
    member = actions.invitations.accept_invitation(
        invitation=Invitation.objects.get(pk=colleague.pk), name="Nils", by=None, at=timezone.now()
    )
    assert (member.organization.name, member.seat.group) == ("Rowing Club", invited.group)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "This field is required."),
        ({"address": "nils"}, "Enter a valid email address."),
        ({"address": "nils@gmial.com"}, "Did you mean nils@gmail.com?"),
    ],
)
def test_bad_input_is_said_and_kept(client, invited, wrong, told):
    answer = client.post(path_of(invited), TYPED | wrong)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert told in html
    assert (TYPED | wrong)["address"] in html
    assert Invitation.objects.count() == 1


def test_nobody_is_asked_twice_nor_beyond_the_day(cast, invited):
    draft(cast, "nils@example.net", name="Nils")
    with pytest.raises(Conflict, match="invited in the meantime"):
        delegate(invited)
    Platform.objects.update(convener_daily_invitations=1)
    with pytest.raises(Conflict, match="You can send 1 invitations a day"):
        delegate(invited, "other@example.net")
    invited.refresh_from_db()
    assert invited.state == State.QUEUED  # all or nothing


def test_only_who_was_asked_passes_it_on_while_it_waits(cast, invited):
    with pytest.raises(Refused, match="for somebody else"):
        delegate(invited, by=cast.outsider)
    Invitation.objects.update(state=State.WITHDRAWN)
    with pytest.raises(Refused):
        delegate(invited)
