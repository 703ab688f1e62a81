"""Who may stand in a platform's register, and who may choose from it."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models import Office
from .invitations import can_invite


def can_join_register(person, *, proven):
    """Anybody who has signed in, and whom a proven address reaches, may say that they may be asked."""
    if person is None or not person.is_authenticated:
        return no(_("Sign in to say that you may be asked."), _("It takes an e-mail address and a minute."))
    if not proven:
        return no(
            _("We do not know yet that your e-mail address is yours."),
            _("Confirm it under My settings, E-mail address."),
        )
    return YES


def can_choose_from_register(place):
    """Conveners of the partnership whom the platform lets convene."""
    return can_invite(place) and can_look_into_register(place)


def can_look_into_register(place):
    """Whom the platform lets convene; the register is shown to nobody else."""
    if Office.Kind.CONVENER in place.offices:
        return YES
    platform = place.partnership.platform
    return no(
        _("Only people on the platform's list of conveners can look into the register."),
        _("Call %(name)s, %(phone)s.") % {"name": platform.contact_name, "phone": platform.contact_phone},
    )
