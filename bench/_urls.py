"""The site's addresses and, beside them, a bare view: one query, 20 rows, a template, the same middleware."""

from django.http import HttpResponse
from django.template import engines
from django.urls import path

from actors.models import Organization
from cocreate.urls import urlpatterns as site

ROWS = engines["django"].from_string(
    "<!doctype html><title>Bare</title>"
    "<ul>{% for row in rows %}<li>{{ row.name }}, {{ row.kind }}</li>{% endfor %}</ul>"
)


def bare(request):
    """Twenty rows of one table."""
    rows = Organization.objects.order_by("name")[:20]
    return HttpResponse(ROWS.render({"rows": rows}, request=None))


urlpatterns = [path("bench/bare/", bare), *site]
