"""Meet: what a meeting is about, item by item, in an order, with time for each."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import AgendaItem, Meeting, Member, Partnership
from ..places import place_of
from ..rules import meetings as may
from .memory import remember

State = AgendaItem.State
MOST_ITEMS = 40  # a day's meeting has half as many
LONGEST_ITEM = 600  # minutes


def _opened(meeting, by):
    """The partnership, locked, the meeting as it stands, and where `by` stands."""
    partnership = Partnership.objects.locked(meeting.partnership_id)
    meeting = Meeting.objects.select_related("partnership__platform").get(pk=meeting.pk)
    return partnership, meeting, place_of(partnership, by)


def _room_for(meeting, more=1):
    if meeting.items.exclude(state=State.DECLINED).count() + more > MOST_ITEMS:
        raise ValidationError(_("An agenda has at most %(most)s items.") % {"most": MOST_ITEMS})


def _last(meeting):
    return meeting.items.filter(state=State.TAKEN).aggregate(last=Max("place"))["last"] or 0


@transaction.atomic
def add_items(*, meeting, items, by, at):
    """Put items at the end of the agenda. Returns the AgendaItems.

    items: dicts with a title, and perhaps purpose, minutes, words, and what it is about: contribution, text, decision
    or commitment of the same partnership. What is on the agenda already is left out.
    """
    partnership, meeting, place = _opened(meeting, by)
    may.can_arrange_agenda(place, meeting, at).enforce()
    items = [item for item in items if not _is_on(meeting, item)]
    _room_for(meeting, len(items))
    for item in items:
        _check_whole(partnership, item)
    first = _last(meeting) + 1
    rows = [
        AgendaItem(meeting=meeting, place=first + n, created_at=at, **item) for n, item in enumerate(items)
    ]
    made = AgendaItem.objects.bulk_create(rows)
    if made:
        remember(partnership, "agenda.changed", by=by, at=at, meeting=meeting.pk)
    return made


def _about(item):
    """What an item is about, as {field: row}."""
    names = ("contribution", "text", "decision", "commitment")
    return {name: item[name] for name in names if item.get(name) is not None}


def _is_on(meeting, item):
    about = _about(item)
    return bool(about) and meeting.items.filter(state=State.TAKEN, **about).exists()


def _check_whole(partnership, item):
    if not item["title"].strip():
        raise ValidationError(_("Write what it is about."))
    if any(row.partnership_id != partnership.pk for row in _about(item).values()):
        raise ValidationError(_("What an item is about belongs to this partnership."))


@transaction.atomic
def change_item(*, item, title, purpose, minutes, words, by, at):
    """Say otherwise what an item is about, what for, and how long. Returns the AgendaItem."""
    partnership, meeting, place = _opened(item.meeting, by)
    may.can_arrange_agenda(place, meeting, at).enforce()
    facts = {"title": title, "purpose": purpose, "minutes": minutes, "words": words}
    if not AgendaItem.objects.filter(pk=item.pk, state=State.TAKEN).update(**facts):
        raise Conflict(_("Somebody has taken this item off the agenda in the meantime."))
    remember(partnership, "agenda.changed", by=by, at=at, meeting=meeting.pk)
    item.refresh_from_db()
    return item


@transaction.atomic
def remove_item(*, item, by, at):
    """Take an item off the agenda of a meeting that is not over."""
    partnership, meeting, place = _opened(item.meeting, by)
    may.can_arrange_agenda(place, meeting, at).enforce()
    if item.deeds.exists():
        raise Conflict(_("Something was done at this item, so it stays."))
    AgendaItem.objects.filter(pk=item.pk).delete()
    remember(partnership, "agenda.changed", by=by, at=at, meeting=meeting.pk)


@transaction.atomic
def arrange_agenda(*, meeting, order, by, at, minutes=None):
    """Put the items in this order, with so many minutes each.

    order: [AgendaItem] on the agenda; those that are not in it follow in their old order. minutes: {item id: minutes}.
    """
    partnership, meeting, place = _opened(meeting, by)
    may.can_arrange_agenda(place, meeting, at).enforce()
    standing = list(meeting.items.taken())
    wanted = {item.pk: number for number, item in enumerate(order)}
    rows = sorted(standing, key=lambda item: wanted.get(item.pk, len(standing)))
    for number, item in enumerate(rows, 1):
        item.place, item.minutes = number, (minutes or {}).get(item.pk, item.minutes)
    AgendaItem.objects.bulk_update(rows, ["place", "minutes"])
    remember(partnership, "agenda.changed", by=by, at=at, meeting=meeting.pk)
    return rows


@transaction.atomic
def propose_item(*, meeting, title, words, by, at, purpose=AgendaItem.Purpose.DISCUSS):
    """Propose what a coming meeting should be about; those who lead are told. Returns the AgendaItem."""
    partnership, meeting, place = _opened(meeting, by)
    may.can_propose_item(place, meeting, at).enforce()
    _room_for(meeting)
    item = AgendaItem.objects.create(
        meeting=meeting,
        title=title,
        words=words,
        purpose=purpose,
        state=State.PROPOSED,
        proposed_by=place.member,
        created_at=at,
    )
    remember(partnership, "agenda.proposed", by=by, at=at, audience="members", meeting=meeting.pk)
    leaders = Member.objects.leading().filter(partnership=partnership).values_list("person", flat=True)
    _tell("item_proposed", item, [pk for pk in leaders if pk != by.pk], at=at)
    return item


@transaction.atomic
def answer_item(*, item, take, reason, by, at):
    """Take a proposed item on the agenda, or say why not; whoever proposed it is told. Returns the AgendaItem."""
    partnership, meeting, place = _opened(item.meeting, by)
    item = AgendaItem.objects.select_related("proposed_by").get(pk=item.pk)
    may.can_answer_item(place, meeting, item, at).enforce()
    if not take and not reason.strip():
        raise ValidationError({"reason": _("Write why not, so that they know.")})
    state, number = (State.TAKEN, _last(meeting) + 1) if take else (State.DECLINED, 0)
    facts = {"state": state, "place": number, "reason": reason.strip()}
    if not AgendaItem.objects.filter(pk=item.pk, state=State.PROPOSED).update(**facts):
        raise Conflict(_("Somebody else has answered this proposal in the meantime."))
    item.refresh_from_db()
    remember(
        partnership,
        "agenda.item_taken" if take else "agenda.item_declined",
        by=by,
        at=at,
        audience="members",
        meeting=meeting.pk,
    )
    _tell("item_answered", item, {item.proposed_by.person_id} - {by.pk}, at=at)
    return item


def _tell(kind, item, recipients, *, at):
    tell(
        kind=kind,
        recipients=recipients,
        scope=item.meeting.partnership_id,
        occurrence=str(item.pk),
        ids={"item": str(item.pk)},
        at=at,
    )
