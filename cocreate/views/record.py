"""The record: every deed of a partnership, in the order it was done, and the file that anyone can check."""

import inspect

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from journal import verify
from journal.export import lines
from journal.models import Entry, Head
from partnerships.views.arena import open_arena, page_of

from ..arena import url_of_arena
from ..record import audience_of, line_of, names_of
from ..record_search import form_for, search

PAGES = {  # name of an id in an entry -> the page of the thing
    **{name: name for name in ("contribution", "text", "decision", "meeting", "commitment", "need", "step")},
    "member": "member",
}


def _inside(place):
    return bool(place.member) or place.keeps_cases


def _known_in(place):
    return {place.partnership.pk} if _inside(place) else set()


def _readable(place):
    """The entries that this reader may read."""
    return Entry.objects.filter(scope=place.partnership.pk).for_audience(audience_of(place))


@require_safe
def record(request, slug):
    """What was done here, as far as this reader may know: filtered and ordered as the address says."""
    place = open_arena(request, slug)
    readable = _readable(place)
    form = form_for(place.partnership, readable, request.GET)
    page = page_of(request, search(readable, form, place.partnership, inside=_inside(place)))
    entries = list(page.object_list)
    names = names_of(entries, _known_in(place)) if entries else {}
    context = {
        "form": form,
        "page": page,
        "lines": [line_of(entry, names) for entry in entries],
        "oldest_first": bool(form.found.get("order")),
        "head": Head.objects.filter(scope=place.partnership.pk).first(),
        "may_export": place.convenes or place.keeps_cases,
    }
    return render(request, "cocreate/record.html", context)


@require_safe
def record_entry(request, slug, sequence):
    """One entry, at an address that stays: what it says, its fingerprints, and the pages of what it is about."""
    place = open_arena(request, slug)
    entry = get_object_or_404(_readable(place), sequence=sequence)
    names = names_of([entry], _known_in(place))
    context = {
        "line": line_of(entry, names),
        "entry": entry,
        "links": list(_links(entry, names, slug)),
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "cocreate/record_entry.html", context)


def _links(entry, names, slug):
    """[(what it is called, address)] of the things that an entry is about and that still are."""
    for name, value in entry.ids.items():
        page = PAGES.get(name)
        if page and name == "contribution":
            yield _("The contribution"), url_of_arena(page, slug, value)
        elif page and str(value) in names:
            yield names[str(value)] or _("Erased person"), url_of_arena(page, slug, value)


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
