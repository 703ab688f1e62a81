"""What waits for a person, over all partnerships: one query for all kinds (owed), however much there is."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Count, IntegerField, Subquery, Value

from boundary.kept import together

from .owed import MOST, SOON, WAITING

DUE_SOON = datetime.timedelta(days=7)  # (default) what “due soon” asks for


@dataclass(frozen=True)
class Group:
    """Things of one kind that wait for the same person."""

    key: str
    heading: str
    icon: str
    items: list = field(default_factory=list)
    more: bool = False

    @property
    def shown(self):
        return f"{MOST}+" if self.more else str(len(self.items))


def rows_of(person, at, today, partnership=None):
    """[(Waiting, its rows)] of what waits for this person: one query. partnership: an id, for that one alone."""
    facts = {"person": person.pk, "at": at, "until": today + SOON}
    asked = [kind.rows.of(partnership, *(facts[name] for name in kind.needs)) for kind in WAITING]
    return list(zip(WAITING, together(*asked), strict=True))


def groups_of(found, today, due=""):
    """The Groups with something in them, in the reader's language and time zone.

    due: "soon" for what is due within a week or overdue, "overdue" for that alone, "" for everything.
    """
    groups = []
    for kind, rows in found:
        items = [kind.item(*row, today) for row in rows[:MOST]]
        items = [item for item in items if _is_due(item, due, today)]
        if items:
            groups.append(Group(kind.key, str(kind.heading), kind.icon, items, len(rows) > MOST))
    return groups


def _is_due(item, due, today):
    if due == "overdue":
        return item.overdue
    return due != "soon" or item.overdue or item.is_due_by(today + DUE_SOON)


def overdue_first(groups):
    """The same Groups with what is overdue before the others, within each and among them."""
    sorted_within = [
        Group(g.key, g.heading, g.icon, sorted(g.items, key=lambda item: not item.overdue), g.more)
        for g in groups
    ]
    return sorted(sorted_within, key=lambda group: not group.items[0].overdue)


def waiting(person, at, today):
    """Every Group with something in it for this person."""
    return groups_of(rows_of(person, at, today), today)


def counts(person, at, until):
    """{name: how many things of a kind wait for the person with this id}, as parts of another query."""
    facts = {"person": person, "at": at, "until": until}
    found = {kind.key: kind.find(*(facts[name] for name in kind.needs)) for kind in WAITING}
    return {f"waiting_{key}": number_of(rows) for key, rows in found.items()}


def number_of(rows):
    """How many rows there are, as part of another query: None for none."""
    counted = rows.order_by().annotate(one=Value(1, IntegerField())).values("one")
    return Subquery(counted.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
