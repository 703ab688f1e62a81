"""The header is drawn once for all who see the same, and shows each reader their own."""

import re

import pytest

from actors.models import Person

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


def test_the_forms_of_the_header_are_this_readers(client):
    """The language form leads back to this page, and each answer has a token of its own that works."""
    client.handler.enforce_csrf_checks = True
    tokens = set()
    for path in ("/help/", "/help/?a=%22%3E&b=2", "/help/"):
        page = client.get(path).text
        tokens.update(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page))
        assert f'name="next" value="{path.replace("&", "&amp;")}"' in page
        assert "\ufffd" not in page
    assert len(tokens) == 3
    for token in tokens:
        sent = {"language": "da", "next": "/help/", "csrfmiddlewaretoken": token}
        assert client.post("/language/", sent).status_code == 302


def test_the_menu_marks_where_one_is(client):
    assert '<a href="/help/" aria-current="page">' in client.get("/help/").text
    assert '<a href="/help/">' in client.get("/partnerships/").text
