"""The same site with scripts switched off: convene, invite, answer, say and decide, every form of it."""

import pytest

from tests.journeys.deeds import (
    ARENA,
    asks_the_members,
    close_the_decision,
    convene,
    go_on,
    invite,
    says,
    says_yes,
    set_aside,
    takes_position,
    writes,
)

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "Do we adopt these ground rules?"
WISH = "A bench by the jetty, so that my mother can come along."


def adopt_the_ground_rules(karen, bo):
    karen.visit(f"{ARENA}charter/")
    karen.press("Begin from the draft")
    writes(karen)
    asks_the_members(karen)
    bo.opens_mail(QUESTION)
    bo.fill(choice="object")
    bo.press("Take this position")
    bo.reads("Write why you object, so that the others can meet it.")
    takes_position(bo, QUESTION, "stand_aside", "I would meet in the evening.")
    takes_position(karen, QUESTION)
    close_the_decision(karen, QUESTION, bo)
    karen.reads("I would meet in the evening.")


def finds(who, words, *, among):
    """Search what was said: the form puts its words in the address."""
    who.visit(f"{ARENA}say/")
    who.page.locator("[name=q]").fill(words)
    who.press("Search")
    assert "?q=" in who.page.url
    who.reads(among)


def signs_out(who):
    who.page.locator("header summary").click()
    with who.page.expect_navigation():
        who.page.get_by_role("button", name="Sign out").click()
    who.visit("/mine/")
    assert "/account/" in who.here


def test_without_javascript_a_partnership_begins_and_decides(arrive):
    karen = arrive("karen@example.org", java_script_enabled=False)
    assert karen.visit("/") == 200
    assert not karen.page.evaluate("'htmx' in window")
    karen.sign_in()
    convene(karen)
    invite(karen, "Bo Lund, bo@example.net", count=1, slip=("bo at example.net", "bo@example.net"))
    set_aside(karen, "interdependence", "We write it when everybody sits at the table.")
    go_on(karen, "Convene")

    bo = arrive("bo@example.net", width=390, java_script_enabled=False)
    says_yes(bo, function="Lives by the beach")
    says(bo, "idea", WISH, wants_answer=True)
    finds(karen, "jetty", among=WISH)
    adopt_the_ground_rules(karen, bo)
    signs_out(bo)
