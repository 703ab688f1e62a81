"""Who may follow a partnership: whoever is signed in, may read it and is not in it."""

from django.utils.translation import gettext as _

from boundary.answer import no

from .standing import can_read


def can_follow(place):
    """Whether this person may follow what moves here."""
    if place.person is None:
        return no(_("Sign in to follow a partnership."))
    if place.member:
        return no(
            _("You are a member here: what moves shows among what waits for you."),
            _("Under “Notices” you choose which messages you get about it."),
        )
    return can_read(place)
