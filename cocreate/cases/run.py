"""One loading of one case: its clock, its people, and what is remembered about where each record comes from."""

import re
from dataclasses import dataclass, field

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from actors.actions import add_organization
from actors.models import PUBLIC_SECTORS, Organization, Person, Sector, Side, side_of
from partnerships import actions
from partnerships.models import Member, Partnership, Platform, Provenance, Revision

from .times import Clock, Periods

STATED, INFERRED, ADDED = "stated", "inferred", "added"
# Kinds of actor that are people told by their office or role, not bodies.
PEOPLE = re.compile(
    r"\b(mayor|minister|leader|residents?|owners?|borgmester|borgere?|beboere?|ejere)\b", re.IGNORECASE
)
# Control, not sector, decides the side: what public bodies own is public, whatever its form.
OWNED_BY_PUBLIC = re.compile(
    r"(100\s?%|wholly|fully|majority|municipal(ly)?|publicly|state|kommunalt|offentligt)[\s-]+(is\s+)?(owned|ejet)",
    re.IGNORECASE,
)


def side_of_actor(actor):
    """Who controls an actor: as the case says, else by who owns it, else by its sector."""
    if actor.get("side"):
        return actor["side"]
    if OWNED_BY_PUBLIC.search(f"{actor['kind']} {actor.get('note') or ''}"):
        return Side.PUBLIC
    return side_of(actor["sector"])


@dataclass
class Run:
    """The state of one loading."""

    case: dict
    clock: Clock
    periods: Periods
    platform: Platform
    officer: Person  # keeps the platform's cases
    host: dict  # the actor who convenes
    cast: dict  # actor id -> a Person who signs in, for the demonstration
    join_policy: str = Partnership.JoinPolicy.INVITATION  # nobody is there any more to take newcomers in
    convener: Person = None
    partnership: Partnership = None
    members: dict = field(default_factory=dict)  # actor id -> Member
    marks: dict = field(default_factory=dict)  # record id -> (basis, source ids)
    pending: list = field(default_factory=list)  # [day, event] of the timeline that have not been told yet
    unpromised: list = field(default_factory=list)  # resources that their givers have not promised yet
    given: list = field(default_factory=list)  # (commitment, day, resource): promised and not given yet
    busy: set = field(default_factory=set)  # actors that have a step of the plan
    indicators: dict = field(default_factory=dict)  # name -> Indicator
    proposals: list = field(default_factory=list)
    definition: Revision = None
    value: Revision = None

    def pending_until(self, day):
        """The events of the timeline before `day` that have not been told yet; they count as told now."""
        now = [pair for pair in self.pending if pair[0] is None or pair[0] < day]
        self.pending = [pair for pair in self.pending if pair not in now]
        return now

    # --- where things come from ---------------------------------------------------------------------------

    def mark(self, record, basis, src=()):
        """Remember on what a record rests. Returns the record."""
        self.marks.setdefault(record.pk, (basis, list(src or ())))
        return record

    def mark_added(self, record):
        return self.mark(record, ADDED)

    def save_marks(self):
        """Write the Provenance of every record; whatever has none yet was added so that the reconstruction runs."""
        urls = {source["id"]: source["url"] for source in self.case["sources"]}
        Provenance.objects.bulk_create(
            Provenance(
                subject=pk, partnership=self.partnership, basis=basis, sources=[urls[one] for one in src]
            )
            for pk, (basis, src) in self.marks.items()
        )

    # --- people -------------------------------------------------------------------------------------------

    def actor(self, key):
        return next(actor for actor in self.case["actors"] if actor["id"] == key)

    def organization(self, actor):
        """The Organization of an actor; None for people who act for themselves."""
        if PEOPLE.search(actor["kind"]) and actor["sector"] in (Sector.POLITICAL, Sector.CITIZENS):
            return None
        return organization_of(actor, by=self.officer, at=self.clock.at())

    def seat(self, key, basis=INFERRED, role=Member.Role.MEMBER):
        """Seat the actor's representative, told by function, once. Returns the Member."""
        if key in self.members:
            return self.members[key]
        actor = self.actor(key)
        organization = self.organization(actor)
        member = (
            self._invited(actor, organization) if key in self.cast else self._registered(actor, organization)
        )
        if role != Member.Role.MEMBER:
            member = actions.members.change_role(
                member=member, role=role, by=self.convener, at=self.clock.at()
            )
        side = side_of_actor(actor)
        if member.side != side:
            member = actions.members.change_seat(
                member=member, sector=member.sector, side=side, by=self.convener, at=self.clock.at()
            )
        self.members[key] = self.mark(member, basis, actor.get("src"))
        return member

    def _registered(self, actor, organization):
        return actions.invitations.register_person(
            partnership=self.partnership,
            name=name_of(actor, organization),
            sector=actor["sector"],
            function=Truncator(_first_upper(actor["kind"])).chars(60),
            organization=organization,
            by=self.convener,
            at=self.clock.at(),
        )

    def _invited(self, actor, organization):
        """Somebody who signs in answers an invitation, as everyone does."""
        person = self.cast[actor["id"]]
        facts = {
            "name": person.name,
            "address": person.email,
            "sector": actor["sector"],
            "side": side_of_actor(actor),
            "organization": organization,
            "role": Member.Role.MEMBER,
            "why_you": _("You know this from where you stand."),
            "language": person.language,
        }
        at = self.clock.at
        drafts = actions.invitations.draft_invitations(
            partnership=self.partnership, addresses=[facts], by=self.convener, at=at()
        )
        actions.invitations.send_invitations(
            partnership=self.partnership, by=self.convener, at=at(), invitations=drafts
        )
        return actions.invitations.accept_invitation(
            invitation=drafts[0],
            name=person.name,
            by=person,
            at=at(),
            function=_first_upper(actor["kind"])[:120],
        )

    def person(self, key):
        """Who acts for an actor that has a seat."""
        return self.members[key].person

    def stand_ins(self, who, phase):
        """Seat somebody of a side that the sources leave empty in a phase, so that the rules can be held.

        They only stand aside: nothing is put in their mouth.
        """
        for side in (Side.PUBLIC, Side.NON_PUBLIC):
            present = [
                m for m in Member.objects.deciding().filter(partnership=self.partnership) if m.side == side
            ]
            if not present:
                self._stand_in(side, who)

    def _stand_in(self, side, who):
        of_side = [
            actor for actor in self.case["actors"] if side_of_actor(actor) == side and actor["id"] not in who
        ]
        nearest = ("citizens", "civil_society") if side == Side.NON_PUBLIC else ("public", "political")
        known = [actor for actor in of_side if actor["sector"] in nearest] or of_side
        if known:
            self.seat(known[0]["id"], ADDED)
            return
        sector = Sector.CITIZENS if side == Side.NON_PUBLIC else Sector.PUBLIC
        member = actions.invitations.register_person(
            partnership=self.partnership,
            name=_("Resident (added)") if side == Side.NON_PUBLIC else _("Official (added)"),
            sector=sector,
            function=_("Added so that the reconstruction runs"),
            by=self.convener,
            at=self.clock.at(),
        )
        self.members[f"added-{side}"] = self.mark_added(member)


