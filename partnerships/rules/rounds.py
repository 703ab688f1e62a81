"""Who gives a decision more time, answers objections, and asks a settled question anew."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models import Decision
from ..models.decisions import SETTLED
from .standing import deciders_only, in_stage, leader_in_stage, leaders_only

Outcome = Decision.Outcome


def can_lengthen_decision(place, decision, *, at):
    """Leaders give more time while positions are taken; nobody takes time away."""
    if not decision.is_open or at >= decision.closes_at:
        return no(_("Only a decision that is open can get more time."))
    return leaders_only(place) and in_stage(place, "take_position")


def can_answer_objections(place, decision, *, is_author=False):
    """Leaders and the text's authors answer objections, while it runs and when it is closed."""
    if decision.is_advisory:
        return no(_("This asks for advice. Objections in it hold nothing up."))
    if decision.is_planned or decision.outcome == Outcome.WITHDRAWN:
        return no(_("There are no objections to answer here."))
    if not place.leads and not is_author:
        return no(_("Only a convener, a facilitator or an author of the text answers objections."))
    return deciders_only(place) and in_stage(place, "close_decision")


def can_answer_objection(place, decision, position, *, is_author=False, answered=False):
    """The same for one objection: by somebody else than who objects, and once."""
    if position.choice != position.Choice.OBJECT:
        return no(_("They object no longer."))
    if answered:
        return no(_("This objection has an answer already."))
    if place.member and place.member.pk == position.member_id:
        return no(_("Somebody else answers your objection."))
    return can_answer_objections(place, decision, is_author=is_author)


def can_reopen_decision(place, decision, *, latest, open_decision=None):
    """Leaders ask a settled question anew, with a public reason.

    latest: the last binding decision about the text that was settled or lacked a quorum; open_decision: one under way.
    """
    if decision.outcome not in (*SETTLED, Outcome.NO_QUORUM):
        return no(_("Only a decision that was settled can be reopened."))
    if hasattr(decision, "reopening"):
        return no(_("This decision is reopened already."), _("Change the words, then ask the members."))
    if open_decision is not None:
        return no(_("The members are deciding on this text already."))
    if latest is None or latest.pk != decision.pk:
        return no(_("The members have decided on this text again since."))
    return leader_in_stage(place, f"decide_{decision.text.kind}")


def can_take_result(place, decision):
    """Those who lead and those who keep the case take the result along, once positions are open to read."""
    if decision.closed_at is None:
        return no(_("The positions can be read when the decision is closed."))
    return YES if place.keeps_cases else leaders_only(place)
