"""Answers to invitations: yes, no, later; and people whom a convener registers with their agreement."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from actors.models import Person
from boundary.answer import Conflict

from ..models import Invitation, Member, Partnership
from ..models.invitations import ANSWERABLE
from ..places import place_of
from ..rules import invitations as may
from ..rules.members import can_register_person
from .members import enter
from .memory import remember
from .organizations import organization_named
from .settling import settle_invitations

State = Invitation.State


def waiting_invitation(invitation, at):
    """The invitation and its partnership, locked in this order, if it still waits for an answer."""
    partnership = Partnership.objects.locked(invitation.partnership_id)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    invitation.partnership = partnership
    may.can_answer(invitation, at).enforce()
    return partnership, invitation


def end_invitation(invitation, at, **fields):
    """Write the answer, guarded: whoever answers second, or too late, loses."""
    rows = Invitation.objects.filter(pk=invitation.pk, state__in=ANSWERABLE, expires_at__gt=at)
    if not rows.update(answered_at=at, **fields):
        raise Conflict(_("This invitation has been answered in the meantime."))


@transaction.atomic
def see_invitation(*, invitation, at):
    """Note that the invitation was read, because its reader said so. Answers and ends stay as they are."""
    _partnership, invitation = waiting_invitation(invitation, at)
    unseen = Invitation.objects.filter(pk=invitation.pk, state__in=[State.QUEUED, State.SENT])
    if unseen.update(state=State.SEEN, seen_at=at):
        Invitation.objects.filter(pk=invitation.pk, sent_at=None).update(sent_at=at)


@transaction.atomic
def accept_invitation(
    *,
    invitation,
    name,
    by,
    at,
    organization_name="",
    organization_sector="",
    function="",
    language="",
    email="",
    phone="",
):
    """Say yes: the invited person becomes a member and takes the seat. Returns the Member.

    by: the signed-in addressee, or None; anyone else who holds the link is refused. email and phone are what a person
    invited on paper chooses to give.
    """
    partnership, invitation = waiting_invitation(invitation, at)
    may.can_answer_as(invitation, by).enforce()
    person = by or _person_of(
        invitation, name or invitation.name, language or invitation.language, email=email, phone=phone
    )
    member = Member.objects.present().filter(partnership=partnership, person=person).first()
    if member and Invitation.objects.filter(member=member).exists():
        raise Conflict(_("You are a member already. You can sign in."))
    if not member:
        sector = organization_sector or invitation.sector
        organization = invitation.organization or organization_named(
            name=organization_name, sector=sector, by=person, at=at
        )
        member = enter(
            partnership=partnership,
            person=person,
            sector=invitation.sector,
            side=invitation.side,
            role=invitation.role,
            seat=invitation.seat,
            group=invitation.group,
            organization=organization,
            function=function,
            by=person,
            at=at,
        )
    end_invitation(invitation, at, state=State.ACCEPTED, member=member)
    settle_invitations(member=member, at=at)
    remember(
        partnership,
        "invitation.accepted",
        by=person,
        at=at,
        audience="conveners",
        invitation=invitation.pk,
        member=member.pk,
    )
    return member


def _person_of(invitation, name, language, *, email, phone):
    """Who reads mail at the invited address under this name: the one who proved so before, or a new person.

    Two people may share an address: when its owner sits here already under another name, the newcomer is a person of
    their own. What somebody types with a letter proves nothing, so it never finds anyone.
    """
    address = invitation.address
    owners = EmailAddress.objects.filter(email__iexact=address or email, verified=True).select_related("user")
    owner = owners[0].user if (address or email) and owners else None
    if address and owner and owner.is_active:
        here = Member.objects.present().filter(partnership=invitation.partnership_id, person=owner).exists()
        if not here or owner.name.casefold() == name.casefold():
            return owner
    return (address and met_before(address, name)) or new_person(
        name=name, address=address or email, language=language, phone=phone, verified=bool(owner)
    )


def met_before(address, name):
    """Somebody of this name and address who took part elsewhere and has never signed in."""
    met = Person.objects.filter(
        email__iexact=address, name__iexact=name, is_active=True, erased_at=None, last_login=None
    ).exclude(emailaddress__verified=True)
    return next((person for person in met if not person.has_usable_password()), None)


def new_person(*, name, address, language, phone="", verified=False):
    """Somebody new. Where nobody else owns the address, a code sent there will let them in."""
    person = Person.objects.create_user(email=address, name=name, language=language, phone=phone)
    if address and not verified:
        EmailAddress.objects.create(user=person, email=address.lower(), verified=False, primary=True)
    return person


@transaction.atomic
def decline_invitation(*, invitation, reason, at, by=None):
    """Say no, with or without a reason."""
    partnership, invitation = waiting_invitation(invitation, at)
    may.can_answer_as(invitation, by).enforce()
    end_invitation(invitation, at, state=State.DECLINED, reason=reason)
    remember(partnership, "invitation.declined", by=by, at=at, audience="conveners", invitation=invitation.pk)


@transaction.atomic
def register_person(
    *,
    partnership,
    name,
    by,
    at,
    sector,
    phone="",
    email="",
    function="",
    organization=None,
    organization_name="",
    language="",
):
    """Register somebody who cannot or will not answer by e-mail, with their agreement. Returns the Member."""
    partnership = Partnership.objects.locked(partnership.pk)
    can_register_person(place_of(partnership, by)).enforce()
    if email and EmailAddress.objects.filter(email__iexact=email, verified=True).exists():
        raise Conflict(
            _("Somebody signs in with %(email)s. Invite them by e-mail instead.") % {"email": email}
        )
    organization = organization or organization_named(name=organization_name, sector=sector, by=by, at=at)
    person = new_person(name=name, address=email, language=language or partnership.language, phone=phone)
    member = enter(
        partnership=partnership,
        person=person,
        sector=sector,
        side=organization.side if organization else "",
        organization=organization,
        function=function,
        by=by,
        at=at,
    )
    remember(partnership, "member.registered", by=by, at=at, audience="members", member=member.pk)
    return member
