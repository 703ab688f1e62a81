"""A platform begins, changes its facts, and says who may convene on it and who keeps its cases."""

from django.db import transaction
from django.utils.translation import gettext as _

from actors.rules import can_look_after_the_site
from boundary.answer import Conflict
from journal.actions import record

from ..models import Office, Platform
from ..places import desk_of
from ..rules.platforms import can_give_office


@transaction.atomic
def open_platform(*, slug, owner, facts, case_officer, by, at):
    """Begin a platform that `owner` runs, with a first case officer who can give offices to others.

    facts: {field: value} of Platform. Returns the Platform. Raises Conflict when the address is taken.
    """
    can_look_after_the_site(by).enforce()
    platform, created = Platform.objects.get_or_create(
        slug=slug, defaults={**facts, "owner": owner, "created_at": at}
    )
    if not created:
        raise Conflict(_("There is a platform at /platforms/%(slug)s/ already.") % {"slug": slug})
    record(scope=platform.pk, verb="platform.opened", by=by, at=at, organization=owner.pk)
    appoint_officer(platform=platform, person=case_officer, kind=Office.Kind.CASE_OFFICER, by=by, at=at)
    return platform


@transaction.atomic
def change_platform(*, platform, facts, by, at):
    """Correct what a platform says about itself, {field: value}. Returns the names of what is different now."""
    can_look_after_the_site(by).enforce()
    platform = Platform.objects.select_for_update().get(pk=platform.pk)
    different = [name for name, value in facts.items() if getattr(platform, name) != value]
    if different:
        for name in different:
            setattr(platform, name, facts[name])
        platform.save(update_fields=different)
        record(scope=platform.pk, verb="platform.changed", by=by, at=at, fields=different)
    return different


@transaction.atomic
def appoint_officer(*, platform, person, kind, by, at):
    """Give an office where nobody on the platform can: the first one, and after all have left. True if it is new."""
    can_look_after_the_site(by).enforce()
    _office, created = Office.objects.get_or_create(
        platform=platform, person=person, kind=kind, until=None, defaults={"since": at, "given_by": by}
    )
    if created:
        record(scope=platform.pk, verb="office.given", by=by, at=at, person=person.pk, kind=kind)
    return created


@transaction.atomic
def give_office(*, platform, person, kind, by, at):
    """Let a person convene on a platform, or keep its cases. Returns the Office."""
    can_give_office(desk_of(platform, by)).enforce()
    office, created = Office.objects.get_or_create(
        platform=platform, person=person, kind=kind, until=None, defaults={"since": at, "given_by": by}
    )
    if not created:
        raise Conflict(_("%(name)s holds this office already.") % {"name": person})
    record(scope=platform.pk, verb="office.given", by=by, at=at, person=person.pk, kind=kind)
    return office


@transaction.atomic
def end_office(*, office, by, at):
    """End an office. A platform is never left without anyone who can give one."""
    platform = Platform.objects.select_for_update().get(pk=office.platform_id)
    can_give_office(desk_of(platform, by)).enforce()
    others = Office.objects.filter(platform=platform, until=None).exclude(pk=office.pk)
    if not others.exists():
        raise Conflict(_("This is the last office on this platform. Give one to somebody else first."))
    if not Office.objects.filter(pk=office.pk, until=None).update(until=at):
        raise Conflict(_("This office has ended already."))
    record(scope=platform.pk, verb="office.ended", by=by, at=at, person=office.person_id, kind=office.kind)
