"""When things happened: dates of any precision on one clock that only goes forward."""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

MIDDAY = datetime.time(10, 0)
DAY = datetime.timedelta(days=1)
A_WEEK, TWO_WEEKS, A_MONTH = (datetime.timedelta(days=days) for days in (7, 14, 30))
# How the time from the first meeting to the authorization is shared out where the sources give no dates; ours.
SHARES = {"define": 0.15, "design": 0.45, "authorize": 0.9}
BEFORE = 0.05  # what somebody needs, before people meet, to begin it; ours
SHORTEST = datetime.timedelta(days=120)  # from the first meeting to the authorization


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

    def closing(self, before):
        """When a decision that opens now closes: in a week, sooner where the day `before` comes first."""
        end = datetime.datetime.combine(before, MIDDAY, ZoneInfo(self.zone))
        return max(self.now + DAY, min(self.now + A_WEEK, end))

    def reach(self, moment):
        """Wait until `moment`, or for the present where that comes first. Returns the time."""
        self.now = max(self.now, min(moment, self.latest))
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
    """The Periods of a case. early: the elected bodies' decisions that opened the way, in order of time.

    People come together when the case starts; whoever began it needed some time before. The first decision ends the
    design, the last one opens the way.
    """
    start = day_of(case["timespan"]["start"])
    first = early[0][0] if early else middle_of(case)
    start = min(start, first - SHORTEST)
    span = first - start
    begins = start - max(span * BEFORE, TWO_WEEKS)
    return Periods(
        begins,
        start,
        *(start + span * share for share in SHARES.values()),
        early[-1][0] if early else first,
    )


def middle_of(case):
    """The day that halves the time of a case."""
    start = day_of(case["timespan"]["start"])
    dated = [day for day, _entry in ordered(case["timeline"]) if day]
    finish = day_of(case["timespan"].get("end")) or max([*dated, start])
    return start + (finish - start) / 2


def split_early(decisions, case):
    """The decisions that opened the way, and those that came later: the half of the case's time tells them apart."""
    middle = middle_of(case)
    first = next((day for day, _entry in decisions if day), None)
    until = middle if first is None or first <= middle else first
    early = [pair for pair in decisions if (pair[0] or until) <= until]
    return apart(early, middle), [pair for pair in decisions if pair[0] and pair[0] > until]


def apart(decisions, fallback):
    """The decisions with a day for each: one without a date is a month from its neighbour.

    So there is time for agreeing on what a body is asked, and for asking. fallback: the day where none is dated.
    """
    dated = [number for number, (_day, told) in enumerate(decisions) if told["date"]]
    first = dated[0] if dated else 0
    days = [day for day, _told in decisions]
    for number, (_day, told) in enumerate(decisions):
        if number < first:
            days[number] = decisions[first][0] - (first - number) * A_MONTH
        elif not told["date"]:
            following = [day for day, told in decisions[number:] if told["date"]]
            wanted = days[number - 1] + A_MONTH if number else fallback
            days[number] = min([wanted, *following])
    return [[day, told] for day, (_day, told) in zip(days, decisions, strict=True)]
