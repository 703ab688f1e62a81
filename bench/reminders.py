"""A year of stage reminders on a simulated clock, in three time zones, over both edges of summer time.

Partnerships in Copenhagen, New York and Auckland pass from stage to stage; each has a leader at home and one in another
of the three. Platforms remind at 8, and at 1.30 and 2.30, which summer time skips and doubles. The real tasks are
driven from event to event with the clock's ticks of a quarter of an hour, of which a fifth is lost, and the real outbox
hands the mails over. When each reminder is due is found out apart from the code: by looking at the clock on the wall
in every minute of the year. Each must be sent once, and within its minute.

    python -m bench.reminders [--ahead MINUTES] [--year 2027]

--ahead says how long before its time a reminder is owed; with 0 it is owed when a tick comes by, and many are late.
"""

import argparse
import collections
import datetime
import itertools
import random
import time
from zoneinfo import ZoneInfo

from bench._servers import site

ZONES = ("Europe/Copenhagen", "America/New_York", "Pacific/Auckland")
MORNINGS = (datetime.time(8), datetime.time(1, 30), datetime.time(2, 30))
DAYS_BEFORE = [7, 1]
TICK = datetime.timedelta(seconds=900)
LOST = 0.2  # of the ticks
LOOKED_AT_AGAIN = 0.25  # of the reminders, by a tick that comes after them: it must tell nothing twice
MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)


def walls(year):
    """{zone: {(day, morning): the first minute, in UTC, whose clock on the wall is at or past that morning}}."""
    found = {zone: {} for zone in ZONES}
    for zone in ZONES:
        place, at = ZoneInfo(zone), datetime.datetime(year - 1, 12, 1, tzinfo=datetime.UTC)
        while at.year <= year or at.month < 2:
            wall = at.astimezone(place)
            for morning in MORNINGS:
                if wall.time() >= morning:
                    found[zone].setdefault((wall.date(), morning), at)
            at += MINUTE
    return found


def edges(year):
    """{zone: the days on which its clocks change}."""
    found = {}
    for zone in ZONES:
        noons = [datetime.datetime(year, 1, 1, 12, tzinfo=ZoneInfo(zone)) + n * DAY for n in range(365)]
        found[zone] = [b.date() for a, b in itertools.pairwise(noons) if a.utcoffset() != b.utcoffset()]
    return found


class Arena:
    """One partnership's year: its stages one after the other, and who leads it."""

    def __init__(self, partnership, platform, zone, leaders, dues):
        self.partnership, self.platform, self.zone = partnership, platform, zone
        self.leaders, self.dues = leaders, dues  # leaders: [(person id, zone)], dues: [(day, days overdue)]


def plan(year, number, changes):
    """The days on which stages are due, one after the other, each with the days until it is left; over both edges."""
    day, found = datetime.date(year, 1, 12 + 4 * number), []
    targets = sorted(changes)
    while day.year == year and day.month < 12:
        near = [edge for edge in targets if day - 13 * DAY < edge < day + 13 * DAY]
        if near:  # so that a reminder falls on the edge itself: on the day, the day before or a week before it is due
            targets.remove(near[0])
            day = near[0] + (0, 1, 7)[number] * DAY
        stays = 9 if len(found) % 3 == 0 else 1  # overdue for more than a week, or left the day after
        found.append((day, stays))
        day += (stays + 13) * DAY
    return found


def build(year):
    """The platforms, partnerships and leaders of the year."""
    from actors.models import Organization, Person, Sector
    from partnerships.models import Mandate, Member, Partnership, Platform

    owner = Organization.objects.create(name="Municipality", sector=Sector.PUBLIC)
    changes, arenas = edges(year), []
    people = {}
    for zone in ZONES:
        name = zone.rpartition("/")[2]
        people[zone] = Person.objects.create_user(
            email=f"{name}@example.org", name=name, language="en", time_zone=zone
        )
    for morning in MORNINGS:
        platform = Platform.objects.create(
            slug=f"at-{morning:%H%M}",
            name="Platform",
            owner=owner,
            contact_name="Contact",
            contact_phone="12 34 56 78",
            controller="Municipality",
            legal_basis="Public task",
            data_protection_contact="dpo@example.org",
            stage_due_days=DAYS_BEFORE,
            morning=morning,
        )
        for zone in ZONES:
            arena = Partnership.objects.create(
                slug=f"p-{len(arenas)}",
                platform=platform,
                title=f"Partnership {len(arenas)}",
                time_zone=zone,
            )
            Mandate.objects.create(partnership=arena, question="How?")
            number = len(arenas)
            elsewhere = ZONES[(ZONES.index(zone) + 1 + number % 2) % 3]
            lead = [people[zone], people[elsewhere]]
            for who in lead:
                Member.objects.create(
                    partnership=arena, person=who, role="convener", sector="public", side="public"
                )
            leaders = [(who.pk, who.time_zone) for who in lead]
            dues = plan(year, MORNINGS.index(morning), changes[zone])
            arenas.append(Arena(arena, platform, zone, leaders, dues))
    return arenas


def due(arenas, year):
    """{(person, partnership, due day, days left): moment}, and the events of the year: [(moment, deed)]."""
    when, expected, moves = walls(year), {}, []
    for arena in arenas:
        begins = datetime.date(year, 1, 1)
        for day, stays in arena.dues:
            moves.append((noon(begins, arena.zone), arena, day))
            for left in (*DAYS_BEFORE, 0, *((-7,) if stays > 7 else ())):
                on = day - left * DAY
                for person, zone in arena.leaders:
                    if on > noon(begins, arena.zone).astimezone(ZoneInfo(zone)).date():
                        moment = when[zone][on, arena.platform.morning]
                        expected[person, arena.partnership.pk, day.isoformat(), left] = moment
            begins = day + stays * DAY
        moves.append((noon(begins, arena.zone), arena, None))
    return expected, sorted(moves, key=lambda move: move[0])


