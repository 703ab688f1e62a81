"""Queries whose SQL is written once: every reading sees the database as it is, and only values are put in."""

import uuid

import pytest
from django.db.models import Value
from django.db.models.functions import Upper

from actors.models import Organization, Sector
from boundary.kept import MOST, kept

pytestmark = pytest.mark.django_db


@kept
def called(name):
    return Organization.objects.filter(name=name).order_by("pk")


@kept
def first_names(sector, number):
    return Organization.objects.filter(sector=sector).order_by("name").values_list("name", flat=True)[:number]


@kept
def of(pk):
    return Organization.objects.filter(pk=pk)


def organizations(*names):
    return [
        Organization.objects.create(name=name, sector=Sector.PUBLIC, kind="municipality") for name in names
    ]


def test_each_reading_sees_the_rows_as_they_are_now(django_assert_num_queries):
    assert called("Harbour") == []
    harbour, town = organizations("Harbour", "Town")
    assert (called("Harbour"), called("Town")) == ([harbour], [town])
    harbour.name = "Port"
    harbour.save()
    with django_assert_num_queries(2):
        assert (called("Harbour"), called("Port")) == ([], [harbour])


def test_a_value_is_never_read_as_sql():
    (odd,) = organizations("x' OR '1'='1' -- %s {0}")
    organizations("Town")
    assert called(odd.name) == [odd]
    assert called("' OR '1'='1") == []


def test_numbers_and_nothing_have_statements_of_their_own():
    one, *_rest = organizations("A", "B", "C")
    assert first_names(Sector.PUBLIC, 2) == ["A", "B"]
    assert first_names(Sector.PUBLIC, 1) == ["A"]
    assert [first_names(Sector.PUBLIC, number) for number in range(1, MOST + 9)][-1] == ["A", "B", "C"]
    assert (of(one.pk), of(uuid.uuid4()), of(None)) == ([one], [], [])


def test_what_cannot_be_kept_says_so():
    changed = kept(lambda name: Organization.objects.filter(name__icontains=name))
    with pytest.raises(TypeError, match="does not reach the SQL"):
        changed("a%")
    with pytest.raises(TypeError, match="prefetch_related"):
        kept(lambda: Organization.objects.prefetch_related("members"))()
    upper = kept(lambda name: Organization.objects.annotate(upper=Upper(Value(name))).filter(name=name))
    (town,) = organizations("Town")
    assert [row.upper for row in upper("Town")] == ["TOWN"]
    assert upper("Town") == [town]
