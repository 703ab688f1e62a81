"""What happens around a decision: it opens later, gets more time, its objections are answered, it is reopened."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from boundary.local_time import zone_named

from ..models import Decision, Lengthening, ObjectionAnswer, Position, Reopening, TextAuthor
from ..models.decisions import SETTLED
from ..places import place_of
from ..rules import rounds as may
from .decisions import check_closing, end, locked, quorums, tell_of, tell_opened, waiting_for, with_a_say
from .memory import remember
from .positions import who_answers
from .reminders import around, remind

Outcome = Decision.Outcome


# --- opening later ------------------------------------------------------------------------------------------


@transaction.atomic
def begin_decision(*, decision, at):
    """Open a decision whose time has come; everyone with a say is asked. Returns the Decision.

    Quorums follow from who has a say now. One that a pause or a standing clock kept until after its end gets its time.
    """
    partnership, decision = locked(decision)
    if not decision.is_planned or decision.opens_at > at or partnership.paused_at:
        raise Conflict(_("This decision was opened or withdrawn in the meantime."))
    if decision.closes_at <= at:
        decision.closes_at = at + (decision.closes_at - decision.opens_at)
    decision.opened_at = at
    for name, needed in quorums(partnership, decision.is_advisory).items():
        setattr(decision, name, needed)
    decision.save(update_fields=["opened_at", "closes_at", "quorum_public", "quorum_non_public"])
    ids = {"decision": decision.pk, "revision": decision.revision_id, "round": decision.round}
    remember(partnership, "decision.begun", by=None, at=at, **ids)
    tell_opened(decision, at=at)
    return decision


def open_due_decisions(*, at):
    """Open every decision whose time has come, each on its own; what somebody else just opened is left alone."""
    opened = []
    for decision in Decision.objects.due_to_open(at).order_by("opens_at", "pk"):
        try:
            opened.append(begin_decision(decision=decision, at=at))
        except Conflict:
            continue  # another worker was faster, or it was withdrawn
    return opened


# --- more time ----------------------------------------------------------------------------------------------


@transaction.atomic
def lengthen_decision(*, decision, closes_at, reason, by, at):
    """Give the members more time, with a reason; those who have not answered are told. Returns the Decision."""
    partnership, decision = locked(decision)
    may.can_lengthen_decision(place_of(partnership, by), decision, at=at).enforce()
    check_longer(decision, closes_at, at)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Write why more time is needed.")})
    facts = {"was": decision.closes_at, "closes_at": closes_at, "reason": reason, "by": by, "at": at}
    Lengthening.objects.create(decision=decision, **facts)
    decision.closes_at = closes_at
    decision.save(update_fields=["closes_at"])
    remember(partnership, "decision.lengthened", by=by, at=at, decision=decision.pk)
    closes = closes_at.isoformat()
    undecided = waiting_for(decision).values_list("person", flat=True)
    tell_of(decision, "decision_lengthened", undecided, at=at, then=closes, closes_at=closes)
    return decision


def check_longer(decision, closes_at, at):
    """Raise ValidationError for a closing time that is no later than the one that stands, or over a year away."""
    if closes_at <= decision.closes_at:
        raise ValidationError(
            {"closes_at": _("Choose a time after the one that stands: it only gets longer.")}
        )
    try:
        check_closing(closes_at, at)
    except ValidationError as wrong:
        raise ValidationError({"closes_at": wrong.messages}) from None


# --- objections ---------------------------------------------------------------------------------------------


@transaction.atomic
def answer_objection(*, position, body, by, at):
    """Answer one objection; who objects is told, and can change their position while it is open.

    With the last answer a decision that was held is adopted. Returns the ObjectionAnswer.
    """
    partnership, decision = locked(position.decision)
    position = Position.objects.select_related("member").get(pk=position.pk)
    place = place_of(partnership, by)
    answered = position.answers.filter(objected_at=position.at).exists()
    may.can_answer_objection(
        place, decision, position, is_author=writes(place, decision), answered=answered
    ).enforce()
    body = body.strip()
    if not body:
        raise ValidationError({"body": _("Write what you answer.")})
    facts = {"objected_at": position.at, "body": body, "by": by, "at": at}
    answer = ObjectionAnswer.objects.create(position=position, **facts)
    audience = "members" if decision.closed_at is None else None
    ids = {"decision": decision.pk, "member": position.member_id}
    remember(partnership, "objection.answered", by=by, at=at, audience=audience, **ids)
    tell_of(
        decision,
        "objection_answered",
        [position.member.person_id],
        at=at,
        then=str(answer.pk),
        answer=str(answer.pk),
    )
    if decision.is_held and not Position.objects.counting(decision).unanswered().exists():
        end(partnership, decision, Outcome.ADOPTED, by=by, at=at)
    return answer


def writes(place, decision):
    """Whether somebody is an author of the text that is decided on."""
    return (
        bool(place.member) and TextAuthor.objects.filter(text=decision.text_id, member=place.member).exists()
    )


def remind_of_objections(*, at):
    """Remind those who lead and write that a decision waits for their answers: when it is held, then weekly."""
    held = Decision.objects.held().filter(partnership__paused_at=None)
    for decision in held.select_related("partnership__platform"):
        tell_of(decision, "objections_waiting", who_answers(decision), at=at, belongs_to=decision.closed_at)
        zone = zone_named(decision.partnership.time_zone)
        remind(
            kind="objections_waiting",
            readers=who_answers(decision),
            days=around(decision.closed_at.astimezone(zone).date(), [], at),
            morning=decision.partnership.platform.morning,
            since=decision.closed_at,
            scope=decision.partnership_id,
            occurrence=str(decision.pk),
            ids={"decision": str(decision.pk)},
            at=at,
        )


# --- asking anew --------------------------------------------------------------------------------------------


@transaction.atomic
def reopen_decision(*, decision, reason, by, at):
    """Reopen a settled question, with a public reason; everyone with a say is told. Returns the Reopening.

    What was adopted stands until a new round about other words adopts these.
    """
    partnership, decision = locked(decision)
    under_way = Decision.objects.open().filter(text=decision.text).first()
    may.can_reopen_decision(
        place_of(partnership, by), decision, latest=last_asked(decision.text), open_decision=under_way
    ).enforce()
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Write why it is reopened. Everyone can read it.")})
    reopening = Reopening.objects.create(decision=decision, reason=reason, by=by, at=at)
    remember(partnership, "decision.reopened", by=by, at=at, decision=decision.pk)
    tell_of(decision, "decision_reopened", with_a_say(partnership), at=at)
    return reopening


def last_asked(text):
    """The latest binding decision about a text that was settled or lacked a quorum; or None."""
    rows = Decision.objects.binding().filter(text=text, outcome__in=[*SETTLED, Outcome.NO_QUORUM])
    return rows.order_by("-closed_at").first()
