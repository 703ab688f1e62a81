"""Several kept queries in one way to the database: each gives what it gives alone."""

import datetime
import decimal
import uuid

import pytest
from django.db import connection
from django.db.models import F, Value

from actors.models import Organization, Sector
from boundary.kept import PREPARED_AFTER, kept, together
from partnerships.models import Line, Mandate, Member, Partnership, Revision, Text
from problems.models import Indicator
from tests.cast import make_cast

pytestmark = pytest.mark.django_db

ODD = 'O\'Neill \\ "%s {0}" \n</script> ☂'


@kept
def arena(slug):
    return Partnership.objects.filter(slug=slug).select_related("platform", "mandate")


@kept
def lines(partnership, number):
    return (
        Member.objects.filter(partnership=partnership)
        .order_by("joined_at", "pk")
        .values_list(*Line.of())[:number]
    )


@kept
def words(partnership):
    return Revision.objects.filter(text__partnership=partnership).select_related("text").order_by("number")


@kept
def measured(partnership, day):
    rows = Indicator.objects.filter(partnership=partnership).annotate(
        on=Value(day, Mandate._meta.get_field("ends_on"))
    )
    return rows.order_by("name")


@kept
def sectors(partnership):
    seats = (
        Member.objects.filter(partnership=partnership).order_by().annotate(what=Value("seat"), of=F("sector"))
    )
    others = Organization.objects.order_by().annotate(what=Value("body"), of=F("sector"))
    return seats.values_list("what", "of").union(others.values_list("what", "of"), all=True)


@kept
def nothing(partnership):
    return Member.objects.none()


def everything_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.fixture
def cast():
    made = make_cast(title=ODD)
    text = Text.objects.create(partnership=made.partnership, kind="problem", title=ODD)
    for number in (1, 2):
        Revision.objects.create(
            text=text, number=number, body={"what": ODD, "n": [1, None, {"a": 2}]}, digest="x"
        )
    for name, today in (("a", decimal.Decimal("1.50")), ("b", None)):
        Indicator.objects.create(partnership=made.partnership, name=name, unit="t", baseline=today, target=0)
    Mandate.objects.update(ends_on=datetime.date(2026, 5, 6))
    return made


def test_each_gives_the_rows_that_it_gives_alone(cast, django_assert_num_queries):
    slug, pk, day = cast.partnership.slug, cast.partnership.pk, datetime.date(2026, 1, 2)
    for _reading in range(PREPARED_AFTER + 3):  # as it stands, and prepared
        with django_assert_num_queries(1):
            found, first, revisions, indicators, seats, none = together(
                arena.of(slug),
                lines.of(pk, 2),
                words.of(pk),
                measured.of(pk, day),
                sectors.of(pk),
                nothing.of(pk),
            )
        assert (first, sorted(seats), none) == (lines(pk, 2), sorted(sectors(pk)), [])
        for together_read, alone in (
            (found, arena(slug)),
            ([found[0].platform, found[0].mandate], [arena(slug)[0].platform, arena(slug)[0].mandate]),
            (revisions, words(pk)),
            ([one.text for one in revisions], [one.text for one in words(pk)]),
            (indicators, measured(pk, day)),
        ):
            assert [everything_of(one) for one in together_read] == [everything_of(one) for one in alone]
        assert [one.on for one in indicators] == [day, day]
        assert found[0].title == ODD
        assert indicators[0].baseline == decimal.Decimal("1.50")


def test_every_reading_sees_what_is_there_now_and_who_asks(cast):
    pk = cast.partnership.pk
    before = together(lines.of(pk, 9), words.of(pk))
    Revision.objects.create(text=Text.objects.get(), number=3, body={}, digest="x")
    assert [len(rows) for rows in together(lines.of(pk, 9), words.of(pk))] == [len(before[0]), 3]
    here, there = together(lines.of(pk, 9), lines.of(uuid.uuid4(), 9))
    assert (len(here), there) == (len(before[0]), [])
    assert together(nothing.of(pk)) == [[]]


def test_it_is_prepared_once(cast):
    def prepared():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%json_build_array%'"
            )
            return cursor.fetchone()[0]

    @kept
    def own(sector):
        return Organization.objects.filter(sector=sector)

    before = prepared()
    counts = []
    for _ in range(PREPARED_AFTER + 2):
        together(own.of(Sector.PUBLIC), own.of(Sector.PRIVATE))
        counts.append(prepared() - before)
    assert counts == [0] * PREPARED_AFTER + [1, 1]


def test_what_cannot_come_back_says_so(cast):
    @kept
    def ages(partnership):
        age = F("revisions__created_at") - F("created_at")
        return Text.objects.filter(partnership=partnership).annotate(age=age)

    with pytest.raises(TypeError, match="ages: a DurationField cannot be read together"):
        together(ages.of(cast.partnership.pk))
