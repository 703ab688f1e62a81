"""Relief: ask others to take a promise over, take one over in person, offer help to who carries much."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import Member, Partnership, Relief, ReliefOffer
from ..places import place_of
from ..rules import relief as may
from .commitments import leaders_of, swap
from .memory import remember


def open_relief(commitment):
    """The open Relief of a commitment, or None."""
    return Relief.objects.open().filter(commitment=commitment).first()


def _tell(kind, partnership, recipients, *, occurrence, at, **ids):
    tell(
        kind=kind,
        recipients=recipients,
        scope=partnership.pk,
        occurrence=str(occurrence),
        ids={name: str(value) for name, value in ids.items()},
        at=at,
    )


@transaction.atomic
def ask_relief(*, commitment, why, openly, by, at):
    """Ask others to take a promise over: everybody, or those who lead alone. Returns the Relief."""
    partnership = Partnership.objects.locked(commitment.partnership_id)
    place = place_of(partnership, by)
    waiting = open_relief(commitment) is not None
    may.can_ask_relief(place, commitment, waiting=waiting).enforce()
    relief = Relief.objects.create(
        commitment=commitment, member=place.member, why=why, openly=openly, asked_at=at
    )
    audience = None if openly else "conveners"
    remember(partnership, "relief.asked", by=by, at=at, audience=audience, commitment=commitment.pk)
    readers = Member.objects.deciding() if openly else Member.objects.leading()
    readers = readers.filter(partnership=partnership).exclude(person=by).values_list("person", flat=True)
    _tell("relief_asked", partnership, readers, occurrence=relief.pk, at=at, relief=relief.pk)
    return relief


@transaction.atomic
def end_relief(*, relief, by, at):
    """Take a request for relief back. Returns the Relief."""
    partnership = Partnership.objects.locked(relief.commitment.partnership_id)
    may.can_end_relief(place_of(partnership, by), relief).enforce()
    if not Relief.objects.open().filter(pk=relief.pk).update(ended_at=at):
        raise Conflict(_("Somebody has taken this over in the meantime."))
    audience = None if relief.openly else "conveners"
    remember(
        partnership, "relief.withdrawn", by=by, at=at, audience=audience, commitment=relief.commitment_id
    )
    relief.refresh_from_db()
    return relief


@transaction.atomic
def take_over_commitment(*, commitment, by, at):
    """Take a promise over in person. It keeps its history: handed on, not missed. Returns the Commitment."""
    partnership = Partnership.objects.locked(commitment.partnership_id)
    place = place_of(partnership, by)
    relief, owner = open_relief(commitment), commitment.member
    may.can_take_over(place, commitment, relief=relief).enforce()
    fields = {"member": place.member, "accepted_at": at, "accepted_by": by, "recorded_by": None}
    swap(commitment, was=[commitment.state], **fields)
    if relief:
        Relief.objects.filter(pk=relief.pk).update(ended_at=at, taken_by=place.member)
    else:
        handed_on = {"asked_at": at, "ended_at": at, "taken_by": place.member}
        Relief.objects.create(commitment=commitment, member=owner, **handed_on)
    remember(partnership, "commitment.taken_over", by=by, at=at, commitment=commitment.pk, member=owner.pk)
    readers = {owner.person_id, *leaders_of(partnership)} - {by.pk}
    occurrence = f"{commitment.pk} {at.isoformat()}"
    facts = {"commitment": commitment.pk, "was": owner.pk}
    _tell("commitment_taken_over", partnership, readers, occurrence=occurrence, at=at, **facts)
    return commitment


@transaction.atomic
def offer_relief(*, member, words, by, at):
    """Offer help to a member who carries much; they answer with yes or no. Returns the ReliefOffer."""
    partnership = Partnership.objects.locked(member.partnership_id)
    place, member = place_of(partnership, by), Member.objects.get(pk=member.pk)
    waiting = ReliefOffer.objects.filter(member=member, answered_at=None)
    may.can_offer_relief(place, member, waiting=waiting.exists()).enforce()
    try:
        with transaction.atomic():
            offer = ReliefOffer.objects.create(
                partnership=partnership, member=member, words=words, by=place.member, at=at
            )
    except IntegrityError:
        raise Conflict(_("They have been offered help and have not answered yet.")) from None
    remember(partnership, "relief.offered", by=by, at=at, audience="conveners", member=member.pk)
    _tell("relief_offered", partnership, [member.person_id], occurrence=offer.pk, at=at, offer=offer.pk)
    return offer


@transaction.atomic
def answer_relief(*, offer, accept, by, at):
    """Say yes or no to help; only whoever offered it is told. Returns the ReliefOffer."""
    partnership = Partnership.objects.locked(offer.partnership_id)
    may.can_answer_relief(place_of(partnership, by), offer).enforce()
    waiting = ReliefOffer.objects.filter(pk=offer.pk, answered_at=None)
    if not waiting.update(accepted=accept, answered_at=at):
        raise Conflict(_("You have answered this already."))
    offer.refresh_from_db()
    remember(partnership, "relief.answered", by=by, at=at, audience="conveners", member=offer.member_id)
    _tell("relief_answered", partnership, [offer.by.person_id], occurrence=offer.pk, at=at, offer=offer.pk)
    return offer


def decline_help_for(member, *, at):
    """Whoever leaves answers no offer of help any more; the partnership is locked by the caller."""
    ReliefOffer.objects.filter(member=member, answered_at=None).update(accepted=False, answered_at=at)
