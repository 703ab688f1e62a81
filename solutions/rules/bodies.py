"""Who may say who sits in a body and who writes for it.

A seat in a body opens dossiers of hidden partnerships, so the list must not be for whoever comes first:
- the body's own secretary keeps it;
- a case officer keeps it while their platform is the only one that names the body in a mandate or a request:
  everything the body can see is then theirs to see already;
- once two platforms name the body, its secretary or an operator.
"""

from django.utils.translation import gettext as _

from boundary.answer import YES, no


def can_appoint(seat):
    """Whether this person keeps the list of the body's members."""
    if seat.operates or seat.writes or seat.keeps_its_only_platform:
        return YES
    if seat.keeps_one_of_its_platforms:
        return no(
            _("%(body)s works with more than one platform.") % {"body": seat.body.name},
            _("Its secretary or an operator of this site keeps the list."),
        )
    return no(
        _("Only the secretary of %(body)s or a case officer can change who is in it.")
        % {"body": seat.body.name},
        _("Ask the platform's contact person."),
    )
