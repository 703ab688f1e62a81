"""Whose words a text is built on; where what somebody said is used; and a revision as a paper."""

from collections import Counter

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from actors.models import Sector, Side

from ..models import Citation, Contribution, RevisionAuthor
from ..papers import paper_of
from ..papers.odt import odt
from ..papers.pdf import pdf
from .sections import sections_of
from .texts import cited_by, open_text

SIDES, SECTORS = Side.values, Sector.values
MOST_TAKEN = 100  # suggestions that are named; more stand in the list of suggestions


@require_safe
def ground(request, slug, pk):
    """Section by section who wrote, what is cited, which suggestions went in; and from which sides that came."""
    place, text = open_text(request, slug, pk)
    latest = text.revisions.first()
    context = {"place": place, "text": text, "revision": latest}
    if latest:
        latest.text = text
        sections = sections_of(text, latest, cited_by(latest))
        said = {str(row.pk): row for row in _said(latest)}
        taken = text.suggestions.taken().filter(taken_into__isnull=False, hidden_at=None)
        taken = list(taken.select_related("member__person", "taken_into")[: MOST_TAKEN + 1])
        for row in [*sections.rows, sections]:
            row_cited = [(one, said[one.pk]) for one in row.cited if one.pk in said]
            row.said = row_cited
        for row in sections.rows:
            row.taken = [one for one in taken[:MOST_TAKEN] if one.section == row.key]
        context |= {
            "sections": sections,
            "more_taken": len(taken) > MOST_TAKEN,
            "meetings": sorted(
                {row.meeting for row in said.values() if row.meeting}, key=lambda one: one.starts_at
            ),
            "shares": _shares(text, said.values()),
        }
    return render(request, "partnerships/ground.html", context)


def _said(revision):
    rows = Contribution.objects.filter(citations__revision=revision)
    return rows.select_related("member__person", "member__organization", "meeting").defer("body")


def _shares(text, said):
    """From which sides and sectors the cited contributions and the writers come; typed in for others stands apart."""
    writers = RevisionAuthor.objects.filter(revision__text=text).order_by()
    seats = writers.values_list("member", "member__side", "member__sector").distinct()
    wrote = Counter((side, sector) for _member, side, sector in seats)
    cited = Counter((row.member.side, row.member.sector) for row in said if not row.is_on_behalf)
    places = sorted({*wrote, *cited}, key=lambda pair: (SIDES.index(pair[0]), SECTORS.index(pair[1])))
    return {
        "rows": [
            (Side(side).label, sector, cited[side, sector], wrote[side, sector]) for side, sector in places
        ],
        "cited": _per_side(cited),
        "wrote": _per_side(wrote),
        "others": sum(1 for row in said if row.is_on_behalf),
    }


def _per_side(counted):
    return {side: sum(n for (one, _sector), n in counted.items() if one == side) for side in SIDES}


def used_in(contribution):
    """The newest revision of each text that cites a contribution, with the sections that it carries: one query."""
    rows = Citation.objects.filter(contribution=contribution).select_related("revision__text")
    return list(rows.order_by("revision__text_id", "-revision__number").distinct("revision__text_id"))


def _paper(request, slug, pk, number, kind, make):
    _place, text = open_text(request, slug, pk)
    revision = get_object_or_404(text.revisions.prefetch_related("authors__member__person"), number=number)
    revision.text = text
    writers = [author.member.shown_name for author in revision.authors.all()]
    paper = paper_of(text, revision, sections_of(text, revision, cited_by(revision)), writers)
    answer = HttpResponse(make(paper), content_type=kind)
    ending = request.path.rpartition(".")[2]
    name = f"{slugify(text.title)[:60] or text.kind}-{number}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
def revision_pdf(request, slug, pk, number):
    """A revision as a tagged PDF."""
    return _paper(request, slug, pk, number, "application/pdf", pdf)


@require_safe
def revision_odt(request, slug, pk, number):
    """A revision as OpenDocument text."""
    return _paper(request, slug, pk, number, "application/vnd.oasis.opendocument.text", odt)
