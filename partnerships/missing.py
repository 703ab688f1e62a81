"""Who is missing at the table: what the map of groups, and who sits there, give reason to ask.

Facts in, sentences out. Nothing is forbidden by it: a convener reads, and judges.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import JoinRequest, Member
from .models.groups import SOURCES_OF_POWER, Power, Rating
from .settings.table import ENOUGH_TO_TELL, SAME_PEOPLE_SHARE, SEEN_ELSEWHERE


@dataclass(frozen=True)
class Prompt:
    """Something to ask oneself. urgent: somebody who is hit hardest, and has least power, is absent."""

    sentence: str
    urgent: bool = False
    group: object = None  # the Group it is about, where it is about one


def has_little_power(group):
    """No source of power above "a little"."""
    return all(getattr(group, source) <= Power.LITTLE for source in SOURCES_OF_POWER)


def is_absent(group):
    """Nobody sits for the group, and nobody at the table has promised to speak for it. From with_seats()."""
    return not group.taken and not (group.advocate_id and group.advocate.left_at is None)


def is_unheard(group):
    """Affected very much, with little power, and absent: the groups that an arena forgets first."""
    return group.affectedness == Rating.MUCH and has_little_power(group) and is_absent(group)


@dataclass(frozen=True)
class Gathering:
    """How those at the table came there: conveners are not counted."""

    members: int
    chosen_by_sponsor: int  # invited by somebody who sits for the sponsor, and in no other way
    elsewhere: int  # sit in other partnerships of the same platform, too
    enough: bool = True  # to say anything about it
    many: float = 0.5  # of the members, to be worth a question


def gathering(partnership):
    """The Gathering of a partnership: one query."""
    sponsor = partnership.mandate.sponsor_id
    by_sponsor = Member.objects.filter(
        partnership=partnership, organization=sponsor, person=OuterRef("invitation__invited_by")
    )
    asked_in = JoinRequest.objects.filter(
        partnership=partnership, person=OuterRef("person"), state=JoinRequest.State.ACCEPTED
    )
    others = Member.objects.present().filter(
        person=OuterRef("person"), partnership__platform=partnership.platform_id
    )
    others = others.exclude(partnership=partnership).order_by().values("person")
    rows = Member.objects.present().filter(partnership=partnership).exclude(role=Member.Role.CONVENER)
    rows = rows.annotate(
        came_by_sponsor=Exists(by_sponsor) & ~Exists(asked_in) if sponsor else Q(pk=None),
        sits_elsewhere=Exists(
            others.annotate(n=Count("pk")).filter(n__gte=SEEN_ELSEWHERE.of(partnership) - 1)
        ),
    )
    counts = rows.aggregate(
        members=Count("pk"),
        chosen_by_sponsor=Count("pk", filter=Q(came_by_sponsor=True)),
        elsewhere=Count("pk", filter=Q(sits_elsewhere=True)),
    )
    enough = counts["members"] >= ENOUGH_TO_TELL.of(partnership)
    return Gathering(**counts, enough=enough, many=SAME_PEOPLE_SHARE.of(partnership) / 100)


def prompts(groups, found):
    """What to ask oneself, the most urgent first. groups: from with_seats() with advocates; found: a Gathering."""
    return [*_about_groups(groups), *_about_all(groups), *_about_how_they_came(found)]


def _about_groups(groups):
    for group in sorted(groups, key=is_unheard, reverse=True):
        if is_unheard(group):
            yield Prompt(
                _("“%(group)s”: hit hardest, with little power, and nobody sits or speaks for them.")
                % {"group": group.name},
                urgent=True,
                group=group,
            )
        elif group.affectedness == Rating.MUCH and is_absent(group):
            yield Prompt(
                _("“%(group)s”: affected very much, and nobody sits or speaks for them yet.")
                % {"group": group.name},
                group=group,
            )
        elif group.relevance == Rating.MUCH and is_absent(group) and not group.no_seat_reason:
            yield Prompt(
                _("“%(group)s”: the answer depends on them, and they are not at the table. Why?")
                % {"group": group.name},
                group=group,
            )


def _about_all(groups):
    if not groups:
        yield Prompt(_("No group is on the map yet. Who is hit hardest by the problem?"))
    elif all(group.affectedness < Rating.MUCH for group in groups):
        yield Prompt(
            _("No group is said to be affected very much. Who is hit hardest, also without knowing it?")
        )
    if groups and all(has_little_power(group) for group in groups):
        yield Prompt(_("No group has power to change anything. Who decides, owns or pays?"))


def _about_how_they_came(found):
    if not found.enough:
        return
    if found.chosen_by_sponsor == found.members:
        yield Prompt(
            _(
                "Everybody at the table was chosen by the organization that carries the partnership. "
                "Let others propose people, or open some seats to all."
            )
        )
    if found.elsewhere >= found.many * found.members:
        yield Prompt(
            ngettext(
                "%(number)s of the members sits in another partnership here, too. Are the same people asked again?",
                "%(number)s of the members sit in other partnerships here, too. Are the same people asked again?",
                found.elsewhere,
            )
            % {"number": found.elsewhere}
        )
