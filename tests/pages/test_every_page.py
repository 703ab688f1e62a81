"""Every page of the site: none forgotten, none that breaks, none that asks the database more when there is more."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from actors.models import Person
from cocreate.templatetags import once
from partnerships.models import Platform
from tests.browser import COLOUR_RULES, RULES, faults_as_it_looks, too_narrow_for
from tests.pages.no_pages import NO_PAGE
from tests.pages.site_map import FILES, SITE, interfaces, names_of
from tests.pages.world import World

pytestmark = pytest.mark.urls("tests.pages.urls")
MOST_QUERIES = 12
PARTS = 4
DANISH_LOOK = (390, "light")
# Width, colour scheme and language of every day: four of the eight together hold every pair.
PAIRS = [(1280, "light", "en"), (1280, "dark", "da"), (390, "light", "da"), (390, "dark", "en")]
# All of a language, in the order in which the fewest things change from one to the next. Danish changes words and the
# room they take, no colours: it is looked at in the light.
EVERY_LOOK = {
    "en": [(1280, "light"), (1280, "dark"), (390, "dark"), (390, "light")],
    "da": [(1280, "light"), (390, "light")],
}


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


def rules_for(look, language, looks):
    """What axe-core looks for in one of these looks of a page.

    All of it in each width, in another scheme the colours. In Danish, which changes words only, all of it once, on a
    phone, where words are longest; None in its other looks, which are drawn and measured all the same.
    """
    if language == "da" and len(looks) > 1:
        return RULES if look == DANISH_LOOK else None
    met = {width for width, _scheme in looks[: looks.index(look)]}
    return COLOUR_RULES if look[0] in met else RULES


class Visitors:
    """Everybody of a world in one browser window, one after the other, each with their own session."""

    def __init__(self, page, site, world, language, scheme):
        self.page, self.site, self.world, self.scheme = page, site, world, scheme
        self.language = language
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

    def faults_of(self, visited, looks):
        """What is wrong with one page in any of its looks, as sentences. It is fetched once: they are all in it."""
        self.come_in(visited.who)
        self.page.faults.clear()
        self.put_on(*looks[0])
        answer = self.page.goto(visited.path(self.world))
        if answer.status != visited.status or not self.page.url.endswith(answer.request.url):
            return [f"{visited}: {answer.status} at {self.page.url}"]
        if visited.status >= 500:  # the browser repeats the answer that was expected
            self.page.faults = [one for one in self.page.faults if f"status of {visited.status}" not in one]
        found = []
        for look in looks:
            self.put_on(*look)
            rules = rules_for(look, self.language, looks)
            found += [f"{visited} {look}: {fault}" for fault in faults_as_it_looks(self.page, rules)]
        return found + [f"{visited}: {fault}" for fault in too_narrow_for(self.page)]

    def put_on(self, width, scheme):
        """Change the window to this look, if it has another one."""
        page = self.page
        if self.scheme != scheme:
            page.emulate_media(color_scheme=scheme)
            self.scheme = scheme
        if page.viewport_size["width"] != width:
            page.set_viewport_size({"width": width, "height": page.viewport_size["height"]})


def look_at(pages, new_page, site, language, looks):
    """Visit the pages in a world of their own and fail with everything that is wrong."""
    once._kept.clear()
    with translation.override("en"):
        world = World().grow(3)
    page = new_page(
        width=looks[0][0], color_scheme=looks[0][1], locale={"en": "en-GB", "da": "da-DK"}[language]
    )
    visitors = Visitors(page, site, world, language, looks[0][1])
    faults = [fault for visited in pages for fault in visitors.faults_of(visited, looks)]
    assert not faults, "\n\n".join(faults)
    assert not people_kept_in_memory()


def people_kept_in_memory():
    """Names and addresses in what is drawn once for all: a person who is forgotten must be forgotten there too."""
    kept = "".join(once._kept.values())
    known = [*Person.objects.values_list("name", "email")]
    known += Platform.objects.values_list("contact_name", "contact_phone")
    return [mark for person in known for mark in person if mark and mark in kept]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_once(new_page, live_server, part):
    *look, language = PAIRS[part]
    look_at(SITE[part::PARTS], new_page, live_server.url, language, [look])


@pytest.mark.pages
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("language", ["en", "da"])
def test_every_page_in_every_look(new_page, live_server, language, part):
    look_at(SITE[part::PARTS], new_page, live_server.url, language, EVERY_LOOK[language])


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
