"""Who may open, answer and close a sounding, who sees its result, and what the marks add up to."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models import Sounding
from ..models.soundings import PLACES
from .standing import deciders_only, in_stage, leader_in_stage, leaders_only

Method, Shown = Sounding.Method, Sounding.Shown


def can_open_sounding(place):
    """Conveners and facilitators ask."""
    return leader_in_stage(place, "say")


def still_open(sounding, at):
    """A sounding is answered, and answers are changed, until it closes."""
    return YES if sounding.is_open(at) else no(_("This sounding is closed."))


def can_sound(place, sounding, at):
    """Members with a say answer, also while their writing is paused: who answers writes nothing."""
    return still_open(sounding, at) and deciders_only(place) and in_stage(place, "say")


def can_sound_by_phone(phone, sounding, at):
    """A phone answers what its own room is asked."""
    if sounding.workshop_id != phone.workshop_id:
        return no(_("This is not asked in your room."))
    return still_open(sounding, at)


def can_close_sounding(place, sounding, at):
    """Those who lead end it, at any time."""
    return leaders_only(place) and still_open(sounding, at)


def can_see_result(sounding, answered, at):
    """Everybody who reads, once it is closed; before that those who have answered, where it says so."""
    if not sounding.is_open(at):
        return YES
    if sounding.shown == Shown.CLOSED:
        return no(_("The result is shown when the sounding is closed."))
    return YES if answered else no(_("The result is shown when you have answered."))


def can_mark(sounding, marks):
    """Whether these marks are an answer to this sounding. marks: {id of an option: value}."""
    return _FITS[sounding.method](sounding, list(marks.values()))


def _agrees(_sounding, values):
    return YES if set(values) <= {-1, 0, 1} else no(_("Choose agree, disagree or pass."))


def _gives_dots(sounding, values):
    if any(value < 0 for value in values):
        return no(_("Give no fewer than 0 dots."))
    if sum(values) > sounding.dots:
        return no(
            _("You gave %(given)s dots and have %(dots)s.") % {"given": sum(values), "dots": sounding.dots},
            _("Take some away."),
        )
    return YES


def _ranks(_sounding, values):
    if len(values) > PLACES:
        return no(_("Rank %(most)s at most.") % {"most": PLACES})
    if sorted(values) != list(range(1, len(values) + 1)):
        return no(_("Fill the places in order, from the first on, with one line each."))
    return YES


_FITS = {Method.AGREE: _agrees, Method.DOTS: _gives_dots, Method.RANKING: _ranks}
