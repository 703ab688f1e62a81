"""Draw lots: first the list is frozen and its fingerprint recorded, then a seed is made, and all follows from both.

Nobody can choose a seed: it does not exist while the list can still change, and a draw is never repeated. Who is drawn
from a call has said yes and is seated at once; who is drawn from the register, and who is next on a reserve list, is
invited.
"""

import secrets

from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..lots import digest_of, order_of
from ..models import Draw, Invitation, Lot, Member, Partnership, Volunteer
from ..places import place_of
from ..register import found_in_register, proven_addresses
from ..rules import lots as may
from .calls import seat_volunteer, sought, thank
from .invitations import draft_invitations
from .memory import remember
from .register import draft_entries

State = Lot.State
PLACES = """
    UPDATE partnerships_lot SET place = told.place, state = told.state
    FROM unnest(%s::uuid[], %s::int[], %s::text[]) AS told (id, place, state) WHERE partnerships_lot.id = told.id
"""


def _remember(draw, verb, *, by, at, **ids):
    """A draw from the register tells how many are in it: it is for conveners."""
    audience = None if draw.call_id else "conveners"
    remember(draw.partnership, verb, by=by, at=at, audience=audience, draw=draw.pk, **ids)


# --- the list -----------------------------------------------------------------------------------------------


@transaction.atomic
def freeze_volunteers(*, call, group, seats, by, at):
    """Freeze the list of those who wait in a group of a call that is over. Returns the Draw."""
    partnership = Partnership.objects.locked(call.partnership_id)
    call.refresh_from_db()
    waiting = list(Volunteer.objects.waiting().filter(call=call, group=group))
    may.can_freeze_list(
        place_of(partnership, by), call, at, waiting=len(waiting), seats=seats, left=sought(call, group)
    ).enforce()
    lots = [Lot(person_id=one.person_id, volunteer=one) for one in waiting]
    return _freeze(partnership, lots, call=call, group=group, seats=seats, by=by, at=at)


@transaction.atomic
def freeze_register(*, partnership, found, seats, by, at, group=None):
    """Freeze the list of those found in the register: found as found_in_register takes it. Returns the Draw."""
    partnership = Partnership.objects.locked(partnership.pk)
    place = place_of(partnership, by)
    entries = list(found_in_register(place=place, at=at, **found).values_list("person", flat=True))
    earlier = Draw.objects.filter(partnership=partnership, call=None, group=group).exclude(drawn_at=None)
    reserve = any(_reserve_there(draw, place, at) for draw in earlier)
    may.can_freeze_list(place, None, at, waiting=len(entries), seats=seats, reserve=reserve).enforce()
    lots = [Lot(person_id=person) for person in entries]
    return _freeze(partnership, lots, call=None, group=group, seats=seats, by=by, at=at)


def _freeze(partnership, lots, *, call, group, seats, by, at):
    facts = {"digest": digest_of(str(lot.pk) for lot in lots), "frozen_at": at, "frozen_by": by}
    draw = Draw(partnership=partnership, call=call, group=group, seats=seats, **facts)
    try:
        with transaction.atomic():
            draw.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("The list of this group is frozen already.")) from None
    for lot in lots:
        lot.draw = draw
    Lot.objects.bulk_create(lots, batch_size=500)
    _remember(draw, "lots.frozen", by=by, at=at, digest=draw.digest, count=len(lots), seats=seats)
    return draw


def _locked(draw):
    """The draw with its partnership, whose row is locked."""
    partnership = Partnership.objects.locked(draw.partnership_id)
    draw = Draw.objects.select_related("call", "group").filter(pk=draw.pk).first()
    if draw is None:
        raise Conflict(_("This list was taken back in the meantime."))
    draw.partnership = partnership
    return draw


@transaction.atomic
def take_list_back(*, draw, by, at):
    """Take a frozen list back before anything was drawn from it."""
    draw = _locked(draw)
    may.can_take_list_back(place_of(draw.partnership, by), draw).enforce()
    _remember(draw, "lots.taken_back", by=by, at=at, digest=draw.digest)
    draw.delete()


# --- the draw -----------------------------------------------------------------------------------------------


@transaction.atomic
def draw_lots(*, draw, by, at):
    """Draw: make the seed, and let the order follow from it. Returns the Draw, its people seated or drafted."""
    draw = _locked(draw)
    place = place_of(draw.partnership, by)
    may.can_draw_lots(place, draw).enforce()
    draw.seed, draw.drawn_at, draw.drawn_by = secrets.token_hex(32), at, by
    draw.save(update_fields=["seed", "drawn_at", "drawn_by"])
    drawn = _order(draw, _still_there(draw, place, at))
    _remember(
        draw,
        "lots.drawn",
        by=by,
        at=at,
        seed=draw.seed,
        digest=draw.digest,
        seats=draw.seats,
        lots=[lot.pk for lot in drawn],
    )
    if draw.call_id:
        _seat(draw, drawn, by, at)
    else:
        _draft(draw, drawn, by, at)
    return draw


def _still_there(draw, place, at):
    """The people (ids) of a list who are not members by now, and who have not stepped back since it was frozen."""
    if draw.call_id:
        here = Member.objects.present().filter(partnership=draw.partnership)
        waiting = Volunteer.objects.waiting().filter(lots__draw=draw)
        return set(waiting.exclude(person__in=here.values("person")).values_list("person", flat=True))
    entries = found_in_register(place=place, at=at).filter(person__lots__draw=draw)
    live = Invitation.objects.live().filter(partnership=draw.partnership).values("address")
    invited = {address.lower() for address in live.values_list("address", flat=True)}
    addresses = proven_addresses(entries.values_list("person", flat=True))
    return {person for person, address in addresses.items() if address.lower() not in invited}


