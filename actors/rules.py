"""Who may look after the site itself."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no


def can_look_after_the_site(by):
    """The site's operators, and whoever stands at the server's own command line (`by` is None)."""
    if by is None or (by.is_active and by.is_staff):
        return YES
    return no(_("Only the site's operators can do this."), _("Ask an operator."))
