"""Who may ask for a time, mark what suits them, and call the meeting from it."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from .standing import in_stage, leader_in_stage, members_only


def can_open_poll(place):
    """Who may call a meeting may also ask first when it suits."""
    return leader_in_stage(place, "meet")


def _running(poll):
    if poll.withdrawn_at:
        return no(_("This question was taken back."))
    if poll.meeting_id:
        return no(_("The time is found: the meeting is called."))
    return YES


def can_mark_times(place, poll, at):
    """Members, observers too, say which times suit them until it closes."""
    return members_only(place) and in_stage(place, "meet") and _running(poll) and _takes_marks(poll, at)


def _takes_marks(poll, at):
    if at < poll.closes_at:
        return YES
    return no(_("The time to answer is over."), _("A convener or facilitator chooses the time now."))


def can_pick_time(place, poll):
    """Who leads chooses, also before everybody has answered."""
    return leader_in_stage(place, "meet") and _running(poll)


def can_withdraw_poll(place, poll):
    """Who leads takes the question back."""
    return leader_in_stage(place, "meet") and _running(poll)


def still_to_come(starts_at, at):
    """Nobody meets in the past."""
    if starts_at > at:
        return YES
    return no(_("This time has passed."), _("Choose another one, or ask again with new times."))
