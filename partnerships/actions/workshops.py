"""Workshops: started, asked in, their door; and what the clock forgets of them."""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from boundary.tokens import ALPHABET

from ..models import Partnership, Phone, Prompt, Workshop
from ..models.workshops import CODE_LENGTH
from ..places import place_of
from ..rules import workshops as may
from ..settings.together import PHONES_KEPT_DAYS
from .memory import remember

TRIES = 5  # at a free code: of 729 million, hardly ever more than one


@transaction.atomic
def start_workshop(*, meeting, prompts, by, at):
    """Start a workshop on a meeting, with the questions that are ready. Returns the Workshop.

    prompts: [(words, kind of contribution)].
    """
    partnership = Partnership.objects.locked(meeting.partnership_id)
    may.can_start_workshop(place_of(partnership, by), meeting, at).enforce()
    if Workshop.objects.running().filter(meeting=meeting).exists():
        raise Conflict(_("Somebody else has just started a workshop on this meeting."))
    workshop = _with_free_code(partnership=partnership, meeting=meeting, started_at=at, started_by=by)
    Prompt.objects.bulk_create(
        Prompt(workshop=workshop, number=number, words=words, kind=kind)
        for number, (words, kind) in enumerate(prompts, 1)
    )
    remember(partnership, "workshop.started", by=by, at=at, meeting=meeting.pk, workshop=workshop.pk)
    return workshop


def _with_free_code(**facts):
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return Workshop.objects.create(code=get_random_string(CODE_LENGTH, ALPHABET), **facts)
        except IntegrityError:
            if not left:
                raise


def led(workshop, by):
    """The workshop, locked, for somebody who may lead it."""
    workshop = Workshop.objects.locked(workshop.pk)
    may.can_lead_workshop(place_of(workshop.partnership, by), workshop).enforce()
    return workshop


def seen_by_the_wall(workshop):
    """Count a change, under the lock, so that walls and phones look again."""
    Workshop.objects.filter(pk=workshop.pk).update(changes=F("changes") + 1)


# --- the questions --------------------------------------------------------------------------------------------


@transaction.atomic
def write_prompt(*, workshop, words, kind, by, at):
    """Add a question to those that are ready. Returns the Prompt."""
    workshop = led(workshop, by)
    last = workshop.prompts.aggregate(last=Max("number"))["last"] or 0
    return Prompt.objects.create(workshop=workshop, number=last + 1, words=words, kind=kind)


@transaction.atomic
def open_prompt(*, prompt, by, at):
    """Put a question on the wall; the one that was there is closed. Phones move along. Returns the Prompt."""
    workshop = led(prompt.workshop, by)
    asked = workshop.prompts.filter(opened_at__isnull=False, closed_at=None)
    asked.exclude(pk=prompt.pk).update(closed_at=at)
    Prompt.objects.filter(pk=prompt.pk).update(opened_at=at, closed_at=None)
    seen_by_the_wall(workshop)
    prompt.refresh_from_db()
    return prompt


@transaction.atomic
def close_prompt(*, prompt, by, at):
    """Take the question off the wall. What was typed for it still arrives; nothing is changed any more."""
    workshop = led(prompt.workshop, by)
    Prompt.objects.filter(pk=prompt.pk, opened_at__isnull=False, closed_at=None).update(closed_at=at)
    seen_by_the_wall(workshop)


# --- the door -------------------------------------------------------------------------------------------------


@transaction.atomic
def lock_workshop(*, workshop, by, at):
    """Close the door: nobody new comes in. Who is in stays in."""
    Workshop.objects.filter(pk=led(workshop, by).pk, locked_at=None).update(locked_at=at)


@transaction.atomic
def unlock_workshop(*, workshop, by, at):
    """Open the door again."""
    Workshop.objects.filter(pk=led(workshop, by).pk).update(locked_at=None)


# --- what is forgotten ----------------------------------------------------------------------------------------


@transaction.atomic
def forget_phones(*, at):
    """Erase the phones of workshops that are over long enough; what they wrote stays, without a phone."""
    with_phones = Workshop.objects.filter(pk__in=Phone.objects.values("workshop"))
    for workshop in with_phones.select_related("partnership__platform", "meeting"):
        over = workshop.ended_at or workshop.meeting.ends_at
        if over + datetime.timedelta(days=PHONES_KEPT_DAYS.of(workshop.partnership)) < at:
            Phone.objects.filter(workshop=workshop).delete()
