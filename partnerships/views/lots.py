"""A draw by lot: the frozen list, the seed, the order, and the file that anyone can check."""

import inspect

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import actions
from .. import lots as checking
from ..actions.lots import free_seats, reserve_of
from ..models import Draw, Lot, Willingness
from ..rules import lots as may
from .arena import open_arena, page_of

State = Lot.State
COLOURS = {State.DRAWN: "success", State.RESERVE: "info", State.OUT: "neutral", State.IN: "neutral"}


def _opened(request, slug, pk):
    """(place, draw); who may not see it finds nothing."""
    place = open_arena(request, slug, reading=False)
    rows = Draw.objects.select_related("call", "group")
    shown = get_object_or_404(rows, pk=pk, partnership=place.partnership)
    if not may.can_see_draw(place, shown):
        raise Http404
    shown.partnership = place.partnership
    return place, shown


def _name(lots, place, draw, people):
    """Give each lot its name, for who may see it: from the register, of those who were asked or still stand in it."""
    standing = set()
    if people and not draw.call_id:
        entries = Willingness.objects.standing(timezone.now()).filter(platform=place.partnership.platform_id)
        entries = entries.filter(person__in=[lot.person_id for lot in lots])
        standing = set(entries.values_list("person", flat=True))
    for lot in lots:
        lot.name = str(lot.person) if people and (lot.is_asked or lot.person_id in standing) else ""


@require_safe
def draw(request, slug, pk):
    """How the lots were drawn, in plain words; who may see them sees the people behind the lots."""
    place, shown = _opened(request, slug, pk)
    rows = shown.lots.select_related("person", "invitation") if place.convenes else shown.lots.all()
    page = page_of(request, rows.order_by("place", "pk"))
    free = free_seats(shown) if place.convenes and shown.drawn_at else 0
    reserve = list(reserve_of(shown)[:1]) if free else []
    people = may.can_see_people(place, shown)
    _name([*page, *reserve], place, shown, people)
    for lot in page:
        lot.colour = COLOURS[lot.state]
    context = {
        "draw": shown,
        "page": page,
        "mine": shown.lots.filter(person=place.person).first() if place.person else None,
        "may_draw": may.can_draw_lots(place, shown),
        "may_take_back": may.can_take_list_back(place, shown),
        "free": free,
        "next": reserve[0] if reserve else None,
        "people": people,
        "may_ask": may.can_ask_next(place, shown, free=free, reserve=len(reserve)),
    }
    return render(request, "partnerships/draw.html", context)


@login_required
@require_POST
def draw_lots(request, slug, pk):
    """Draw."""
    _place, shown = _opened(request, slug, pk)
    actions.lots.draw_lots(draw=shown, by=request.user, at=timezone.now())
    messages.success(request, _("The lots are drawn."))
    return redirect("draw", slug, pk)


@login_required
@require_POST
def take_list_back(request, slug, pk):
    """Take a frozen list back."""
    _place, shown = _opened(request, slug, pk)
    actions.lots.take_list_back(draw=shown, by=request.user, at=timezone.now())
    messages.success(request, _("The list is taken back. Nothing was drawn from it."))
    return redirect("volunteers" if shown.call_id else "invite_from_register", slug)


@login_required
@require_POST
def ask_next(request, slug, pk):
    """Draft an invitation to the next on the reserve list."""
    _place, shown = _opened(request, slug, pk)
    invitation = actions.lots.ask_next(draw=shown, by=request.user, at=timezone.now())
    messages.success(
        request, _("The invitation to %(name)s is written. Look at it, and send it.") % {"name": invitation}
    )
    return redirect("send_invitations", slug)


def _ids(rows):
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


@require_safe
def draw_file(request, slug, pk):
    """The draw as a file that anyone can check: lots by their numbers, never a name."""
    _place, shown = _opened(request, slug, pk)
    if not shown.drawn_at:
        raise Http404
    lots = shown.lots.order_by("place")
    answer = JsonResponse(
        {
            "lots": sorted(_ids(lots)),
            "fingerprint": shown.digest,
            "frozen_at": shown.frozen_at,
            "seed": shown.seed,
            "drawn_at": shown.drawn_at,
            "seats": shown.seats,
            "stepped_back": _ids(lots.filter(state=State.OUT)),
            "order": _ids(lots),
            "drawn": _ids(lots.filter(state=State.DRAWN)),
        },
        json_dumps_params={"indent": 1},
    )
    answer["Content-Disposition"] = 'attachment; filename="lots.json"'
    return answer


@require_safe
def lots_checker(request):
    """The small program that checks a draw, for anyone with Python."""
    answer = HttpResponse(inspect.getsource(checking), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="check_lots.py"'
    return answer
