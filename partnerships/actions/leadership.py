"""Leadership: offered, accepted in person, shared by several, handed on."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import Leadership, Member, Partnership
from ..places import place_of
from ..rules import leadership as may
from .memory import remember

State = Leadership.State


@transaction.atomic
def offer_leadership(*, member, function, by, at):
    """Offer a function to a member; who offers it to themselves carries it at once. Returns the Leadership."""
    partnership = Partnership.objects.locked(member.partnership_id)
    may.can_offer_leadership(place_of(partnership, by)).enforce()
    member = Member.objects.present().get(pk=member.pk)
    own = member.person_id == by.pk
    try:
        with transaction.atomic():
            offered = Leadership.objects.create(
                partnership=partnership,
                member=member,
                function=function,
                state=State.HELD if own else State.OFFERED,
                offered_by=by,
                offered_at=at,
                answered_at=at if own else None,
            )
    except IntegrityError:
        raise Conflict(_("This is offered to them already, or they carry it.")) from None
    verb = "leadership.accepted" if own else "leadership.offered"
    remember(partnership, verb, by=by, at=at, leadership=offered.pk, member=member.pk, function=function)
    if not own:
        tell(
            kind="leadership_offered",
            recipients=[member.person_id],
            scope=partnership.pk,
            occurrence=str(offered.pk),
            ids={"leadership": str(offered.pk)},
            at=at,
        )
    return offered


@transaction.atomic
def answer_leadership(*, leadership, accept, by, at):
    """Say yes or no to a function that was offered. Returns the Leadership."""
    partnership = Partnership.objects.locked(leadership.partnership_id)
    leadership = Leadership.objects.select_for_update(of=("self",)).get(pk=leadership.pk)
    may.can_answer_leadership(place_of(partnership, by), leadership).enforce()
    leadership.state, leadership.answered_at = State.HELD if accept else State.DECLINED, at
    leadership.save(update_fields=["state", "answered_at"])
    facts = {"leadership": leadership.pk, "member": leadership.member_id, "function": leadership.function}
    verb = "leadership.accepted" if accept else "leadership.declined"
    remember(partnership, verb, by=by, at=at, **facts)
    return leadership


@transaction.atomic
def end_leadership(*, leadership, by, at):
    """Hand a function on, or take an offer back. Returns the Leadership."""
    partnership = Partnership.objects.locked(leadership.partnership_id)
    leadership = Leadership.objects.select_for_update(of=("self",)).get(pk=leadership.pk)
    may.can_end_leadership(place_of(partnership, by), leadership).enforce()
    leadership.state, leadership.ended_at = State.ENDED, at
    leadership.save(update_fields=["state", "ended_at"])
    facts = {"leadership": leadership.pk, "member": leadership.member_id, "function": leadership.function}
    remember(partnership, "leadership.ended", by=by, at=at, **facts)
    return leadership
