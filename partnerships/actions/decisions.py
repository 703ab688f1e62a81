"""Decide: put the newest words of a text to the members, take their positions, close."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from actors.models import Side
from boundary.answer import Conflict, Refused
from notices.actions import tell
from notices.models import Notice

from ..models import Decision, Member, Partnership, Position, Text
from ..places import place_of
from ..rules import decisions as may
from .memory import remember

MOST_DAYS = 366  # nobody waits longer than a year for an answer; a mistyped year is caught
REMINDER = timedelta(hours=24)  # before it closes, to those who have not answered
SHORT = timedelta(hours=48)  # a decision this short needs no second message


@transaction.atomic
def open_decision(*, revision, question, closes_at, by, at):
    """Put one revision to the members; everyone with a say is told. Returns the Decision.

    The round and its rule follow from what this text has been through since it was last adopted.
    """
    partnership = Partnership.objects.locked(revision.text.partnership_id)
    text = Text.objects.select_for_update().get(pk=revision.text_id)
    members = members_per_side(partnership)
    may.can_open_decision(
        place_of(partnership, by),
        text,
        revision=revision,
        latest=text.revisions.first(),
        members=members,
        open_decision=Decision.objects.open().filter(text=text).first(),
        rival=rival_of(text),
    ).enforce()
    check_closing(closes_at, at)
    number = round_of(text)
    decision = Decision.objects.create(
        partnership=partnership,
        text=text,
        revision=revision,
        question=question,
        rule=may.rule_of(partnership, number),
        round=number,
        quorum_public=may.quorum_of(partnership, members.get(Side.PUBLIC, 0)),
        quorum_non_public=may.quorum_of(partnership, members.get(Side.NON_PUBLIC, 0)),
        opened_at=at,
        opened_by=by,
        closes_at=closes_at,
    )
    remember(
        partnership, "decision.opened", by=by, at=at, decision=decision.pk, revision=revision.pk, round=number
    )
    _tell(decision, "decision_opened", _with_a_say(partnership), at=at)
    return decision


def check_closing(closes_at, at):
    """Raise ValidationError for a closing time in the past, or further away than anyone waits."""
    if closes_at <= at:
        raise ValidationError(_("Choose a time in the future."))
    if closes_at > at + timedelta(days=MOST_DAYS):
        raise ValidationError(_("Choose a time within a year."))


def members_per_side(partnership):
    """{side: how many members have a say}."""
    rows = Member.objects.deciding().filter(partnership=partnership).order_by().values("side")
    return {row["side"]: row["count"] for row in rows.annotate(count=Count("pk"))}


def rival_of(text):
    """Another proposal of the partnership that is chosen or being decided on, or None."""
    if text.kind != Text.Kind.PROPOSAL:
        return None
    others = Text.objects.filter(partnership=text.partnership_id, kind=Text.Kind.PROPOSAL).exclude(pk=text.pk)
    taken = Q(adopted_revision__isnull=False) | Q(
        pk__in=Decision.objects.open().filter(partnership=text.partnership_id).values("text")
    )
    return others.filter(taken).first()


def round_of(text):
    """1 for the first decision since the text was last adopted, one more for each that failed by dissent."""
    decisions = Decision.objects.filter(text=text)
    adopted = decisions.filter(outcome=Decision.Outcome.ADOPTED).order_by("-closed_at").first()
    failed = decisions.filter(outcome__in=[Decision.Outcome.OBJECTED, Decision.Outcome.OUTVOTED])
    if adopted:
        failed = failed.filter(closed_at__gt=adopted.closed_at)
    return failed.count() + 1


def _with_a_say(partnership):
    return Member.objects.deciding().filter(partnership=partnership).values_list("person", flat=True)


def _tell(decision, kind, recipients, *, at, then="", belongs_to=None, **ids):
    tell(
        kind=kind,
        recipients=recipients,
        scope=decision.partnership_id,
        occurrence=f"{decision.pk} {then}".strip(),
        ids={"decision": str(decision.pk), **ids},
        at=at,
        belongs_to=belongs_to,
    )


def _locked(decision):
    """The decision as it stands, its partnership locked first."""
    partnership = Partnership.objects.locked(decision.partnership_id)
    locked = Decision.objects.select_for_update(of=("self",)).select_related("revision", "text")
    return partnership, locked.get(pk=decision.pk)


@transaction.atomic
def take_position(*, decision, choice, reason, digest, by, at, member=None):
    """Say where you stand on exactly the words that were shown; can be changed until it closes. Returns the Position.

    member: given when a leader writes down what somebody said on paper or by voice. digest: of the words shown.
    """
    partnership, decision = _locked(decision)
    place = place_of(partnership, by)
    latest_number = decision.text.revisions.values_list("number", flat=True).first()
    if member is None:
        may.can_take_position(place, decision, at=at, latest_number=latest_number).enforce()
    else:
        own = Position.objects.filter(decision=decision, member=member).first()
        may.can_record_position(place, decision, member, own, at=at, latest_number=latest_number).enforce()
    if digest != decision.revision.digest:
        raise Conflict(
            _("Your page showed other words than those of revision %(n)s. Read them, then answer.")
            % {"n": decision.revision.number}
        )
    choice, reason = Position.Choice(choice), reason.strip()
    if choice == Position.Choice.OBJECT and not reason:
        raise ValidationError({"reason": _("Write why you object, so that the others can meet it.")})
    position, _created = Position.objects.update_or_create(
        decision=decision,
        member=member or place.member,
        defaults={
            "choice": choice,
            "reason": reason,
            "digest": digest,
            "at": at,
            "recorded_by": by if member else None,
        },
    )
    _remember_position(partnership, position, by=by, at=at)
    return position


def _remember_position(partnership, position, *, by, at):
    """Who has answered is for members until it closes; what they answered is not in the record's line."""
    verb = "position.recorded" if position.recorded_by_id else "position.taken"
    ids = {"decision": position.decision_id, "member": position.member_id}
    remember(partnership, verb, by=by, at=at, audience="members", **ids)
    if position.recorded_by_id:
        tell(
            kind="position_recorded",
            recipients=[position.member.person_id],
            scope=partnership.pk,
            occurrence=f"{position.pk} {at.isoformat()}",
            ids={"decision": str(position.decision_id), "position": str(position.pk)},
            at=at,
        )


