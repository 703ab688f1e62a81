"""Gates of many partnerships: facts of all of them in one query, judged as those of one."""

import pytest

from actors.models import Sector, Side
from cocreate.stages import APPS, gate, gates_of
from partnerships.models import Text, Waiver
from partnerships.stages import Stage
from problems.models import Indicator
from solutions.models import Proposal
from tests.cast import join, make_cast, partnership

pytestmark = pytest.mark.django_db


def test_gates_of_many_are_each_its_own_in_two_queries(django_assert_num_queries):
    cast = make_cast()
    arenas = [
        partnership(cast.platform, stage=stage, slug=f"{stage}-{number}", by=cast.convener)
        for stage in Stage
        for number in range(2)
    ]
    for arena in arenas[::2]:
        join(arena, cast.convener, side=Side.PUBLIC, sector=Sector.PUBLIC)
        join(arena, cast.citizen)
        Indicator.objects.create(partnership=arena, name="Smell", unit="days", baseline=40)
        proposal = Text.objects.create(partnership=arena, kind=Text.Kind.PROPOSAL, title="A")
        Proposal.objects.create(text=proposal, partnership=arena, novelty="adapted")
        visit = arena.visits.get(left_at=None)
        Waiver.objects.create(
            visit=visit, criterion="charter", reason="x", by=cast.citizen, at=visit.entered_at
        )
    with django_assert_num_queries(2):
        found = gates_of([*arenas, cast.partnership])
    alone = {arena.pk: gate(arena) for arena in [*arenas, cast.partnership]}
    assert found == alone
    both_sides = [
        arena.slug
        for arena in arenas
        if any(c.key == "both_sides" and c.met for c in found[arena.pk].criteria)
    ]
    assert both_sides == ["convene-0"]
    assert [arena.slug for arena in arenas if found[arena.pk].waived] == [one.slug for one in arenas[::2]]


def test_facts_of_gates_have_names_of_their_own():
    """Otherwise one app's fact would stand in for another's."""
    names = [name for stage in Stage for app in APPS for name in app.FACTS.get(stage, {})]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("stage", list(Stage))
def test_a_gate_costs_two_queries(stage, django_assert_num_queries):
    cast = make_cast(stage=stage)
    with django_assert_num_queries(2):
        gate(cast.partnership)
