"""Who may set a criterion aside: a soft one a convener; the one hard one that may be, two sides together."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models import Waiver
from .standing import conveners_only, in_stage

Signed = Waiver.Signed


def can_waive(place, criterion):
    """A convener may set a soft criterion aside in public; a hard one nobody can alone."""
    if criterion.hard:
        return no(
            _("“%(what)s” is required and cannot be set aside.") % {"what": criterion.label}, criterion.detail
        )
    return conveners_only(place) and _unmet(criterion) and in_stage(place, "waive")


def _unmet(criterion):
    return no(_("This is met already.")) if criterion.met else YES


def halves(place, receives):
    """For whom this reader can sign: those who lead, those who take a task over, both, or nobody."""
    found = [Signed.CONVENER] if place.convenes else []
    return [*found, Signed.RECEIVER] if receives else found


def can_see_pending(place, receives):
    """Until it is public, the two sides know of it, and who keeps the case."""
    return bool(halves(place, receives)) or place.keeps_cases


def can_propose_waiver(place, criterion, receives):
    """A convener or somebody who takes the task over signs first; the other half is asked.

    receives: whether this reader, from outside the public side, owns a step that was handed over.
    """
    if not criterion.together:
        return can_waive(place, criterion)
    return _one_of_both(place, receives) and _unmet(criterion) and in_stage(place, "waive")


def can_join_waiver(place, waiver, receives):
    """The other half signs, and it is somebody else."""
    return (
        _one_of_both(place, receives)
        and _still_pending(waiver)
        and _other_half(place, waiver, receives)
        and in_stage(place, "waive")
    )


def can_withdraw_waiver(place, waiver, receives, at):
    """Whoever could sign takes it back, until it has taken effect."""
    if waiver.takes_effect_at and waiver.takes_effect_at <= at:
        return no(_("This has taken effect. It stands beside the criterion."))
    if waiver.withdrawn_at:
        return no(_("This was taken back in the meantime."))
    return _one_of_both(place, receives)


def _one_of_both(place, receives):
    if halves(place, receives):
        return YES
    return no(
        _("Only a convener and somebody who takes the task over can set this aside, together."),
        _("Whoever owns a step that was handed over, and does not belong to the public side, takes it over."),
    )


def _still_pending(waiver):
    if waiver.withdrawn_at:
        return no(_("This was taken back in the meantime."), _("The facts may have been corrected."))
    return no(_("Both have signed this already.")) if waiver.seconded_by_id else YES


def _other_half(place, waiver, receives):
    if place.person.pk == waiver.by_id:
        return no(_("You have signed this. The second signature is somebody else's."))
    wanted = set(Signed) - {waiver.signed_as}
    if wanted & set(halves(place, receives)):
        return YES
    if waiver.signed_as == Signed.CONVENER:
        return no(_("A convener has signed. Now it takes somebody who takes the task over."))
    return no(_("Somebody who takes the task over has signed. Now it takes a convener."))
