"""A time on the wall becomes a moment, or says why it cannot."""

import datetime
from zoneinfo import ZoneInfoNotFoundError

import pytest

from boundary.local_time import NoSuchHour, moment

WALL = datetime.datetime


def utc(*parts):
    return datetime.datetime(*parts, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("wall", "zone", "at"),
    [
        (WALL(2027, 2, 18, 17), "Europe/Copenhagen", utc(2027, 2, 18, 16)),
        (WALL(2027, 7, 1, 17), "Europe/Copenhagen", utc(2027, 7, 1, 15)),
        (WALL(2027, 7, 1, 17), "America/Nuuk", utc(2027, 7, 1, 18)),
        (WALL(2027, 3, 28, 1, 59), "Europe/Copenhagen", utc(2027, 3, 28, 0, 59)),
        (WALL(2027, 3, 28, 3), "Europe/Copenhagen", utc(2027, 3, 28, 1)),
    ],
)
def test_an_hour_that_comes_once(wall, zone, at):
    found = moment(wall, zone)
    assert (found.at, found.comes_twice) == (at, False)


@pytest.mark.parametrize(
    ("wall", "zone", "instead"),
    [
        (WALL(2027, 3, 28, 2, 30), "Europe/Copenhagen", WALL(2027, 3, 28, 3)),
        (WALL(2027, 3, 28, 2), "Europe/Copenhagen", WALL(2027, 3, 28, 3)),
        (WALL(2026, 10, 4, 2, 15), "Australia/Lord_Howe", WALL(2026, 10, 4, 2, 30)),
        (WALL(2011, 12, 30, 12), "Pacific/Apia", WALL(2011, 12, 31)),
    ],
)
def test_an_hour_that_is_skipped_names_the_first_that_exists(wall, zone, instead):
    with pytest.raises(NoSuchHour) as skipped:
        moment(wall, zone)
    assert skipped.value.instead == instead


def test_an_hour_that_comes_twice_means_the_first():
    found = moment(WALL(2027, 10, 31, 2, 30), "Europe/Copenhagen")
    assert (found.at, found.comes_twice) == (utc(2027, 10, 31, 0, 30), True)


def test_a_zone_that_does_not_exist():
    with pytest.raises(ZoneInfoNotFoundError):
        moment(WALL(2027, 1, 1), "Europe/Atlantis")
