"""Substitutes: named by a member for their own seat, accepted in person, ended by either."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from notices.actions import tell

from ..models import Member, Partnership, Substitution
from ..places import place_of
from ..rules import substitutes as may
from .memory import remember

State = Substitution.State


@transaction.atomic
def name_substitute(*, partnership, substitute, by, at, from_at=None, until_at=None, decision=None):
    """Ask another member to stand in for one's own seat; they answer for themselves. Returns the Substitution.

    from_at, until_at: from when, and until when (not included; None: until it is ended). decision: only in this one.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    place = place_of(partnership, by)
    _end_what_is_over(partnership, at)
    may.can_have_substitute(place, **standing_of(place, at)).enforce()
    substitute = Member.objects.select_related("person").get(pk=substitute.pk)
    may.can_be_substitute(
        place.member, substitute, busy=busy(partnership, at).filter(pk=substitute.pk).exists()
    ).enforce()
    from_at = max(from_at or at, at)
    if until_at is not None and until_at <= from_at:
        raise ValidationError({"until": _("Choose a day that is not over before it begins.")})
    made = Substitution.objects.create(
        partnership=partnership,
        member=place.member,
        substitute=substitute,
        decision=decision,
        from_at=from_at,
        until_at=until_at,
        asked_at=at,
    )
    _remember(made, "substitute.asked", by=by, at=at)
    _tell(made, "substitute_asked", [substitute.person_id], at=at)
    return made


def _end_what_is_over(partnership, at):
    """End what stands in name only: its time is over, its decision is closed, or one of the two has left."""
    rows = Substitution.objects.filter(partnership=partnership, state__in=[State.ASKED, State.ACCEPTED])
    over = rows.exclude(pk__in=Substitution.objects.standing(at).values("pk"))
    over.update(state=State.ENDED, ended_at=at)


def standing_of(place, at):
    """{own, for_others}: the standing substitutions in which somebody has a substitute, and is one."""
    rows = Substitution.objects.standing(at).filter(Q(member=place.member) | Q(substitute=place.member))
    found = list(rows.select_related("member__person", "substitute__person")) if place.member else []
    own = [row for row in found if row.member_id == place.member.pk]
    others = [row for row in found if row.substitute_id == place.member.pk]
    return {"own": next(iter(own), None), "for_others": next(iter(others), None)}


def busy(partnership, at):
    """Members who stand in for somebody, or have a substitute: they cannot be named."""
    standing = Substitution.objects.standing(at).filter(partnership=partnership)
    return Member.objects.filter(
        Q(pk__in=standing.values("member")) | Q(pk__in=standing.values("substitute"))
    )


def _locked(substitution):
    partnership = Partnership.objects.locked(substitution.partnership_id)
    rows = Substitution.objects.select_for_update(of=("self",))
    return partnership, rows.select_related("member__person", "substitute__person").get(pk=substitution.pk)


@transaction.atomic
def answer_substitution(*, substitution, accept, by, at):
    """Say yes or no to standing in for somebody; they are told. Returns the Substitution."""
    partnership, substitution = _locked(substitution)
    may.can_answer_substitution(place_of(partnership, by), substitution).enforce()
    if accept:
        may.one_side(substitution.member, substitution.substitute).enforce()
    substitution.state, substitution.answered_at = State.ACCEPTED if accept else State.DECLINED, at
    substitution.save(update_fields=["state", "answered_at"])
    verb = "substitute.accepted" if accept else "substitute.declined"
    _remember(substitution, verb, by=by, at=at)
    _tell(substitution, "substitute_answered", [substitution.member.person_id], at=at)
    return substitution


@transaction.atomic
def end_substitution(*, substitution, by, at):
    """End standing in, or take the question back. What was answered so far stays. Returns the Substitution."""
    partnership, substitution = _locked(substitution)
    may.can_end_substitution(place_of(partnership, by), substitution).enforce()
    substitution.state, substitution.ended_at = State.ENDED, at
    substitution.save(update_fields=["state", "ended_at"])
    _remember(substitution, "substitute.ended", by=by, at=at)
    return substitution


def end_substitutions(*, person, at):
    """End all in which somebody who is erased has a substitute or is one."""
    rows = Substitution.objects.filter(Q(member__person=person) | Q(substitute__person=person))
    rows.filter(state__in=[State.ASKED, State.ACCEPTED]).update(state=State.ENDED, ended_at=at)


def _remember(substitution, verb, *, by, at):
    ids = {"member": substitution.member_id, "substitute": substitution.substitute_id}
    remember(substitution.partnership, verb, by=by, at=at, substitution=substitution.pk, **ids)


def _tell(substitution, kind, recipients, *, at):
    tell(
        kind=kind,
        recipients=recipients,
        scope=substitution.partnership_id,
        occurrence=str(substitution.pk),
        ids={"substitution": str(substitution.pk)},
        at=at,
    )