def tallies(decision):
    """(public, non-public): how each side answered, with its quorum."""
    counted = Position.objects.counting(decision).order_by().values("member__side", "choice")
    found = {(row["member__side"], row["choice"]): row["n"] for row in counted.annotate(n=Count("pk"))}
    quorums = {Side.PUBLIC: decision.quorum_public, Side.NON_PUBLIC: decision.quorum_non_public}
    return tuple(
        may.Tally(side, quorum, **{choice: found.get((side, choice), 0) for choice in Position.Choice.values})
        for side, quorum in quorums.items()
    )


def waiting_for(decision):
    """Members with a say who have not answered."""
    answered = Position.objects.filter(decision=decision).values("member")
    return Member.objects.deciding().filter(partnership=decision.partnership_id).exclude(pk__in=answered)


@transaction.atomic
def close_decision(*, decision, at, by=None):
    """Close a decision and keep what it came to; adopted words become the text's in the same transaction.

    by: None for the clock, which closes what is due; a convener may close earlier once everyone has answered.
    """
    partnership, decision = _locked(decision)
    if decision.closed_at:
        raise Conflict(_("This decision was closed in the meantime."))
    may.runs(place_of(partnership, by), decision).enforce()
    place = None if by is None else place_of(partnership, by)
    waits = waiting_for(decision).exists()
    may.can_close_decision(place, decision, at=at, waiting_for=waits).enforce()
    return _end(partnership, decision, may.outcome_of(decision.rule, *tallies(decision)), by=by, at=at)


def _end(partnership, decision, outcome, *, by, at):
    decision.closed_at, decision.outcome = at, outcome
    decision.save(update_fields=["closed_at", "outcome"])
    if outcome == Decision.Outcome.ADOPTED:
        Text.objects.filter(pk=decision.text_id).update(adopted_revision=decision.revision)
        decision.text.adopted_revision = decision.revision
    remember(
        partnership,
        "decision.withdrawn" if outcome == Decision.Outcome.WITHDRAWN else "decision.closed",
        by=by,
        at=at,
        decision=decision.pk,
        revision=decision.revision_id,
        outcome=str(outcome),
    )
    _tell(decision, "decision_closed", _with_a_say(partnership), at=at)
    return decision


@transaction.atomic
def withdraw_decision(*, decision, by, at):
    """Take a question back before it is settled, so that the text can be written on. Returns the Decision."""
    partnership, decision = _locked(decision)
    if decision.closed_at:
        raise Conflict(_("This decision was closed in the meantime."))
    may.can_withdraw_decision(place_of(partnership, by), decision).enforce()
    return _end(partnership, decision, Decision.Outcome.WITHDRAWN, by=by, at=at)


def close_due_decisions(*, at):
    """Close every decision whose time has come, each on its own; what somebody else just closed is left alone."""
    closed = []
    for decision in Decision.objects.due(at).order_by("closes_at", "pk"):
        try:
            closed.append(close_decision(decision=decision, at=at))
        except (Conflict, Refused):
            continue  # a convener or another worker was faster, or has paused it
    return closed


def remind_undecided(*, at):
    """Tell those who have not answered that a decision closes within a day; asking again tells nobody twice.

    One whose end a pause has moved is told of once more, before its new end.
    """
    running = Decision.objects.open().filter(partnership__paused_at=None)
    soon = running.filter(closes_at__gt=at, closes_at__lte=at + REMINDER)
    for decision in soon:
        if decision.closes_at - decision.opened_at > SHORT:
            undecided = waiting_for(decision).values_list("person", flat=True)
            closes = decision.closes_at.isoformat()
            reached = decision.closes_at - REMINDER
            _tell(
                decision,
                "decision_closing",
                undecided,
                at=at,
                then=closes,
                belongs_to=reached,
                closes_at=closes,
            )


def tell_after_pause(*, decision, pause, at):
    """Ask those anew who have not answered and whose mail waited for a digest when the pause dropped it."""
    told = Notice.objects.filter(
        kind="decision_opened", scope=decision.partnership_id, ids__decision=str(decision.pk)
    )
    lost = told.untrue()
    reached = told.exclude(pk__in=lost.values("pk")).values("recipient")
    waiting = waiting_for(decision).filter(person__in=lost.values("recipient")).exclude(person__in=reached)
    _tell(
        decision, "decision_opened", waiting.values_list("person", flat=True), at=at, then=f"after {pause.pk}"
    )
