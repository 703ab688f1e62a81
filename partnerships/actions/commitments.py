"""Commit: what members promise, who took the promise, and what became of it."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import Commitment, Member, Partnership, Relief, Renegotiation
from ..places import place_of
from ..rules import commitments as may
from ..settings.table import COMMITMENT_REMINDER_DAYS
from ..stages import Stage
from .memory import remember
from .reminders import around, remind

State = Commitment.State
SETTLED = (State.KEPT, State.PARTLY, State.MISSED, State.WITHDRAWN)
FARTHEST = 60  # days ahead that a reminder may be set to; then on the day, and weekly while it is overdue


def leaders_of(partnership, *, but=None):
    """Ids of the people who lead, without the one who did the deed."""
    people = Member.objects.leading().filter(partnership=partnership).values_list("person", flat=True)
    return [pk for pk in people if but is None or pk != but.pk]


def _tell(kind, commitment, recipients, *, at, occurrence="", **ids):
    tell(
        kind=kind,
        recipients=recipients,
        scope=commitment.partnership_id,
        occurrence=f"{commitment.pk} {occurrence}".strip(),
        ids={"commitment": str(commitment.pk), **ids},
        at=at,
    )


def _opened(commitment):
    """The commitment's partnership, locked: kept promises are facts of a gate."""
    return Partnership.objects.locked(commitment.partnership_id)


def swap(commitment, *, was, **fields):
    """Change the commitment if it still is what the rule and the reader saw; otherwise somebody was faster."""
    seen = {name: getattr(commitment, name) for name in ("member_id", "what", "amount", "due_on")}
    if not Commitment.objects.filter(pk=commitment.pk, state__in=was, **seen).update(**fields):
        now = Commitment.objects.get(pk=commitment.pk)
        if now.state in was:
            raise Conflict(_("Somebody was faster: this commitment has just been changed. Look at it again."))
        state = now.get_state_display().lower()
        raise Conflict(_("Somebody was faster: this commitment is now %(state)s.") % {"state": state})
    for name, value in fields.items():
        setattr(commitment, name, value)
    return commitment


