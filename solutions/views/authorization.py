"""Authorization in the partnership: what was asked, what was answered, and for which revision."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.models import Revision
from partnerships.views.arena import open_arena, page_of

from .. import actions
from ..completeness import completeness
from ..facts import today_in
from ..forms.authorizations import RequestAuthorizationForm
from ..models import AuthorizationRequest, BodyMember, ValueProposition
from ..rules import authorizations as may


def latest_revision(partnership):
    """The latest revision of the partnership's value proposition, with its text; or None."""
    revisions = Revision.objects.filter(text__value_proposition__partnership=partnership)
    return revisions.select_related("text").order_by("-number").first()


@require_safe
def authorization(request, slug):
    """Requests and answers, newest first; an answer to an older revision says so."""
    place = open_arena(request, slug)
    latest = latest_revision(place.partnership)
    requests = AuthorizationRequest.objects.filter(partnership=place.partnership).select_related(
        "body", "revision__text", "authorization", "asked_by"
    )
    context = {
        "place": place,
        "latest": latest,
        "page": page_of(request, requests),
        "may_request": may.can_request_authorization(place, latest, latest),
        "today": today_in(place.partnership.time_zone),
        "mandate": place.partnership.mandate,
    }
    return render(request, "solutions/authorization.html", context)


def competent_bodies(partnership):
    """The bodies that the mandate names: who is competent, and to whom the result is owed."""
    mandate = partnership.mandate
    named = [mandate.competent_body, mandate.recipient]
    return list({body.pk: body for body in named if body}.values())


def _readers(bodies):
    """Who will open the dossier: the members of the bodies, so that the one who asks sees whom they tell."""
    seats = BodyMember.objects.current().filter(body__in=bodies).select_related("person", "body")
    return list(seats.order_by("body__sort_key", "person__sort_key")[:200])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_authorization(request, slug):
    """Put the latest revision of the value proposition to a body."""
    place = open_arena(request, slug)
    latest = latest_revision(place.partnership)
    may.can_request_authorization(place, latest, latest).enforce()
    bodies = competent_bodies(place.partnership)
    today = today_in(place.partnership.time_zone)
    initial = {"case_number": place.partnership.case_number}
    form = RequestAuthorizationForm(request.POST or None, initial=initial, bodies=bodies, today=today)
    if request.method == "POST" and form.is_valid():
        actions.request_authorization(
            revision=latest, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("The body is asked. Its members and its secretary are told."))
        return redirect("authorization", slug)
    context = {
        "place": place,
        "form": form,
        "latest": latest,
        "adopted": latest.text.adopted_revision_id == latest.pk,
        "missing": [answer for answer in completeness(latest).values() if not answer],
        "bodies": bodies,
        "readers": _readers(bodies),
    }
    return render(
        request, "solutions/request_authorization.html", context, status=422 if form.is_bound else 200
    )


@login_required
@require_POST
def withdraw_request(request, slug, pk):
    """Take a request back before the body has answered."""
    place = open_arena(request, slug)
    asked = get_object_or_404(AuthorizationRequest, pk=pk, partnership=place.partnership)
    actions.withdraw_request(request=asked, by=request.user, at=timezone.now())
    messages.success(request, _("The request is withdrawn."))
    return redirect("authorization", slug)


def with_latest_number(value_propositions):
    """Value propositions with the number of their latest revision."""
    numbers = Revision.objects.filter(text=OuterRef("pk")).order_by("-number").values("number")[:1]
    return value_propositions.annotate(latest_number=Subquery(numbers))


def value_of(partnership):
    """The partnership's value proposition with its text and its proposal, or None."""
    rows = ValueProposition.objects.filter(partnership=partnership)
    return with_latest_number(rows).select_related("text", "proposal__text").first()
