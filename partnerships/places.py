"""Where a person stands in a partnership: fetched once per page or action, asked by every rule."""

from dataclasses import dataclass

from actors.models import Person
from boundary.kept import kept

from .models import Member, Office, Partnership, Platform
from .models.moderation import with_writing_pause


@dataclass(frozen=True)
class Place:
    """One person and one partnership. Rules answer from this alone, whatever the length of the lists shown."""

    partnership: Partnership
    person: Person | None  # None: nobody is signed in
    member: Member | None
    offices: frozenset = frozenset()

    @property
    def leads(self):
        """Convenes or facilitates here."""
        return bool(self.member and self.member.leads)

    @property
    def convenes(self):
        return bool(self.member and self.member.role == Member.Role.CONVENER)

    @property
    def keeps_cases(self):
        return Office.Kind.CASE_OFFICER in self.offices

    @property
    def decides(self):
        """Has a say in decisions: a member, not an observer."""
        return bool(self.member and self.member.role != Member.Role.OBSERVER)

    @property
    def writes_again_at(self):
        """Until when this member's writing is paused, perhaps in the past; None where it is not."""
        return self.member and self.member.writes_again_at

    @property
    def reads(self):
        """May read what is said and written here."""
        return self.partnership.is_public or bool(self.member) or self.keeps_cases


@kept
def _seat(partnership, person):
    present = Member.objects.present().filter(partnership=partnership, person=person)
    return with_writing_pause(present.select_related("organization"))


def place_of(partnership, person):
    """The Place of `person` (a Person, an anonymous user, or None) in `partnership`: two queries when signed in."""
    if person is None or not person.is_authenticated:
        return Place(partnership, None, None)
    member = next(iter(_seat(partnership.pk, person.pk)), None)
    if member:
        member.person, member.partnership = person, partnership
    held = Office.objects.filter(platform=partnership.platform_id, person=person, until=None)
    return Place(partnership, person, member, frozenset(held.values_list("kind", flat=True)))


@dataclass(frozen=True)
class Desk:
    """One person and one platform: what they may do for it."""

    platform: Platform
    person: Person | None
    offices: frozenset = frozenset()

    @property
    def convenes(self):
        return Office.Kind.CONVENER in self.offices

    @property
    def keeps_cases(self):
        return Office.Kind.CASE_OFFICER in self.offices


def desk_of(platform, person):
    """The Desk of `person` (a Person, an anonymous user, or None) at `platform`: one query when signed in."""
    if person is None or not person.is_authenticated:
        return Desk(platform, None)
    kinds = Office.objects.filter(platform=platform, person=person, until=None)
    return Desk(platform, person, frozenset(kinds.values_list("kind", flat=True)))
