"""The only place in this app that writes."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from partnerships.actions.memory import remember
from partnerships.actions.texts import start_text
from partnerships.models import Partnership, Text
from partnerships.places import place_of

from . import rules as may
from .models import Definition, Direction, Indicator, plain

CHANGEABLE = ("name", "unit", "baseline", "target", "direction", "source")


@transaction.atomic
def start_definition(*, partnership, by, at):
    """Open the shared problem definition for writing. Returns the Definition."""
    partnership = Partnership.objects.locked(partnership.pk)
    place = place_of(partnership, by)
    existing = Definition.objects.filter(partnership=partnership).first()
    if existing and may.can_start_definition(place):
        raise Conflict(_("Somebody else has started the problem definition in the meantime."))
    may.can_start_definition(place, existing).enforce()
    text = start_text(
        partnership=partnership, kind=Text.Kind.PROBLEM, title=_("The problem we share"), by=by, at=at
    )
    return Definition.objects.create(text=text, partnership=partnership)  # starting the text is in the record


def _saved(indicator, **options):
    """Save, or say that the name is taken."""
    try:
        with transaction.atomic():
            indicator.save(**options)
    except IntegrityError:
        raise Conflict(_("There is an indicator of that name already.")) from None
    return indicator


@transaction.atomic
def add_indicator(
    *, partnership, name, unit, by, at, baseline=None, target=None, direction=Direction.UP, source=""
):
    """Add an indicator: what is counted, where it stands today, where it should be. Returns the Indicator."""
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_add_indicator(place_of(partnership, by)).enforce()
    indicator = _saved(
        Indicator(
            partnership=partnership,
            name=name,
            unit=unit,
            baseline=baseline,
            target=target,
            direction=direction,
            source=source,
            created_at=at,
        ),
        force_insert=True,
    )
    remember(partnership, "indicator.added", by=by, at=at, indicator=indicator.pk, target=key(target))
    return indicator


def key(number):
    """A number as a short key for the journal: plain digits, "" for none."""
    return "" if number is None else f"{plain(number):f}"


@transaction.atomic
def change_indicator(*, indicator, by, at, **fields):
    """Change an indicator; a changed baseline or target leaves the old one in the journal. Returns it."""
    if unknown := set(fields) - set(CHANGEABLE):
        raise TypeError(f"an indicator has no {', '.join(sorted(unknown))}")
    partnership = Partnership.objects.locked(indicator.partnership_id)
    may.can_change_indicator(place_of(partnership, by)).enforce()
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    changed = [name for name, value in fields.items() if getattr(indicator, name) != value]
    if not changed:
        return indicator
    moved = {f"{name}_before": key(getattr(indicator, name)) for name in _moved(changed)}
    moved |= {f"{name}_after": key(fields[name]) for name in _moved(changed)}
    for name in changed:
        setattr(indicator, name, fields[name])
    _saved(indicator, update_fields=changed)
    remember(partnership, "indicator.changed", by=by, at=at, indicator=indicator.pk, fields=changed, **moved)
    return indicator


def _moved(changed):
    """The numbers among what changed: their old values must not be lost."""
    return [name for name in ("baseline", "target") if name in changed]
