"""The site's addresses and, beside them, two bare views: one query and 20 rows, or one row written; same middleware."""

import uuid

from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from actors.models import Organization
from cocreate.urls import urlpatterns as site
from partnerships.models import Tally

ROWS = engines["django"].from_string(
    "<!doctype html><title>Bare</title>"
    "<ul>{% for row in rows %}<li>{{ row.name }}, {{ row.kind }}</li>{% endfor %}</ul>"
)


def bare(request):
    """Twenty rows of one table."""
    rows = Organization.objects.order_by("name")[:20]
    return HttpResponse(ROWS.render({"rows": rows}, request=None))


@csrf_exempt
def insert(request):
    """One new row, and no more."""
    Tally.objects.create(key=str(uuid.uuid4()), since=timezone.now(), count=len(request.POST))
    return HttpResponse("yes")


urlpatterns = [path("bench/bare/", bare), path("bench/insert/", insert), *site]
