"""Where a person stands in a competent body: fetched once per page or action, asked by every rule."""

from dataclasses import dataclass

from django.db.models import Q

from actors.models import Organization, Person
from partnerships.models import Office, Platform

from .models import Authority, BodyMember


@dataclass(frozen=True)
class Seat:
    """One person and one body. `authorities` are those that the person holds now."""

    body: Organization
    person: Person | None
    authorities: frozenset = frozenset()
    platforms: frozenset = frozenset()  # that name the body; only fetched where the list of members is kept
    keeps: frozenset = frozenset()  # of those, the ones whose cases this person keeps

    @property
    def sits(self):
        """Is a member of the body or its secretary."""
        return bool(self.authorities)

    @property
    def writes(self):
        """Is the body's secretary."""
        return Authority.SECRETARY in self.authorities

    @property
    def operates(self):
        """Runs this site."""
        return bool(self.person and self.person.is_active and self.person.is_staff)

    @property
    def keeps_one_of_its_platforms(self):
        return bool(self.keeps)

    @property
    def keeps_its_only_platform(self):
        return bool(self.keeps) and self.keeps == self.platforms


def seat_in(body, person):
    """The Seat of `person` (a Person, an anonymous user, or None) in `body`: one query when signed in."""
    if person is None or not person.is_authenticated:
        return Seat(body, None)
    held = BodyMember.objects.current().filter(body=body, person=person).values_list("authority", flat=True)
    return Seat(body, person, frozenset(held))


def keeper_seat(body, person):
    """The Seat with what it takes to judge who keeps the body's list: three queries when signed in."""
    seat = seat_in(body, person)
    if seat.person is None:
        return seat
    named = Q(partnerships__mandate__competent_body=body) | Q(partnerships__mandate__recipient=body)
    asked = Q(partnerships__authorization_requests__body=body)
    platforms = frozenset(Platform.objects.filter(named | asked).values_list("pk", flat=True))
    offices = Office.objects.filter(person=person, kind=Office.Kind.CASE_OFFICER, until=None)
    keeps = frozenset(offices.filter(platform__in=platforms).values_list("platform", flat=True))
    return Seat(body, seat.person, seat.authorities, platforms, keeps)
