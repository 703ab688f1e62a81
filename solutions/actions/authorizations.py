"""Ask a body, enter its answer as minuted, note something privately."""

import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict, no
from notices.actions import tell
from partnerships.actions.arenas import answer_promise
from partnerships.actions.memory import remember
from partnerships.models import Member, Partnership, Revision, Text
from partnerships.places import place_of

from ..models import Authorization, AuthorizationOutcome, AuthorizationRequest, BodyMember, PrivateNote
from ..places import seat_in
from ..rules import authorizations as may
from ..settings import DAYS_FOR_A_CONDITION
from .plan import add_step

DETAILS = (
    *("minutes_link", "closed_item", "words", "conditions", "expires_on"),
    *("vote_detail", "votes_for", "votes_against", "votes_abstained", "votes_text"),
)


def _value_only(revision):
    if revision.text.kind != Text.Kind.VALUE:
        no(_("Only a value proposition is put to a body."), _("Write the value proposition first.")).enforce()


@transaction.atomic
def request_authorization(*, revision, body, meeting_on, case_number, by, at):
    """Put the latest revision to a body, bound to its exact words; its members and secretary are told.

    Returns the AuthorizationRequest. Conflict when the body has this revision already.
    """
    partnership = Partnership.objects.locked(revision.text.partnership_id)
    _value_only(revision)
    latest = Revision.objects.filter(text=revision.text_id).order_by("-number").first()
    may.can_request_authorization(place_of(partnership, by), revision, latest).enforce()
    try:
        with transaction.atomic():
            request = AuthorizationRequest.objects.create(
                partnership=partnership,
                revision=latest,
                digest=latest.digest,
                body=body,
                meeting_on=meeting_on,
                case_number=case_number,
                asked_at=at,
                asked_by=by,
            )
    except IntegrityError:
        raise Conflict(
            _("%(body)s has been asked about this revision already.") % {"body": body.name}
        ) from None
    remember(
        partnership,
        "authorization.requested",
        by=by,
        at=at,
        request=request.pk,
        revision=latest.pk,
        digest=latest.digest,
        body=body.pk,
    )
    tell(
        kind="authorization_requested",
        recipients=BodyMember.objects.current().filter(body=body).values_list("person", flat=True).distinct(),
        scope=partnership.pk,
        occurrence=str(request.pk),
        ids={"request": str(request.pk)},
        at=at,
    )
    return request


def _locked(request):
    """The partnership and the request, both locked: partnership first, as everywhere."""
    partnership = Partnership.objects.locked(request.partnership_id)
    rows = AuthorizationRequest.objects.select_for_update(of=("self",))
    return partnership, rows.select_related("body", "revision", "authorization").get(pk=request.pk)


@transaction.atomic
def withdraw_request(*, request, by, at):
    """Take a request back before the body has answered."""
    partnership, request = _locked(request)
    may.can_withdraw_request(place_of(partnership, by), request).enforce()
    request.withdrawn_at = at
    request.save(update_fields=["withdrawn_at"])
    remember(partnership, "authorization.withdrawn", by=by, at=at, request=request.pk)
    return request


@transaction.atomic
def enter_authorization(*, request, outcome, decided_on, item, by, at, **details):
    """Enter the body's answer as it stands in its minutes, at the detail of the minutes; members are told.

    `details` are fields of Authorization: minutes_link, closed_item, words, conditions, expires_on, vote_detail,
    votes_for, votes_against, votes_abstained, votes_text. Each condition becomes a step of the plan.
    Returns the Authorization. Conflict when the request is answered already: there is one answer per request.
    """
    if unknown := set(details) - set(DETAILS):
        raise TypeError(f"an authorization has no {', '.join(sorted(unknown))}")
    partnership, request = _locked(request)
    seat, place = seat_in(request.body, by), place_of(partnership, by)
    may.secretary_only(seat).enforce()
    if hasattr(request, "authorization"):
        raise Conflict(_("The answer of %(body)s is entered already.") % {"body": request.body.name})
    may.can_enter_authorization(seat, place, request).enforce()
    authorization = Authorization.objects.create(
        request=request,
        outcome=outcome,
        decided_on=decided_on,
        item=item,
        entered_by=by,
        entered_at=at,
        **{"vote_detail": Authorization.VoteDetail.NONE, **details},
    )
    _settle(partnership, request, authorization, by=by, at=at)
    return authorization


def _settle(partnership, request, authorization, *, by, at):
    """What follows from an answer: the way back for a postponed one, steps from conditions, the record, the mails."""
    if authorization.outcome == AuthorizationOutcome.POSTPONED:
        request.postponed_at = at
        request.save(update_fields=["postponed_at"])
    else:
        answer_promise(partnership=partnership, body=request.body, on=authorization.decided_on)
    steps = _steps_from_conditions(partnership, authorization, by=by, at=at)
    remember(
        partnership,
        "authorization.entered",
        by=by,
        at=at,
        request=request.pk,
        revision=request.revision_id,
        digest=request.digest,
        outcome=authorization.outcome,
        steps=[step.pk for step in steps],
    )
    tell(
        kind="authorization_answered",
        recipients=Member.objects.present().filter(partnership=partnership).values_list("person", flat=True),
        scope=partnership.pk,
        occurrence=str(authorization.pk),
        ids={"request": str(request.pk)},
        at=at,
    )


def _steps_from_conditions(partnership, authorization, *, by, at):
    """One step per condition. The minutes seldom give it a date of its own: leaders change the one it gets."""
    if authorization.outcome != AuthorizationOutcome.CONDITIONAL:
        return []
    due_on = authorization.decided_on + datetime.timedelta(days=DAYS_FOR_A_CONDITION.of(partnership))
    return [
        add_step(partnership, line, due_on, by=by, at=at, condition_of=authorization)
        for line in authorization.condition_lines
    ]


@transaction.atomic
def note_privately(*, request, body, by, at):
    """Keep a note for one's own eyes before the meeting; empty words erase it. Returns the PrivateNote or None.

    It leaves no trace in the journal and tells nobody: a record of the note would be a leak of it.
    """
    may.can_note_privately(seat_in(request.body, by)).enforce()
    mine = PrivateNote.objects.filter(request=request, person=by)
    if not body.strip():
        mine.delete()
        return None
    note, _created = PrivateNote.objects.update_or_create(
        request=request, person=by, defaults={"body": body, "changed_at": at}
    )
    return note
