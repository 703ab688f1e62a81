"""Who may invite, and who may answer an invitation when."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models import Invitation
from ..models.invitations import ANSWERABLE, LIVE
from ..stages import Stage
from .standing import conveners_only, in_stage

State = Invitation.State
AGAIN = frozenset({State.QUEUED, State.SENT, State.SEEN, State.BOUNCED, State.EXPIRED})


def can_invite(place):
    """Conveners invite, in every stage but the last."""
    return conveners_only(place) and in_stage(place, "invite")


def can_send_invitations(place):
    """Invitations go out when the partnership has begun: who is invited may look at it."""
    if place.partnership.begun_at is None:
        return no(
            _("This partnership is still being prepared."),
            _("Begin it first. You send the invitations right after."),
        )
    return can_invite(place)


def can_withdraw_invitation(place, invitation):
    """What has not been answered can be withdrawn."""
    if invitation.state not in LIVE:
        return no(_("This invitation has ended. There is nothing to withdraw."))
    return conveners_only(place)


def can_resend_invitation(place, invitation):
    """What was sent and not answered can be sent again, also to a corrected address."""
    if invitation.state not in AGAIN or not invitation.nonce:
        return no(_("This invitation has been answered or withdrawn, or it is still a draft."))
    return can_invite(place)


def can_remind_invitation(place, invitation, at):
    """A reminder goes to an address that the first mail has reached, while there is no answer."""
    if invitation.state not in (State.SENT, State.SEEN) or not invitation.address:
        return no(
            _(
                "You can only send a reminder of an invitation that went out by e-mail and waits for an answer."
            )
        )
    if invitation.expires_at <= at:
        return no(_("This invitation has expired."), _("Send it again."))
    return can_invite(place)


def can_answer_question(place, question):
    """Conveners answer, once: a second answer would contradict the first."""
    if question.answered_at:
        return no(_("This question has been answered already."))
    return conveners_only(place)


def _call(invitation):
    platform = invitation.partnership.platform
    return _("Call %(name)s, %(phone)s.") % {"name": platform.contact_name, "phone": platform.contact_phone}


def _day(moment):
    return date_format(localtime(moment), _("j F Y"))


def can_answer(invitation, at):
    """Whether an invitation waits for an answer, and if not, what to do instead."""
    state, call = invitation.state, _call(invitation)
    if state == State.ACCEPTED:
        return no(_("You said yes on %(day)s.") % {"day": _day(invitation.answered_at)})
    if state == State.DECLINED:
        return no(
            _("You said no on %(day)s. Thank you for answering.") % {"day": _day(invitation.answered_at)},
            _("Have you changed your mind?") + " " + call,
        )
    if state == State.WITHDRAWN:
        return no(_("This invitation has been withdrawn."), call)
    if state == State.DRAFT:
        return no(_("This invitation has not been sent yet."), call)
    if state == State.EXPIRED or (invitation.expires_at and invitation.expires_at <= at):
        return no(
            _("The time to answer ran out on %(day)s.") % {"day": _day(invitation.expires_at)},
            _("Do you still want to take part?") + " " + call,
        )
    if state not in ANSWERABLE:
        return no(_("This invitation can no longer be answered."), call)
    if invitation.partnership.stage == Stage.CLOSED:
        return no(_("This partnership is closed."), call)
    return YES


def can_answer_as(invitation, person):
    """An invitation makes only the person it was sent to a member, not somebody else who holds the link."""
    if person is None or is_addressee(invitation, person):
        return YES
    return no(
        _("You are signed in as %(name)s, and this invitation is for somebody else.") % {"name": person.name},
        _("Is it for you all the same? Sign out, open the link again and answer."),
    )


def can_delegate_invitation(invitation):
    """Whoever is asked may pass it on, once: a chain of colleagues is nobody's invitation any more."""
    if invitation.delegated_from_id:
        return no(
            _("This invitation was passed on to you. It cannot be passed on again."),
            _("Tell us whom to ask instead.") + " " + _call(invitation),
        )
    return YES


def is_addressee(invitation, person):
    """Whether this signed-in person reads mail at the invited address; a letter goes by its name."""
    if not invitation.address:
        return bool(invitation.name) and invitation.name.casefold() == person.name.casefold()
    return person.emailaddress_set.filter(email__iexact=invitation.address, verified=True).exists()
