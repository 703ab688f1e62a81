"""Home, what waits for me, and what every public site owes its readers."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from actors.models import Person
from partnerships import actions
from partnerships.models import (
    Commitment,
    Decision,
    Invitation,
    JoinRequest,
    Meeting,
    Member,
    Partnership,
    Revision,
    Text,
)
from partnerships.stages import Stage
from solutions.models import AuthorizationRequest, BodyMember, Ownership, Step
from tests.cast import join, make_cast, partnership, person

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SOON = NOW + datetime.timedelta(days=3)


def html(client, page, who=None):
    client.logout()
    if who:
        client.force_login(who)
    answer = client.get(reverse(page) if "/" not in page else page)
    assert answer.status_code == 200
    return answer.content.decode()


def decision(cast, **fields):
    text = Text.objects.create(
        partnership=cast.partnership, kind=fields.pop("kind", "proposal"), title="Nets"
    )
    revision = Revision.objects.create(text=text, number=1, body={"what": "Nets."}, digest="0" * 64)
    return Decision.objects.create(
        partnership=cast.partnership,
        text=text,
        revision=revision,
        question="Do we choose nets?",
        quorum_public=1,
        quorum_non_public=1,
        opened_by=cast.convener,
        closes_at=SOON,
        **fields,
    )


def meeting(cast, title="At the beach"):
    return Meeting.objects.create(
        partnership=cast.partnership,
        title=title,
        starts_at=SOON,
        ends_at=SOON + datetime.timedelta(hours=2),
        place="Library",
        called_by=cast.convener,
    )


def step(cast, who, days=-2, number=1):
    made = Step.objects.create(
        partnership=cast.partnership,
        number=number,
        what="Buy nets",
        created_by=cast.convener,
        due_on=timezone.localdate() + datetime.timedelta(days=days),
    )
    promise = Commitment.objects.create(
        partnership=cast.partnership,
        member=cast.member(who),
        kind="task",
        what="Step 1: Buy nets",
        state=Commitment.State.ACCEPTED,
        accepted_at=NOW,
        created_by=who,
    )
    Ownership.objects.create(step=made, commitment=promise)
    return made


def asked(cast, who, what="Lend a boat", state=Commitment.State.ASKED):
    return Commitment.objects.create(
        partnership=cast.partnership,
        member=cast.member(who),
        kind="task",
        what=what,
        state=state,
        created_by=cast.convener,
    )


def invited(cast, address, number=1):
    return Invitation.objects.create(
        partnership=cast.partnership,
        number=number,
        address=address,
        name="Uffe",
        state=Invitation.State.SENT,
        nonce="n",
        invited_by=cast.convener,
        expires_at=SOON,
        queued_at=NOW,
        sent_at=NOW,
    )


# --- home -------------------------------------------------------------------------------------------------------


def test_anyone_sees_what_can_be_joined_and_what_is_due(client):
    cast = make_cast(join_policy="open")
    partnership(cast.platform, slug="closed", stage=Stage.CLOSED, title="An old one", join_policy="open")
    partnership(cast.platform, slug="invited", title="By invitation", join_policy="invitation")
    partnership(cast.platform, slug="secret", title="A secret one", visibility="hidden", join_policy="open")
    meeting(cast), decision(cast)
    told = html(client, "home")
    assert "Seaweed on the beach" in told
    assert "At the beach" in told
    assert "Do we choose nets?" in told
    for kept in ("An old one", "By invitation", "A secret one"):
        assert kept not in told


def test_hidden_meetings_and_decisions_are_not_on_the_front_page(client):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    meeting(cast), decision(cast)
    told = html(client, "home")
    assert "At the beach" not in told
    assert "Do we choose nets?" not in told


def test_home_costs_the_same_with_one_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast(join_policy="open")
    for who in (None, cast.citizen):
        client.logout()
        if who:
            client.force_login(who)
        with django_assert_max_num_queries(12) as few:
            client.get(reverse("home"))
        for number in range(20):
            partnership(
                cast.platform, slug=f"s{number}-{bool(who)}", title=f"Number {number}", join_policy="open"
            )
        with django_assert_max_num_queries(12) as many:
            client.get(reverse("home"))
        assert len(few) == len(many)


# --- mine -------------------------------------------------------------------------------------------------------


def test_what_waits_for_a_member(client):
    cast = make_cast(stage=Stage.IMPLEMENT)
    decision(cast), meeting(cast), step(cast, cast.citizen), asked(cast, cast.citizen)
    told = html(client, "mine", cast.citizen)
    for words in ("Do we choose nets?", "At the beach", "Buy nets", "Overdue", "You are asked: Lend a boat"):
        assert words in told
    assert "Seaweed on the beach" in told
    assert "Nothing waits for you" in html(client, "mine", cast.outsider)


def test_what_waits_for_who_leads(client):
    cast = make_cast()
    actions.contributions.say(
        partnership=cast.partnership,
        kind="question",
        body="Who pays?",
        wants_answer=True,
        by=cast.citizen,
        at=NOW,
    )
    asked(cast, cast.citizen, "Two nets", Commitment.State.OFFERED)
    JoinRequest.objects.create(partnership=cast.partnership, person=cast.outsider)
    told = html(client, "mine", cast.convener)
    for words in ("Who pays?", "Offered: Two nets", "Uffe Outsider asks to join"):
        assert words in told
        assert words not in html(client, "mine", cast.official)


def test_what_is_done_waits_no_longer(client):
    cast = make_cast(stage=Stage.IMPLEMENT)
    decision(cast).positions.create(member=cast.member(cast.citizen), choice="agree", digest="0" * 64, at=NOW)
    meeting(cast).attendances.create(member=cast.member(cast.citizen), answer="no", answered_at=NOW)
    step(cast, cast.citizen).reports.create(member=cast.member(cast.citizen), status="done", body="Bought.")
    assert "Nothing waits for you" in html(client, "mine", cast.citizen)


def test_who_left_is_asked_for_nothing(client):
    cast = make_cast(stage=Stage.IMPLEMENT)
    decision(cast), meeting(cast), step(cast, cast.citizen), asked(cast, cast.citizen)
    Member.objects.filter(person=cast.citizen).update(left_at=NOW)
    assert "Nothing waits for you" in html(client, "mine", cast.citizen)


def test_an_invitation_shows_to_who_proved_the_address_and_to_nobody_else(client):
    cast = make_cast()
    invited(cast, "UFFE@example.org")
    assert "You are invited to “Seaweed on the beach”" in html(client, "mine", cast.outsider)
    twin = Person.objects.create_user(email="uffe@example.org", name="Twin", language="en")
    assert "You are invited" not in html(client, "mine", twin)


def test_a_politician_finds_what_is_for_decision(client):
    cast = make_cast(stage=Stage.AUTHORIZE, visibility=Partnership.Visibility.HIDDEN)
    revision = decision(cast, kind="value", closed_at=NOW, outcome="adopted").revision
    AuthorizationRequest.objects.create(
        partnership=cast.partnership,
        revision=revision,
        digest=revision.digest,
        body=cast.council,
        meeting_on=SOON.date(),
        asked_by=cast.convener,
    )
    BodyMember.objects.create(body=cast.council, person=cast.politician, authority="member")
    assert "For decision" in html(client, "mine", cast.politician)
    assert "Seaweed on the beach" in html(client, "mine", cast.politician)
    assert "Seaweed on the beach" not in html(client, "mine", cast.outsider)


def test_times_are_in_the_readers_own_zone(client):
    cast = make_cast()
    meeting(cast)
    Person.objects.filter(pk=cast.citizen.pk).update(time_zone="Pacific/Auckland")
    shown = SOON.astimezone(ZoneInfo("Pacific/Auckland"))
    assert f"{shown:%H:%M}" in html(client, "mine", Person.objects.get(pk=cast.citizen.pk))


def test_mine_costs_the_same_with_little_and_with_much(client, django_assert_max_num_queries):
    cast = make_cast(stage=Stage.IMPLEMENT)
    decision(cast), meeting(cast), step(cast, cast.convener), asked(cast, cast.convener)
    client.force_login(cast.convener)
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("mine"))
    for number in range(2, 26):
        arena = partnership(cast.platform, slug=f"s{number}", title=f"Number {number}")
        join(arena, cast.convener, role=Member.Role.CONVENER)
        meeting(cast, f"Meeting {number}")
        step(cast, cast.convener, number=number)
        JoinRequest.objects.create(partnership=arena, person=cast.outsider)
    with django_assert_max_num_queries(12) as many:
        answer = client.get(reverse("mine"))
    assert len(few) == len(many)
    told = answer.content.decode()
    assert "20+" in told
    assert "?page=2" in told
    assert "Seaweed on the beach" in html(client, reverse("mine") + "?page=2", cast.convener)


def test_visitors_are_asked_to_sign_in(client):
    assert client.get(reverse("mine")).status_code == 302


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("/partnerships/?q=net", "?next=%2Fpartnerships%2F%3Fq%3Dnet"),
        ("/dossiers/0b6f3f10-0000-4000-8000-000000000000/", "?next=%2Fdossiers%2F0b6f3f10"),
        ("/", '"'),
        ("/account/login/code/", '"'),
        ("/nowhere/", '"'),
        ("/i/0b6f3f10-0000-4000-8000-000000000000/secret/", '"'),
        ("/sign-in/0b6f3f10-0000-4000-8000-000000000000/secret/", '"'),
    ],
)
def test_signing_in_leads_back_to_the_page_but_passes_on_no_proof(client, page, query):
    assert f'href="{reverse("account_request_login_code")}{query}' in client.get(page).content.decode()


# --- statements -------------------------------------------------------------------------------------------------


def test_privacy_names_who_answers_and_how_long(client):
    cast = make_cast()
    told = html(client, reverse("privacy") + f"?platform={cast.platform.slug}")
    for words in (
        "Solrød Municipality",
        "Task in the public interest",
        "dpo@example.org",
        "6 months",
        "5 years",
    ):
        assert words in told
    assert client.get(reverse("privacy") + "?platform=nowhere").status_code == 404
    assert client.get(reverse("privacy") + "?platform=no%00where").status_code == 404


def test_privacy_asks_which_platform_where_there_are_two(client):
    cast = make_cast()
    cast.platform.pk, cast.platform.slug, cast.platform.name = None, "koege", "Køge together"
    cast.platform.save(force_insert=True)
    told = html(client, "privacy")
    assert "Choose a platform" in told
    assert "?platform=koege" in told


@pytest.mark.parametrize("page", ["help", "accessibility"])
def test_anyone_reads_the_statements(client, page, django_assert_max_num_queries):
    with django_assert_max_num_queries(0):
        assert client.get(reverse(page)).status_code == 200


def test_a_person_without_anything_can_open_every_page(client):
    nobody = person("Nobody New")
    for page in ("home", "mine", "help", "accessibility", "privacy"):
        html(client, page, nobody)
