"""Who may propose, put a proposal to the choice, and start the value proposition."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no
from partnerships.rules.decisions import none_open, not_settled
from partnerships.rules.standing import leader_in_stage, leaders_only, member_in_stage


def can_propose(place):
    """Members propose; every option is written down and stays."""
    return member_in_stage(place, "write_proposal")


def can_put_to_choice(place, latest, open_decision=None, rival=None, last=None):
    """Conveners and facilitators ask the members to choose; one option at a time, in the words last written.

    latest: the newest revision; open_decision: about this proposal; rival: the text of another proposal that is
    chosen or being decided on; last: the decision that settled this one, which is reopened before it is asked again.
    """
    return (
        leader_in_stage(place, "decide_proposal")
        and _has_words(latest)
        and none_open(open_decision, rival)
        and not_settled(latest, last)
    )


def _has_words(latest):
    if latest is not None:
        return YES
    return no(_("Nothing is written yet."), _("Write the first revision."))


def can_start_value_proposition(place, chosen, existing=None):
    """Conveners and facilitators start it, from the chosen proposal, once."""
    if existing is not None:
        return no(_("The value proposition is started already."), _("Write on it together with the others."))
    return leaders_only(place) and _one_is_chosen(chosen) and leader_in_stage(place, "write_value")


def _one_is_chosen(chosen):
    if chosen is not None:
        return YES
    return no(_("No proposal is chosen yet."), _("Let the members choose one of the proposals first."))
