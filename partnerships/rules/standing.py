"""The three questions that every rule asks: may you read, who are you here, and is it time."""

from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models import Partnership
from ..stages import ORDER, WHILE_PAUSED, Stage, first_stage_for, opens

WRITING = frozenset({"say", "write_charter", "write_note", "write_problem", "write_proposal", "write_value"})


def can_read(place):
    """Whether this person may read what is said and written here."""
    if place.reads:
        return YES
    return no(_("Only members can read this partnership."), _("You can ask to join on its front page."))


def members_only(place):
    """Members, observers included."""
    if place.member:
        return YES
    by_invitation = place.partnership.join_policy == Partnership.JoinPolicy.INVITATION
    return _for_members(place.person is not None, by_invitation, get_language())


@lru_cache(16)  # a visitor's page asks six rules, and each says this
def _for_members(known, by_invitation, _language):
    if not known:
        return no(_("Only members can do this."), _("Sign in if you are a member, or ask to join."))
    if by_invitation:
        return no(
            _("Only members can do this."), _("This partnership is by invitation. Call its contact person.")
        )
    return no(_("Only members can do this."), _("You can ask to join on the partnership's front page."))


def deciders_only(place):
    """Members with a say in decisions."""
    answer = members_only(place)
    if not answer or place.decides:
        return answer
    return no(_("You are an observer here: you can read and follow."), _("Ask a convener for a seat."))


def leaders_only(place):
    """Conveners and facilitators."""
    return YES if place.leads else _for_leaders(get_language())


@lru_cache(4)
def _for_leaders(_language):
    return no(
        _("Only a convener or a facilitator can do this."),
        _("Ask one of them; they are listed under People."),
    )


def conveners_only(place):
    if place.convenes:
        return YES
    return no(_("Only a convener can do this."), _("Ask a convener; they are listed under People."))


def in_stage(place, deed):
    """Whether the partnership's stage opens the deed, and no pause closes it."""
    stage = Stage(place.partnership.stage)
    if opens(stage, deed):
        return YES if deed in WHILE_PAUSED else not_paused(place)
    if stage == Stage.CLOSED:
        return no(_("This partnership is closed. It can be read, not changed."))
    then = first_stage_for(deed)
    if ORDER.index(then) > ORDER.index(stage):
        help_text = _("This opens in the stage “%(then)s”.") % {"then": then.label}
    else:
        help_text = _("This belongs to an earlier stage. A convener can go back to it.")
    return no(_("The partnership is in the stage “%(now)s”.") % {"now": stage.label}, help_text)


def not_paused(place):
    """Whether the partnership works; if not, until when."""
    pause = place.partnership.open_pause
    if pause is None:
        return YES
    still = _("You can still read, speak and leave. A convener can resume it.")
    if pause.look_again_on is None:
        return no(_("This partnership is paused."), still)
    day = date_format(pause.look_again_on, _("j F Y"))
    return no(_("This partnership is paused until %(day)s.") % {"day": day}, still)


def may_write(place):
    """Whether this member's writing is not paused by the ground rules; if it is, until when and whom to ask."""
    until = place.writes_again_at
    if until is None or until <= timezone.now():
        return YES
    day = date_format(timezone.localtime(until), _("j F Y, H:i"))
    return no(
        _("Your writing is paused by the ground rules until %(day)s.") % {"day": day},
        _("You can read, decide and meet as before. Under Ground rules you see why, and can appeal."),
    )


def member_in_stage(place, deed):
    """A member with a say, while the stage opens the deed, whose writing is not paused where the deed is to write."""
    answer = deciders_only(place) and in_stage(place, deed)
    return answer and may_write(place) if deed in WRITING else answer


def leader_in_stage(place, deed):
    """A convener or facilitator, while the stage opens the deed."""
    return leaders_only(place) and in_stage(place, deed)
