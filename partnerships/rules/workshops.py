"""Who may run a workshop, and what a phone in the room may do."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from .meetings import can_change_meeting
from .standing import leader_in_stage, leaders_only, may_write, members_only


def can_start_workshop(place, meeting, at):
    """Conveners and facilitators, before the meeting or while it runs; what is said becomes contributions."""
    return leader_in_stage(place, "say") and can_change_meeting(place, meeting, at)


def _runs(workshop):
    if workshop.ended_at is None:
        return YES
    return no(_("This workshop has ended."), _("What was written is part of the meeting now."))


def can_lead_workshop(place, workshop):
    """Those who lead ask, sort, hide and close the door, until the workshop has ended."""
    return leaders_only(place) and _runs(workshop)


def can_end_workshop(place, workshop):
    """Ending turns everything into contributions, so the stage must be one in which people speak."""
    return leader_in_stage(place, "say") and _runs(workshop)


def can_type_notes(place, workshop):
    """Notes from paper are typed in while the workshop runs and after it has ended."""
    return leader_in_stage(place, "say")


def can_see_wall(place):
    """The wall shows what the room writes: members put it up."""
    return members_only(place)


def can_merge_clusters(place, workshop, *, dotted):
    """Themes become one until dots have been given on them.

    dotted: whether a round of dots has begun.
    """
    if dotted:
        return no(
            _("Dots have been given on these themes, and cannot be added up."),
            _("Move the notes, and leave the theme empty."),
        )
    return can_lead_workshop(place, workshop)


def can_give_dots(place, workshop, *, giving, themes):
    """A round of dots is opened when there are themes, one round at a time.

    giving: whether a round is open; themes: how many there are.
    """
    if giving:
        return no(_("The room is giving its dots already."), _("Close that round first."))
    if not themes:
        return no(_("There are no themes to give dots to."), _("Put notes under a theme first."))
    return can_lead_workshop(place, workshop)


# --- the phone ------------------------------------------------------------------------------------------------


def can_enter_workshop(workshop, at):
    """Whoever has the code, while the door is open."""
    if not workshop.admits(at):
        return no(_("This workshop is over."))
    if workshop.locked_at:
        return no(_("The door is closed: nobody new comes in."), _("Ask the facilitator to open it."))
    return YES


def can_come_in(place):
    """A member whose writing is paused does not go on as somebody in the room; whoever has no seat is asked nothing."""
    return may_write(place) if place.member else YES


def can_change_note(phone, note):
    """Who wrote it, while its question is open."""
    if note.phone_id != phone.pk or note.withdrawn_at:
        return no(_("This note is not yours to change."))
    if note.workshop.ended_at or note.prompt is None or not note.prompt.is_open:
        return no(_("This question is closed. What you wrote stands as it is."))
    if note.hidden_at:
        return no(_("This note was hidden: %(reason)s") % {"reason": note.hidden_reason})
    return YES
