"""Who may ask a body, answer for it, and note something privately."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no
from partnerships.rules.standing import in_stage, leader_in_stage, leaders_only


def can_request_authorization(place, revision, latest):
    """Conveners and facilitators ask, about the latest revision of the value proposition and no other."""
    return leader_in_stage(place, "request_authorization") and _latest(revision, latest)


def _latest(revision, latest):
    if revision is None:
        return no(_("There is no value proposition yet."), _("Write it first."))
    if latest is not None and revision.number == latest.number:
        return YES
    return no(
        _("Revision %(old)s is not the newest; that is revision %(new)s.")
        % {"old": revision.number, "new": latest.number if latest else "?"},
        _("Ask about the latest revision."),
    )


def can_withdraw_request(place, request):
    """Who may ask may also take it back, until the body has answered."""
    return leaders_only(place) and is_waiting(request)


def is_waiting(request):
    """Whether a request still waits for its answer."""
    if request.withdrawn_at:
        return no(_("The request is withdrawn."))
    if hasattr(request, "authorization"):
        return no(_("The body has answered this request."), _("A new revision can be put to the body."))
    return YES


def secretary_only(seat):
    """The body's decision is entered by its secretary, and by nobody else."""
    if seat.writes:
        return YES
    return no(
        _("Only the secretary of %(body)s can enter its decision.") % {"body": seat.body.name},
        _("Ask the secretary, who is listed on the page of the body."),
    )


def can_enter_authorization(seat, place, request):
    """The secretary, for a request that waits, while the stage takes an answer, on the very words asked about."""
    return (
        secretary_only(seat)
        and is_waiting(request)
        and in_stage(place, "enter_authorization")
        and _same_words(request)
    )


def _same_words(request):
    if request.digest == request.revision.digest:
        return YES
    return no(
        _("The words of the revision are not those that the body was asked about."),
        _("Call the platform's contact person: the record must be checked."),
    )


def can_note_privately(seat):
    """Who sits in the body, or writes for it, notes for themselves. It is never a vote, and nobody else reads it."""
    if seat.sits:
        return YES
    return no(_("Only members of %(body)s have private notes here.") % {"body": seat.body.name})
