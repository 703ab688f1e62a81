"""Searching a platform's register for a partnership: who stands in it, and who has been asked or sits elsewhere."""

import datetime
from collections import defaultdict

from allauth.account.models import EmailAddress
from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Lower

from .models import Invitation, Member, Partnership, Willingness

YEAR = datetime.timedelta(days=365)


def proven_addresses(people):
    """{person id: the address they have proved, the one they call theirs first} of these ids; one query."""
    rows = EmailAddress.objects.filter(user__in=people, verified=True).order_by("primary", "-pk")
    return dict(rows.values_list("user", "email"))


def found_in_register(*, place, at, words="", sector="", area="", asked=""):
    """Who stands in the register of a partnership's platform, but for its members.

    words: anywhere in name, what they bring and area; asked: "never", "year" (not within a year) or "seatless".
    Other partnerships count as far as this convener may know of them: hidden ones leak nowhere.
    """
    arena = place.partnership
    here = Member.objects.present().filter(partnership=arena, person=OuterRef("person"))
    rows = Willingness.objects.standing(at).filter(platform=arena.platform_id, person__is_active=True)
    rows = rows.exclude(Exists(here))
    if words:
        rows = rows.filter(
            Q(person__name__icontains=words) | Q(brings__icontains=words) | Q(area__icontains=words)
        )
    if sector:
        rows = rows.filter(sector=sector)
    if area:
        rows = rows.filter(area__icontains=area)
    if asked == "never":
        rows = rows.exclude(person__in=_asked(_invitations(place)))
    elif asked == "year":
        rows = rows.exclude(person__in=_asked(_invitations(place).filter(queued_at__gt=at - YEAR)))
    elif asked == "seatless":
        rows = rows.exclude(person__in=_seated(place).values("person"))
    return rows.select_related("person").order_by("person__sort_key", "pk")


def with_history(entries, place):
    """These entries (a page of them), each with asked_at, when they were last asked, and sits, whether they take part
    somewhere on the platform: three queries.
    """
    people = [entry.person_id for entry in entries]
    proven = EmailAddress.objects.filter(user__in=people, verified=True).values_list("user", Lower("email"))
    addresses = defaultdict(list)
    for person, address in proven:
        addresses[person].append(address)
    invited = _invitations(place).filter(lower__in=[one for some in addresses.values() for one in some])
    last = dict(invited.order_by().values_list("lower").annotate(Max("queued_at")))
    seated = set(_seated(place).filter(person__in=people).values_list("person", flat=True))
    for entry in entries:
        times = [last[address] for address in addresses[entry.person_id] if address in last]
        entry.asked_at, entry.sits = max(times, default=None), entry.person_id in seated
    return entries


def _known(place):
    everywhere = Partnership.objects.visible_to(place.person).filter(platform=place.partnership.platform_id)
    return everywhere.values("pk")


def _seated(place):
    return Member.objects.present().filter(partnership__in=_known(place))


def _invitations(place):
    """What went out on the platform; drafts have asked nobody yet."""
    rows = Invitation.objects.exclude(queued_at=None).exclude(address="").annotate(lower=Lower("address"))
    return rows.filter(partnership__in=_known(place))


def _asked(invitations):
    """The people who have proved one of these addresses: asked once for all, since a register is long."""
    proven = EmailAddress.objects.filter(verified=True).annotate(lower=Lower("email"))
    return proven.filter(lower__in=invitations.values("lower")).values("user")
