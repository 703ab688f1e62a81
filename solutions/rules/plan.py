"""Who may plan, own, report and measure."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no
from partnerships.rules.standing import deciders_only, in_stage, leader_in_stage, member_in_stage


def can_plan(place):
    """Conveners and facilitators keep the plan."""
    return leader_in_stage(place, "plan")


def can_own(place, owns=False):
    """Members take a step on themselves; nobody is made to."""
    if owns:
        return no(_("You have a part in this step already."))
    return member_in_stage(place, "plan")


def can_ask_owner(place):
    """Conveners and facilitators ask a member to own a step; the member answers in person."""
    return leader_in_stage(place, "plan")


def can_report_step(place, owns):
    """Owners tell how their step is going; conveners and facilitators may write it down for them."""
    return deciders_only(place) and _owner_or_leader(place, owns) and in_stage(place, "report_step")


def _owner_or_leader(place, owns):
    if owns or place.leads:
        return YES
    return no(_("Only those who own this step report on it."), _("Take the step on, or tell its owners."))


def can_measure(place):
    """Members enter what was measured, with its source."""
    return member_in_stage(place, "measure_result")
