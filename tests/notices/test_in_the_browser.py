"""What a reader clicks in a mail, and the mail itself, in a real browser."""

import pytest
from playwright.sync_api import expect

from notices.actions import drain
from notices.models import Preference
from tests.browser import AXE, RULES, assert_accessible
from tests.notices.kinds import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_reader_stops_messages_and_wants_them_again(new_page, owe, post_office, width):
    owe(1, scope=person(5))
    drain("bulk")
    link = post_office.message(1)["List-Unsubscribe"].strip("<> ").removeprefix("http://localhost:8000")
    page = new_page(width=width)
    page.goto(link)
    assert_accessible(page)
    page.get_by_role("button", name="Stop these messages").click()
    expect(page.get_by_role("heading", name="You no longer get these messages")).to_be_visible()
    assert Preference.objects.get().choice == "off"
    assert_accessible(page)
    page.get_by_role("button", name="Send them to me again").click()
    expect(page.get_by_role("heading", name="Stop these messages?")).to_be_visible()
    assert Preference.objects.get().choice == "at_once"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [700, 320])
def test_a_mail_can_be_read_in_light_and_dark_on_a_phone(new_page, owe, post_office, world, width, scheme):
    world.facts = {
        "sender_name": "Østerå Kommune",
        "contact_name": "Ida Mørk",
        "contact_phone": "+45 12 34 56 78",
        "privacy_link": "https://osteraa.example/privacy",
    }
    owe(1, kind="many")
    drain("bulk")
    page = new_page(width=width, color_scheme=scheme)
    page.set_content(post_office.message(1).get_body(("html",)).get_content())
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    # A mail is no page of a site: it needs no landmarks, and its first heading is its subject.
    assert [
        v["id"] for v in found if v["id"] not in ("region", "landmark-one-main", "page-has-heading-one")
    ] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
