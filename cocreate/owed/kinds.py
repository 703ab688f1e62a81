"""What it takes to say that something waits for a person: how it is found, what is fetched, what an item says.

A query gets the ids and moments that its line names, is in the order in which things are due, and fetches only what an
item says: all of them are asked for as one statement (docs/adr/0007), so that a kind more is no query more.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from boundary.kept import kept
from partnerships.models import Member

MOST = 20  # of each kind; what is beyond is said, and comes up when the first are done
SOON = datetime.timedelta(days=30)  # (default) steps due later than this are not waiting yet
WHERE = ("partnership__slug", "partnership__title")


@dataclass(frozen=True)
class Item:
    """One thing that waits: what, where, when it is due."""

    title: str
    url: str
    where: str
    when: str = ""
    overdue: bool = False
    due: object = None  # the day or the moment, where there is one

    def is_due_by(self, day):
        """Whether it is due on this day or before, by the reader's clock."""
        due = localtime(self.due).date() if isinstance(self.due, datetime.datetime) else self.due
        return due is not None and due <= day


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One kind of thing that waits.

    find   (of what `needs` names) -> queryset of what waits, in the order in which it is due
    needs  what `find` is given: "person" (an id), "at" (now), "until" (the last day of steps)
    tells  names of the columns that an item is made of
    item   (one row of these columns, today) -> Item
    """

    key: str
    heading: str
    icon: str
    find: Callable
    needs: tuple
    tells: tuple
    item: Callable

    def __post_init__(self):
        object.__setattr__(self, "rows", kept(self._rows))

    def _rows(self, partnership, *facts):
        """What waits for somebody, in the partnership with this id, or (None) anywhere."""
        rows = self.find(*facts)
        rows = rows if partnership is None else rows.filter(**{self.arena: partnership})
        return rows.values_list(*self.tells)[: MOST + 1]

    @property
    def arena(self):
        """The column that says in which partnership it is, by way of the one with the address."""
        return next(name for name in self.tells if name.endswith("slug")).removesuffix("__slug")


def day_of(moment):
    """A day, or the reader's day of a moment, in words."""
    return date_format(localtime(moment) if isinstance(moment, datetime.datetime) else moment, _("j F Y"))


def time_of(moment, pattern=None):
    """A moment in the reader's time zone, in words."""
    return date_format(localtime(moment), pattern or _("j F Y, H:i"))


def seats_of(person, **role):
    return Member.objects.present().filter(person=person, **role)


def led_by(person):
    return Member.objects.leading().filter(person=person).values("partnership")


def convened_by(person):
    return seats_of(person, role=Member.Role.CONVENER).values("partnership")


def kind(find, heading, icon, tells, item, *, where=WHERE, needs=("person",)):
    return Waiting(
        key=find.__name__,
        heading=heading,
        icon=icon,
        find=find,
        needs=needs,
        tells=(*tells, *where),
        item=item,
    )


AT, UNTIL = ("person", "at"), ("person", "until")
