"""The gate of convening: whether those who are hit hardest sit at the table, and what a template leaves out."""

import pytest
from django.utils import timezone

from cocreate.stages import gate
from partnerships.models import Group, Member, Seat
from partnerships.stages import Stage
from tests.cast import make_cast
from tests.cocreate.test_gates import judged

pytestmark = pytest.mark.django_db


def detail(cast, key):
    return next(one.detail for one in gate(cast.partnership).criteria if one.key == key)


def test_a_soft_criterion_can_be_left_out_and_a_hard_one_cannot():
    """As the platform and the template of a partnership have it."""
    cast = make_cast(stage=Stage.INITIATE, gates={"incentives": "off", "sponsor": "off"})
    assert set(judged(cast)) == {
        *("sponsor", "promise_asked", "interdependence", "names_no_solution", "readiness")
    }


def test_groups_that_are_hit_hardest_have_a_seat_or_an_advocate_with_a_reason():
    cast = make_cast(stage=Stage.CONVENE)
    facts = {"partnership": cast.partnership, "relevance": 1}
    Group.objects.create(name="Shops", affectedness=2, **facts)
    assert judged(cast)["groups_seated"] is False  # who is hit hardest is not even named
    group = Group.objects.create(name="Families", affectedness=3, **facts)
    assert "Families" in detail(cast, "groups_seated")
    seat = Seat.objects.create(partnership=cast.partnership, group=group, sector="citizens")
    assert judged(cast)["groups_seated"] is True
    seat.delete()
    Group.objects.filter(pk=group.pk).update(advocate=cast.member(cast.citizen))
    assert judged(cast)["groups_seated"] is False
    Group.objects.filter(pk=group.pk).update(no_seat_reason="They asked for it.")
    assert judged(cast)["groups_seated"] is True
    Member.objects.filter(pk=cast.member(cast.citizen).pk).update(left_at=timezone.now())
    assert judged(cast)["groups_seated"] is False
