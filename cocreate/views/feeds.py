"""The public record as feeds: the same for everybody, whoever is signed in."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from partnerships.models import Partnership, Platform

from ..feeds import feed_of_partnership, feed_of_platform, mark_of, public_of

FOR_A_WHILE = "public, max-age=300"  # five minutes: what is erased is soon gone from caches, too


def _answer(request, body, newest):
    mark = mark_of(body)
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    response["ETag"] = mark
    response["Last-Modified"] = http_date(newest.timestamp())
    response["Cache-Control"] = FOR_A_WHILE
    return get_conditional_response(request, etag=mark, response=response)


@require_safe
def partnership_feed(request, slug):
    """What happens in a partnership that everybody may read; of others there is no feed."""
    rows = Partnership.objects.readable_by(AnonymousUser()).select_related("platform")
    found = get_object_or_404(rows, slug=slug)
    with translation.override(found.language):
        return _answer(request, *feed_of_partnership(found, request.path))


@require_safe
def platform_feed(request, slug):
    """What happens in the partnerships of a platform that everybody may read."""
    found = get_object_or_404(Platform, slug=slug)
    with translation.override(found.language):
        return _answer(request, *feed_of_platform(found, public_of(found), request.path))
