"""Following without joining, and calendars with an address of one's own. Both are private: in no record."""

from django.db import transaction

from boundary.tokens import new_nonce

from ..models import CalendarFeed, Follow, Member, Partnership
from ..places import place_of
from ..rules import following as may


@transaction.atomic
def follow(*, partnership, topics, by, at):
    """Follow a partnership, or choose anew what of it; topics: keys of Follow.Topic. Returns the Follow.

    The partnership is locked, so that nobody follows what is being hidden, or where they are joining.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_follow(place_of(partnership, by)).enforce()
    row, _new = Follow.objects.update_or_create(
        person=by,
        partnership=partnership,
        defaults={"topics": [topic for topic in Follow.Topic.values if topic in topics]},
        create_defaults={"topics": [topic for topic in Follow.Topic.values if topic in topics], "since": at},
    )
    return row


@transaction.atomic
def unfollow(*, partnership, by, at):
    """Follow a partnership no longer. Also where one may no longer read it."""
    Follow.objects.filter(partnership=partnership.pk, person=by).delete()


def end_following(*, partnership, person=None):
    """End what somebody, or everybody, follows here: they have joined, or it is no longer for everybody to read."""
    rows = Follow.objects.filter(partnership=partnership)
    (rows if person is None else rows.filter(person=person)).delete()


@transaction.atomic
def make_feed(*, by, at, partnership=None):
    """Give a person a calendar with an address of its own, of all their partnerships or of one they have a part in.

    One that is there gets a new address: the old one leads nowhere from then on. Returns the CalendarFeed.
    """
    feed, _new = CalendarFeed.objects.update_or_create(
        person=by, partnership=partnership, defaults={"nonce": new_nonce(), "made_at": at}
    )
    return feed


@transaction.atomic
def revoke_feed(*, feed, by, at):
    """End a calendar of one's own at once; another time there is nothing left to end."""
    CalendarFeed.objects.filter(pk=feed.pk, person=by).delete()


def taking_part(person):
    """Ids of the partnerships that a person may have a calendar of: those they are in, and those they follow."""
    seats = Member.objects.present().filter(person=person).values("partnership")
    return seats.union(Follow.objects.standing(person).values("partnership"))
