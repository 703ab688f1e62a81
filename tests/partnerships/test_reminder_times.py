"""When reminders fall: in their reader's morning, also where summer time skips or doubles it, told a little ahead."""

import datetime
from datetime import UTC, date, time

import pytest

from boundary.local_time import first_moment
from partnerships.actions.reminders import AHEAD, around, coming

EIGHT = time(8)
CPH, NYC = "Europe/Copenhagen", "America/New_York"


def utc(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "clock", "moment"),
    [
        (CPH, date(2027, 1, 15), EIGHT, "2027-01-15 07:00"),
        (CPH, date(2027, 7, 15), EIGHT, "2027-07-15 06:00"),
        # the clocks are put forward: the hour from two to three does not exist
        (CPH, date(2027, 3, 28), time(2, 30), "2027-03-28 01:00"),
        (CPH, date(2027, 3, 28), time(1, 59), "2027-03-28 00:59"),
        (NYC, date(2027, 3, 14), time(2, 30), "2027-03-14 07:00"),
        (NYC, date(2027, 3, 14), EIGHT, "2027-03-14 12:00"),
        # and back: the hour comes twice, and the first of the two counts
        (CPH, date(2027, 10, 31), time(2, 30), "2027-10-31 00:30"),
        (NYC, date(2027, 11, 7), time(1, 30), "2027-11-07 05:30"),
        (NYC, date(2027, 11, 7), time(2, 0), "2027-11-07 07:00"),
        # by half an hour only
        ("Australia/Lord_Howe", date(2027, 10, 3), time(2, 15), "2027-10-02 15:30"),
        ("Australia/Lord_Howe", date(2027, 4, 4), time(1, 45), "2027-04-03 14:45"),
        # a whole day that never was
        ("Pacific/Apia", date(2011, 12, 30), EIGHT, "2011-12-30 10:00"),
        ("Pacific/Apia", date(2011, 12, 31), EIGHT, "2011-12-30 18:00"),
        # at midnight
        ("America/Asuncion", date(2023, 10, 1), time(0, 0), "2023-10-01 04:00"),
        # no such zone: the site's
        ("Mars/Olympus", date(2027, 1, 15), EIGHT, "2027-01-15 07:00"),
    ],
)
def test_a_local_time_is_one_moment(zone, day, clock, moment):
    assert first_moment(day, clock, zone) == utc(moment)


DUE = date(2027, 3, 29)  # the day after the clocks of Copenhagen are put forward
BEGAN = utc("2027-01-01 12:00")


def keys(at, *, zone=CPH, morning=EIGHT, since=BEGAN, days=(7, 1), due=DUE):
    told = coming(around(due, days, at), zone=zone, morning=morning, since=since, at=at)
    return [(key, f"{moment:%m-%d %H:%M}") for key, moment in told]


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2027-03-22 04:59", []),
        ("2027-03-22 05:01", [(7, "03-22 07:00")]),  # told ahead, in winter time
        ("2027-03-22 07:00", [(7, "03-22 07:00")]),
        ("2027-03-27 12:00", [(7, "03-22 07:00")]),  # found late by a clock that stood still
        ("2027-03-28 05:00", [(7, "03-22 07:00"), (1, "03-28 06:00")]),  # summer time
        ("2027-03-28 06:00", [(1, "03-28 06:00")]),
        ("2027-03-29 06:00", [(0, "03-29 06:00")]),
        ("2027-04-05 06:00", [(-7, "04-05 06:00")]),
        ("2027-04-18 06:00", [(-14, "04-12 06:00")]),
        ("2027-04-19 05:00", [(-14, "04-12 06:00"), (-21, "04-19 06:00")]),
        ("2028-03-20 09:00", [(-357, "03-20 07:00")]),
    ],
)
def test_before_the_day_on_it_and_every_week_after_it(at, told):
    assert keys(utc(at)) == told


@pytest.mark.parametrize(
    ("morning", "at", "told"),
    [
        (time(2, 30), "2027-03-28 01:00", (1, "03-28 01:00")),  # skipped: the first minute after it
        (time(2, 30), "2027-03-28 20:00", (1, "03-28 01:00")),
        (time(23, 59), "2027-03-28 22:00", (1, "03-28 21:59")),
    ],
)
def test_a_platform_says_when_its_morning_is(morning, at, told):
    assert keys(utc(at), morning=morning)[-1] == told


def test_what_fell_before_it_began_is_not_made_up_for():
    assert keys(utc("2027-03-28 12:00"), since=utc("2027-03-28 09:00")) == []
    assert keys(utc("2027-03-29 12:00"), since=utc("2027-03-28 09:00")) == [(0, "03-29 06:00")]


def test_each_reader_has_a_morning_of_their_own():
    at = utc("2027-03-29 06:00")
    assert keys(at)[-1] == (0, "03-29 06:00")
    assert keys(at, zone=NYC)[-1] == (1, "03-28 12:00")
    assert keys(at + datetime.timedelta(hours=6), zone=NYC)[-1] == (0, "03-29 12:00")
    assert keys(utc("2027-03-28 19:00"), zone="Pacific/Auckland")[-1] == (0, "03-28 19:00")


def test_a_year_of_ticks_finds_every_reminder_ahead_of_its_time_and_none_twice():
    for zone in (CPH, NYC, "Pacific/Auckland", "Australia/Lord_Howe"):
        for morning in (EIGHT, time(2, 30), time(1, 30)):
            at, found = utc("2027-03-01 00:07"), {}
            while at < utc("2027-06-01 00:00"):
                for key, moment in coming(
                    around(DUE, [7, 1], at), zone=zone, morning=morning, since=BEGAN, at=at
                ):
                    assert found.setdefault(key, (moment, at))[0] == moment
                at += datetime.timedelta(minutes=97)
            assert sorted(found) == [-63, -56, -49, -42, -35, -28, -21, -14, -7, 0, 1, 7]
            assert all(moment - AHEAD <= first < moment for moment, first in found.values())
