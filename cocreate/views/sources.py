"""Where the records of a reconstructed partnership come from: its sources, and the mark of each record."""

from django.db.models import CharField, Count, F, Value
from django.db.models.functions import Cast
from django.http import Http404
from django.shortcuts import render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from partnerships.models import Partnership
from partnerships.models.arenas import Basis
from partnerships.stages import Stage
from partnerships.views.arena import open_arena, page_of

from ..cases.records import TABLES

WORDS = {  # table -> what a reader calls its rows
    "Partnership": lambda: _("Partnership"),
    "StageVisit": lambda: _("Stage"),
    "Waiver": lambda: _("Criterion set aside"),
    "Member": lambda: _("Member"),
    "Invitation": lambda: _("Invitation"),
    "Contribution": lambda: _("Contribution"),
    "Text": lambda: _("Text"),
    "Revision": lambda: _("Revision"),
    "Decision": lambda: _("Decision"),
    "Position": lambda: _("Position"),
    "Commitment": lambda: _("Commitment"),
    "Meeting": lambda: _("Meeting"),
    "Attendance": lambda: _("Attendance"),
    "Indicator": lambda: _("Indicator"),
    "Measurement": lambda: _("Measurement"),
    "AuthorizationRequest": lambda: _("Request for authorization"),
    "Authorization": lambda: _("Authorization"),
    "Step": lambda: _("Step"),
    "Ownership": lambda: _("Owner of a step"),
    "StepReport": lambda: pgettext("on a step", "Report"),
}


def called(marks):
    """{id: (kind, name)} of the records that these marks belong to: one query over all tables."""
    ids = [mark.subject for mark in marks]
    tables = [(Partnership, "title"), *((table, name) for table, _path, name in TABLES)]
    rows = [
        table.objects.filter(pk__in=ids)
        .order_by()
        .annotate(key=F("pk"), kind_of=Value(table.__name__), called=Cast(name, CharField()))
        .values_list("key", "kind_of", "called")
        for table, name in tables
    ]
    return {key: (kind, name) for key, kind, name in rows[0].union(*rows[1:], all=True)}


def _shown(mark, names):
    kind, name = names.get(mark.subject, ("", ""))
    if kind == "StageVisit":
        name = Stage(name).label
    word = WORDS[kind]() if kind else _("Other")
    return {"kind": word, "name": Truncator(name).chars(120), "mark": mark}


@require_safe
def sources(request, slug):
    """The sources of a reconstruction, how much rests on them, and every record with its mark."""
    place = open_arena(request, slug)
    if not place.partnership.reconstructed_from:
        raise Http404
    marks = place.partnership.provenance
    basis = request.GET.get("basis", "")
    chosen = marks.filter(basis=basis) if basis in Basis.values else marks.all()
    page = page_of(request, chosen.order_by("basis", "subject"))
    names = called(page.object_list)
    counted = dict(marks.order_by().values_list("basis").annotate(number=Count("pk")))
    context = {
        "page": page,
        "records": [_shown(mark, names) for mark in page.object_list],
        "counts": [(label, counted.get(value, 0)) for value, label in Basis.choices],
        "bases": Basis.choices,
        "basis": basis,
        "addresses": sorted({url for found in marks.values_list("sources", flat=True) for url in found}),
    }
    return render(request, "cocreate/sources.html", context)
