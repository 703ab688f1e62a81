"""Who may convene on a platform, and who gives and ends its offices."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no


def _call(platform):
    return _("Call %(name)s, %(phone)s.") % {"name": platform.contact_name, "phone": platform.contact_phone}


def can_convene(desk):
    """People whom the platform has asked to convene start partnerships on it."""
    if desk.convenes:
        return YES
    if desk.person is None:
        return no(_("Sign in to convene a partnership here."), _call(desk.platform))
    return no(_("Only people on the list of conveners can convene here."), _call(desk.platform))


def can_give_office(desk):
    """Who holds an office on a platform can give one to others and end it."""
    if desk.offices:
        return YES
    return no(
        _("Only the platform's conveners and case officers can change who may convene."), _call(desk.platform)
    )


def can_open_desk(desk, leads):
    """Who holds an office on a platform, or leads a partnership there. leads: whether this person does."""
    if desk.offices or leads:
        return YES
    return no(
        _("Only those who hold an office on this platform, or lead a partnership on it, have a desk here."),
        _call(desk.platform),
    )
