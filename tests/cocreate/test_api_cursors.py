"""Following `next` through a list of the API reaches every row once, whatever the list is ordered by."""

import pytest

from tests.pages.site_map import interfaces
from tests.pages.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.pages.urls")]


def rows_by_pages(client, address):
    """Every row, as the pages give them, and how many pages it took."""
    found, pages = [], 0
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.content)
        page = answer.json()
        found += page["results"]
        address, pages = page["next"], pages + 1
    return found, pages


def test_every_list_is_whole_in_small_pages(client):
    world = World().grow(2)
    client.force_login(world.cast.convener)
    wrong = {}
    for resource in interfaces(world):
        address = resource.path(world)
        sized = f"{address}{'&' if '?' in address else '?'}page_size="
        at_once, _one = rows_by_pages(client, f"{sized}200")
        one_by_one, pages = rows_by_pages(client, f"{sized}1")
        if one_by_one != at_once or pages != len(at_once):
            wrong[resource.name] = (len(at_once), len(one_by_one), pages)
    assert wrong == {}
