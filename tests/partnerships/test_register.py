"""The platform's register: said in a minute, seen by few, taken back at any time, and never for ever."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from cocreate.forget import forget_person
from cocreate.my_data import everything
from journal.models import Entry
from notices.actions import drain
from partnerships import actions
from partnerships.models import Invitation, Office, Partnership, Platform, Willingness
from partnerships.places import place_of
from partnerships.register import found_in_register
from partnerships.stages import Stage
from tests.cast import join, make_cast, partnership, person, who_may
from tests.partnerships.calling import DAY, group, join_register, page_of
from tests.partnerships.inviting import draft, send

pytestmark = pytest.mark.django_db
REGISTER = "/platforms/solrod/register/"
SAID = {"sector": "citizens", "brings": "Reads budgets", "area": "Havdrup", "language": "da"}


@pytest.fixture
def cast():
    return make_cast()


# --- one's own entry ----------------------------------------------------------------------------------------


def test_anybody_signed_in_says_so_changes_it_and_takes_it_back(client, cast):
    assert client.get(REGISTER).url.startswith("/account/")
    client.force_login(cast.outsider)
    assert "You promise nothing" in client.get(REGISTER).content.decode()
    assert client.post(REGISTER, SAID).url == REGISTER
    html = client.get(REGISTER).content.decode()
    assert "Reads budgets" in html
    entry = Willingness.objects.get()
    assert (entry.person, entry.sector, entry.area, entry.language) == (
        cast.outsider,
        "citizens",
        "Havdrup",
        "da",
    )
    assert entry.lapses_at - entry.since == 2 * 365 * DAY
    client.post(REGISTER, SAID | {"area": "Jersie"})
    assert list(Willingness.objects.values_list("pk", "area")) == [(entry.pk, "Jersie")]
    assert client.post(REGISTER + "leave/").url == REGISTER
    entry.refresh_from_db()
    assert (entry.brings, entry.area, entry.ended_at is None) == ("", "", False)
    assert "Jersie" not in client.get(REGISTER).content.decode()
    assert client.post(REGISTER + "leave/").status_code == 409
    assert client.post(REGISTER, SAID).status_code == 302
    assert Willingness.objects.filter(ended_at=None).count() == 1
    # In each person's own record: the platform's own tells nobody who was ever in it.
    assert set(Entry.objects.values_list("scope", flat=True)) == {cast.outsider.pk}


@pytest.mark.parametrize(
    "wrong",
    [
        {"sector": "aliens"},
        {"brings": "x" * 301},
        {"brings": "a\x00"},
        {"area": "x" * 81},
        {"language": "tlh"},
    ],
)
def test_bad_input_is_said(client, cast, wrong):
    client.force_login(cast.outsider)
    assert client.post(REGISTER, SAID | wrong).status_code == 422
    assert not Willingness.objects.exists()


def test_who_has_no_proven_address_is_told_what_to_do(client, cast):
    cast.outsider.emailaddress_set.update(verified=False)
    client.force_login(cast.outsider)
    assert "Confirm it under My settings" in client.get(REGISTER).content.decode()
    assert client.post(REGISTER, SAID).status_code == 403


def test_it_lapses_after_a_mail_that_asks_and_can_be_said_again(cast, smtp_sink, client):
    Platform.objects.update(register_years=1)
    cast.platform.refresh_from_db()
    began = timezone.now() - 340 * DAY
    entry = join_register(cast, cast.outsider, at=began, brings="Reads budgets")
    assert actions.register.remind_register(at=began + 334 * DAY) == 0
    assert actions.register.remind_register(at=timezone.now()) == 1
    assert actions.register.remind_register(at=timezone.now()) == 0
    drain("bulk")
    (mail,) = smtp_sink.to("uffe@example.org")
    assert mail["Subject"] == "May Solrød together still ask you?"
    assert f"http://localhost:8000{REGISTER}" in mail.get_body(("plain",)).get_content()
    assert "List-Unsubscribe" in mail
    client.force_login(cast.outsider)
    assert "Are you still willing?" in client.get(REGISTER).content.decode()
    client.post(REGISTER, SAID)
    entry.refresh_from_db()
    assert entry.lapses_at > timezone.now() + 364 * DAY
    assert actions.register.end_lapsed(at=entry.lapses_at - datetime.timedelta(seconds=1)) == 0
    assert actions.register.end_lapsed(at=entry.lapses_at) == 1
    entry.refresh_from_db()
    assert entry.brings == ""


def test_what_has_lapsed_is_not_found_even_while_the_clock_stands_still(cast):
    join_register(cast, cast.outsider, at=timezone.now() - 731 * DAY)
    assert found(cast) == []
    join_register(cast, cast.outsider)  # said again: a new entry, the old one has ended
    assert found(cast) == ["Uffe Outsider"]
    assert Willingness.objects.count() == 2


def test_a_reminder_is_not_sent_once_it_was_said_again_or_taken_back(cast, smtp_sink):
    Platform.objects.update(register_years=1)
    cast.platform.refresh_from_db()
    for who in (cast.outsider, cast.politician):
        join_register(cast, who, at=timezone.now() - 340 * DAY)
    assert actions.register.remind_register(at=timezone.now()) == 2
    join_register(cast, cast.outsider)
    actions.register.leave_register(platform=cast.platform, by=cast.politician, at=timezone.now())
    drain("bulk")
    assert smtp_sink.messages == []


def test_it_is_mine_to_take_along_and_gone_when_i_am_forgotten(cast):
    join_register(cast, cast.outsider, brings="Reads budgets", area="Havdrup")
    assert [row["brings"] for row in everything(cast.outsider)["registers"]] == ["Reads budgets"]
    forget_person(person=cast.outsider, by=cast.outsider, at=timezone.now())
    assert list(Willingness.objects.values_list("brings", "area")) == [("", "")]
    assert found(cast) == []


# --- choosing -----------------------------------------------------------------------------------------------


def found(cast, **asked):
    place = place_of(cast.partnership, cast.convener)
    rows = found_in_register(place=place, at=timezone.now(), **asked)
    return [row.person.name for row in rows]


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_choose_when(stage):
    cast = make_cast(stage=stage)
    join_register(cast, cast.outsider)

    def choose(who):
        actions.register.invite_from_register(
            partnership=cast.partnership, people=[cast.outsider.pk], why_you="", by=who, at=timezone.now()
        )

    assert who_may(cast, choose) == (set() if stage == Stage.CLOSED else {"convener"})
    Office.objects.filter(person=cast.convener).update(until=timezone.now())
    assert who_may(cast, choose) == set()  # leads this partnership, and may not convene on the platform
    with pytest.raises(Refused):
        actions.lots.freeze_register(
            partnership=cast.partnership, found={}, seats=1, by=cast.convener, at=timezone.now()
        )


def test_nobody_else_sees_it_or_how_many_are_in_it(client, cast):
    join_register(cast, cast.politician, brings="Knows the tides")
    for who in (None, cast.citizen, cast.official, cast.case_officer, cast.outsider):
        client.force_login(who) if who else client.logout()
        assert client.get(page_of("invite_from_register")).status_code == (403 if who else 302)
        assert client.post(page_of("freeze_register"), {"lot-seats": "1"}).status_code == (
            403 if who else 302
        )
        for page in ("/platforms/solrod/", REGISTER, page_of("people"), page_of("record")):
            html = client.get(page).content.decode()
            assert "Knows the tides" not in html
            assert who == cast.outsider or "Pia Politician" not in html


def test_search_and_filters(cast):
    families = [("Ane", "citizens", "Reads budgets", "Havdrup"), ("Bent", "private", "Owns a boat", "Jersie")]
    for name, sector, brings, area in families:
        join_register(cast, person(f"{name} Willing"), sector=sector, brings=brings, area=area)
    join_register(cast, cast.citizen, brings="Is a member already")
    join_register(cast, person("Gone Willing", is_active=False))
    ane, bent = "Ane Willing", "Bent Willing"
    for asked, names in [
        ({}, [ane, bent]),
        ({"words": "BOAT"}, [bent]),
        ({"words": "havd"}, [ane]),
        ({"words": "nothing like this"}, []),
        ({"words": "%"}, []),
        ({"sector": "private"}, [bent]),
        ({"area": "jer"}, [bent]),
        ({"sector": "private", "area": "Havdrup"}, []),
    ]:
        assert found(cast, **asked) == names, asked


def test_who_was_asked_lately_or_sits_elsewhere_is_told_and_left_out_on_demand(client, cast):
    names = ("Ane", "Bent", "Carl", "Dorte")
    ane, _bent, carl, dorte = people = [person(f"{name} Willing") for name in names]
    for who in people:
        join_register(cast, who)
    other = partnership(cast.platform, slug="other")
    hidden = partnership(cast.platform, slug="hidden", visibility="hidden")
    asked_in(cast, other, ane, days=10)
    asked_in(cast, other, carl, days=400)
    asked_in(cast, hidden, dorte, days=10)  # what this convener may not know of counts for nothing
    join(hidden, dorte)
    join(other, carl)
    assert found(cast, asked="never") == ["Bent Willing", "Dorte Willing"]
    assert found(cast, asked="year") == ["Bent Willing", "Carl Willing", "Dorte Willing"]
    assert found(cast, asked="seatless") == ["Ane Willing", "Bent Willing", "Dorte Willing"]
    client.force_login(cast.convener)
    html = client.get(page_of("invite_from_register")).content.decode()
    assert html.count("last asked on") == 2
    assert html.count("never asked") == 2
    assert html.count("takes part in a partnership here") == 1


def asked_in(cast, arena, who, days):
    at = timezone.now() - days * DAY
    Invitation.objects.create(
        partnership=arena, number=Invitation.objects.count() + 1, address=who.email.upper(), invited_by=cast.convener,
        state="sent", queued_at=at, expires_at=at + 30 * DAY, nonce="x",
    )  # fmt: skip


def test_those_ticked_are_drafted_at_their_proven_address_in_their_language(client, cast):
    families = group(cast, sector="civil_society")
    ane, bent = person("Ane Willing"), person("Bent Willing")
    ane.emailaddress_set.create(email="ane@example.net", verified=False, primary=False)
    ane.email = "somewhere-else@example.net"  # where we write for now; nobody has proved it
    ane.save()
    join_register(cast, ane, language="da")
    join_register(cast, bent)
    client.force_login(cast.convener)
    typed = {
        "whom": "ticked",
        "people": [str(ane.pk)],
        "why_you": "You know the bay.",
        "group": str(families.pk),
    }
    answer = client.post(page_of("invite_from_register"), typed)
    assert answer.url == page_of("send_invitations")
    row = Invitation.objects.get()
    assert (row.name, row.address, row.language) == ("Ane Willing", "ane@example.org", "da")
    assert (row.group, row.sector, row.why_you, row.state) == (
        families,
        "civil_society",
        "You know the bay.",
        "draft",
    )


def test_all_found_are_drafted_and_who_is_left_out_is_said(client, cast):
    people = [person(f"R{n} Willing") for n in range(25)]
    for who in people:
        join_register(cast, who, area="Havdrup")
    join_register(cast, cast.politician, area="Elsewhere")
    draft(cast, "r0@example.org")
    people[1].emailaddress_set.all().delete()
    client.force_login(cast.convener)
    address = page_of("invite_from_register") + "?area=Havdrup"
    assert client.get(address).content.decode().count('name="people"') == 20
    answer = client.post(address, {"whom": "found"}, follow=True).content.decode()
    assert "23 invitations are written." in answer
    assert "1 person is invited already and was left out." in answer
    assert "has no confirmed address, and was left out." in answer
    assert Invitation.objects.count() == 24
    seen = [who.pk for who in people[:20]]
    again = client.post(address, {"whom": "page", "shown": seen}, follow=True).content.decode()
    assert "0 invitations are written." in again
    assert Invitation.objects.count() == 24
    send(cast)
    assert found(cast, asked="never") == ["Pia Politician", "R1 Willing"]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"whom": "ticked"},
        {"whom": "everybody"},
        {"whom": "ticked", "people": ["nobody"]},
        {"whom": "ticked", "people": ["00000000-0000-0000-0000-000000000000"]},
        {"whom": "page", "group": "x"},
        {"whom": "page", "seat": "x"},
        {"whom": "page", "why_you": "x" * 1001},
    ],
)
def test_bad_input_of_a_convener_is_said(client, cast, wrong):
    join_register(cast, cast.outsider)
    client.force_login(cast.convener)
    answer = client.post(page_of("invite_from_register"), wrong)
    assert answer.status_code == 422
    assert "Uffe Outsider" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_a_search_with_nonsense_finds_all_or_nobody_and_never_breaks(client, cast):
    join_register(cast, cast.outsider)
    client.force_login(cast.convener)
    for query in (
        "?sector=aliens",
        "?asked=x",
        "?q=%00",
        f"?q={'x' * 300}",
        "?area=%F0%9F",
        "?q='%20or%201=1",
    ):
        assert client.get(page_of("invite_from_register") + query).status_code == 200, query
    assert client.get(page_of("invite_from_register") + "?page=2").status_code == 404
    for seats in ("", "0", "501", "x"):
        answer = client.post(page_of("freeze_register"), {"lot-seats": seats})
        assert answer.status_code == 422


def test_a_convener_who_may_not_look_reads_why(client, cast):
    Office.objects.filter(person=cast.convener).update(until=timezone.now())
    client.force_login(cast.convener)
    html = client.get(page_of("invite")).content.decode()
    assert "list of conveners can look into the register" in html
    assert page_of("invite_from_register") not in html


def test_only_this_platforms_register(cast):
    elsewhere = Platform.objects.create(
        slug="elsewhere", name="Elsewhere", owner=cast.municipality, contact_name="A", contact_phone="1",
        controller="A", legal_basis="B", data_protection_contact="C",
    )  # fmt: skip
    actions.register.join_register(platform=elsewhere, by=cast.outsider, at=timezone.now(), **SAID)
    assert found(cast) == []
    with pytest.raises(Conflict):
        actions.register.leave_register(platform=cast.platform, by=cast.outsider, at=timezone.now())
    assert Partnership.objects.get(slug="seaweed").platform == cast.platform
    assert reverse("join_register", args=["elsewhere"]) == "/platforms/elsewhere/register/"
