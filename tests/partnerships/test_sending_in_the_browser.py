"""The page of how far the invitations are renews itself in a real browser, and stops when all have left."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from partnerships.models import Invitation
from tests.browser import assert_accessible
from tests.cast import make_cast
from tests.partnerships.inviting import State, draft, page_of, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(client, page, person, site):
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


def test_it_renews_itself_and_says_so_seldom(client, new_page, live_server):
    cast = make_cast()
    draft(cast, *[f"p{n}@example.net" for n in range(4)])
    send(cast)
    page = new_page(width=390)
    sign_in(client, page, cast.convener, live_server.url)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "left=" in request.url else None)
    page.goto(page_of(cast, "sending"))
    assert_accessible(page)
    said = page.locator("#sending-said")
    expect(page.get_by_text("0 of 4")).to_be_visible()
    Invitation.objects.filter(number__lte=2).update(state=State.SENT)
    expect(said).to_have_text("2 of 4 have left.", timeout=30_000)
    Invitation.objects.update(state=State.SENT)
    expect(said).to_have_text("All have left.", timeout=30_000)
    expect(page.get_by_text("4 of 4")).to_be_visible()
    assert_accessible(page)
    number = len(asked)
    page.wait_for_timeout(2_500)
    assert len(asked) == number
