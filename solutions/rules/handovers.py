"""Who may say that a step was a public task before, and correct what is said about it."""

from django.utils.translation import gettext as _

from actors.models import Side
from boundary.answer import YES, no
from partnerships.rules.standing import deciders_only, in_stage, leaders_only


def contests(place):
    """Whether this reader, from outside the public side, would contest that the step is new."""
    return bool(place.decides and not place.leads and place.member.side == Side.NON_PUBLIC)


def can_mark_handover(place, handover=None, *, owns=False):
    """Who keeps the plan says it, or any member from outside the public side; its owners correct the facts."""
    return deciders_only(place) and _concerned(place, handover, owns) and in_stage(place, "plan")


def _concerned(place, handover, owns):
    if place.leads or owns or contests(place):
        return YES
    return no(
        _("This is said by those who keep the plan, or by members from outside the public side."),
        _("Ask a convener, or somebody who takes the task over."),
    )


def can_say_why(place, handover=None):
    """Why it was a public task is said by whoever contests it; where nobody does, by whoever corrects the facts."""
    if handover is None or not handover.contested or _said_it(place, handover):
        return YES
    return no(_("Only the person who said this can change why."), _("Talk with them about it."))


def _said_it(place, handover):
    return bool(place.person) and place.person.pk == handover.marked_by_id


def can_withdraw_handover(place, handover):
    """Who said it takes it back; what somebody contests, nobody takes back for them."""
    if not handover.contested:
        return leaders_only(place) and in_stage(place, "plan")
    if _said_it(place, handover):
        return in_stage(place, "plan")
    return no(_("Only the person who said this can take it back."), _("Talk with them about it."))
