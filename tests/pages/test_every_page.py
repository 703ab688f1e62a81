"""Every page of the site: none forgotten, none that breaks, none that asks the database more when there is more."""

import itertools

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from actors.models import Person
from tests.browser import assert_accessible
from tests.pages.site_map import FILES, NO_PAGE, SITE, interfaces, names_of
from tests.pages.world import World

pytestmark = pytest.mark.urls("tests.pages.urls")
MOST_QUERIES = 12
PARTS = 4
# Width, colour scheme, language: four of the eight together hold every pair.
EACH = list(itertools.product((1280, 390), ("light", "dark"), ("en", "da")))
PAIRS = [(1280, "light", "en"), (1280, "dark", "da"), (390, "light", "da"), (390, "dark", "en")]


# --- none is forgotten ------------------------------------------------------------------------------------------


def test_every_address_of_the_site_is_visited_or_says_why_not():
    listed = {page.name for page in [*SITE, *FILES]} | set(NO_PAGE)
    named = {name for name in names_of() if not name.startswith("api_") or name == "api_schema"}
    assert {
        "not visited": named - listed - {"api_reference"},
        "gone": listed - named - {"api_reference"},
    } == {
        "not visited": set(),
        "gone": set(),
    }


def test_nothing_is_a_page_and_none():
    assert {page.name for page in [*SITE, *FILES]} & set(NO_PAGE) == set()


# --- in the browser ---------------------------------------------------------------------------------------------


class Visitors:
    """Everybody of a world in one browser window, one after the other, each with their own session."""

    def __init__(self, page, site, world, language):
        self.page, self.site, self.world = page, site, world
        self.keys = {}
        Person.objects.update(language=language)

    def come_in(self, name):
        self.page.context.clear_cookies()
        if name is None:
            return
        if name not in self.keys:
            client = Client()
            client.force_login(self.world.who(name))
            self.keys[name] = client.cookies["sessionid"].value
        cookie = {"name": "sessionid", "value": self.keys[name], "url": self.site}
        self.page.context.add_cookies([cookie])

    def faults_of(self, visited):
        """What is wrong with one page, as sentences."""
        self.come_in(visited.who)
        self.page.faults.clear()
        answer = self.page.goto(visited.path(self.world))
        if answer.status != visited.status or not self.page.url.endswith(answer.request.url):
            return [f"{visited}: {answer.status} at {self.page.url}"]
        if visited.status >= 500:  # the browser repeats the answer that was expected
            self.page.faults = [one for one in self.page.faults if f"status of {visited.status}" not in one]
        try:
            assert_accessible(self.page)
        except AssertionError as found:
            return [f"{visited}: {found}"]
        return []


def look_at(pages, new_page, site, looks):
    """Visit the pages in a world of their own and fail with everything that is wrong."""
    width, scheme, language = looks
    with translation.override("en"):
        world = World().grow(3)
    page = new_page(width=width, color_scheme=scheme, locale={"en": "en-GB", "da": "da-DK"}[language])
    visitors = Visitors(page, site, world, language)
    faults = [fault for visited in pages for fault in visitors.faults_of(visited)]
    assert not faults, "\n\n".join(faults)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_once(new_page, live_server, part):
    look_at(SITE[part::PARTS], new_page, live_server.url, PAIRS[part])


@pytest.mark.pages
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("looks", EACH, ids=lambda looks: "-".join(map(str, looks)))
def test_every_page_in_every_way(new_page, live_server, looks, part):
    look_at(SITE[part::PARTS], new_page, live_server.url, looks)


# --- what it costs ----------------------------------------------------------------------------------------------


def costs(world, pages):
    """{page: number of queries}, each asked a second time, so that nothing is counted that happens once."""
    clients, found = {}, {}
    for visited in pages:
        if visited.who not in clients:
            clients[visited.who] = Client()
            if visited.who:
                clients[visited.who].force_login(world.who(visited.who))
        path, client = visited.path(world), clients[visited.who]
        fetch(client, path)
        with CaptureQueriesContext(connection) as queries:
            status = fetch(client, path)
        found[visited] = len(queries) if status == visited.status else f"status {status}"
    return found


def fetch(client, path):
    """The status of the answer, read to its end: a file that is streamed asks on the way."""
    answer = client.get(path)
    if answer.streaming:
        list(answer.streaming_content)
    return answer.status_code


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(2))
def test_every_page_asks_little_and_no_more_when_there_is_more(part):
    world = World().grow(3)
    pages = [*SITE, *FILES, *interfaces(world)][part::2]
    few = costs(world, pages)
    many = costs(world.grow(60), pages)
    wrong = {str(page): (few[page], many[page]) for page in pages if few[page] != many[page]}
    wrong |= {
        str(page): few[page] for page in pages if not isinstance(few[page], int) or few[page] > MOST_QUERIES
    }
    assert wrong == {}
