"""Who carries which leadership: the picture, the offers, the answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from .. import actions
from ..forms.leadership import OfferLeadershipForm
from ..models import Leadership
from ..models.leadership import LEADERSHIPS, TASKS, WHAT
from ..rules import leadership as may
from .arena import open_arena

State = Leadership.State


def _picture(place):
    """[(heading, functions)]: of each who carries it, to whom it is offered, and what this reader may do."""
    rows = Leadership.objects.standing().filter(partnership=place.partnership)
    rows = rows.select_related("member__person", "member__organization")
    by_function = {}
    for row in rows:
        row.may_answer = may.can_answer_leadership(place, row)
        row.may_end = may.can_end_leadership(place, row)
        by_function.setdefault(row.function, []).append(row)
    return [
        (_("Somebody should be this"), [_told(function, by_function) for function in TASKS]),
        (_("Four ways of leading, to be shared"), [_told(function, by_function) for function in LEADERSHIPS]),
    ]


def _told(function, by_function):
    standing = by_function.get(function, [])
    return {
        "function": function,
        "what": WHAT[function],
        "held": [row for row in standing if row.state == State.HELD],
        "offered": [row for row in standing if row.state == State.OFFERED],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def leadership(request, slug):
    """Who carries what; and for those who lead, the way to offer a function."""
    place = open_arena(request, slug)
    answer = may.can_offer_leadership(place)
    form = OfferLeadershipForm(
        request.POST if request.method == "POST" else None, partnership=place.partnership
    )
    if request.method == "POST" and answer.enforce() and form.is_valid():
        actions.leadership.offer_leadership(by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("It is offered. They answer for themselves."))
        return redirect("leadership", slug)
    context = {"picture": _picture(place), "may_offer": answer, "form": form}
    return render(request, "partnerships/leadership.html", context, status=422 if form.is_bound else 200)


def _one(slug, pk):
    return get_object_or_404(Leadership, pk=pk, partnership__slug=slug)


@login_required
@require_POST
def answer_leadership(request, slug, pk):
    """Say yes or no to a function."""
    open_arena(request, slug)
    accept = request.POST.get("answer") == "yes"
    actions.leadership.answer_leadership(
        leadership=_one(slug, pk), accept=accept, by=request.user, at=timezone.now()
    )
    messages.success(
        request, _("Thank you. You carry it now.") if accept else _("Thank you for your answer.")
    )
    return redirect("leadership", slug)


@login_required
@require_POST
def end_leadership(request, slug, pk):
    """Hand a function on, or take an offer back."""
    open_arena(request, slug)
    actions.leadership.end_leadership(leadership=_one(slug, pk), by=request.user, at=timezone.now())
    messages.success(request, _("It is handed on. Offer it to somebody else."))
    return redirect("leadership", slug)
