"""The problem as both sides define it, and what it is measured by."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boundary.kept import kept, together
from partnerships.models import Decision, Text
from partnerships.views.arena import open_arena
from partnerships.views.texts import parts_by, text_facts

from . import actions
from . import rules as may
from .drawn import SHOWN, rows
from .forms import IndicatorForm
from .models import Definition, Indicator

MOST_INDICATORS = 100  # more than a table that anybody reads; the page stays one query


@kept
def _definitions(partnership):
    """The definition with the decision that adopted it."""
    adopting = Decision.objects.filter(
        text=OuterRef("pk"), outcome=Decision.Outcome.ADOPTED, revision=OuterRef("text__adopted_revision")
    ).order_by("-closed_at")
    rows = Definition.objects.filter(partnership=partnership).select_related("text")
    return rows.annotate(
        adopted_at=Subquery(adopting.values("closed_at")[:1]), adopted_by=Subquery(adopting.values("pk")[:1])
    )


@kept
def _indicators(partnership):
    rows = Indicator.objects.filter(partnership=partnership).values_list(*SHOWN)
    return rows[:MOST_INDICATORS]


parts_of_problem = parts_by("partnership", kind=Text.Kind.PROBLEM)


def _words(definition, place, parts):
    """The words that stand, else the newest, as the plain facts that {% once %} draws; what they rest on."""
    if definition is None:
        return {"facts": None, "told": None, "cited": []}
    facts = text_facts(definition.text, place, parts)
    shown = facts.adopted or facts.latest
    if shown is None:
        return {"facts": facts, "told": None, "cited": []}
    running = facts.open_decision
    told = {
        "text": definition.pk,
        "number": shown.number,
        "created_at": shown.created_at,
        "what": shown.body.get("what"),
        "parts": [part for part in shown.parts if part[0] != "what"],
        "agreed": bool(facts.adopted),
        "agreed_at": definition.adopted_at,
        "decision": definition.adopted_by,
        "decided_until": running.closes_at if running and running.is_open else None,
        "newer": facts.latest.number if facts.latest.pk != shown.pk else None,
    }
    return {"facts": facts, "told": told, "cited": [] if told["newer"] else facts.cited}


@require_safe
def problem(request, slug):
    """The shared definition: its words, whose they are, whether it is agreed, what it is measured by."""
    place = open_arena(request, slug, mandate=False)
    arena = place.partnership.pk
    definitions, measured, *parts = together(
        _definitions.of(arena), _indicators.of(arena), *parts_of_problem(arena)
    )
    definition = next(iter(definitions), None)
    may_change = may.can_change_indicator(place)
    context = {
        "place": place,
        "definition": definition,
        **_words(definition, place, parts),
        "indicators": rows(measured, slug, may_change),
        "may_start": definition is None and may.can_start_definition(place),
        "may_add": may.can_add_indicator(place),
        "may_change": may_change,
    }
    return render(request, "problems/problem.html", context)


@login_required
@require_POST
def start_definition(request, slug):
    """Open the shared definition for writing."""
    place = open_arena(request, slug)
    actions.start_definition(partnership=place.partnership, by=request.user, at=timezone.now())
    messages.success(request, _("The problem definition is open for writing. All members can join in."))
    return redirect("problem", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_indicator(request, slug):
    """Say how one will see that the problem gets smaller."""
    place = open_arena(request, slug)
    may.can_add_indicator(place).enforce()
    form = IndicatorForm(request.POST or None, partnership=place.partnership)
    if request.method == "POST" and form.is_valid():
        actions.add_indicator(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("The indicator is added."))
        return redirect("problem", slug)
    context = {"place": place, "form": form}
    return render(request, "problems/add_indicator.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_indicator(request, slug, pk):
    """Correct an indicator or move its target; the old numbers stay in the record."""
    place = open_arena(request, slug)
    indicator = get_object_or_404(
        Indicator.objects.visible_to(request.user), pk=pk, partnership=place.partnership
    )
    may.can_change_indicator(place).enforce()
    form = IndicatorForm(request.POST or None, instance=indicator, partnership=place.partnership)
    if request.method == "POST" and form.is_valid():
        actions.change_indicator(indicator=indicator, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The indicator is changed. The old numbers stay in the record."))
        return redirect("problem", slug)
    context = {"place": place, "form": form, "indicator": indicator}
    return render(request, "problems/change_indicator.html", context, status=422 if form.is_bound else 200)
