"""Setting a criterion aside: a soft one at once, the one hard one by two signatures and after days for the facts."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import Member, Partnership, Waiver
from ..places import place_of
from ..rules import waivers as may
from ..settings.table import DAYS_TO_CORRECT
from .memory import remember


def _create(visit, criterion, **facts):
    waiver, created = Waiver.objects.get_or_create(
        visit=visit, criterion=criterion.key, withdrawn_at=None, defaults=facts
    )
    if not created:
        raise Conflict(
            _("Somebody has set this aside already, with a reason: %(why)s") % {"why": waiver.reason}
        )
    return waiver


@transaction.atomic
def waive(*, partnership, criterion, reason, by, at):
    """Set a soft criterion aside for this visit, with a public reason. Returns the Waiver.

    criterion: of the present gate, judged in this transaction. Raises Conflict when somebody else was faster.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_waive(place_of(partnership, by), criterion).enforce()
    facts = {"reason": reason, "by": by, "at": at, "takes_effect_at": at}
    waiver = _create(partnership.visits.get(left_at=None), criterion, **facts)
    remember(partnership, "criterion.waived", by=by, at=at, criterion=criterion.key, waiver=waiver.pk)
    return waiver


@transaction.atomic
def propose_waiver(*, partnership, criterion, reason, receives, receivers, by, at):
    """Sign first for setting aside the hard criterion that two sides may. Returns the Waiver; it counts not yet.

    receives: whether `by` takes a task over; receivers: ids of all who do. The other half is told, nobody else is.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    place = place_of(partnership, by)
    may.can_propose_waiver(place, criterion, receives).enforce()
    signed_as = may.halves(place, receives)[0]
    facts = {"reason": reason, "by": by, "at": at, "signed_as": signed_as, "takes_effect_at": None}
    waiver = _create(partnership.visits.get(left_at=None), criterion, **facts)
    _remember(partnership, "criterion.waiver_proposed", waiver, by, at)
    conveners = Member.objects.present().filter(partnership=partnership, role=Member.Role.CONVENER)
    leading = set(conveners.values_list("person", flat=True))
    other = set(receivers) if signed_as == Waiver.Signed.CONVENER else leading
    tell(
        kind="waiver_proposed",
        recipients=other - {by.pk},
        scope=partnership.pk,
        occurrence=str(waiver.pk),
        ids={"waiver": str(waiver.pk)},
        at=at,
    )
    return waiver


def _locked(waiver):
    partnership = Partnership.objects.locked(waiver.visit.partnership_id)
    found = Waiver.objects.select_for_update(of=("self",)).select_related("visit").get(pk=waiver.pk)
    if found.visit.left_at:
        raise Conflict(_("The partnership has left this stage in the meantime."))
    return partnership, found


@transaction.atomic
def join_waiver(*, waiver, receives, by, at):
    """Sign second: it takes effect, and becomes public, when the days to correct facts are over. Returns the Waiver."""
    partnership, waiver = _locked(waiver)
    may.can_join_waiver(place_of(partnership, by), waiver, receives).enforce()
    waiver.seconded_by, waiver.seconded_at = by, at
    waiver.takes_effect_at = at + datetime.timedelta(days=DAYS_TO_CORRECT.of(partnership))
    waiver.save(update_fields=["seconded_by", "seconded_at", "takes_effect_at"])
    _remember(partnership, "criterion.waiver_joined", waiver, by, at)
    return waiver


@transaction.atomic
def withdraw_waiver(*, waiver, receives, by, at):
    """Take a signature back before it has taken effect. Returns the Waiver."""
    partnership, waiver = _locked(waiver)
    may.can_withdraw_waiver(place_of(partnership, by), waiver, receives, at).enforce()
    return _withdraw(partnership, waiver, by, at)


def lapse_waivers(partnership, *, criterion, by, at):
    """End what two sides signed about facts that have changed since; the partnership is locked by its caller."""
    signed = Waiver.objects.standing().filter(
        visit__partnership=partnership, visit__left_at=None, criterion=criterion
    )
    for waiver in signed:
        _withdraw(partnership, waiver, by, at)


def _withdraw(partnership, waiver, by, at):
    waiver.withdrawn_at, waiver.withdrawn_by = at, by
    waiver.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _remember(partnership, "criterion.waiver_withdrawn", waiver, by, at)
    return waiver


def _remember(partnership, verb, waiver, by, at):
    """What is not public yet stands in the record for conveners."""
    facts = {"criterion": waiver.criterion, "waiver": waiver.pk}
    remember(partnership, verb, by=by, at=at, audience="conveners", **facts)
