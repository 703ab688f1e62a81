"""Templates: shipped ones are loaded, a platform forks and adapts them, and what was learned comes back."""

import json
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from journal.actions import record

from ..models import Group, Lesson, Seat, Template
from ..places import desk_of, place_of
from ..rules import templates as may
from .memory import remember

SHIPPED = Path(__file__).parent.parent / "shipped"
CONTENT = ("texts", "groups", "lengths", "gates", "thresholds", "join_policy", "promise_kind")
RATED = ("sector", "affectedness", "relevance", "authority", "resources", "voice")


@transaction.atomic
def load_templates(*, at):
    """Load the shipped templates from their files, or bring them up to date. Returns the Templates.

    Partnerships that began from one keep what it was then: they have their own copy.
    """
    loaded = []
    for path in sorted(SHIPPED.glob("*.json")):
        facts = json.loads(path.read_text())
        template, _created = Template.objects.update_or_create(
            platform=None, key=facts.pop("key"), defaults=facts, create_defaults=facts | {"created_at": at}
        )
        loaded.append(template)
    return loaded


def from_template(template):
    """What a new partnership takes over from its template."""
    own = {"template": template, "lengths": template.lengths}
    return own | ({"join_policy": template.join_policy} if template.join_policy else {})


def seat_groups(partnership, template, by, at):
    """Put the template's groups on the map of a new partnership, with their seats, in its language."""
    rows, seats = [], []
    for facts in template.groups_in(partnership.language):
        name = facts["name"]
        rated = {field: facts[field] for field in RATED}
        group = Group(partnership=partnership, name=name, created_at=at, **rated)
        rows.append(group)
        seats += [
            Seat(partnership=partnership, group=group, sector=group.sector, label=name, created_at=at)
            for _number in range(facts.get("seats", 0))
        ]
    Group.objects.bulk_create(rows)
    Seat.objects.bulk_create(seats)
    for group in rows:
        remember(partnership, "group.added", by=by, at=at, group=group.pk)


@transaction.atomic
def fork_template(*, template, platform, key, by, at):
    """Copy a template to a platform, to be adapted there. Returns the copy. Raises Conflict for an address taken."""
    may.can_adapt_templates(desk_of(platform, by)).enforce()
    facts = {name: getattr(template, name) for name in CONTENT}
    copy, created = Template.objects.get_or_create(
        platform=platform,
        key=key,
        defaults=facts | {"forked_from": template, "created_by": by, "created_at": at},
    )
    if not created:
        raise Conflict(_("There is a template with the address “%(key)s” here already.") % {"key": key})
    record(scope=platform.pk, verb="template.forked", by=by, at=at, template=copy.pk, forked_from=template.pk)
    return copy


@transaction.atomic
def change_template(*, template, by, at, seen=None, **facts):
    """Adapt a platform's own template. facts: any of CONTENT. Returns it.

    seen: the mark of these columns as the changer saw them. Raises Conflict when somebody has changed them since.
    """
    template = Template.objects.select_for_update(of=("self",)).select_related("platform").get(pk=template.pk)
    may.can_change_template(desk_of(template.platform, by) if template.platform else None).enforce()
    unknown = facts.keys() - set(CONTENT)
    if unknown:
        raise TypeError(f"a template has no {', '.join(sorted(unknown))}")
    changed = sorted(name for name, value in facts.items() if getattr(template, name) != value)
    if changed and seen is not None and seen != template.mark(facts):
        raise Conflict(_("Somebody else has changed this part of the template in the meantime."))
    for name in changed:
        setattr(template, name, facts[name])
    if changed:
        template.save(update_fields=changed)
        record(
            scope=template.platform_id,
            verb="template.changed",
            by=by,
            at=at,
            template=template.pk,
            fields=changed,
        )
    return template


@transaction.atomic
def retire_template(*, template, by, at):
    """Offer a platform's own template no longer. What began from it stays as it is."""
    template = Template.objects.select_for_update(of=("self",)).select_related("platform").get(pk=template.pk)
    may.can_change_template(desk_of(template.platform, by) if template.platform else None).enforce()
    if template.retired_at:
        raise Conflict(_("This template is not offered any more already."))
    template.retired_at = at
    template.save(update_fields=["retired_at"])
    record(scope=template.platform_id, verb="template.retired", by=by, at=at, template=template.pk)


@transaction.atomic
def return_lesson(*, partnership, words, by, at):
    """Give back to the template what this partnership has learned. Returns the Lesson."""
    may.can_return_lesson(place_of(partnership, by)).enforce()
    lesson = Lesson.objects.create(
        template=partnership.template, partnership=partnership, words=words, by=by, at=at
    )
    remember(partnership, "lesson.returned", by=by, at=at, template=partnership.template_id, lesson=lesson.pk)
    return lesson
