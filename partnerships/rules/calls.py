"""Who may open a call, put themselves forward, and choose among those who did."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models import Partnership, Volunteer
from .standing import conveners_only, in_stage


def can_write_call(place):
    """Conveners open a call, change it and open it again, where others can see it."""
    arena = place.partnership
    if arena.begun_at is None:
        return no(
            _("This partnership is still being prepared."), _("Begin it first, so that others can see it.")
        )
    if arena.visibility == Partnership.Visibility.HIDDEN:
        return no(
            _("This partnership is hidden. Nobody would see the call."),
            _("Change who may read it, in the settings."),
        )
    return conveners_only(place) and in_stage(place, "invite")


def can_open_again(place, waits_to_be_drawn):
    """A call takes in nobody new while a frozen list waits to be drawn."""
    if waits_to_be_drawn:
        return no(
            _("A frozen list waits to be drawn. Somebody new would not be in it."),
            _("Draw first, or take the list back."),
        )
    return can_write_call(place)


def can_close_call(place, call, at):
    """Conveners end a call early."""
    if not call.is_open(at):
        return no(_("This call has ended already."))
    return conveners_only(place)


def can_volunteer(place, call, at):
    """Anybody who is not in the partnership puts themselves forward while a call is open, whatever the join policy."""
    if not call.is_open(at):
        day = date_format(call.last_day, _("j F Y"))
        return no(_("The call ended on %(day)s.") % {"day": day}, _call(place))
    if place.member:
        return no(_("You are a member here already."))
    if place.partnership.visibility == Partnership.Visibility.HIDDEN:
        return no(_("This partnership is not shown to others any more."), _call(place))
    if place.person is None:
        return no(
            _("Sign in to put yourself forward."),
            _("We mail you a code. You need no password, and it takes a minute."),
        )
    return in_stage(place, "join")


def _call(place):
    platform = place.partnership.platform
    return _("Call %(name)s, %(phone)s.") % {"name": platform.contact_name, "phone": platform.contact_phone}


def can_step_back(person, volunteer):
    """Who put themselves forward can step back until they have an answer, also after the call."""
    if person is None or volunteer.person_id != person.pk:
        return no(_("Only the person who put themselves forward can step back."))
    if volunteer.state != Volunteer.State.WAITING:
        return no(_("You have an answer already."))
    return YES


def can_see_volunteers(place):
    """Conveners see who put themselves forward."""
    return conveners_only(place)


def can_choose_volunteers(place, *, wanted=1, left=1, frozen=False):
    """Conveners take people in, as many as the call seeks; not out of a list that waits to be drawn.

    left: how many the call still seeks for the group.
    """
    if frozen:
        return no(
            _("The list of this group is frozen and waits to be drawn."), _("Draw, or take the list back.")
        )
    if wanted > left:
        return no(
            _("The call seeks %(left)s more for this group, and you chose %(wanted)s.")
            % {"left": left, "wanted": wanted},
            _("Choose fewer, or change how many the call seeks."),
        )
    return conveners_only(place) and in_stage(place, "join")


def can_decline_volunteers(place, call, at, *, frozen=False):
    """Conveners thank those who were not chosen, once the call is over."""
    if call.is_open(at):
        return no(_("The call is still open."), _("End it first."))
    if frozen:
        return no(
            _("The list of this group is frozen and waits to be drawn."), _("Draw, or take the list back.")
        )
    return conveners_only(place)
