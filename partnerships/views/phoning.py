"""To call: people whom mail does not reach, in one partnership or in all that are mine to look after."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from boundary.csv import write

from .. import actions
from ..models import Invitation, Member, Partnership
from ..rules import phoning as may
from ..unreached import MEMBER, called_for_by, in_full, unreached
from .arena import PageRows, open_arena, page_of, part_asked

MOST_IN_FILE = 10_000
THINGS = {"member": Member, "invitation": Invitation}


def _page(request, partnerships):
    rows = unreached(partnerships)
    start, stop = part_asked(request)
    return page_of(request, PageRows(rows.count(), in_full(list(rows[start:stop]))))


def _file(partnerships):
    """The list as a table for a spreadsheet."""
    head = [_("Name"), _("Telephone"), _("Partnership"), _("What about"), _("Why mail does not arrive")]
    people = in_full(list(unreached(partnerships)[:MOST_IN_FILE]))
    body = [
        [one.name, one.phone, one.partnership.title, ", ".join(map(str, one.about)), one.reason]
        for one in people
    ]
    answer = HttpResponse(write([head, *body]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="to-call.csv"'
    return answer


@login_required
@never_cache
@require_safe
def to_call(request):
    """Everybody to call, over all partnerships that I convene or whose cases I keep."""
    return render(request, "partnerships/to_call.html", {"page": _page(request, called_for_by(request.user))})


@login_required
@never_cache
@require_safe
def to_call_file(request):
    """The same as a table."""
    return _file(called_for_by(request.user))


def _mine(request, slug):
    place = open_arena(request, slug)
    may.can_see_messages(place).enforce()
    return place, Partnership.objects.filter(pk=place.partnership.pk)


@login_required
@never_cache
@require_safe
def to_call_here(request, slug):
    """Everybody to call in one partnership."""
    _place, only = _mine(request, slug)
    return render(request, "partnerships/to_call_here.html", {"page": _page(request, only)})


@login_required
@never_cache
@require_safe
def to_call_here_file(request, slug):
    """The same as a table."""
    return _file(_mine(request, slug)[1])


@login_required
@require_POST
def note_call(request, slug, what, pk):
    """Somebody is called: they leave the list."""
    place = open_arena(request, slug)
    if what not in THINGS:
        raise Http404
    may.can_note_call(place).enforce()
    thing = get_object_or_404(THINGS[what], pk=pk, partnership=place.partnership)
    actions.phoning.note_call(
        partnership=place.partnership, by=request.user, at=timezone.now(), **{what: thing}
    )
    name = thing.shown_name if what == MEMBER else thing
    messages.success(request, _("It is noted that %(who)s is called.") % {"who": name})
    return redirect("to_call") if request.POST.get("back") == "all" else redirect("to_call_here", slug)