def _order(draw, there):
    """Give each lot its place and what became of it. Returns the lots that are drawn, in order."""
    lots = {str(lot.pk): lot for lot in draw.lots.select_related("person", "volunteer__person")}
    left = draw.seats
    for place, key in enumerate(order_of(lots, draw.seed), 1):
        lot = lots[key]
        lot.place, lot.state = place, State.OUT
        if lot.person_id in there:
            lot.state, left = (State.DRAWN, left - 1) if left else (State.RESERVE, 0)
    _write(lots.values())
    return sorted((lot for lot in lots.values() if lot.state == State.DRAWN), key=lambda lot: lot.place)


def _write(lots):
    """Write place and state of thousands of lots in one statement: the partnership's row is locked meanwhile."""
    ids, places, states = zip(*[(str(lot.pk), lot.place, str(lot.state)) for lot in lots], strict=True)
    with connection.cursor() as cursor:
        cursor.execute(PLACES, [list(ids), list(places), list(states)])


def _seat(draw, drawn, by, at):
    """Those who are drawn from a call are members; the others are told that the lot fell elsewhere."""
    for lot in drawn:
        lot.volunteer.group = draw.group
        seat_volunteer(draw.partnership, lot.volunteer, by, at)
    thank(draw.partnership, Volunteer.objects.waiting().filter(lots__draw=draw), by, at)


def _words(draw, language):
    """Why you, in the reader's language."""
    with translation.override(language):
        if draw.call_id:
            return _("You put yourself forward, and you are the next on the reserve list of the draw.")
        return _("You have said that you may be asked, and your name was drawn by lot.")


def _draft(draw, drawn, by, at):
    """Those who are drawn from the register are drafted: they have said that they may be asked, not yes to this."""
    place = place_of(draw.partnership, by)
    entries = found_in_register(place=place, at=at).filter(person__in=[lot.person_id for lot in drawn])
    by_language = {}
    for entry in entries:
        by_language.setdefault(entry.language, []).append(entry)
    facts = {"partnership": draw.partnership, "group": draw.group, "by": by, "at": at}
    for language, some in by_language.items():
        drafted = draft_entries(entries=some, why_you=_words(draw, language), **facts)
        _bind(drawn, drafted.invitations)


def _bind(lots, invitations):
    """Each lot knows the invitation that it led to."""
    addresses = proven_addresses([lot.person_id for lot in lots])
    rows = {row.address.lower(): row for row in invitations}
    for lot in lots:
        if row := rows.get(addresses.get(lot.person_id, "").lower()):
            Lot.objects.filter(pk=lot.pk).update(invitation=row)


# --- the reserve list ---------------------------------------------------------------------------------------


def free_seats(draw):
    """How many of a draw's seats are free again."""
    return Draw.objects.with_seats().get(pk=draw.pk).free


def reserve_of(draw):
    """The lots on the reserve list that nobody has asked yet, in order."""
    here = Member.objects.present().filter(partnership=draw.partnership_id).values("person")
    rows = draw.lots.filter(state=State.RESERVE, invitation=None, person__is_active=True)
    return rows.exclude(person__in=here).order_by("place").select_related("person")


def _reserve_there(draw, place, at):
    """Those on the reserve list of a draw from the register who can still be asked, in order."""
    there = _still_there(draw, place, at)
    return [lot for lot in reserve_of(draw) if lot.person_id in there]


@transaction.atomic
def ask_next(*, draw, by, at):
    """Draft an invitation to the next on the reserve list who can be asked. Returns the Invitation.

    Who left the register, has a live invitation or no proven address is passed over, and stays in their place.
    """
    draw = _locked(draw)
    place = place_of(draw.partnership, by)
    reserve = list(reserve_of(draw)) if draw.call_id else _reserve_there(draw, place, at)
    may.can_ask_next(place, draw, free=free_seats(draw), reserve=len(reserve)).enforce()
    addresses = proven_addresses([lot.person_id for lot in reserve])
    for lot in reserve:
        address = addresses.get(lot.person_id, "")
        live = Invitation.objects.live().filter(partnership=draw.partnership, address__iexact=address)
        if address and not live.exists():
            return _invite(draw, lot, address, by, at)
    raise Conflict(_("Everybody on the reserve list is invited already, or cannot be reached by e-mail."))


def _invite(draw, lot, address, by, at):
    """Draft the invitation of one lot: to an entry of the register, or to somebody who put themselves forward."""
    if not draw.call_id:
        _draft(draw, [lot], by, at)
        lot.refresh_from_db()
    else:
        person = lot.person
        facts = {"name": person.name, "address": address, "language": person.language, "group": draw.group}
        facts |= {"sector": draw.group.sector, "why_you": _words(draw, person.language)}
        (lot.invitation,) = draft_invitations(partnership=draw.partnership, addresses=[facts], by=by, at=at)
        lot.save(update_fields=["invitation"])
    _remember(draw, "lots.next_asked", by=by, at=at, lot=lot.pk)
    return lot.invitation


def tell_free_seats(*, at):
    """Tell the conveners that a seat is free again and who is next can be asked; once for each. Returns how many."""
    short = list(Draw.objects.short())
    for draw in short:
        conveners = Member.objects.present().filter(
            partnership=draw.partnership_id, role=Member.Role.CONVENER
        )
        tell(
            kind="lot_free",
            recipients=conveners.values_list("person", flat=True),
            scope=draw.partnership_id,
            occurrence=f"{draw.pk} {draw.asked}",
            ids={"draw": str(draw.pk)},
            at=at,
        )
    return len(short)
