"""Who may define the problem, and say what it is measured by."""

from django.utils.translation import gettext as _

from boundary.answer import no
from partnerships.rules.standing import leaders_only, member_in_stage


def can_start_definition(place, definition=None):
    """Any member opens the shared definition for writing, once."""
    if definition is not None:
        return no(_("The problem definition is started already."), _("Write on it together with the others."))
    return member_in_stage(place, "write_problem")


def can_add_indicator(place):
    """Members say how one will see that the problem gets smaller."""
    return member_in_stage(place, "measure_problem")


def can_change_indicator(place):
    """A target moves for everyone: conveners and facilitators change it, and the old one stays in the record."""
    return leaders_only(place) and member_in_stage(place, "measure_problem")
