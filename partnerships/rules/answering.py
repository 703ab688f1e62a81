"""Who may say what became of a contribution, take one on, and say that an answer does not answer."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models.answering import TAKEN_UP, Outcome
from .contributions import shown
from .standing import in_stage, leader_in_stage, leaders_only, may_write, members_only


def can_respond(place):
    """Conveners and facilitators answer for the arena what became of a contribution."""
    return leader_in_stage(place, "respond")


def can_answer_this(place, contribution):
    """What is hidden is shown again before it is answered: nobody answers words that nobody can read."""
    if contribution.hidden_at:
        return no(_("This is hidden."), _("Show it again before you answer it."))
    if contribution.retracted_at:
        return no(_("This was taken back by who said it."))
    return can_respond(place)


def can_give(outcome, *, waits_until, waits_for, went_into, today):
    """What is put off says until when or on what it waits; only what is adopted went into something."""
    waits = bool(waits_until or waits_for)
    if outcome == Outcome.DEFERRED and not waits:
        return no(_("What is put off needs a day, or a word on what it waits for."))
    if outcome != Outcome.DEFERRED and waits:
        return no(_("Only what is put off waits for something."))
    if waits_until and waits_until <= today:
        return no(_("Put it off to a day that is still to come."))
    if went_into and outcome not in TAKEN_UP:
        return no(_("Only what is adopted, at least partly, went into something."))
    return YES


def can_release_answer(place, taken):
    """Who took it on lets it go; a convener can for somebody who is ill."""
    if place.member and taken.member_id == place.member.pk:
        return YES
    if place.convenes:
        return YES
    return leaders_only(place) and no(
        _("Somebody else has taken this on."), _("They or a convener can release it.")
    )


def is_author(place, contribution):
    """Whether this reader said it, or wrote it down for somebody who did."""
    return bool(place.person and contribution.member.person_id == place.person.pk)


def can_contest_answer(place, contribution):
    """Its author says once per answer that it does not answer what they asked."""
    if not is_author(place, contribution):
        return no(_("Only who said it can say that the answer does not answer it."))
    response = getattr(contribution, "response", None)
    if response is None:
        return no(_("There is no answer yet."))
    if response.contested_at:
        return no(
            _("You have said so already."), _("It is back among the answers owed. A new answer will come.")
        )
    return members_only(place) and shown(contribution) and may_write(place) and in_stage(place, "respond")
