"""Who may ask for a decision, take a position and close it; and what positions add up to."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from actors.models import Side
from boundary.answer import YES, no

from ..models import Decision, Member, Position, Text
from ..settings.table import CONSENT_ROUNDS, QUORUM_SHARE
from .standing import conveners_only, deciders_only, in_stage, leader_in_stage, leaders_only

Choice, Outcome, Rule = Position.Choice, Decision.Outcome, Decision.Rule

NEEDS_BOTH_SIDES = frozenset({Text.Kind.PROBLEM, Text.Kind.PROPOSAL})


# --- what positions add up to ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """How one side answered, and how many answers it needs."""

    side: str = ""
    quorum: int = 0
    agree: int = 0
    stand_aside: int = 0
    object: int = 0

    @property
    def label(self):
        return Side(self.side).label

    @property
    def answered(self):
        return self.agree + self.stand_aside + self.object

    @property
    def has_quorum(self):
        return self.answered >= self.quorum

    @property
    def missing(self):
        """How many answers the side still lacks for its quorum."""
        return max(0, self.quorum - self.answered)

    @property
    def has_majority(self):
        """More agree than object; a side that nobody sits on and nobody answers for does not stand in the way."""
        return self.agree > self.object or (self.quorum == 0 and self.answered == 0)


def outcome_of(rule, public, non_public, *, unanswered=False):
    """What a decision comes to under its rule: quorum on each side first, then objections or majorities.

    unanswered: whether an objection still waits for an answer, which holds a majority until it has one.
    """
    sides = (public, non_public)
    if rule == Rule.ADVISORY:
        return Outcome.ADVISED
    if not all(side.has_quorum for side in sides):
        return Outcome.NO_QUORUM
    if rule == Rule.CONSENT:
        return Outcome.OBJECTED if any(side.object for side in sides) else Outcome.ADOPTED
    if not all(side.has_majority for side in sides):
        return Outcome.OUTVOTED
    return Outcome.HELD if unanswered else Outcome.ADOPTED


def quorum_of(partnership, members):
    """Positions needed from a side with this many members: their share, rounded up; none where nobody sits."""
    return -(-members * QUORUM_SHARE.of(partnership) // 100)


def rule_of(partnership, round_number):
    """No objections in the first rounds; then a majority on each side, with the dissent kept."""
    return Rule.CONSENT if round_number <= CONSENT_ROUNDS.of(partnership) else Rule.MAJORITY


# --- opening --------------------------------------------------------------------------------------------------


def both_sides_sit(text, members):
    """Some questions are only settled when both sides are there. `members`: how many with a say, per side."""
    if text.kind not in NEEDS_BOTH_SIDES:
        return YES
    if not members.get(Side.PUBLIC):
        return no(
            _("Nobody from the public side is a member yet, and both sides must take part in this."),
            _("Invite somebody from the public side."),
        )
    if not members.get(Side.NON_PUBLIC):
        return no(
            _("Only the public side has members yet, and both sides must take part in this."),
            _("Invite residents, associations or businesses."),
        )
    return YES


def the_latest(revision, latest):
    """One decides on the newest words only."""
    if revision is None:
        return no(_("There are no words to decide on yet."), _("Write the text first."))
    if revision.pk != latest.pk:
        return no(
            _("Revision %(old)s is not the newest; that is revision %(new)s.")
            % {"old": revision.number, "new": latest.number},
            _("Decide on the newest revision."),
        )
    return YES


def none_open(open_decision, rival):
    """One decision about a text at a time, and one choice between proposals at a time."""
    if open_decision is not None:
        return no(
            _("The members are deciding on this text already."), _("Take your position on that decision.")
        )
    if rival is None:
        return YES
    if rival.adopted_revision_id:
        return no(_("“%(title)s” is chosen already.") % {"title": rival.title})
    return no(
        _("The members are deciding on “%(title)s” first.") % {"title": rival.title},
        _("Wait until that decision is closed."),
    )


def not_settled(revision, last):
    """What the members have settled is not put to them again as it is; what they adopted is reopened first.

    last: the latest decision in which this text was adopted or failed by objections or votes, with its reopening.
    """
    if last is None:
        return YES
    adopted = last.outcome == Outcome.ADOPTED
    if last.revision_id == revision.pk:
        found = (
            _("Revision %(n)s is adopted.") if adopted else _("The members have said no to revision %(n)s.")
        )
        return no(
            found % {"n": revision.number},
            _("Change the words first, so that a new revision is asked about."),
        )
    if adopted and not hasattr(last, "reopening"):
        return no(
            _("Revision %(n)s is adopted, and stands.") % {"n": last.revision.number},
            _("Reopen that decision first, and say why."),
        )
    return YES


def can_open_decision(
    place, text, *, revision, latest, members, open_decision=None, rival=None, last=None, advisory=False
):
    """Whether a leader may put these words to the members now.

    members: {side: how many have a say}; rival: another proposal that is chosen or being decided on, or None;
    last: what not_settled asks for; advisory: whether it asks for advice, which can be had as soon as there are words.
    """
    if advisory:
        return (
            leader_in_stage(place, f"write_{text.kind}")
            and the_latest(revision, latest)
            and none_open(open_decision, None)
        )
    return (
        leader_in_stage(place, f"decide_{text.kind}")
        and the_latest(revision, latest)
        and none_open(open_decision, rival)
        and both_sides_sit(text, members)
        and not_settled(revision, last)
    )


# --- taking positions -----------------------------------------------------------------------------------------


def still_open(decision, at):
    """A decision takes positions until it is closed or its time is up."""
    if decision.outcome == Outcome.WITHDRAWN:
        return no(_("This decision was withdrawn. It takes no more positions."))
    if decision.is_planned:
        when = date_format(localtime(decision.opens_at), _("j F Y, H:i"))
        return no(_("This decision opens on %(when)s.") % {"when": when})
    if decision.closed_at:
        return no(_("This decision is closed. It takes no more positions."))
    if at >= decision.closes_at:
        when = date_format(localtime(decision.closes_at), _("j F Y, H:i"))
        return no(_("The time to answer ended on %(when)s.") % {"when": when})
    return YES


def about_newest_words(decision, latest_number):
    """A position on words that a newer revision has replaced counts for nothing, so it is not taken."""
    number = decision.revision.number
    if number == latest_number:
        return YES
    return no(
        _("This decision is about revision %(old)s, and revision %(new)s is newer.")
        % {"old": number, "new": latest_number},
        _("Read the newest revision; a convener can ask for a decision on it."),
    )


def can_take_position(place, decision, *, at, latest_number):
    """Members with a say answer while the decision is open and its words are the newest."""
    return (
        deciders_only(place)
        and about_newest_words(decision, latest_number)
        and still_open(decision, at)
        and in_stage(place, "take_position")
    )


def can_record_positions(place, decision, *, at, latest_number):
    """Leaders write down what members say on paper or by voice."""
    return (
        leaders_only(place)
        and about_newest_words(decision, latest_number)
        and still_open(decision, at)
        and in_stage(place, "take_position")
    )


def can_record_position(place, decision, member, own, *, at, latest_number):
    """Leaders write down a member's position, but never over what the member took in person (`own`)."""
    return (
        can_record_positions(place, decision, at=at, latest_number=latest_number)
        and _has_a_say(place, member)
        and _not_in_person(member, own)
    )


