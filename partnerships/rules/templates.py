"""Who may fork, adapt and retire a platform's templates, and who gives back what was learned."""

from django.utils.translation import gettext as _

from boundary.answer import no

from .platforms import can_convene
from .standing import leaders_only


def can_adapt_templates(desk):
    """Who convenes on a platform looks after its templates."""
    return can_convene(desk)


def can_change_template(desk):
    """A platform's own templates change; the shipped ones are the same everywhere. desk: None for a shipped one."""
    if desk is None:
        return no(
            _("This template came with the software, and is the same everywhere."),
            _("Make a copy for your platform, and change that."),
        )
    return can_adapt_templates(desk)


def can_return_lesson(place):
    """Those who lead a partnership that began from a template say what they learned."""
    if place.partnership.template_id is None:
        return no(_("This partnership began without a template."))
    return leaders_only(place)
