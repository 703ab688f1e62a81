"""The record: every deed of a partnership, in the order it was done, and the file that anyone can check."""

import inspect

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from journal import verify
from journal.export import lines
from journal.models import Entry, Head
from partnerships.views.arena import open_arena, page_of

from ..record import FILTERS, audience_of, line_of, names_of, only


@require_safe
def record(request, slug):
    """What was done here, newest first, as far as this reader may know."""
    place = open_arena(request, slug)
    kind = request.GET.get("kind", "")
    audience = audience_of(place)
    readable = Entry.objects.filter(scope=place.partnership.pk).for_audience(audience)
    page = page_of(request, only(readable, kind).order_by("-sequence"))
    entries = list(page.object_list)
    names = names_of(entries, place.partnership) if entries else {}
    context = {
        "page": page,
        "lines": [line_of(entry, names) for entry in entries],
        "head": Head.objects.filter(scope=place.partnership.pk).first(),
        "kinds": [(key, label) for key, (label, _nouns) in FILTERS.items()],
        "kind": kind,
        "may_export": place.convenes or place.keeps_cases,
    }
    return render(request, "cocreate/record.html", context)


def _lines(place):
    for line in lines(place.partnership.pk, audience_of(place)):
        yield line + "\n"


@require_safe
def journal_file(request, slug):
    """The record as JSON lines; what this reader may not read is withheld, its place in the chain is shown."""
    place = open_arena(request, slug)
    answer = StreamingHttpResponse(_lines(place), content_type="application/x-ndjson; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-journal.jsonl"'
    return answer


@require_safe
def journal_verifier(request):
    """The small program that checks a record, for anyone with Python."""
    answer = HttpResponse(inspect.getsource(verify), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="verify.py"'
    return answer
