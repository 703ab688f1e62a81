"""Who may convene on a platform, who gives and ends its offices, and who changes its settings."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models import Office


def _call(platform):
    return _("Call %(name)s, %(phone)s.") % {"name": platform.contact_name, "phone": platform.contact_phone}


def can_convene(desk):
    """People whom the platform has asked to convene start partnerships on it."""
    if desk.convenes:
        return YES
    if desk.person is None:
        return no(_("Sign in to convene a partnership here."), _call(desk.platform))
    return no(_("Only people on the list of conveners can convene here."), _call(desk.platform))


def can_give_office(desk, kind):
    """Who holds an office on a platform says who may convene; who keeps its cases says who keeps them.

    kind: of the office that is given or ended.
    """
    if not desk.offices:
        return no(
            _("Only the platform's conveners and case officers can change who may convene."),
            _call(desk.platform),
        )
    if kind == Office.Kind.CASE_OFFICER and not desk.keeps_cases:
        return no(
            _("Only the platform's case officers can change who keeps its cases."),
            _("They see every partnership here, also hidden ones. Ask a case officer."),
        )
    return YES


def can_change_platform(desk):
    """Who holds an office on a platform looks after what it says, how it looks and what it asks for."""
    if desk.offices:
        return YES
    return no(
        _("Only the platform's conveners and case officers can change its settings."), _call(desk.platform)
    )


def can_change_law(desk):
    """What the law asks a platform to say, and how long data are kept, is for those who keep its cases."""
    if desk.keeps_cases:
        return YES
    return no(
        _("Only the platform's case officers can change what the law asks for."),
        _("It decides what is erased, and when. Ask a case officer."),
    )


def can_change_part(desk, part):
    """Whether this part of the settings may be changed."""
    return can_change_platform(desk) and (can_change_law(desk) if part == "law" else YES)


def can_open_desk(desk, leads):
    """Who holds an office on a platform, or leads a partnership there. leads: whether this person does."""
    if desk.offices or leads:
        return YES
    return no(
        _("Only those who hold an office on this platform, or lead a partnership on it, have a desk here."),
        _call(desk.platform),
    )
