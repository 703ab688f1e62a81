"""Who the site knows when a journey begins."""

import pytest

from actors.models import Organization, Sector
from partnerships.models import Office
from tests.cast import person, platform
from tests.journeys.visitor import Visitor


@pytest.fixture
def arrive(new_page, smtp_sink):
    """Somebody comes to a platform that has a convener and a case officer: arrive("karen@example.org", width=390)."""
    owner = Organization.objects.create(name="Solrød Municipality", sector=Sector.PUBLIC)
    host = platform(owner)
    for name, kind in (("Karen Convener", "convener"), ("Kim Caseofficer", "case_officer")):
        Office.objects.create(platform=host, person=person(name), kind=kind)

    met = set()

    def somebody(address, **window):
        return Visitor(new_page(locale="en-GB", **window), address, smtp_sink, met)

    return somebody
