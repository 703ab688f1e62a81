"""Say what is needed, to everyone; answer it by an offer of all or a part; say that it is needed no longer."""

from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import Member, Need, Partnership
from ..places import place_of
from ..rules import needs as may
from .commitments import offer_commitment
from .memory import remember


@transaction.atomic
def ask_everyone(*, partnership, kind, what, by, at, amount=None, unit="", due_on=None, step_number=None):
    """Ask everybody with a say for something; they are told with their gathered mail. Returns the Need."""
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_ask_everyone(place_of(partnership, by)).enforce()
    need = Need.objects.create(
        partnership=partnership,
        kind=kind,
        what=what,
        amount=amount,
        unit=unit,
        due_on=due_on,
        step_number=step_number,
        created_at=at,
        created_by=by,
    )
    remember(partnership, "need.asked", by=by, at=at, need=need.pk)
    readers = Member.objects.deciding().filter(partnership=partnership).exclude(person=by)
    tell(
        kind="need_asked",
        recipients=readers.values_list("person", flat=True),
        scope=partnership.pk,
        occurrence=str(need.pk),
        ids={"need": str(need.pk)},
        at=at,
    )
    return need


@transaction.atomic
def answer_need(*, need, what, by, at, amount=None, due_on=None):
    """Offer all of what is needed, or a part, in the unit in which it is asked. Returns the Commitment."""
    partnership = Partnership.objects.locked(need.partnership_id)
    need = Need.objects.get(pk=need.pk)
    may.can_answer_need(place_of(partnership, by), need).enforce()
    return offer_commitment(
        partnership=partnership,
        kind=need.kind,
        what=what,
        amount=amount,
        unit=need.unit if amount is not None else "",
        due_on=due_on,
        need=need,
        step_number=need.step_number,
        by=by,
        at=at,
    )


@transaction.atomic
def close_need(*, need, why, by, at):
    """Say that something is needed no longer, and why; what was promised for it stands. Returns the Need."""
    partnership = Partnership.objects.locked(need.partnership_id)
    may.can_close_need(place_of(partnership, by), need).enforce()
    if not Need.objects.open().filter(pk=need.pk).update(closed_at=at, closed_by=by, closed_why=why):
        raise Conflict(_("Somebody else has closed this in the meantime."))
    need.refresh_from_db()
    remember(partnership, "need.closed", by=by, at=at, need=need.pk)
    return need