def noon(day, zone):
    return datetime.datetime.combine(day, datetime.time(12), ZoneInfo(zone)).astimezone(datetime.UTC)


def move(arena, day, at, number):
    """The partnership leaves its stage and enters the next one, due on `day`; None: the year is over."""
    from partnerships.models import StageVisit

    StageVisit.objects.filter(partnership=arena.partnership, left_at=None).update(left_at=at)
    if day:
        StageVisit.objects.create(
            partnership=arena.partnership, stage="define", number=number, entered_at=at, due_on=day
        )


def ticks_before(moment, random_):
    """The last tick before the moment that is not lost, and the next one after it."""
    last = datetime.datetime.fromtimestamp(
        moment.timestamp() // TICK.total_seconds() * TICK.total_seconds(), datetime.UTC
    )
    before = last - TICK if last == moment else last
    while random_.random() < LOST:
        before -= TICK
    after = last + TICK
    while random_.random() < LOST:
        after += TICK
    return before, after


def events(expected, moves):
    """[(moment, order, what, facts)] of the year, in the order of the clock."""
    random_, found = random.Random(5), []
    for moment in set(expected.values()):
        before, after = ticks_before(moment, random_)
        found.append((before, 1, "tick"))
        if random_.random() < LOOKED_AT_AGAIN:
            found += [(after, 1, "tick"), (after + datetime.timedelta(seconds=1), 2, "send")]
        found += [
            (moment - datetime.timedelta(seconds=5), 2, "send"),
            (moment + datetime.timedelta(seconds=1), 2, "send"),
        ]
    found = [(*event, None) for event in set(found)]
    found += [(at, 0, "move", (arena, day)) for at, arena, day in moves]
    return sorted(found, key=lambda event: event[:2])


def live_through(expected, moves):
    """Drive clock, tasks and outbox through the year."""
    from notices.actions import drain
    from partnerships.actions.stages import remind_stage_due

    numbers = collections.Counter()
    for at, _order, what, facts in events(expected, moves):
        if what == "tick":
            remind_stage_due(at=at)
        elif what == "send":
            drain("bulk", at=at)
        else:
            arena, day = facts
            numbers[arena.partnership.pk] += 1
            move(arena, day, at, numbers[arena.partnership.pk])


def judge(expected, outbox):
    """Counter of what became of the reminders that were due, and of what was sent besides."""
    from notices.models import Notice

    handed_over = collections.Counter(message.extra_headers["Message-ID"] for message in outbox)
    counts = collections.Counter(due=len(expected), mails=len(outbox))
    sent = collections.defaultdict(list)
    for notice in Notice.objects.filter(kind="stage_due", state="sent"):
        _visit, day, left = notice.occurrence.split()
        sent[notice.recipient, notice.scope, day, int(left)] += [notice] * handed_over[notice.message_id]
    for key, moment in expected.items():
        found = sent.pop(key, [])
        counts["missed"] += not found
        counts["twice"] += len(found) > 1
        counts["early"] += any(notice.sent_at < moment for notice in found)
        counts["late"] += any(notice.sent_at >= moment + MINUTE for notice in found)
        counts["sent once, within its minute"] += (
            len(found) == 1 and moment <= found[0].sent_at < moment + MINUTE
        )
    counts["not due at all"] = sum(map(len, sent.values()))
    return counts


def main():
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--ahead", type=int, help="minutes before its time that a reminder is owed")
    asked.add_argument("--year", type=int, default=datetime.datetime.now(datetime.UTC).year + 1)
    given = asked.parse_args()
    with site():
        from django.conf import settings
        from django.core import mail

        from partnerships.actions import reminders

        if given.ahead is not None:
            reminders.AHEAD = datetime.timedelta(minutes=given.ahead)
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        mail.outbox = []
        started = time.monotonic()
        arenas = build(given.year)
        expected, moves = due(arenas, given.year)
        live_through(expected, moves)
        counts = judge(expected, mail.outbox)
        report(given.year, arenas, expected, counts, time.monotonic() - started)
    bad = sum(counts[name] for name in ("missed", "twice", "early", "late", "not due at all"))
    raise SystemExit(1 if bad else 0)


def report(year, arenas, expected, counts, seconds):
    days = {(zone, day) for zone, changed in edges(year).items() for day in changed}
    zones = {person: zone for arena in arenas for person, zone in arena.leaders}
    on_edges = collections.Counter(
        (zone, on)
        for (person, _arena, day, left) in expected
        if (zone := zones[person])
        and (on := datetime.date.fromisoformat(day) - left * DAY)
        and (zone, on) in days
    )
    print(f"{len(arenas)} partnerships in {', '.join(ZONES)}, {year}: {seconds:.0f} s")
    for (zone, day), number in sorted(on_edges.items()):
        print(f"  on {day}, when the clocks of {zone} change: {number}")
    for name in (
        "due",
        "sent once, within its minute",
        "twice",
        "missed",
        "late",
        "early",
        "not due at all",
        "mails",
    ):
        print(f"  {name}: {counts[name]}")


if __name__ == "__main__":
    main()
