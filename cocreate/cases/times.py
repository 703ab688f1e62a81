"""When things happened: dates of any precision on one clock that only goes forward."""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

MIDDAY = datetime.time(10, 0)
DAY = datetime.timedelta(days=1)
# How a partnership's time is shared out before its authorization where the sources give no dates; ours.
SHARES = {"convene": 0.05, "define": 0.15, "design": 0.45, "authorize": 0.9}
SHORTEST = datetime.timedelta(days=120)  # from the first thought to the authorization


def day_of(text):
    """The day that a date of any precision stands for: of a year its middle, of a month its 15th. None for null."""
    if text is None:
        return None
    return datetime.date.fromisoformat({4: text + "-07-01", 7: text + "-15"}.get(len(text), text))


def ordered(entries):
    """[day, entry] in order of time; an entry without a date keeps its place, a day after the one before."""
    placed, last = [], None
    for entry in entries:
        day = day_of(entry["date"])
        if day is None and last is not None:
            day = last + DAY
        last = day or last
        placed.append([day, entry])
    first = next((day for day, _entry in placed if day), None)
    return sorted(
        ([day or first, entry] for day, entry in placed), key=lambda pair: pair[0] or datetime.date.max
    )


@dataclass
class Clock:
    """The time of the reconstruction. It never goes back and never passes the present."""

    zone: str
    now: datetime.datetime
    latest: datetime.datetime

    def at(self, day=None):
        """The next moment: on `day` if that is still ahead, else a minute after the last."""
        wanted = datetime.datetime.combine(day, MIDDAY, ZoneInfo(self.zone)) if day else self.now
        self.now = max(self.now + datetime.timedelta(minutes=1), min(wanted, self.latest))
        return self.now


@dataclass(frozen=True)
class Periods:
    """When each stage begins; `authorize` ends on `answered`."""

    initiate: datetime.date
    convene: datetime.date
    define: datetime.date
    design: datetime.date
    authorize: datetime.date
    answered: datetime.date


def periods(case, early):
    """The Periods of a case. early: the elected bodies' decisions that opened the way, in order of time."""
    start = day_of(case["timespan"]["start"])
    dated = [day for day, _entry in ordered(case["timeline"]) if day]
    finish = day_of(case["timespan"].get("end")) or max([*dated, start])
    answered = early[-1][0] if early and early[-1][0] else start + (finish - start) / 2
    start = min(start, answered - SHORTEST)
    span = answered - start
    return Periods(start, *(start + span * share for share in SHARES.values()), answered)


def split_early(decisions, case):
    """The decisions that opened the way, and those that came later: the half of the case's time tells them apart."""
    start = day_of(case["timespan"]["start"])
    dated = [day for day, _entry in ordered(case["timeline"]) if day]
    finish = day_of(case["timespan"].get("end")) or max([*dated, start])
    middle = start + (finish - start) / 2
    first = next((day for day, _entry in decisions if day), None)
    until = middle if first is None or first <= middle else first
    return [pair for pair in decisions if (pair[0] or until) <= until], [
        pair for pair in decisions if pair[0] and pair[0] > until
    ]
