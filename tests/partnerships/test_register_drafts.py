"""Drafts to people in the register: they go with the entry, and show no address before somebody is asked."""

import re

import pytest
from django.utils import timezone

from cocreate.forget import forget_person
from journal.models import Entry
from notices.actions import drain
from partnerships import actions
from partnerships.models import Invitation, Willingness
from tests.cast import make_cast, person
from tests.partnerships.calling import DAY, join_register, page_of
from tests.partnerships.inviting import draft, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def drafted(cast, *people):
    return actions.register.invite_from_register(
        partnership=cast.partnership,
        people=[who.pk for who in people],
        why_you="",
        by=cast.convener,
        at=timezone.now(),
    ).invitations


def leave(cast, who):
    actions.register.leave_register(platform=cast.platform, by=who, at=timezone.now())


def lapse(_cast, who):
    actions.register.end_lapsed(at=who.willing.get().lapses_at)


def be_forgotten(_cast, who):
    forget_person(person=who, by=who, at=timezone.now())


@pytest.mark.parametrize("end", [leave, lapse, be_forgotten])
def test_a_draft_goes_with_the_entry_that_it_came_from_and_is_never_sent(cast, smtp_sink, end):
    goes, stays = person("Ane Willing"), person("Bent Willing")
    for who in (goes, stays):
        join_register(cast, who, at=timezone.now() - (who == goes) * 300 * DAY)
    row, other = drafted(cast, goes, stays)
    pasted = draft(cast, "ane2@example.org")[0]
    end(cast, goes)
    row.refresh_from_db()
    assert (row.state, row.address, row.name, row.reason) == (
        "withdrawn",
        "",
        "",
        "Is not in the register any more.",
    )
    assert Entry.objects.filter(verb="invitation.left_register").count() == 1
    assert send(cast) == 2
    drain("bulk")
    assert [len(smtp_sink.to(row.address)) for row in (other, pasted)] == [1, 1]
    assert smtp_sink.to("ane@example.org") == []


def test_a_draft_is_not_sent_after_the_entry_lapsed_even_while_the_clock_stands_still(cast):
    join_register(cast, cast.outsider)
    (row,) = drafted(cast, cast.outsider)
    Willingness.objects.update(since=timezone.now() - 9 * DAY, lapses_at=timezone.now() - DAY)
    assert send(cast) == 0
    row.refresh_from_db()
    assert row.state == "draft"


def test_an_address_from_the_register_is_shown_once_its_owner_is_asked(client, cast):
    asked, not_asked = person("Ane Willing"), person("Bent Willing")
    for who in (asked, not_asked):
        join_register(cast, who)
    drafted(cast, asked, not_asked)
    draft(cast, "pasted@example.org")
    client.force_login(cast.convener)
    pages = [page_of(name) for name in ("invitations", "invitations_file", "send_invitations")]

    def shown(page):
        html = client.get(page).content.decode()
        return [who for who in (asked, not_asked) if who.email in html], html

    for page in pages:
        found, html = shown(page)
        assert (found, "address from the register" in html) == ([], True), page
        assert "pasted@example.org" in html
    assert "Bent" not in client.get(page_of("invitations") + "?q=bent@").content.decode()  # nor guessed
    client.post(page_of("withdraw_drafts") + "?q=Bent", {"number": 1})
    assert Invitation.objects.get(name="Bent Willing").address == ""
    assert shown(pages[0])[1].count("address from the register") == 2
    send(cast)
    assert [shown(page)[0] for page in pages[:2]] == [[asked]] * 2


def test_everybody_on_the_page_means_those_who_were_looked_at(client, cast):
    seen, gone = person("Carl Willing"), person("Dorte Willing")
    for who in (seen, gone):
        join_register(cast, who)
    client.force_login(cast.convener)
    html = client.get(page_of("invite_from_register")).content.decode()
    ids = re.findall(r'name="shown" value="([^"]+)"', html)
    assert ids == [str(seen.pk), str(gone.pk)]
    join_register(cast, person("Ane Unseen"))
    leave(cast, gone)
    client.post(page_of("invite_from_register"), {"whom": "page", "shown": ids})
    assert [row.name for row in Invitation.objects.all()] == ["Carl Willing"]
