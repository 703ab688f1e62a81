"""When a reminder is due: so many days before a day, on it, and weekly while it is overdue."""

import datetime
from zoneinfo import ZoneInfo

MORNING = 8  # (default) nobody is reminded at night: local hour


def last_point(due_on, days_before, *, zone, since, at):
    """The last reminder reached, as days to the due date (7, 1, 0, -7, -14 …), or None when none is.

    due_on: date; days_before: days; zone: IANA name; since: when the due thing began: reminders that fell before it
    are not made up for. A clock that stood still for a day finds the reminder it missed, once.
    """
    here = ZoneInfo(zone)
    now = at.astimezone(here)
    today = now.date() if now.hour >= MORNING else now.date() - datetime.timedelta(days=1)
    left = (due_on - today).days
    reached = [point for point in {*days_before, 0} if point >= left]
    if not reached:
        return None
    point = min(reached) if left > -7 else -(-left // 7) * 7
    falls_on = due_on - datetime.timedelta(days=point)
    return point if since is None or falls_on > since.astimezone(here).date() else None
