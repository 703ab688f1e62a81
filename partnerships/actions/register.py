"""The register: say that one may be asked, take it back; choose from it for a partnership; lapse."""

import datetime
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from journal.actions import record
from notices.actions import tell

from ..models import Invitation, Partnership, Willingness
from ..places import place_of
from ..register import YEAR, found_in_register, proven_addresses
from ..rules import register as may
from .invitations import already_invited, draft_invitations
from .memory import remember

SOON = datetime.timedelta(days=30)  # (default) before an entry lapses: time to be away and still answer
MOST = 5000  # people drafted from the register at once: as many as can be pasted


# --- one's own entry ----------------------------------------------------------------------------------------


@transaction.atomic
def join_register(*, platform, sector, brings, area, language, by, at):
    """Say that one may be asked, or say it again, changed or not: it holds for the platform's years from now.

    Returns the Willingness.
    """
    may.can_join_register(by, proven=by.pk in proven_addresses([by.pk])).enforce()
    end_entries(Willingness.objects.filter(platform=platform, person=by, lapses_at__lte=at), at)
    entry, created = Willingness.objects.update_or_create(
        platform=platform,
        person=by,
        ended_at=None,
        defaults={
            "sector": sector,
            "brings": brings,
            "area": area,
            "language": language,
            "lapses_at": at + platform.register_years * YEAR,
            "reminded_at": None,
        },
        create_defaults={
            "sector": sector,
            "brings": brings,
            "area": area,
            "language": language,
            "since": at,
            "lapses_at": at + platform.register_years * YEAR,
        },
    )
    verb = "register.joined" if created else "register.kept"
    # In the person's own record: the platform's would be a list of who was ever in the register.
    record(scope=by.pk, verb=verb, by=by, at=at, audience="conveners", platform=platform.pk)
    return entry


@transaction.atomic
def leave_register(*, platform, by, at):
    """Take it back: from this moment nobody finds them, and their words are gone."""
    if not end_entries(Willingness.objects.filter(platform=platform, person=by), at):
        raise Conflict(_("You are not in the register any more."))
    record(scope=by.pk, verb="register.left", by=by, at=at, audience="conveners", platform=platform.pk)


def end_entries(entries, at):
    """End these entries: their words go, and so do invitations that were only drafted. Returns how many."""
    ended = list(
        entries.filter(ended_at=None).order_by("pk").select_for_update().values_list("pk", flat=True)
    )
    Willingness.objects.filter(pk__in=ended).update(ended_at=at, brings="", area="")
    drafts = Invitation.objects.filter(willingness__in=ended, state=Invitation.State.DRAFT)
    for partnership in Partnership.objects.filter(pk__in=drafts.values("partnership")).order_by("pk"):
        with translation.override(partnership.language):
            reason = _("Is not in the register any more.")
        count = drafts.filter(partnership=partnership).update(
            state=Invitation.State.WITHDRAWN, address="", name="", reason=reason
        )
        if count:
            facts = {"by": None, "at": at, "audience": "conveners", "count": count}
            remember(partnership, "invitation.left_register", **facts)
    return len(ended)


@transaction.atomic
def end_lapsed(*, at):
    """End the entries whose time is over. Returns how many."""
    return end_entries(Willingness.objects.filter(lapses_at__lte=at), at)


@transaction.atomic
def remind_register(*, at):
    """Ask those whose entry lapses within a month whether they are still willing, once. Returns how many."""
    due = Willingness.objects.standing(at).filter(lapses_at__lte=at + SOON, reminded_at=None)
    chosen = list(due.select_for_update(skip_locked=True, of=("self",)))
    Willingness.objects.filter(pk__in=[entry.pk for entry in chosen]).update(reminded_at=at)
    for entry in chosen:
        tell(
            kind="register_lapsing",
            recipients=[entry.person_id],
            scope=entry.platform_id,
            occurrence=entry.lapses_at.isoformat(),
            ids={"entry": str(entry.pk)},
            at=at,
            belongs_to=entry.lapses_at - SOON,
        )
    return len(chosen)


# --- choosing from it ---------------------------------------------------------------------------------------


@dataclass
class Drafted:
    """What came of choosing: the drafts, and how many were left out because they were invited already."""

    invitations: list = field(default_factory=list)
    invited: int = 0
    gone: int = 0  # a member, out of the register, or without a proven address by now


@transaction.atomic
def invite_from_register(*, partnership, people, why_you, by, at, group=None, seat=None):
    """Draft an invitation to each of these people (ids) who still stands in the register. Returns what came of it."""
    partnership = Partnership.objects.locked(partnership.pk)
    place = place_of(partnership, by)
    may.can_choose_from_register(place).enforce()
    entries = list(found_in_register(place=place, at=at).filter(person__in=people))
    return draft_entries(
        partnership=partnership,
        entries=entries,
        why_you=why_you,
        by=by,
        at=at,
        group=group,
        seat=seat,
        asked=len(set(people)),
    )


def draft_entries(*, partnership, entries, why_you, by, at, group=None, seat=None, asked=None):
    """Draft invitations to entries of the register, each in its own language. Returns Drafted.

    asked: how many were meant, where some of them are no entries any more.
    """
    asked = len(entries) if asked is None else asked
    # Whoever leaves the register at this moment waits, and takes the draft with them.
    standing = Willingness.objects.standing(at).filter(pk__in=[entry.pk for entry in entries])
    standing = standing.select_related("person").order_by("person__sort_key", "pk")
    entries = list(standing.select_for_update(no_key=True, of=("self",)))
    addresses = proven_addresses([entry.person_id for entry in entries])
    reached = [entry for entry in entries if entry.person_id in addresses]
    live = {address for address, _name in already_invited(partnership, addresses.values())}
    fresh = [entry for entry in reached if addresses[entry.person_id].lower() not in live]
    facts = [
        {
            "name": entry.person.name,
            "address": addresses[entry.person_id],
            "sector": group.sector if group else entry.sector,
            "group": group,
            "seat": seat,
            "why_you": why_you,
            "language": entry.language,
            "willingness": entry,
        }
        for entry in fresh
    ]
    drafted = draft_invitations(partnership=partnership, addresses=facts, by=by, at=at) if facts else []
    return Drafted(drafted, len(reached) - len(fresh), asked - len(reached))
