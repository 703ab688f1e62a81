"""Decide: put the newest words of a text to the members, count their positions, close."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from actors.models import Side
from boundary.answer import Conflict, Refused
from notices.actions import tell
from notices.models import Notice

from ..models import Decision, Member, Partnership, Position, Substitution, Text
from ..models.decisions import SETTLED
from ..places import place_of
from ..rules import decisions as may
from .memory import remember

MOST_DAYS = 366  # nobody waits longer than a year for an answer; a mistyped year is caught
REMINDER = timedelta(hours=24)  # before it closes, to those who have not answered
SHORT = timedelta(hours=48)  # a decision this short needs no second message


@transaction.atomic
def open_decision(*, revision, question, closes_at, by, at, advisory=False, opens_at=None):
    """Put one revision to the members, at once or later; everyone with a say is told. Returns the Decision.

    The round and its rule follow from what this text has been through since it was last adopted. advisory: whether it
    asks for advice and decides nothing. opens_at: a later moment at which the clock opens it.
    """
    partnership = Partnership.objects.locked(revision.text.partnership_id)
    text = Text.objects.select_for_update().get(pk=revision.text_id)
    may.can_open_decision(
        place_of(partnership, by),
        text,
        revision=revision,
        latest=text.revisions.first(),
        members=members_per_side(partnership),
        open_decision=Decision.objects.open().filter(text=text).first(),
        rival=rival_of(text),
        last=last_settled(text),
        advisory=advisory,
    ).enforce()
    check_times(opens_at, closes_at, at)
    number, later = round_of(text), opens_at is not None and opens_at > at
    decision = Decision.objects.create(
        partnership=partnership,
        text=text,
        revision=revision,
        question=question,
        rule=Decision.Rule.ADVISORY if advisory else may.rule_of(partnership, number),
        round=number,
        opens_at=opens_at if later else None,
        opened_at=None if later else at,
        opened_by=by,
        closes_at=closes_at,
        **quorums(partnership, advisory),
    )
    ids = {"decision": decision.pk, "revision": revision.pk, "round": number}
    remember(partnership, _asked(decision), by=by, at=at, **ids)
    if not later:
        tell_opened(decision, at=at)
    return decision


def _asked(decision):
    if decision.is_planned:
        return "decision.planned"
    return "decision.advice_asked" if decision.is_advisory else "decision.opened"


def quorums(partnership, advisory):
    """How many of each side must answer, by who has a say now; advice asks for none."""
    members = {} if advisory else members_per_side(partnership)
    return {
        "quorum_public": may.quorum_of(partnership, members.get(Side.PUBLIC, 0)),
        "quorum_non_public": may.quorum_of(partnership, members.get(Side.NON_PUBLIC, 0)),
    }


def check_times(opens_at, closes_at, at):
    """Raise ValidationError, by field, for an opening after the closing, or for times that nobody waits for."""
    try:
        check_closing(closes_at, at)
    except ValidationError as wrong:
        raise ValidationError({"closes_at": wrong.messages}) from None
    if opens_at is not None and opens_at >= closes_at:
        raise ValidationError({"opens_at": _("It must open before it closes.")})


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
        pk__in=Decision.objects.open().binding().filter(partnership=text.partnership_id).values("text")
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


def last_settled(text):
    """The latest decision in which a text was adopted, or failed by objections or votes; or None."""
    rows = Decision.objects.binding().filter(text=text, outcome__in=SETTLED)
    return rows.select_related("reopening", "revision").order_by("-closed_at").first()


def with_a_say(partnership):
    """Ids of the people who have a say in a partnership."""
    return Member.objects.deciding().filter(partnership=partnership).values_list("person", flat=True)


def tell_opened(decision, *, at):
    """Ask everyone with a say, and tell substitutes for whose seats they can answer."""
    tell_of(decision, "decision_opened", with_a_say(decision.partnership_id), at=at)
    tell_substitutes(decision, at=at)


def ask_for_positions(member, *, at):
    """Ask somebody who has just come in, perhaps on a seat that another has left, for what is open and not closing."""
    running = Decision.objects.taking_positions().filter(partnership=member.partnership_id, closes_at__gt=at)
    for decision in running:
        tell_of(decision, "decision_opened", [member.person_id], at=at, then=f"to {member.pk}")


def tell_substitutes(decision, *, at, then="opened"):
    """Tell those who stand in for a seat that has not answered."""
    rows = Substitution.objects.covering(at).filter(partnership=decision.partnership_id)
    rows = rows.filter(Q(decision=None) | Q(decision=decision), member__in=waiting_for(decision))
    for substitution in rows.select_related("substitute"):
        tell_of(
            decision,
            "decision_for_seat",
            [substitution.substitute.person_id],
            at=at,
            then=f"{substitution.pk} {then}",
            substitution=str(substitution.pk),
        )


def tell_of(decision, kind, recipients, *, at, then="", belongs_to=None, **ids):
    tell(
        kind=kind,
        recipients=recipients,
        scope=decision.partnership_id,
        occurrence=f"{decision.pk} {then}".strip(),
        ids={"decision": str(decision.pk), **ids},
        at=at,
        belongs_to=belongs_to,
    )


def locked(decision):
    """The decision as it stands, its partnership locked first."""
    partnership = Partnership.objects.locked(decision.partnership_id)
    rows = Decision.objects.select_for_update(of=("self",)).select_related("revision", "text")
    return partnership, rows.get(pk=decision.pk)


def tallies(decision):
    """(public, non-public): how each side answered, with its quorum."""
    counted = Position.objects.counting(decision).order_by().values("member__side", "choice")
    found = {(row["member__side"], row["choice"]): row["n"] for row in counted.annotate(n=Count("pk"))}
    quorums = {Side.PUBLIC: decision.quorum_public, Side.NON_PUBLIC: decision.quorum_non_public}
    return tuple(
        may.Tally(side, quorum, **{choice: found.get((side, choice), 0) for choice in Position.Choice.values})
        for side, quorum in quorums.items()
    )


def seats_at_closing(decision):
    """{side: how many had a say} when a decision closed, as roles are now; of an open one, how many have."""
    here = Q(left_at=None) if decision.closed_at is None else Q(joined_at__lte=decision.closed_at)
    if decision.closed_at:
        here &= Q(left_at=None) | Q(left_at__gt=decision.closed_at)
    rows = Member.objects.filter(here, partnership=decision.partnership_id).exclude(role=Member.Role.OBSERVER)
    counted = rows.order_by().values("side").annotate(number=Count("pk"))
    return {row["side"]: row["number"] for row in counted}


def waiting_for(decision):
    """Members with a say who have not answered."""
    answered = Position.objects.filter(decision=decision).values("member")
    return Member.objects.deciding().filter(partnership=decision.partnership_id).exclude(pk__in=answered)


@transaction.atomic
def close_decision(*, decision, at, by=None):
    """Close a decision and keep what it came to; adopted words become the text's in the same transaction.

    by: None for the clock, which closes what is due; a convener may close earlier once everyone has answered.
    """
    partnership, decision = locked(decision)
    if decision.closed_at:
        raise Conflict(_("This decision was closed in the meantime."))
    may.runs(place_of(partnership, by), decision).enforce()
    place = None if by is None else place_of(partnership, by)
    waits = waiting_for(decision).exists()
    may.can_close_decision(place, decision, at=at, waiting_for=waits).enforce()
    unanswered = Position.objects.counting(decision).unanswered().exists()
    outcome = may.outcome_of(decision.rule, *tallies(decision), unanswered=unanswered)
    return end(partnership, decision, outcome, by=by, at=at)


def end(partnership, decision, outcome, *, by, at):
    """Keep what a locked decision came to; adopted words become the text's. Everyone with a say is told."""
    opened = not decision.is_planned
    decision.closed_at, decision.outcome = decision.closed_at or at, outcome
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
    if opened:
        tell_of(
            decision,
            "decision_closed",
            with_a_say(partnership),
            at=at,
            then="held" if decision.is_held else "",
            outcome=str(outcome),
        )
    return decision


