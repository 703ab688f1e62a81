"""What a phone in a room does: it comes in, writes, changes and takes back. Nothing is lost, nothing doubled."""

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict, Refused, no

from ..models import Note, Partnership, Phone, Tally, Workshop
from ..models.workshops import MOST_NOTES, MOST_PHONES
from ..places import place_of
from ..rules import workshops as may
from ..rules.contributions import can_say
from .landing import LATE, land, land_late
from .memory import remember

A_MINUTE = 12  # notes of one phone: who types faster is not typing


class TooFast(Refused):
    """A phone sends more notes than anybody types. Its words are kept where they were typed."""

    def __init__(self):
        super().__init__(no(_("That was many notes in one minute."), _("Wait a little, then send it again.")))


@transaction.atomic
def enter_workshop(*, workshop, by, at, first_name="", sector=""):
    """Let a phone in: as the member who is signed in, or as somebody in the room. Returns the Phone.

    by: the Person who is signed in, or None.
    """
    may.can_enter_workshop(workshop, at).enforce()
    place = place_of(workshop.partnership, by)
    may.can_come_in(place).enforce()
    member = place.member if place.member and can_say(place) else None
    if member and (known := Phone.objects.filter(workshop=workshop, member=member).first()):
        return known
    if not Workshop.objects.filter(locked_at=None).moved(workshop.pk, phones=1):
        raise Refused(_why_closed(workshop))
    facts = {"member": member} if member else {"first_name": first_name, "sector": sector}
    try:
        with transaction.atomic():
            return Phone.objects.create(workshop=workshop, at=at, **facts)
    except IntegrityError as twice:
        raise Conflict(_("You have just come in on another phone.")) from twice


def _why_closed(workshop):
    now = Workshop.objects.get(pk=workshop.pk)
    if now.ended_at:
        return no(_("This workshop is over."))
    if now.locked_at:
        return no(_("The door is closed: nobody new comes in."), _("Ask the facilitator to open it."))
    return no(
        _("The room is full: %(most)s phones are in.") % {"most": MOST_PHONES},
        _("Share a phone with your neighbour, or write on paper."),
    )


def key_of(sender, given, body):
    """The id of a note: the same for the same words from the same sender under the same number.

    sender: id of the phone, or of the sheet that is typed in; given: what the phone made up for this note. Words that
    differ, or another phone's number, give another note: nothing is ever written over by what comes late or twice.
    """
    return uuid.uuid5(sender, f"{given}\n{body}")


@transaction.atomic
def send_note(*, phone, prompt, body, given, at):
    """Put a note on the wall, once however often it is sent. Returns the Note.

    Sent after the end, as by a phone that was without a network, it lands where the others did, for an hour.
    """
    key = key_of(phone.pk, given, body)
    if known := Note.objects.filter(pk=key).first():
        return known
    if phone.member_id:
        may.can_come_in(place_of(phone.workshop.partnership, phone.member.person)).enforce()
    minute = at.replace(second=0, microsecond=0)
    if not Tally.objects.take(key=f"note:{phone.pk}", since=minute, amount=1, limit=A_MINUTE):
        raise TooFast
    facts = {"workshop_id": phone.workshop_id, "prompt": prompt, "phone": phone, "body": body, "at": at}
    try:
        with transaction.atomic():
            note = Note.objects.create(pk=key, **facts)
    except IntegrityError:  # the same note, from another try at this moment
        return Note.objects.get(pk=key)
    if not Workshop.objects.moved(phone.workshop_id, notes=1):
        _after_the_end(note, at)
    return note


def _after_the_end(note, at):
    workshop = Workshop.objects.get(pk=note.workshop_id)
    if workshop.ended_at is None:
        raise Refused(no(_("The wall is full: %(most)s notes.") % {"most": MOST_NOTES}))
    if at > workshop.ended_at + LATE:
        raise Refused(no(_("This workshop is over."), _("Copy your words, and give them to a convener.")))
    land_late(workshop, [note], by=None, at=at)


def _own(phone, note):
    """The note, locked, if this phone may change it. The workshop's row comes first, as when it lands."""
    if not Workshop.objects.moved(note.workshop_id):
        raise Conflict(_("The workshop has just ended. What you wrote stands as it was."))
    note = Note.objects.select_for_update(of=("self",)).select_related("prompt", "workshop").get(pk=note.pk)
    may.can_change_note(phone, note).enforce()
    return note


@transaction.atomic
def change_note(*, phone, note, body, at):
    """Change one's own note, until its question closes. Returns the Note."""
    note = _own(phone, note)
    note.body, note.changed_at = body, at
    note.save(update_fields=["body", "changed_at"])
    return note


@transaction.atomic
def withdraw_note(*, phone, note, at):
    """Take one's own note back, until its question closes: its words are erased."""
    note = _own(phone, note)
    note.body, note.withdrawn_at = "", at
    note.save(update_fields=["body", "withdrawn_at"])


# --- on paper -------------------------------------------------------------------------------------------------


@transaction.atomic
def type_notes(*, workshop, lines, sheet, by, at, prompt=None, cluster=None):
    """Type in what stood on paper, one note a line, also when the workshop has landed. Returns how many are new.

    sheet: UUID of this round of typing, so that a form that is sent twice makes each note once.
    """
    partnership = Partnership.objects.locked(workshop.partnership_id)
    may.can_type_notes(place_of(partnership, by), workshop).enforce()
    workshop = Workshop.objects.locked(workshop.pk)
    facts = {"workshop": workshop, "prompt": prompt, "cluster": cluster, "paper": True, "at": at}
    keys = {key_of(sheet, number, line): line for number, line in enumerate(lines)}
    known = set(Note.objects.filter(pk__in=keys).values_list("pk", flat=True))
    new = [Note(pk=key, body=line, **facts) for key, line in keys.items() if key not in known]
    Note.objects.bulk_create(new)
    if new:
        remember(partnership, "workshop.paper_typed", by=by, at=at, workshop=workshop.pk, notes=len(new))
        _onto_the_wall(workshop, new, by, at)
    return len(new)


def _onto_the_wall(workshop, notes, by, at):
    if workshop.ended_at:
        land(workshop, notes, by=by, at=at)
    elif not Workshop.objects.moved(workshop.pk, notes=len(notes)):
        raise Refused(no(_("The wall is full: %(most)s notes.") % {"most": MOST_NOTES}))
