"""Who may say what is lacking, answer it, and say that it is needed no longer."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from .standing import deciders_only, in_stage, leader_in_stage, leaders_only, member_in_stage


def can_ask_everyone(place):
    """Conveners and facilitators say what is needed; anybody with a say may answer."""
    return leader_in_stage(place, "commit")


def _open(need):
    if need.closed_at is None:
        return YES
    return no(_("This is no longer needed."), _("You can still offer something else, under Commitments."))


def can_answer_need(place, need):
    """Members offer all of it or a part, while it is open."""
    return deciders_only(place) and _open(need) and member_in_stage(place, "commit")


def can_close_need(place, need):
    """Whoever leads says that it is needed no longer, with a reason."""
    return leaders_only(place) and _open(need) and in_stage(place, "answer_commitment")
