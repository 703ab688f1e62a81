"""The header is drawn once for all who see the same, and shows each reader their own."""

import re

import pytest

from actors.models import Person
from tests.cast import make_cast

pytestmark = pytest.mark.django_db
NAMES = ["A reader", '<script>alert("x")</script>', "\ufffdcsrf_token\ufffd"]


@pytest.mark.parametrize("name", NAMES)
def test_each_reader_sees_their_own_name_as_they_wrote_it(client, name):
    assert "co-menu__who" not in client.get("/help/").text
    client.force_login(Person.objects.create_user(name=name, language="en"))
    page = client.get("/help/").text
    shown = name.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    assert f'<p class="co-menu__who">{shown}</p>' in page
    client.logout()
    assert shown not in client.get("/help/").text


def test_what_a_platform_is_called_is_only_shown(client):
    cast = make_cast()
    cast.platform.name = "\ufffdnothing\ufffd <b>"
    cast.platform.save()
    assert "\ufffdnothing\ufffd &lt;b&gt;" in client.get(cast.partnership.get_absolute_url()).text


def test_the_language_form_leads_back_to_this_page_and_needs_no_cookie(client):
    client.handler.enforce_csrf_checks = True
    for path in ("/help/", "/help/?a=%22%3E&b=2", "/help/"):
        page = client.get(path).text
        assert f'name="next" value="{path.replace("&", "&amp;")}"' in page
        assert "\ufffd" not in page
    assert client.post("/language/", {"language": "da", "next": "/help/"}).status_code == 302
    assert '<html lang="da"' in client.get("/help/").text


def test_signing_out_takes_the_token_of_this_reader(client):
    client.handler.enforce_csrf_checks = True
    tokens = set()
    for name in ("One", "Another"):
        client.force_login(Person.objects.create_user(name=name, language="en"))
        (token,) = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/help/").text))
        tokens.add(token)
        assert client.post("/account/logout/").status_code == 403
        assert client.post("/account/logout/", {"csrfmiddlewaretoken": token}).status_code == 302
        assert "co-menu__who" not in client.get("/help/").text
    assert len(tokens) == 2


SECTIONS = [
    "",
    "people/",
    "say/",
    "problem/",
    "solutions/",
    "decisions/",
    "authorization/",
    "meetings/",
    "record/",
]


def test_who_only_reads_gets_no_cookie(client):
    arena = make_cast().partnership.get_absolute_url()
    for path in ["/", "/help/", "/partnerships/", "/privacy/", *(arena + section for section in SECTIONS)]:
        answer = client.get(path)
        assert answer.status_code == 200
        assert not answer.cookies, path


def test_the_menu_marks_where_one_is(client):
    assert '<a href="/help/" aria-current="page">' in client.get("/help/").text
    assert '<a href="/help/">' in client.get("/partnerships/").text
