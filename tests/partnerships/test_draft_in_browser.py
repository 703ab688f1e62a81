"""What only a browser shows of a draft: it is kept while one types, and nothing that is typed moves or is lost."""

import pytest
from django.test import Client

from tests.browser import assert_accessible
from tests.cast import make_cast
from tests.partnerships.reading import address
from tests.partnerships.test_drafts import save, words
from tests.partnerships.writing import start, write

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_draft_is_kept_while_one_types_and_a_clash_is_settled_by_keyboard(new_page, live_server):
    cast = make_cast()
    text = start(cast)
    write(cast, text, what="One.\n\nTwo.", causes="Currents.")
    visitor = Client()
    visitor.force_login(cast.citizen)
    page = new_page(width=390)
    cookie = {"name": "sessionid", "value": visitor.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(live_server.url + address("write", cast, text.pk))
    box = page.locator("#id_section_what")
    box.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Number ")
    page.locator("#draft-kept", has_text="Draft saved at").wait_for(timeout=15_000)
    assert words(text)["what"] == "Number One.\n\nTwo."
    assert page.evaluate("document.activeElement.id") == "id_section_what"
    save(text, cast.official, words(text), what="Number One.\n\nTwo, by Inge.", causes="Nitrogen.")
    page.keyboard.type("one, ")  # goes on where it was
    page.locator("#draft-kept", has_text="Draft saved at").wait_for()
    with page.expect_response("**/draft/"):
        pass
    assert words(text) == {"what": "Number one, One.\n\nTwo, by Inge.", "causes": "Nitrogen."}
    assert box.input_value() == "Number one, One.\n\nTwo."
    page.get_by_role("button", name="Publish as a new revision").focus()
    page.keyboard.press("Enter")  # first what was joined is shown
    page.get_by_text("The draft has changed while you wrote").wait_for()
    page.faults[:] = [fault for fault in page.faults if "409" not in fault]
    assert_accessible(page)
    assert box.input_value() == "Number one, One.\n\nTwo, by Inge."
    page.get_by_role("button", name="Publish the merged text").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**" + address("text", cast, text.pk))
    assert text.revisions.first().body["what"] == "Number one, One.\n\nTwo, by Inge."
