"""Positions: taken in person, by a substitute, or written down; what they replaced is kept beside them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import EarlierPosition, Member, Position, Substitution, TextAuthor
from ..places import place_of
from ..rules import decisions as may
from ..rules.substitutes import can_answer_for
from .decisions import locked, tell_of
from .memory import remember

SAID = ["choice", "reason", "digest", "recorded_by_id", "way", "substitute_id"]  # what a position says


@transaction.atomic
def take_position(*, decision, choice, reason, digest, by, at, member=None, way="", substitution=None):
    """Say where you stand on exactly the words that were shown; can be changed until it closes. Returns the Position.

    member: given when a leader writes down what somebody said on paper, by voice or by telephone: the way. digest: of
    the words shown. substitution: given when a substitute answers for a seat: never over what the seat's member said.
    """
    partnership, decision = locked(decision)
    place = place_of(partnership, by)
    latest = decision.text.revisions.values_list("number", flat=True).first()
    if substitution is not None:
        substitution = _standing(substitution)
        seat = substitution.member
        can_answer_for(place, decision, substitution, at=at, latest_number=latest).enforce()
        _not_answered_themselves(decision, seat)
    elif member is not None:
        seat = member
        own = Position.objects.filter(decision=decision, member=member).first()
        may.can_record_position(place, decision, member, own, at=at, latest_number=latest).enforce()
    else:
        may.can_take_position(place, decision, at=at, latest_number=latest).enforce()
        seat = place.member
    check_words(decision, digest)
    said = {
        "choice": Position.Choice(choice),
        "reason": reason.strip(),
        "digest": digest,
        "recorded_by_id": by.pk if member else None,
        "way": way if member else "",
        "substitute_id": substitution.pk if substitution else None,
    }
    position = _put(decision, seat, said, at)
    if position.at == at:
        _remember(partnership, decision, position, by=by, at=at)
    return position


def check_words(decision, digest):
    """Raise Conflict when a page showed other words than those that are decided on."""
    if digest != decision.revision.digest:
        raise Conflict(
            _("Your page showed other words than those of revision %(n)s. Read them, then answer.")
            % {"n": decision.revision.number}
        )


def _standing(substitution):
    rows = Substitution.objects.select_related("member__person", "substitute__person")
    return rows.get(pk=substitution.pk)


def _not_answered_themselves(decision, member):
    own = Position.objects.filter(decision=decision, member=member).first()
    if own and not own.substitute_id:
        raise Conflict(
            _("%(name)s has answered. That counts for the seat, so yours is not needed.")
            % {"name": member.shown_name}
        )


def _put(decision, seat, said, at):
    """The seat's one position, saying this; what it said before is kept. What is said again stays as it was."""
    if said["choice"] == Position.Choice.OBJECT and not said["reason"]:
        raise ValidationError({"reason": _("Write why you object, so that the others can meet it.")})
    position = Position.objects.filter(decision=decision, member=seat).first()
    if position is None:
        return Position.objects.create(decision=decision, member=seat, at=at, **said)
    before = {name: getattr(position, name) for name in SAID}
    if before == said:
        return position
    EarlierPosition.objects.create(position=position, at=position.at, replaced_at=at, **before)
    for name, value in {**said, "at": at}.items():
        setattr(position, name, value)
    position.save()
    return position


def _remember(partnership, decision, position, *, by, at):
    """Who has answered is for members until it closes; what they answered is not in the record's line."""
    verb = "position.taken"
    if position.recorded_by_id:
        verb = "position.recorded"
    elif position.substitute_id:
        verb = "position.taken_for"
    ids = {"decision": position.decision_id, "member": position.member_id}
    remember(partnership, verb, by=by, at=at, audience="members", **ids)
    if verb != "position.taken":
        tell(
            kind="position_recorded" if position.recorded_by_id else "position_by_substitute",
            recipients=[position.member.person_id],
            scope=partnership.pk,
            occurrence=f"{position.pk} {at.isoformat()}",
            ids={"decision": str(position.decision_id), "position": str(position.pk)},
            at=at,
        )
    if position.choice == Position.Choice.OBJECT and not decision.is_advisory:
        tell_of(
            decision,
            "objection_raised",
            who_answers(decision) - {position.member.person_id, by.pk},
            at=at,
            then=f"{position.pk} {at.isoformat()}",
            position=str(position.pk),
        )


def who_answers(decision):
    """Ids of the people who answer objections: those who lead, and the text's authors who have a say."""
    leading = Member.objects.leading().filter(partnership=decision.partnership_id)
    authors = TextAuthor.objects.filter(text=decision.text_id).values("member")
    writing = Member.objects.deciding().filter(partnership=decision.partnership_id, pk__in=authors)
    return set(leading.values_list("person", flat=True)) | set(writing.values_list("person", flat=True))


@transaction.atomic
def record_positions(*, decision, said, way, digest, by, at):
    """Write down what many members said in a room, each with their choice and reason, all or none of them.

    said: [(member, choice, reason)]. Returns (positions, members who have answered in person in the meantime).
    """
    partnership, decision = locked(decision)
    place = place_of(partnership, by)
    latest = decision.text.revisions.values_list("number", flat=True).first()
    may.can_record_positions(place, decision, at=at, latest_number=latest).enforce()
    themselves = set(
        Position.objects.filter(decision=decision, recorded_by=None, substitute=None).values_list(
            "member", flat=True
        )
    )
    told = {"decision": decision, "digest": digest, "way": way, "by": by, "at": at}
    positions = [
        take_position(member=member, choice=choice, reason=reason, **told)
        for member, choice, reason in said
        if member.pk not in themselves
    ]
    return positions, [member for member, _choice, _reason in said if member.pk in themselves]
