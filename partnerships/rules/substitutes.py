"""Who may stand in for whom, and answer for their seat."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models import Member, Substitution
from .decisions import about_newest_words, still_open
from .standing import deciders_only, in_stage, members_only

State = Substitution.State


def can_have_substitute(place, *, own=None, for_others=None):
    """A member with a say names one substitute at a time, unless they stand in for somebody themselves.

    own: their standing Substitution, or None; for_others: the standing one in which they stand in, or None.
    """
    if own is not None:
        return no(
            _("%(name)s is your substitute.") % {"name": own.substitute.shown_name},
            _("End that first, then name somebody else."),
        )
    if for_others is not None:
        return no(
            _("You stand in for %(name)s, so nobody can stand in for you.")
            % {"name": for_others.member.shown_name},
            _("End that first."),
        )
    return deciders_only(place) and in_stage(place, "take_position")


def can_be_substitute(member, named, *, busy=False):
    """Whether `named` may stand in for `member`: somebody else who is here, and who does not speak for the other side.

    busy: whether they stand in for somebody already, or have a substitute themselves.
    """
    if named.pk == member.pk:
        return no(_("You cannot stand in for yourself."), _("Choose somebody else."))
    if named.partnership_id != member.partnership_id or named.left_at:
        return no(_("%(name)s is no longer here.") % {"name": named.shown_name}, _("Choose somebody else."))
    if busy:
        return no(
            _("%(name)s stands in for somebody already, or has a substitute.") % {"name": named.shown_name},
            _("Choose somebody else."),
        )
    return one_side(member, named)


def one_side(member, named):
    """Whoever has a say does not speak for the other side as well; an observer has none."""
    if named.role == Member.Role.OBSERVER or named.side == member.side:
        return YES
    return no(
        _("%(name)s sits on the other side, and nobody speaks for both.") % {"name": named.shown_name},
        _("Choose somebody from your own side, or an observer."),
    )


def can_answer_substitution(place, substitution):
    """Only who was asked says yes or no."""
    if substitution.state != State.ASKED:
        return no(_("This has been answered already."))
    if place.member is None or place.member.pk != substitution.substitute_id:
        return no(_("Only the member who was asked can answer."))
    return members_only(place)


def can_end_substitution(place, substitution):
    """The member, their substitute and the conveners end it, at any time."""
    if substitution.state not in (State.ASKED, State.ACCEPTED):
        return no(_("This has ended already."))
    concerned = (substitution.member_id, substitution.substitute_id)
    if place.convenes or (place.member and place.member.pk in concerned):
        return YES
    return no(_("Only the two of them and the conveners can end this."))


def can_answer_for(place, decision, substitution, *, at, latest_number):
    """A substitute answers for a seat while their time runs and the decision is open."""
    return (
        members_only(place)
        and _stands_in(place, decision, substitution, at)
        and one_side(substitution.member, substitution.substitute)
        and about_newest_words(decision, latest_number)
        and still_open(decision, at)
        and in_stage(place, "take_position")
    )


def _stands_in(place, decision, substitution, at):
    member = substitution.member
    here = member.left_at is None and member.role != Member.Role.OBSERVER
    if here and place.member.pk == substitution.substitute_id and substitution.covers(decision, at):
        return YES
    return no(_("You do not stand in for %(name)s in this decision.") % {"name": member.shown_name})
