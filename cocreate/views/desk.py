"""The desk of a platform: what needs doing today over all its partnerships, what is due, and both as files."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from boundary import csv
from partnerships.models import Platform
from partnerships.places import desk_of
from partnerships.rules.platforms import can_open_desk
from partnerships.views.arena import page_of

from ..deadlines import MOST_IN_FILES, ahead
from ..desk import files, found
from ..desk.facts import facts_of
from ..desk.forms import DeskForm
from ..desk.rows import rows_of, where

TODAY = 6  # of what should be done today; the rest is in the rows below
NEXT = 6  # deadlines beside the timeline


def _open_desk(request, slug, at):
    """(Desk, its Cases) of this reader on the platform. Who has none there is refused in words."""
    platform = get_object_or_404(Platform, slug=slug)
    seat = desk_of(platform, request.user)
    cases = found.cases_of(facts_of(seat), at)
    can_open_desk(seat, any(case.facts.leads for case in cases)).enforce()
    return seat, cases


@login_required
@require_safe
def desk(request, slug):
    """What needs doing today, then every partnership of this desk, the most urgent first."""
    at = timezone.now()
    seat, cases = _open_desk(request, slug, at)
    form = DeskForm(request.GET)
    page = page_of(request, found.asked_for(cases, form.asked()))
    waiting, due = found.today(cases), ahead(at, desk=seat)
    context = {
        "shown": seat.platform,
        "page": page,
        "rows": rows_of(page.object_list, at),
        "form": form,
        "today": [(case, need, where(case.facts, need)) for case, need in waiting[:TODAY]],
        "beyond_today": len(waiting) - TODAY,
        "totals": found.totals_in_words(found.totals(cases)),
        "any": bool(cases),
        "ahead": due,
        "next": NEXT,
        "beyond": due.beyond(NEXT),
        "filters_of": request.GET.urlencode(),
    }
    return render(request, "cocreate/desk.html", context)


@login_required
@require_safe
def deadlines(request, slug):
    """Everything that is due in the coming weeks in what this reader leads or keeps, as a timeline and a list."""
    at = timezone.now()
    seat, _cases = _open_desk(request, slug, at)
    due = ahead(at, desk=seat, most=MOST_IN_FILES)
    context = {"shown": seat.platform, "ahead": due, "page": page_of(request, due.deadlines)}
    return render(request, "cocreate/deadlines.html", context)


@login_required
@require_safe
def desk_file(request, slug):
    """The partnerships that the filters find, all of them, as CSV in the reader's language."""
    at = timezone.now()
    _desk, cases = _open_desk(request, slug, at)
    rows = files.desk_rows(found.asked_for(cases, DeskForm(request.GET).asked()), at)
    return _attached(StreamingHttpResponse(csv.stream(rows)), slug, "csv", "text/csv; charset=utf-8")


@login_required
@require_safe
def deadlines_file(request, slug):
    """The deadlines as CSV in the reader's language."""
    at = timezone.now()
    seat, _cases = _open_desk(request, slug, at)
    rows = files.deadline_rows(ahead(at, desk=seat, most=MOST_IN_FILES).deadlines)
    answer = StreamingHttpResponse(csv.stream(rows))
    return _attached(answer, f"{slug}-dates", "csv", "text/csv; charset=utf-8")


@login_required
@require_safe
def deadlines_calendar(request, slug):
    """The deadlines as a calendar file: each a whole day."""
    at = timezone.now()
    seat, _cases = _open_desk(request, slug, at)
    due = ahead(at, desk=seat, most=MOST_IN_FILES).deadlines
    answer = HttpResponse(files.calendar_of_days(due, at))
    return _attached(answer, f"{slug}-dates", "ics", "text/calendar; charset=utf-8")


def _attached(answer, name, kind, content_type):
    answer["Content-Type"] = content_type
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer
