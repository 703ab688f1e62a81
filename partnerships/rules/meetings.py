"""Who may call, change and minute meetings, and who answers."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from .standing import in_stage, leader_in_stage, leaders_only, may_write, member_in_stage, members_only


def can_call_meeting(place):
    """Conveners and facilitators call the arena together."""
    return leader_in_stage(place, "meet")


def _not_cancelled(meeting):
    return no(_("This meeting is cancelled.")) if meeting.cancelled_at else YES


def _not_over(meeting, at):
    return YES if at < meeting.ends_at else no(_("This meeting is over."))


def _begun(meeting, at):
    if at >= meeting.starts_at:
        return YES
    return no(_("This meeting has not begun yet."), _("Come back when it has."))


def can_change_meeting(place, meeting, at):
    """Who calls may also change, until it is over."""
    return leader_in_stage(place, "meet") and _not_cancelled(meeting) and _not_over(meeting, at)


def can_answer_meeting(place, meeting, at):
    """Members, observers too, say whether they come, until it is over."""
    return (
        members_only(place) and in_stage(place, "meet") and _not_cancelled(meeting) and _not_over(meeting, at)
    )


def can_record_attendance(place, meeting, at):
    """Those who lead note who came, once it has begun."""
    return leaders_only(place) and in_stage(place, "meet") and _not_cancelled(meeting) and _begun(meeting, at)


def can_write_minutes(place, meeting, at):
    """Those who lead write the minutes, once it has begun."""
    return leaders_only(place) and in_stage(place, "meet") and _not_cancelled(meeting) and _begun(meeting, at)


def can_see_needs(place):
    """What people need is for those who arrange it, and for nobody else."""
    return leaders_only(place)


def can_propose_item(place, meeting, at):
    """Members with a say propose what a coming meeting should be about."""
    answer = member_in_stage(place, "meet") and may_write(place)
    return answer and _not_cancelled(meeting) and _not_over(meeting, at)


def can_arrange_agenda(place, meeting, at):
    """Who calls the meeting also puts its agenda together, until it is over."""
    return can_change_meeting(place, meeting, at)


def can_answer_item(place, meeting, item, at):
    """A proposed item is taken, or not, once."""
    if item.state != item.State.PROPOSED:
        return no(_("This proposal is answered already."))
    return can_arrange_agenda(place, meeting, at)


def can_see_link(place):
    """The link opens the room: it is for members, and not for whoever reads the page."""
    return members_only(place)
