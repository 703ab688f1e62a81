"""Who sits in a competent body, and who writes for it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from actors.models import Person
from boundary.answer import Conflict
from journal.actions import record
from partnerships.actions.answers import met_before, new_person

from ..models import BodyMember
from ..places import keeper_seat
from ..rules import bodies as may


def _person_at(address, name, language):
    """Whoever has proved that this address is theirs, else a namesake who has never signed in, else somebody new."""
    proved = Person.objects.filter(emailaddress__email__iexact=address, emailaddress__verified=True).first()
    known = proved or met_before(address, name)
    return known or new_person(name=name, address=address, language=language)


@transaction.atomic
def appoint(*, body, authority, by, at, person=None, name="", address=""):
    """Give a person, or whoever reads mail at an address, an authority in a body. Returns the BodyMember."""
    may.can_appoint(keeper_seat(body, by)).enforce()
    person = person or _person_at(address, name, by.language)
    try:
        with transaction.atomic():
            member = BodyMember.objects.create(body=body, person=person, authority=authority, since=at.date())
    except IntegrityError:
        raise Conflict(_("%(name)s is listed there already.") % {"name": person}) from None
    record(
        scope=body.pk,
        verb="body.appointed",
        by=by,
        at=at,
        audience="conveners",
        member=member.pk,
        person=person.pk,
        authority=authority,
    )
    return member


@transaction.atomic
def end_appointment(*, member, by, at):
    """End an authority today; the rights that came with it end at once."""
    member = BodyMember.objects.select_for_update(of=("self",)).select_related("body").get(pk=member.pk)
    may.can_appoint(keeper_seat(member.body, by)).enforce()
    if member.until is not None:
        raise Conflict(_("This has ended already."))
    member.until = at.date()
    member.save(update_fields=["until"])
    record(
        scope=member.body_id,
        verb="body.ended",
        by=by,
        at=at,
        audience="conveners",
        member=member.pk,
        person=member.person_id,
    )
    return member
