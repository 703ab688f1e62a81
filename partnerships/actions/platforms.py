"""A platform begins, changes its facts, and says who may convene on it and who keeps its cases."""

from django.db import transaction
from django.utils.translation import gettext as _

from actors.rules import can_look_after_the_site
from boundary.answer import Conflict
from journal.actions import record

from ..models import Logo, Office, Platform
from ..places import desk_of
from ..rules.platforms import can_change_part, can_give_office
from ..settings import SETTINGS, mark_of, parts_of


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
def correct_platform(*, platform, facts, by, at):
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


class Overtaken(Conflict):
    """Somebody else changed the same settings in the meantime. now: {setting: what stands there}."""

    def __init__(self, now):
        super().__init__(
            _("Somebody else has changed this in the meantime. Nothing of theirs is overwritten.")
        )
        self.now = now


@transaction.atomic
def change_platform(*, platform, part, values, seen, by, at):
    """Change settings of one part, {key: value}. Returns the keys of what is different now.

    seen: {key: mark_of the value that the changer saw}. What somebody else has changed since raises Overtaken, unless
    both want the same. A logo is a Picture, or "" for none.
    """
    platform = Platform.objects.select_for_update().get(pk=platform.pk)
    can_change_part(desk_of(platform, by), part).enforce()
    unknown = values.keys() - {one.key for one in parts_of(part)}
    if unknown:
        raise TypeError(f"{part} has no {', '.join(sorted(unknown))}")
    now = {key: SETTINGS[key].on(platform) for key in values}
    wanted = {key: value for key, value in values.items() if getattr(value, "name", value) != now[key]}
    overtaken = {key: now[key] for key in wanted if seen.get(key) != mark_of(now[key])}
    if overtaken:
        raise Overtaken(overtaken)
    if wanted:
        columns = {SETTINGS[key].put(platform, value) for key, value in wanted.items() if key != "logo"}
        columns |= _hang(platform, wanted["logo"]) if "logo" in wanted else set()
        platform.save(update_fields=sorted(columns))
        record(scope=platform.pk, verb="platform.changed", by=by, at=at, fields=sorted(wanted))
    return sorted(wanted)


def _hang(platform, picture):
    """Put up a logo, or take it down. Returns the columns that say so, unsaved."""
    if picture:
        facts = {"name": picture.name, "body": picture.body}
        Logo.objects.update_or_create(platform=platform, defaults=facts)
        platform.logo, platform.logo_width, platform.logo_height = picture.name, picture.width, picture.height
    else:
        Logo.objects.filter(platform=platform).delete()
        platform.logo, platform.logo_width, platform.logo_height = "", 0, 0
    return {"logo", "logo_width", "logo_height"}


def reset_setting(*, platform, key, seen, by, at):
    """Put one setting back to its default. seen: the mark of the value that was seen. Returns the Setting."""
    setting = SETTINGS[key]
    change_platform(
        platform=platform, part=setting.part, values={key: setting.default}, seen={key: seen}, by=by, at=at
    )
    return setting


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
    platform = Platform.objects.select_for_update().get(pk=platform.pk)
    can_give_office(desk_of(platform, by), kind).enforce()
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
    can_give_office(desk_of(platform, by), office.kind).enforce()
    others = Office.objects.filter(platform=platform, until=None).exclude(pk=office.pk)
    if not others.exists():
        raise Conflict(_("This is the last office on this platform. Give one to somebody else first."))
    if not Office.objects.filter(pk=office.pk, until=None).update(until=at):
        raise Conflict(_("This office has ended already."))
    record(scope=platform.pk, verb="office.ended", by=by, at=at, person=office.person_id, kind=office.kind)
