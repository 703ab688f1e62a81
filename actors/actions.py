"""What people do about themselves, their organizations and their way in."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from boundary.tokens import matches
from journal.actions import record
from notices.actions import choose, reconsider

from .models import Affiliation, Organization, Person, SignInMail, side_of
from .rules import can_look_after_the_site


def usable_link(*, mail, given, at):
    """Why this sign-in link cannot be used, as a sentence; empty when it can."""
    if mail is None or not matches("sign-in", mail.pk, mail.nonce, given) or mail.kind != "sign_in_code":
        return _("This link is not right. Perhaps it was cut in two by your mail program.")
    if mail.used_at:
        return _("This link has been used already.")
    if mail.expires_at <= at or mail.person is None or not mail.person.is_active:
        return _("This link has run out.")
    return ""


@transaction.atomic
def use_sign_in_link(*, mail, given, at):
    """Use an e-mailed sign-in link, once. Returns the Person, whose address is thereby verified."""
    why_not = usable_link(mail=mail, given=given, at=at)
    if why_not:
        raise Conflict(why_not)
    if not SignInMail.objects.filter(pk=mail.pk, used_at=None).update(used_at=at, sealed=""):
        raise Conflict(_("This link has been used already."))
    verify_address(person=mail.person, address=mail.person.email)
    return mail.person


def verify_address(*, person, address):
    """Keep that this person reads mail at this address, unless somebody else proved so before."""
    taken = EmailAddress.objects.filter(email__iexact=address, verified=True).exclude(user=person).exists()
    if not taken and address:
        row, created = EmailAddress.objects.get_or_create(
            user=person, email=address.lower(), defaults={"verified": True, "primary": True}
        )
        if not created and not row.verified:
            row.verified = True
            row.save(update_fields=["verified"])


@transaction.atomic
def change_settings(*, person, name, phone, language, time_zone, by, at):
    """Correct one's own name, telephone, language and time zone."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    has_moved = person.time_zone != time_zone
    person.name, person.phone, person.language, person.time_zone = name, phone, language, time_zone
    person.save(update_fields=["name", "phone", "language", "time_zone"])
    if has_moved:
        reconsider(recipient=person.pk, at=at)
    record(scope=person.pk, verb="person.corrected", by=by, at=at, audience="conveners")
    return person


def person_at(*, address, name, language):
    """Whoever owns this address, else who was written down with it and never signed in, else a new person.

    An account that somebody has opened without proving the address is left alone: its password is not the owner's.
    """
    rows = EmailAddress.objects.filter(email__iexact=address, user__is_active=True).select_related("user")
    owner = rows.filter(verified=True).first()
    if owner:
        return owner.user
    for row in rows.filter(user__last_login=None):
        if not row.user.has_usable_password():
            return row.user
    person = Person.objects.create_user(email=address, name=name, language=language)
    EmailAddress.objects.create(user=person, email=address.lower(), verified=False, primary=True)
    return person


@transaction.atomic
def make_operator(*, person, by, at):
    """Let a person look after the site; the operators' site opens when they have a second factor."""
    can_look_after_the_site(by).enforce()
    if not Person.objects.filter(pk=person.pk, is_staff=False, is_active=True).update(is_staff=True):
        raise Conflict(_("%(name)s is an operator already.") % {"name": person})
    record(scope=person.pk, verb="person.made_operator", by=by, at=at, audience="conveners")


@transaction.atomic
def end_operator(*, person, by, at):
    """Let a person look after the site no longer; their rights end at once."""
    can_look_after_the_site(by).enforce()
    if not Person.objects.filter(pk=person.pk, is_staff=True).update(is_staff=False):
        raise Conflict(_("%(name)s is no operator.") % {"name": person})
    record(scope=person.pk, verb="person.ended_operator", by=by, at=at, audience="conveners")


@transaction.atomic
def add_organization(*, name, sector, by, at, side="", kind="", is_elected_body=False):
    """Add an organization. Its side follows its sector unless said otherwise; an academic body says which."""
    organization = Organization.objects.create(
        name=name,
        sector=sector,
        side=side or side_of(sector),
        kind=kind,
        is_elected_body=is_elected_body,
        created_at=at,
    )
    record(scope=organization.pk, verb="organization.added", by=by, at=at, organization=organization.pk)
    return organization


@transaction.atomic
def affiliate(*, person, organization_name, sector, standing, by, at, title=""):
    """Say how a person stands in an organization, adding one that is new here. Standing gives no rights.

    Returns the Affiliation. Raises Conflict when it was said before.
    """
    organization = Organization.objects.filter(name__iexact=organization_name.strip()).first()
    organization = organization or add_organization(
        name=organization_name.strip(), sector=sector, by=by, at=at
    )
    affiliation, created = Affiliation.objects.get_or_create(
        person=person,
        organization=organization,
        standing=standing,
        until=None,
        defaults={"title": title, "since": at.date(), "created_at": at},
    )
    if not created:
        raise Conflict(_("You have said so already."))
    record(scope=organization.pk, verb="affiliation.added", by=by, at=at, person=person.pk, standing=standing)
    return affiliation


@transaction.atomic
def end_affiliation(*, affiliation, by, at):
    """End one's own standing in an organization."""
    changed = Affiliation.objects.filter(pk=affiliation.pk, person=by, until=None).update(until=at.date())
    if not changed:
        raise Conflict(_("This has ended already."))
    record(scope=affiliation.organization_id, verb="affiliation.ended", by=by, at=at, person=by.pk)


def look(*, person, until, by, at):
    """Remember until when a person has seen what moved, as they say; it never goes back, nor past now."""
    until = min(until, at)
    mine = Person.objects.filter(pk=person.pk).exclude(looked_at__gte=until)
    mine.update(looked_at=until)


@transaction.atomic
def choose_messages(*, person, choices, by, at, scope=None):
    """Choose when kinds of message come, {kind: choice}, everywhere or in one scope; None takes a choice back there."""
    choose(recipient=person.pk, scope=scope, choices=choices, at=at)
    record(scope=person.pk, verb="person.chose_messages", by=by, at=at, audience="conveners")
