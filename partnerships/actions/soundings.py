"""Soundings: opened on a list, answered by members and by phones in a room, closed. They decide nothing."""

from collections import Counter

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from actors.models import side_of
from boundary.answer import Conflict
from notices.actions import tell

from ..models import (
    Member,
    Partnership,
    Sounding,
    SoundingMark,
    SoundingOption,
    SoundingVoter,
    Workshop,
)
from ..models.soundings import MOST_OPTIONS
from ..places import place_of
from ..rules import soundings as may
from ..rules.workshops import can_give_dots
from .memory import remember
from .workshops import seen_by_the_wall

Method, Shown = Sounding.Method, Sounding.Shown


@transaction.atomic
def open_sounding(
    *, partnership, question, method, options, by, at, dots=3, shown=Shown.AFTER, closes_at=None
):
    """Ask the members about a list; they are told. Returns the Sounding.

    options: one dict per line: its words, and perhaps the contribution or text that it came from.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_open_sounding(place_of(partnership, by)).enforce()
    facts = {"question": question, "method": method, "dots": dots, "shown": shown, "closes_at": closes_at}
    sounding = _open(partnership, options, by, at, **facts)
    deciding = Member.objects.deciding().filter(partnership=partnership)
    tell(
        kind="sounding_opened",
        recipients=[pk for pk in deciding.values_list("person", flat=True) if pk != by.pk],
        scope=partnership.pk,
        occurrence=str(sounding.pk),
        ids={"sounding": str(sounding.pk)},
        at=at,
    )
    return sounding


def _open(partnership, options, by, at, **facts):
    sounding = Sounding.objects.create(partnership=partnership, opened_by=by, opened_at=at, **facts)
    SoundingOption.objects.bulk_create(
        SoundingOption(sounding=sounding, number=number, **option) for number, option in enumerate(options, 1)
    )
    remember(partnership, "sounding.opened", by=by, at=at, sounding=sounding.pk)
    return sounding


@transaction.atomic
def give_dots(*, workshop, dots, by, at):
    """Have the room give dots to its themes; what comes of it shows when the round is closed. Returns the Sounding."""
    partnership = Partnership.objects.locked(workshop.partnership_id)
    workshop = Workshop.objects.locked(workshop.pk)
    giving = workshop.soundings.filter(closed_at=None).exists()
    themes = _themes(workshop)
    can_give_dots(place_of(partnership, by), workshop, giving=giving, themes=len(themes)).enforce()
    facts = {"method": Method.DOTS, "dots": dots, "shown": Shown.CLOSED, "workshop": workshop}
    with override(partnership.language):
        facts["question"] = _("Which of these matter most to you?")
    sounding = _open(partnership, themes, by, at, **facts)
    seen_by_the_wall(workshop)
    return sounding


def _themes(workshop):
    """The themes as options; of two with the same title, the later one is numbered."""
    met, options = Counter(), []
    for cluster in workshop.clusters.all()[:MOST_OPTIONS]:
        met[cluster.title] += 1
        again = met[cluster.title]
        words = cluster.title if again == 1 else f"{cluster.title} ({again})"
        options.append({"words": words, "cluster": cluster})
    return options


@transaction.atomic
def answer_sounding(*, sounding, marks, at, by=None, phone=None):
    """Answer, or answer anew, until it closes. Returns the SoundingVoter.

    marks: {id of an option: value}. Dots and places replace what was there; agreeing one by one adds to it.
    by: the Person of a member; phone: a Phone in the room. One of the two.
    """
    rule = may.can_sound_by_phone(phone, sounding, at) if phone else _of_member(sounding, by, at)
    (rule and may.can_mark(sounding, marks)).enforce()
    _hold(sounding, at)
    known = sounding.options.filter(pk__in=marks).count()
    if known != len(marks):
        raise Conflict(_("One of the lines does not belong to this sounding. Open the page again."))
    voter = _voter(sounding, by, phone, at)
    if sounding.method != Method.AGREE:
        voter.marks.all().delete()
    rows = [SoundingMark(voter=voter, option_id=pk, value=value) for pk, value in marks.items()]
    SoundingMark.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["voter", "option"], update_fields=["value"]
    )
    return voter


def _hold(sounding, at):
    """Keep the sounding's row until the end, so that answers and its closing come one after the other.

    The workshop's row comes first, as when it lands.
    """
    runs = not sounding.workshop_id or Workshop.objects.moved(sounding.workshop_id)
    if not (runs and Sounding.objects.moved(sounding.pk, at)):
        raise Conflict(_("This sounding has just closed. What you answered before counts."))


def _of_member(sounding, by, at):
    return may.can_sound(place_of(sounding.partnership, by), sounding, at)


def _voter(sounding, by, phone, at):
    """Who answers: a phone of somebody who is signed in answers as the member, so that nobody answers twice."""
    member = phone.member if phone else place_of(sounding.partnership, by).member
    if member:
        found = {"member": member, "phone": None}
        side = member.side
    else:
        found = {"member": None, "phone": phone}
        side = side_of(phone.sector) if phone.sector else ""
    facts = {"side": side, "at": at}
    return SoundingVoter.objects.get_or_create(sounding=sounding, **found, defaults=facts)[0]


@transaction.atomic
def close_sounding(*, sounding, by, at):
    """Close a sounding: nothing is changed any more, and everybody sees what came of it."""
    partnership = Partnership.objects.locked(sounding.partnership_id)
    may.can_close_sounding(place_of(partnership, by), sounding, at).enforce()
    if sounding.workshop_id:
        seen_by_the_wall(sounding.workshop)
    if not Sounding.objects.open(at).filter(pk=sounding.pk).update(closed_at=at, closed_by=by):
        raise Conflict(_("Somebody else has just closed this sounding."))
    remember(partnership, "sounding.closed", by=by, at=at, sounding=sounding.pk)
    sounding.refresh_from_db()
    return sounding