@transaction.atomic
def withdraw_decision(*, decision, by, at):
    """Take a question back before it is settled, so that the text can be written on. Returns the Decision."""
    partnership, decision = locked(decision)
    if not decision.is_under_way:
        raise Conflict(_("This decision was closed in the meantime."))
    may.can_withdraw_decision(place_of(partnership, by), decision).enforce()
    return end(partnership, decision, Decision.Outcome.WITHDRAWN, by=by, at=at)


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
    running = Decision.objects.taking_positions().filter(partnership__paused_at=None)
    soon = running.filter(closes_at__gt=at, closes_at__lte=at + REMINDER)
    for decision in soon:
        if decision.closes_at - decision.opened_at > SHORT:
            undecided = waiting_for(decision).values_list("person", flat=True)
            closes = decision.closes_at.isoformat()
            reached = decision.closes_at - REMINDER
            tell_of(
                decision,
                "decision_closing",
                undecided,
                at=at,
                then=closes,
                belongs_to=reached,
                closes_at=closes,
            )
            tell_substitutes(decision, at=at, then=closes)


def tell_after_pause(*, decision, pause, at):
    """Ask those anew who have not answered and whose mail waited for a digest when the pause dropped it."""
    told = Notice.objects.filter(
        kind="decision_opened", scope=decision.partnership_id, ids__decision=str(decision.pk)
    )
    lost = told.untrue()
    reached = told.exclude(pk__in=lost.values("pk")).values("recipient")
    waiting = waiting_for(decision).filter(person__in=lost.values("recipient")).exclude(person__in=reached)
    tell_of(
        decision, "decision_opened", waiting.values_list("person", flat=True), at=at, then=f"after {pause.pk}"
    )
