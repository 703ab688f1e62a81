"""How much members from outside the public side carry: for themselves, and for conveners who may offer help.

They give their own time. Nobody is ranked: lists of people are in the order of the alphabet.
"""

import datetime

from django.db.models import Count, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from actors.models import Side

from .models import Commitment, Member
from .settings.together import MUCH_DAYS, MUCH_HOURS, MUCH_PROMISES

HOURS = Commitment._meta.get_field("amount")


def _of_a_member(commitments, **numbers):
    counted = commitments.filter(member=OuterRef("pk")).order_by().values("member")
    return Subquery(counted.annotate(**numbers).values(*numbers))


def carrying(partnership, today):
    """Present members from outside the public side, each with `promises` (open ones) and `hours` of the coming time.

    today: the day from which the platform's days ahead are counted; hours without a day count as soon.
    """
    until = today + datetime.timedelta(days=MUCH_DAYS.of(partnership))
    standing = Commitment.objects.standing().filter(partnership=partnership)
    soon = standing.filter(Q(due_on=None) | Q(due_on__lte=until), kind=Commitment.Kind.HOURS)
    members = Member.objects.present().filter(partnership=partnership, side=Side.NON_PUBLIC)
    return members.annotate(
        promises=Coalesce(_of_a_member(standing, number=Count("pk")), 0),
        hours=Coalesce(_of_a_member(soon, number=Sum("amount")), Value(0), output_field=HOURS),
    )


def much(partnership):
    """The condition on rows of carrying() for those who carry a lot, as the platform has it."""
    return Q(promises__gte=MUCH_PROMISES.of(partnership)) | Q(hours__gte=MUCH_HOURS.of(partnership))


def carrying_much(partnership, today):
    """Those who carry a lot, in the order of the alphabet."""
    rows = carrying(partnership, today).filter(much(partnership))
    return rows.select_related("person", "organization").order_by("person__sort_key", "pk")


def much_of(place, today):
    """The reader's own row of carrying(), where it is a lot; else None."""
    if place.member is None or place.member.side != Side.NON_PUBLIC:
        return None
    return carrying(place.partnership, today).filter(much(place.partnership), pk=place.member.pk).first()
