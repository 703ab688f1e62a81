"""What was sent to whom and why, whom to call, and choosing for one partnership: for those it concerns, nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict
from notices.kinds import choosable
from notices.models import Notice, Preference
from partnerships import actions
from partnerships.models import Invitation, Member, Partnership, PhoneCall
from tests.cast import join, make_cast, partnership, person, who_may

pytestmark = pytest.mark.django_db
EVERYBODY = ("convener", "citizen", "official", "observer", "politician", "outsider", "case_officer")


@pytest.fixture
def cast():
    return make_cast()


def owe(cast, who, *, kind="stage_opened", state="sent", reason="", arena=None, days=0):
    at = timezone.now() - timedelta(days=days)
    return Notice.objects.create(
        scope=(arena or cast.partnership).pk,
        recipient=who.pk,
        kind=kind,
        occurrence=f"{Notice.objects.count()}",
        state=state,
        reason=reason,
        lane="bulk",
        due_at=at,
        try_at=at,
        created_at=at,
        message_id=f"<{Notice.objects.count()}@x>",
    )


def neighbour(cast):
    """A member whose name stands on no page of the others."""
    return join(cast.partnership, person("Nora Neighbour")).person


def invite(cast, number, **fields):
    now = timezone.now()
    facts = {"name": f"Guest {number}", "address": f"g{number}@example.net", "state": "sent", "nonce": "n"}
    return Invitation.objects.create(
        partnership=cast.partnership,
        number=number,
        invited_by=cast.convener,
        queued_at=now - timedelta(days=9),
        expires_at=now + timedelta(days=20),
        **facts | fields,
    )


def page(client, who, name, *args, query=""):
    client.force_login(who)
    answer = client.get(reverse(name, args=args) + query)
    return answer.status_code, answer.content.decode()


# --- the log -----------------------------------------------------------------------------------------------------


def test_the_log_says_to_whom_what_why_and_what_became_of_it(cast, client):
    owe(cast, cast.citizen)
    owe(cast, cast.official, kind="decision_opened", state="failed", reason="no_address")
    guest = invite(cast, 1)
    owe(cast, guest, kind="invitation")
    _status, words = page(client, cast.convener, "sent_messages", "seaweed")
    for told in (
        "Bo Citizen",
        "Inge Official",
        "Guest 1",
        "When a new stage opens",
        "You get this because you are a member of this partnership.",
        "Could not be sent",
        "There is no address to write to. Call instead.",
    ):
        assert told in words
    assert "bo@example.org" not in words
    assert "g1@example.net" not in words


def test_the_log_can_be_looked_through_by_state_and_kind(cast, client):
    owe(cast, cast.citizen)
    owe(cast, cast.official, kind="decision_opened", state="gathered")

    def shown(query):
        words = page(client, cast.convener, "sent_messages", "seaweed", query=query)[1]
        return ["Bo Citizen" in words, "Inge Official" in words]

    assert shown("") == [True, True]
    assert shown("?state=sent") == [True, False]
    assert shown("?state=waiting") == [False, True]
    assert shown("?kind=decision_opened") == [False, True]
    assert shown("?state=failed") == [False, False]
    assert shown("?state=nonsense&kind=nonsense") == [True, True]
    assert page(client, cast.convener, "sent_messages", "seaweed", query="?page=9")[0] == 404


@pytest.mark.parametrize("name", ["sent_messages", "to_call_here", "to_call_here_file"])
def test_only_conveners_and_who_keeps_the_case_read_it(cast, client, name):
    owe(cast, neighbour(cast), state="failed", reason="no_address")
    found = {who: page(client, getattr(cast, who), name, "seaweed") for who in EVERYBODY}
    assert {who for who, (status, _words) in found.items() if status == 200} == {"convener", "case_officer"}
    assert {status for status, _words in found.values()} == {200, 403}
    assert {who for who, (_status, words) in found.items() if "Nora Neighbour" in words} == {
        "convener",
        "case_officer",
    }


@pytest.mark.parametrize("name", ["sent_messages", "to_call_here", "choose_messages_here"])
def test_a_hidden_partnership_is_not_there_for_others(client, name):
    cast = make_cast(visibility="hidden")
    assert page(client, cast.outsider, name, "seaweed")[0] == 404
    assert page(client, cast.outsider, name, "no-such")[0] == 404


def test_the_log_of_a_platform_is_for_those_who_keep_its_cases(cast, client):
    owe(cast, cast.citizen)
    assert "Bo Citizen" in page(client, cast.case_officer, "platform_messages", "solrod")[1]
    others = [page(client, getattr(cast, who), "platform_messages", "solrod")[0] for who in EVERYBODY[:-1]]
    assert set(others) == {404}


def test_my_messages_are_mine_and_name_nothing_that_i_may_no_longer_see(cast, client):
    secret = partnership(cast.platform, slug="secret", title="The secret harbour", visibility="hidden")
    owe(cast, cast.citizen)
    owe(cast, cast.citizen, arena=secret, kind="meeting_called")
    owe(cast, cast.official, kind="decision_opened")
    status, words = page(client, cast.citizen, "my_notices")
    assert status == 200
    assert "Seaweed on the beach" in words
    shown = words.split('<ul class="co-rows">')[1]
    assert shown.count("co-rows__title") == 1
    assert "When a new stage opens" in shown
    assert "The secret harbour" not in words


# --- to call ------------------------------------------------------------------------------------------------------


def test_whom_mail_does_not_reach_is_to_be_called(cast, client):
    cast.citizen.phone = "56 18 20 01"
    cast.citizen.save()
    owe(cast, cast.citizen, state="failed", reason="no_address")
    owe(cast, cast.citizen, kind="decision_opened", state="failed", reason="suppressed")
    owe(cast, cast.official)
    invite(cast, 1)
    invite(cast, 2, state="bounced", reason="refused: 550 5.1.1 no such user")
    invite(cast, 3, address="", name="Paper Guest")
    invite(cast, 4, address="", name="Said No", state="declined")
    _status, words = page(client, cast.convener, "to_call_here", "seaweed")
    for told in (
        "Bo Citizen",
        "56 18 20 01",
        "When you are asked to decide",
        "Guest 2",
        "Paper Guest",
        "3 people",
    ):
        assert told in words
    for silent in ("Inge Official", "Guest 1", "Said No"):
        assert silent not in words
    _status, file = page(client, cast.convener, "to_call_here_file", "seaweed")
    assert sorted(line.split(";")[0] for line in file.splitlines()[1:]) == [
        "Bo Citizen",
        "Guest 2",
        "Paper Guest",
    ]


def test_whoever_is_called_leaves_the_list_until_something_else_does_not_arrive(cast, client):
    owe(cast, cast.citizen, state="failed", reason="no_address", days=1)
    bounced = invite(cast, 2, state="bounced", reason="doubt")
    member = cast.member(cast.citizen)
    client.force_login(cast.convener)
    for what, thing in (("member", member), ("invitation", bounced)):
        assert client.post(reverse("note_call", args=["seaweed", what, thing.pk])).status_code == 302
        assert client.post(reverse("note_call", args=["seaweed", what, thing.pk])).status_code == 409
    assert "Nobody to call" in page(client, cast.convener, "to_call_here", "seaweed")[1]
    assert [(call.by, call.member or call.invitation) for call in PhoneCall.objects.order_by("at")] == [
        (cast.convener, member),
        (cast.convener, bounced),
    ]
    assert (
        "Karen Convener called somebody whom mail does not reach."
        in page(client, cast.convener, "record", "seaweed")[1]
    )
    PhoneCall.objects.update(at=timezone.now() - timedelta(hours=1))
    owe(cast, cast.citizen, kind="decision_opened", state="failed", reason="no_address")
    assert "Bo Citizen" in page(client, cast.convener, "to_call_here", "seaweed")[1]


def test_who_may_note_a_call(cast):
    owe(cast, cast.citizen, state="failed", reason="no_address")
    member = cast.member(cast.citizen)

    def deed(who):
        actions.phoning.note_call(partnership=cast.partnership, member=member, by=who, at=timezone.now())

    assert who_may(cast, deed) == {"convener", "case_officer"}


def test_somebody_of_another_partnership_cannot_be_noted_here(cast, client):
    other = partnership(cast.platform, slug="other")
    stranger = Member.objects.create(
        partnership=other, person=person("Sara"), sector="citizens", side="non_public"
    )
    client.force_login(cast.convener)
    assert client.post(reverse("note_call", args=["seaweed", "member", stranger.pk])).status_code == 404
    assert client.post(reverse("note_call", args=["seaweed", "person", stranger.pk])).status_code == 404
    with pytest.raises(Conflict):
        actions.phoning.note_call(
            partnership=cast.partnership, member=stranger, by=cast.convener, at=timezone.now()
        )


def test_the_list_over_all_holds_what_i_convene_or_keep_and_nothing_else(cast, client):
    other = partnership(cast.platform, slug="other", title="Harbour")
    guest = person("Greta Guest")
    Member.objects.create(partnership=other, person=guest, sector="citizens", side="non_public")
    owe(cast, guest, arena=other, state="failed", reason="no_address")
    owe(cast, neighbour(cast), state="failed", reason="no_address")
    shown = {}
    for who in EVERYBODY:
        words = page(client, getattr(cast, who), "to_call")[1]
        shown[who] = ["Nora Neighbour" in words, "Greta Guest" in words]
    assert shown == {who: [False, False] for who in EVERYBODY} | {
        "convener": [True, False],
        "case_officer": [True, True],
    }
    file = page(client, cast.convener, "to_call_file")[1]
    assert ("Nora Neighbour" in file, "Greta Guest" in file) == (True, False)


# --- choosing for one partnership ----------------------------------------------------------------------------------


def chosen(cast, who):
    return dict(
        Preference.objects.filter(recipient=who.pk, scope=cast.partnership.pk).values_list("kind", "choice")
    )


def test_choosing_for_one_partnership_and_taking_it_back(cast, client):
    client.force_login(cast.citizen)
    target = reverse("choose_messages_here", args=["seaweed"])
    assert client.post(target, {"decision_opened": "daily", "stage_opened": "off"}).status_code == 302
    assert chosen(cast, cast.citizen) == {"decision_opened": "daily", "stage_opened": "off"}
    assert "As everywhere: at once" in client.get(target).content.decode()
    client.post(target, {"decision_opened": "", "stage_opened": "weekly"})
    assert chosen(cast, cast.citizen) == {"stage_opened": "weekly"}
    client.post(target, {"all": "daily"})
    assert set(chosen(cast, cast.citizen)) == {kind.name for kind in choosable() if not kind.part}
    assert client.post(target, {"stage_opened": "hourly"}).status_code == 422
    assert not Preference.objects.filter(scope=None).exists()


def test_only_members_choose_for_a_partnership(cast, client):
    found = {who: page(client, getattr(cast, who), "choose_messages_here", "seaweed")[0] for who in EVERYBODY}
    assert {who for who, status in found.items() if status == 200} == {
        "convener",
        "citizen",
        "official",
        "observer",
    }
    assert Partnership.objects.count() == 1
