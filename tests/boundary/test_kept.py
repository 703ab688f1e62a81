"""Queries whose SQL is written once: every reading sees the database as it is, and only values are put in."""

import uuid

import pytest
from django.db import NotSupportedError, connection, transaction
from django.db.models import Value
from django.db.models.functions import Upper

from actors.models import Organization, Sector
from boundary.kept import MOST, PREPARED_AFTER, kept

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


def prepared():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'kept_%'")
        return cursor.fetchone()[0]


@pytest.fixture
def often():
    """A kept query of its own, read until the database has prepared it."""

    @kept
    def named(name, pk):
        return Organization.objects.filter(name=name).exclude(pk=pk).order_by("pk")

    before = prepared()
    for _ in range(PREPARED_AFTER):
        named("nobody", uuid.uuid4())
    assert prepared() == before
    named("nobody", uuid.uuid4())
    assert prepared() == before + 1
    return named


def test_what_is_read_again_is_prepared_once_and_reads_the_same(often, django_assert_num_queries):
    harbour, town = organizations("Harbour", "Town")
    (odd,) = organizations("x' OR '1'='1' -- %s {0}")
    before = prepared()
    with django_assert_num_queries(4):
        assert often("Harbour", town.pk) == [harbour]
        assert often("Harbour", harbour.pk) == []
        assert often(odd.name, town.pk) == [odd]
        assert often("' OR '1'='1", town.pk) == []
    assert prepared() == before


@pytest.mark.django_db(transaction=True)
def test_a_prepared_statement_outlives_a_transaction_and_is_prepared_anew_on_a_new_connection(often):
    with transaction.atomic():
        (harbour,) = organizations("Harbour")
        assert often("Harbour", uuid.uuid4()) == [harbour]
        transaction.set_rollback(True)
    assert often("Harbour", uuid.uuid4()) == []
    connection.close()
    (harbour,) = organizations("Harbour")
    assert prepared() == 0
    assert often("Harbour", uuid.uuid4()) == [harbour]
    assert prepared() == 1


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_between_two_requests_is_replaced_unnoticed(often):
    organizations("Harbour")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
    other.close()
    connection.close_if_unusable_or_obsolete()  # as Django does before each request
    assert [one.name for one in often("Harbour", uuid.uuid4())] == ["Harbour"]
    assert prepared() == 1


@pytest.mark.django_db(transaction=True)
def test_a_migration_under_a_prepared_statement_is_noticed_by_nobody_or_once(often):
    organizations("Harbour")
    other = connection.copy()

    def widen(width):
        with other.cursor() as cursor:
            cursor.execute(f"ALTER TABLE actors_organization ALTER COLUMN kind TYPE varchar({width})")

    try:
        widen(90)
        assert len(often("Harbour", uuid.uuid4())) == 1
        often("Harbour", uuid.uuid4())
        widen(80)
        with pytest.raises(NotSupportedError), transaction.atomic():
            often("Harbour", uuid.uuid4())
        connection.close_if_unusable_or_obsolete()  # as Django does before each request
        with transaction.atomic():
            assert len(often("Harbour", uuid.uuid4())) == 1
    finally:
        widen(80)
        other.close()


def test_a_connection_prepares_no_more_than_its_share(monkeypatch):
    monkeypatch.setattr("boundary.kept.MOST_PREPARED", prepared())
    organizations("A", "B")
    before = prepared()
    for _ in range(PREPARED_AFTER + 3):
        assert kept_in_a_full_house("A", 1) == ["A"]
    assert prepared() == before


@kept
def kept_in_a_full_house(name, number):
    return Organization.objects.filter(name=name).values_list("name", flat=True)[:number]


def test_behind_a_pooler_nothing_is_prepared():
    behind = {**connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS": True}
    own, connection.settings_dict = connection.settings_dict, behind
    try:
        before = prepared()
        for _ in range(PREPARED_AFTER + 3):
            assert called("nobody") == []
        assert prepared() == before
    finally:
        connection.settings_dict = own
