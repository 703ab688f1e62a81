"""Who may say something, answer it, report it, hide it."""

from django.utils.translation import gettext as _

from boundary.answer import no

from .standing import in_stage, leader_in_stage, leaders_only, member_in_stage, members_only


def can_say(place):
    """Members say; in the first stage the conveners prepare alone."""
    return member_in_stage(place, "say")


def can_respond(place):
    """Conveners and facilitators answer for the arena what became of a contribution."""
    return leader_in_stage(place, "respond")


def can_report_contribution(place):
    """Any signed-in reader may point at what breaks the ground rules."""
    if place.person is None:
        return no(_("Sign in to report this."), _("You can also call the partnership's contact person."))
    return in_stage(place, "report")


def can_hide_contribution(place, contribution):
    """Conveners and facilitators hide by the ground rules, with a public reason."""
    if contribution.hidden_at:
        return no(_("This is hidden already."))
    return leaders_only(place)


def can_show_contribution(place, contribution):
    """What was hidden can be shown again by those who may hide."""
    if not contribution.hidden_at:
        return no(_("This is not hidden."))
    return leaders_only(place)


def can_record_contribution(place):
    """Leaders type in what was said in a room or on paper, marked so."""
    return members_only(place) and can_say(place) and leaders_only(place)