def _has_a_say(place, member):
    here = member.partnership_id == place.partnership.pk and member.left_at is None
    if here and member.role != Member.Role.OBSERVER:
        return YES
    return no(_("Only members with a say can take a position."))


def _not_in_person(member, own):
    if own is None or own.recorded_by_id or own.substitute_id:
        return YES
    return no(
        _("%(name)s has answered in person.") % {"name": member.shown_name},
        _("Only they can change their position."),
    )


# --- closing --------------------------------------------------------------------------------------------------


def runs(place, decision):
    """Whether the time of a decision runs: in a pause it stands still, unless it had run out before."""
    paused_at = place.partnership.paused_at
    if paused_at and decision.closes_at <= paused_at:
        return YES
    return in_stage(place, "close_decision")


def can_close_decision(place, decision, *, at, waiting_for):
    """The clock closes at the set time; a convener earlier, once nobody is left to answer."""
    if decision.closed_at:
        return no(_("This decision is closed already."))
    if decision.is_planned:
        return no(_("This decision has not opened yet."), _("Withdraw it if it is not to open."))
    if at >= decision.closes_at:
        return YES if place is None else leaders_only(place)
    if place is None:
        return no(_("This decision is still open."))
    return conveners_only(place) and runs(place, decision) and _everyone_answered(waiting_for)


def _everyone_answered(waiting_for):
    if not waiting_for:
        return YES
    return no(
        _("Not everyone has answered, so it stays open until its time is up."),
        _("Ask those who have not answered, or withdraw the decision."),
    )


def can_withdraw_decision(place, decision):
    """Leaders take back a question, so that the text can be written on."""
    if not decision.is_under_way:
        return no(_("This decision is closed already."))
    return leaders_only(place)
