"""Draw the map: which groups are affected, which hold a part of the answer, and how many seats each has."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict

from ..models import Group, Invitation, Partnership, Seat
from ..places import place_of
from ..rules import groups as may
from .memory import remember
from .swaps import Changed, as_it_is

RATED = ("name", "sector", "brings", "affectedness", "relevance", "authority", "resources", "voice")
ABSENT = ("no_seat_reason", "advocate")
WRITTEN = (*RATED, "no_seat_reason", "advocate_id")


def _opened(partnership, by):
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_rate_groups(place_of(partnership, by)).enforce()
    return partnership


def _written(group, **what):
    """Save a group; a name that another group of the partnership has is refused in words."""
    try:
        with transaction.atomic():
            group.save(**what)
    except IntegrityError:
        raise Conflict(_("There is a group named “%(name)s” already.") % {"name": group.name}) from None


@transaction.atomic
def add_group(*, partnership, seats, by, at, **facts):
    """Put a group on the map, rated, with so many open seats. facts: fields of Group by name. Returns the Group."""
    partnership = _opened(partnership, by)
    group = Group(partnership=partnership, created_at=at, **_known(facts))
    _written(group, force_insert=True)
    remember(partnership, "group.added", by=by, at=at, group=group.pk)
    _set_seats(group, seats, by, at)
    return group


def _known(facts):
    unknown = facts.keys() - set(RATED) - set(ABSENT)
    if unknown:
        raise TypeError(f"a group has no {', '.join(sorted(unknown))}")
    return facts


def group_as_it_is(group):
    """The group and the number of its seats, as change_group compares them: one query."""
    return as_it_is(group, WRITTEN) | {"seats": group.seats.count()}


@transaction.atomic
def change_group(*, group, seats, by, at, expected=None, **facts):
    """Rate a group anew, give it more or fewer seats, or say why it has none. Returns the Group.

    expected: group_as_it_is as it was seen; raises Changed where it is otherwise by now.
    """
    partnership = _opened(group.partnership, by)
    group = Group.objects.select_for_update().get(pk=group.pk)
    if expected not in (None, group_as_it_is(group)):
        raise Changed
    group.partnership = partnership
    changed = sorted(name for name, value in _known(facts).items() if getattr(group, name) != value)
    for name in changed:
        setattr(group, name, facts[name])
    if changed:
        _written(group, update_fields=changed)
        remember(partnership, "group.changed", by=by, at=at, group=group.pk, fields=changed)
    if {"name", "sector"} & set(changed):
        Seat.objects.filter(group=group).update(label=group.name)
        Seat.objects.filter(group=group, holder=None).update(sector=group.sector)
    _set_seats(group, seats, by, at)
    return group


def _set_seats(group, seats, by, at):
    """So many seats for the group, as open ones more or fewer."""
    rows = Seat.objects.select_for_update().filter(group=group)
    standing = list(rows.order_by("created_at", "pk"))
    taken = sum(seat.holder_id is not None for seat in standing)
    may.enough_seats(seats, taken).enforce()
    more = seats - len(standing)
    if more > 0:
        added = [seat_for(group, at) for _number in range(more)]
        Seat.objects.bulk_create(added)
        remember(group.partnership, "seats.added", by=by, at=at, seats=[seat.pk for seat in added])
    elif more < 0:
        for seat in [seat for seat in standing if seat.holder_id is None][more:]:
            remember(group.partnership, "seat.removed", by=by, at=at, seat=seat.pk)
            seat.delete()


def seat_for(group, at, holder=None):
    """A seat of a group, not saved yet: it says for whom it is even where the group is not fetched."""
    facts = {"sector": group.sector, "label": group.name, "group": group, "holder": holder, "created_at": at}
    return Seat(partnership_id=group.partnership_id, **facts)


def is_called(group):
    """Whether an open call names the group, or somebody has put themselves forward or was drawn for it."""
    return any(rows.exists() for rows in (group.called, group.volunteers, group.draws))


@transaction.atomic
def remove_group(*, group, by, at):
    """Take a group off the map, with its open seats. Invitations to it stay, without the group."""
    partnership = _opened(group.partnership, by)
    group = Group.objects.select_for_update().get(pk=group.pk)
    seats = Seat.objects.select_for_update().filter(group=group)
    taken = sum(seat.holder_id is not None for seat in seats)
    may.can_remove_group(place_of(partnership, by), taken, is_called(group)).enforce()
    seats.delete()
    Invitation.objects.filter(group=group).update(group=None)
    remember(partnership, "group.removed", by=by, at=at, group=group.pk)
    group.delete()
