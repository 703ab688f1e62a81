"""Who may say which groups are affected and which have a seat."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from .standing import conveners_only, in_stage


def can_rate_groups(place):
    """Conveners draw the map of groups, and set the table for them, until the arena closes."""
    return conveners_only(place) and in_stage(place, "invite")


def can_remove_group(place, taken, called=False):
    """A group without anybody on its seats can be taken off the map. taken: how many of its seats are taken.

    called: whether an open call seeks people for it, or somebody has put themselves forward.
    """
    if called:
        return no(
            _("The open call seeks people for this group, or somebody has put themselves forward for it."),
            _("What people were told stays. Take it out of the call, where nobody has answered."),
        )
    if taken:
        return no(
            _("Somebody sits at the table for this group."),
            _("Seat them for another group first, under People."),
        )
    return can_rate_groups(place)


def enough_seats(seats, taken):
    """A group has at least as many seats as people who sit for it."""
    if seats >= taken:
        return YES
    return no(
        _("%(taken)s seats of this group are taken. It cannot have fewer.") % {"taken": taken},
        _("Type at least %(taken)s.") % {"taken": taken},
    )
