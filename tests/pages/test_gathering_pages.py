"""The pages of gathering people, in a real browser: accessible, within the policy, and narrow enough for a phone."""

import datetime

import pytest
from django.utils import timezone

from partnerships import actions
from partnerships.messages.invitations import link_of
from partnerships.models import Invitation, JoinRequest, Partnership, Seat
from partnerships.stages import Stage
from tests.browser import assert_accessible
from tests.cast import join, make_cast, partnership, person

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = [
    *[("Karim Haddad", "citizens"), ("Else Brun", "civil_society"), ("Sanne Okafor", "private")],
    *[("Jonas Vik", "academia"), ("Birgit Holm", "political")],
]


@pytest.fixture
def cast():
    """A partnership with people, seats, requests and invitations in every state."""
    cast = make_cast(stage=Stage.CONVENE)
    arena, now = cast.partnership, timezone.now()
    for name, sector in TABLE:
        join(arena, person(name), sector=sector, function="Knows the bay")
    partnership(
        cast.platform, slug="bath", title="A harbour bath for all", join_policy=Partnership.JoinPolicy.OPEN
    )
    Seat.objects.create(partnership=arena, sector="citizens", label="Young people by the harbour")
    JoinRequest.objects.create(partnership=arena, person=cast.outsider, message="I row there every week.")
    facts = {"sector": "citizens", "role": "member", "why_you": "You live by the beach.", "language": "en"}
    addresses = [facts | {"name": f"Person {n}", "address": f"p{n}@example.net"} for n in range(9)]
    addresses.append(facts | {"name": "Else Brun", "address": ""})
    rows = actions.invitations.draft_invitations(
        partnership=arena, addresses=addresses, by=cast.convener, at=now
    )
    actions.invitations.send_invitations(partnership=arena, invitations=rows[1:], by=cast.convener, at=now)
    states = ("sent", "seen", "bounced", "declined", "expired", "withdrawn")
    for row, state in zip(rows[1:7], states, strict=True):
        Invitation.objects.filter(pk=row.pk).update(
            state=state,
            sent_at=now,
            reason="The mail server answered: 550 no such mailbox" if state == "bounced" else "",
        )
    return cast


def sign_in(client, page, live_server, who):
    client.force_login(who)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])


def visit(page, path):
    page.goto(path)
    assert_accessible(page)


@pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.pages)])
def test_what_a_visitor_sees(new_page, cast, width):
    page = new_page(width=width)
    waiting, ended = (
        Invitation.objects.get(address="p1@example.net"),
        Invitation.objects.get(address="p5@example.net"),
    )
    for row in (waiting, ended):
        visit(page, link_of(row).removeprefix("http://localhost:8000"))
    for path in ("/partnerships/", "/partnerships/?q=nothing+like+this", "/platforms/solrod/", "/letter/"):
        visit(page, path)
    for name in ("people", "mandate"):
        visit(page, f"/partnerships/seaweed/{name}/")
    visit(page, "/i/00000000-0000-0000-0000-000000000000/x/")


@pytest.mark.parametrize("width", [1280, pytest.param(390, marks=pytest.mark.pages)])
def test_what_a_convener_sees(new_page, client, live_server, cast, width):
    page = new_page(width=width)
    sign_in(client, page, live_server, cast.convener)
    visit(page, "/platforms/solrod/")
    visit(page, "/platforms/solrod/convene/")
    pages = (
        *(
            "people",
            "invite",
            "invite/send",
            "invitations",
            "invitations/letters",
            "people/register",
            "people/seats",
        ),
        *("join-requests", "mandate", "mandate/change", "mandate/promise/ask", "mandate/promise", "settings"),
        *("people/me", "leave"),
    )
    for name in pages:
        visit(page, f"/partnerships/seaweed/{name}/")
    row, bo = Invitation.objects.get(address="p1@example.net"), cast.member(cast.citizen)
    for name in ("again", "withdraw", "letter"):
        visit(page, f"/partnerships/seaweed/invitations/{row.pk}/{name}/")
    for name in ("role", "seat"):
        visit(page, f"/partnerships/seaweed/people/{bo.pk}/{name}/")
    visit(page, f"/partnerships/seaweed/join-requests/{JoinRequest.objects.get().pk}/")


def test_what_somebody_new_sees(page, client, live_server, cast):
    sign_in(client, page, live_server, cast.politician)
    visit(page, "/partnerships/bath/join/")
    visit(page, "/partnerships/seaweed/join/ask/")


def test_mistakes_are_told_where_they_are(page, client, live_server, cast):
    sign_in(client, page, live_server, cast.convener)
    page.goto("/partnerships/seaweed/invite/")
    page.get_by_label("E-mail addresses").fill("maja@gmial.com\nnonsense\nole@lind.dk")
    page.get_by_role("button", name="Look at the mail").click()
    assert_accessible(page)
    page.get_by_label("Leave out the lines with errors").check()
    page.get_by_role("button", name="Look at the mail").click()
    page.get_by_role("heading", name="Check and send").wait_for()
    assert_accessible(page)


def test_an_invitation_is_answered_with_yes(page, cast):
    row = Invitation.objects.get(address="p1@example.net")
    page.goto(link_of(row).removeprefix("http://localhost:8000"))
    page.get_by_role("button", name="Yes, I will take part").click()
    page.wait_for_url("**/account/**")
    assert_accessible(page)
    row.refresh_from_db()
    assert row.state == "accepted"
    assert row.answered_at > timezone.now() - datetime.timedelta(minutes=1)
