"""What a body was asked, and has answered, about the value proposition as it now reads."""

from django.db.models import F
from django.utils import timezone

from partnerships.models import Revision

from .models import GIVEN, Authorization, AuthorizationRequest


def _latest_of(partnership):
    """The id of the latest revision of the value proposition, as a subquery."""
    revisions = Revision.objects.filter(text__value_proposition__partnership=partnership)
    return revisions.order_by("-number").values("pk")[:1]


def open_request(partnership):
    """What a body was asked about the latest revision of the value proposition and has not answered; or None."""
    asked = AuthorizationRequest.objects.filter(
        partnership=partnership, revision__in=_latest_of(partnership), withdrawn_at=None, postponed_at=None
    )
    return asked.filter(authorization=None).select_related("body").order_by("meeting_on").first()


def current_authorization(partnership, today=None):
    """The yes of a body to the latest revision of the value proposition, not expired on `today`; or None.

    A newer revision leaves an earlier yes standing for its own revision only: it is never carried over.
    """
    today = today or timezone.localdate()
    given = Authorization.objects.filter(
        request__partnership=partnership,
        request__revision__in=_latest_of(partnership),
        request__digest=F("request__revision__digest"),
        request__withdrawn_at=None,
        outcome__in=GIVEN,
    ).exclude(expires_on__lt=today)
    return given.select_related("request__body", "request__revision").order_by("-decided_on").first()