@transaction.atomic
def offer_commitment(
    *, partnership, kind, what, by, at, amount=None, unit="", due_on=None, need=None, step_number=None
):
    """Offer something to the arena; those who lead are told and take it, or not. Returns the Commitment.

    need: what it answers; step_number: the step of the plan that it is for.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    place = place_of(partnership, by)
    may.can_offer_commitment(place).enforce()
    commitment = Commitment.objects.create(
        partnership=partnership,
        member=place.member,
        kind=kind,
        what=what,
        amount=amount,
        unit=unit,
        due_on=due_on,
        need=need,
        step_number=step_number,
        state=State.OFFERED,
        created_at=at,
        created_by=by,
    )
    remember(partnership, "commitment.offered", by=by, at=at, commitment=commitment.pk)
    _tell("commitment_offered", commitment, leaders_of(partnership, but=by), at=at)
    return commitment


@transaction.atomic
def ask_commitment(
    *, partnership, member, kind, what, by, at, amount=None, unit="", due_on=None, step_number=None
):
    """Ask a member for something; it is a promise only once they accept in person. Returns the Commitment."""
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_ask_commitment(place_of(partnership, by)).enforce()
    member = Member.objects.present().filter(partnership=partnership, pk=member.pk).first()
    if member is None:
        raise Conflict(_("This member has left the partnership."))
    commitment = Commitment.objects.create(
        partnership=partnership,
        member=member,
        kind=kind,
        what=what,
        amount=amount,
        unit=unit,
        due_on=due_on,
        step_number=step_number,
        state=State.ASKED,
        created_at=at,
        created_by=by,
    )
    remember(partnership, "commitment.asked", by=by, at=at, commitment=commitment.pk, member=member.pk)
    _tell("commitment_asked", commitment, [member.person_id], at=at)
    return commitment


def _enforce_answer(commitment, partnership, by, recorded_for):
    place = place_of(partnership, by)
    others = Member.objects.leading().filter(partnership=partnership).exclude(pk=commitment.member_id)
    in_person = recorded_for is None or recorded_for.pk != commitment.member_id
    may.can_answer_commitment(place, commitment, other_leaders=others.exists(), in_person=in_person).enforce()


def _answered(commitment, was, *, by, at):
    """Tell the other side of it: the owner of an offer, those who lead of a request."""
    recipients = [commitment.member.person_id]
    if was == State.ASKED and by.pk == commitment.member.person_id:
        recipients = {*leaders_of(commitment.partnership_id, but=by), commitment.created_by_id} - {by.pk}
    _tell("commitment_answered", commitment, recipients, at=at)


@transaction.atomic
def accept_commitment(*, commitment, by, at, recorded_for=None):
    """Take an offer for the arena, or accept what one was asked for.

    recorded_for: the member whose acceptance, given on paper or by voice, a leader writes down.
    """
    partnership = _opened(commitment)
    _enforce_answer(commitment, partnership, by, recorded_for)
    was, owner = commitment.state, commitment.member.person_id
    recorded = by if was == State.ASKED and by.pk != owner else None
    swap(
        commitment,
        was=[was],
        state=State.ACCEPTED,
        accepted_at=at,
        accepted_by_id=owner if recorded else by.pk,
        recorded_by=recorded,
    )
    remember(partnership, "commitment.accepted", by=by, at=at, commitment=commitment.pk)
    _answered(commitment, was, by=by, at=at)
    return commitment


@transaction.atomic
def decline_commitment(*, commitment, by, at, note="", recorded_for=None):
    """Say no to an offer for the arena, or to what one was asked for."""
    partnership = _opened(commitment)
    _enforce_answer(commitment, partnership, by, recorded_for)
    was = commitment.state
    recorded = by if was == State.ASKED and by.pk != commitment.member.person_id else None
    swap(commitment, was=[was], state=State.DECLINED, settled_at=at, note=note, recorded_by=recorded)
    remember(partnership, "commitment.declined", by=by, at=at, commitment=commitment.pk)
    _answered(commitment, was, by=by, at=at)
    return commitment


@transaction.atomic
def settle_commitment(*, commitment, state, note, by, at, delivered=None):
    """Say what became of a commitment: "kept", "partly", "missed" or "withdrawn", with a note on why.

    delivered: how much of the amount, where it was kept in part. What is settled asks for no relief any more.
    """
    state = State(state)
    if state not in SETTLED:
        raise ValueError(f"A commitment is settled as kept, kept in part, missed or withdrawn, not {state}.")
    partnership = _opened(commitment)
    place = place_of(partnership, by)
    waiting = state == State.WITHDRAWN and commitment.state in may.WAITING
    (may.can_take_back_commitment if waiting else may.can_settle_commitment)(place, commitment).enforce()
    fields = {"recorded_by": by} if not may.owns(place, commitment) else {}
    if state == State.PARTLY:
        fields["delivered"] = _part(commitment, delivered)
    swap(commitment, was=[commitment.state], state=state, note=note, settled_at=at, **fields)
    Relief.objects.open().filter(commitment=commitment).update(ended_at=at)
    remember(partnership, f"commitment.{state.value}", by=by, at=at, commitment=commitment.pk)
    _tell_of_change(commitment, partnership, by=by, at=at)
    return commitment


def _part(commitment, delivered):
    """How much was delivered, checked: a part of the amount; nothing to count where there is no amount."""
    if commitment.amount is None or (delivered is not None and 0 < delivered < commitment.amount):
        return delivered if commitment.amount is not None else None
    raise ValidationError({"delivered": _("Write how much was delivered: more than nothing, less than all.")})


@transaction.atomic
def renegotiate_commitment(*, commitment, what, due_on, note, by, at, amount=None):
    """Change a standing commitment in the open: what it said before and why stay readable.

    amount: how much from now on, in the same unit; None where that stays as it is.
    """
    partnership = _opened(commitment)
    place = place_of(partnership, by)
    may.can_renegotiate_commitment(place, commitment).enforce()
    before = {name: getattr(commitment, name) for name in ("what", "amount", "unit", "due_on")}
    Renegotiation.objects.create(commitment=commitment, **before, note=note, by=by, at=at)
    fields = {"state": State.RENEGOTIATED, "what": what, "due_on": due_on, "note": note}
    if amount is not None and commitment.amount is not None:
        fields["amount"] = amount
    if not may.owns(place, commitment):
        fields["recorded_by"] = by
    swap(commitment, was=[commitment.state], **fields)
    remember(partnership, "commitment.renegotiated", by=by, at=at, commitment=commitment.pk)
    _tell_of_change(commitment, partnership, by=by, at=at)
    return commitment


def _tell_of_change(commitment, partnership, *, by, at):
    """The owner and those who lead learn what became of it, but not the one who said so."""
    recipients = {*leaders_of(partnership), commitment.member.person_id} - {by.pk}
    _tell("commitment_changed", commitment, recipients, at=at, occurrence=at.isoformat())


@transaction.atomic
def remind_commitments(*, at, but=()):
    """Remind owners of what they promised: before the day, on the day, then weekly while it is overdue.

    but: ids of commitments that somebody else reminds of, such as those of the plan's steps.
    """
    soon = at.date() + datetime.timedelta(days=FARTHEST + 1)
    standing = Commitment.objects.standing().filter(due_on__lte=soon).exclude(partnership__stage=Stage.CLOSED)
    standing = standing.filter(partnership__paused_at=None)
    rows = standing.filter(member__left_at=None, partnership__reconstructed_from="").exclude(pk__in=but)
    for commitment in rows.select_related("partnership__platform", "member").iterator(chunk_size=500):
        day = commitment.due_on.isoformat()
        remind(
            kind="commitment_due",
            readers=[commitment.member.person_id],
            days=around(commitment.due_on, COMMITMENT_REMINDER_DAYS.of(commitment.partnership), at),
            morning=commitment.partnership.platform.morning,
            since=commitment.accepted_at,
            scope=commitment.partnership_id,
            occurrence=f"{commitment.pk} {day}",
            ids={"commitment": str(commitment.pk), "due_on": day},
            at=at,
        )
