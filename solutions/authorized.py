"""What a body was asked, and has answered, about the value proposition as it now reads."""

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from partnerships.models import Revision

from .models import GIVEN, Authorization, AuthorizationRequest


def _is_latest(revision):
    """Whether it is the latest revision of its text; revision: its name as seen from the query."""
    same_text = Revision.objects.filter(text=OuterRef(f"{revision}__text"))
    return ~Exists(same_text.filter(number__gt=OuterRef(f"{revision}__number")))


def open_requests():
    """What bodies were asked about the value proposition as it now reads and have not answered, the soonest first."""
    asked = AuthorizationRequest.objects.filter(
        _is_latest("revision"),
        revision__text__value_proposition__partnership=F("partnership"),
        withdrawn_at=None,
        postponed_at=None,
        authorization=None,
    )
    return asked.order_by("meeting_on")


def open_request(partnership):
    """What a body was asked about the latest revision of the value proposition and has not answered; or None."""
    return open_requests().filter(partnership=partnership).select_related("body").first()


def given_authorizations():
    """Each yes of a body to the value proposition as it now reads, expired ones too, the newest first.

    A newer revision leaves an earlier yes standing for its own revision only: it is never carried over.
    """
    given = Authorization.objects.filter(
        _is_latest("request__revision"),
        request__revision__text__value_proposition__partnership=F("request__partnership"),
        request__digest=F("request__revision__digest"),
        request__withdrawn_at=None,
        outcome__in=GIVEN,
    )
    return given.order_by("-decided_on")


def current_authorization(partnership, today=None):
    """The yes of a body to the latest revision of the value proposition, not expired on `today`; or None."""
    given = given_authorizations().filter(request__partnership=partnership)
    given = given.exclude(expires_on__lt=today or timezone.localdate())
    return given.select_related("request__body", "request__revision").first()
