"""The wall of a workshop: for a projector, read at ten metres, renewed every two seconds."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..models import Note, Sounding
from ..rules import workshops as may
from ..soundings import dots_on
from .arena import open_arena
from .workshops import _found

ON_THE_WALL = 40  # notes, the newest first: more than a full room sends between two looks
LOOKS = ("light", "dark")


@login_required
@never_cache
@require_safe
def workshop_wall(request, slug, pk):
    """The whole wall; with ?since= only what has changed since that number, or nothing in no time."""
    place = open_arena(request, slug, mandate=False)
    may.can_see_wall(place).enforce()
    shown = _found(place, pk)
    part = bool(request.headers.get("HX-Request"))
    if part and request.GET.get("since") == f"{shown.changes}-{shown.admits(timezone.now()):d}":
        return HttpResponse(status=204)
    template = "partnerships/workshop_wall_now.html" if part else "partnerships/workshop_wall.html"
    return render(request, template, _on_the_wall(request, shown))


def _on_the_wall(request, workshop):
    prompt = workshop.prompts.filter(opened_at__isnull=False, closed_at=None).first()
    rows = Note.objects.shown().filter(workshop=workshop)
    rows = rows.filter(prompt=prompt) if prompt else rows
    look = request.GET.get("look")
    admits = workshop.admits(timezone.now())
    giving, themes = _giving(workshop), _themes(workshop)
    if giving and giving.closed_at:  # while dots are given, nobody sees where the others put theirs
        dots = dots_on([one.pk for one in themes])
        for one in themes:
            one.dots = dots.get(one.pk, 0)
    latest = list(rows.values_list("body", flat=True)[: ON_THE_WALL + 1])
    return {
        "workshop": workshop,
        "state": f"{workshop.changes}-{admits:d}",
        "admits": admits,
        "prompt": prompt,
        "notes": latest[:ON_THE_WALL],
        "older": len(latest) > ON_THE_WALL,
        "total": rows.count(),
        "clusters": themes,
        "giving": giving,
        "address": settings.SITE_URL.partition("://")[2] + reverse("workshop_code"),
        "scheme": look if look in LOOKS else "",
    }


def _themes(workshop):
    shown = Q(notes__withdrawn_at=None, notes__hidden_at=None)
    return list(workshop.clusters.annotate(size=Count("notes", filter=shown)).filter(size__gt=0))


def _giving(workshop):
    """The round of dots that is open, or that closed last, with how many have given theirs."""
    rounds = Sounding.objects.filter(workshop=workshop).annotate(answered=Count("voters"))
    return rounds.order_by(F("closed_at").desc(nulls_first=True)).first()