def _first_upper(text):
    return text[:1].upper() + text[1:]


def name_of(actor, organization):
    """What the representative of an actor is called: by function, never by a person's name."""
    name = Truncator(re.sub(r"\s*\([^)]*\)", "", actor["name"])).chars(90)
    return _("Member for %(organization)s") % {"organization": name} if organization else name


def organization_of(actor, *, by, at, is_elected_body=False):
    """The Organization of this name, else a new one on the side that controls it."""
    known = Organization.objects.filter(name=actor["name"]).first()
    if known:
        return known
    return add_organization(
        name=actor["name"],
        sector=actor["sector"],
        side=side_of_actor(actor),
        kind=Truncator(actor["kind"]).chars(80),
        is_elected_body=is_elected_body or _is_elected(actor),
        by=by,
        at=at,
    )


ELECTED = re.compile(
    r"council|parliament|committee|cabinet|executive|government|byråd|kommunalbestyrelse|udvalg",
    re.IGNORECASE,
)
NOT_ELECTED = re.compile(r"\b(agency|authority|court|board)\b", re.IGNORECASE)


def _is_elected(actor):
    return (
        actor["sector"] == Sector.POLITICAL
        and is_elected_kind(actor["kind"])
        and not PEOPLE.search(actor["kind"])
    )


def is_elected_kind(kind):
    """Whether a kind of body consists of elected politicians."""
    return bool(ELECTED.search(kind)) and not NOT_ELECTED.search(kind)


def is_public(actor):
    return side_of_actor(actor) == Side.PUBLIC or actor["sector"] in PUBLIC_SECTORS
