"""Decide: what the members are asked, where they stand, what came of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boundary.answer import Refused

from .. import actions
from ..actions.decisions import last_settled, members_per_side, rival_of, round_of
from ..forms.decisions import DecisionsFilter, OpenDecisionForm
from ..models import Decision, Position
from ..rules import decisions as may
from .arena import open_arena, page_of
from .decision_page import decision_page, open_one
from .texts import open_text

NOT_ADOPTED = [Decision.Outcome.OBJECTED, Decision.Outcome.OUTVOTED, Decision.Outcome.NO_QUORUM]


@require_safe
def decisions(request, slug):
    """Every decision of the arena, the open ones first; filters live in the address."""
    place = open_arena(request, slug)
    form = DecisionsFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    own = Position.objects.filter(decision=OuterRef("pk"), member=place.member)
    rows = (
        Decision.objects.filter(partnership=place.partnership)
        .select_related("text", "revision")
        .defer("revision__body")
        .annotate(own_choice=Subquery(own.values("choice")[:1]), needs_me=_needs(place))
        .order_by(F("closed_at").desc(nulls_first=True), "closes_at", "pk")
    )
    rows = _wanted(rows, wanted.get("state"), place)
    rows = rows.filter(text__kind=wanted["kind"]) if wanted.get("kind") else rows
    if words := wanted.get("q"):
        rows = rows.filter(Q(question__icontains=words) | Q(text__title__icontains=words))
    context = {
        "place": place,
        "form": form,
        "page": page_of(request, rows),
        "filtered": any(wanted.values()),
        "choices": Position.Choice.choices,
    }
    return render(request, "partnerships/decisions.html", context)


def _needs(place):
    """Whether a decision of the list waits for this reader, for their own seat or one they stand in for."""
    if place.member is None:
        return Value(False)
    return Exists(Decision.objects.needing_position_of(place.person).order_by().filter(pk=OuterRef("pk")))


def _wanted(rows, state, place):
    if state == "open":
        return rows.open()
    if state == "mine":
        return rows.needing_position_of(place.person) if place.member else rows.none()
    if state == "closed":
        return rows.exclude(closed_at=None)
    if state == "adopted":
        return rows.filter(outcome=Decision.Outcome.ADOPTED)
    if state == "not":
        return rows.filter(outcome__in=NOT_ADOPTED)
    return rows.filter(rule=Decision.Rule.ADVISORY) if state == "advisory" else rows


@require_safe
def decision(request, slug, pk):
    """The exact words, the question, the rule in plain words; your position, or what came of it."""
    place, shown = open_one(request, slug, pk)
    return decision_page(request, place, shown)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_decision(request, slug, pk):
    """Put the newest words of a text to the members."""
    place, text = open_text(request, slug, pk)
    latest = text.revisions.first()
    facts = {
        "revision": latest,
        "latest": latest,
        "members": members_per_side(place.partnership),
        "open_decision": Decision.objects.open().filter(text=text).first(),
        "rival": rival_of(text),
        "last": last_settled(text),
    }
    may_decide = may.can_open_decision(place, text, **facts)
    if not (may_decide or may.can_open_decision(place, text, advisory=True, **facts)):
        may_decide.enforce()
    latest.text = text
    form = OpenDecisionForm(request.POST or None, kind=text.kind, partnership=place.partnership)
    form.ask_for(advice=request.GET.get("for") == "advice", only=not may_decide)
    if request.method == "POST" and form.is_valid():
        shown = text.revisions.filter(number=_number(request.POST.get("number"))).first() or latest
        try:
            opened = actions.decisions.open_decision(
                revision=shown, by=request.user, at=timezone.now(), **form.asked
            )
        except Refused as refused:  # somebody wrote on while the question was typed
            form.add_error(None, refused.answer.why_not)
        else:
            messages.success(request, _asked(opened))
            return redirect("decision", slug, opened.pk)
    rule = may.rule_of(place.partnership, round_of(text))
    context = {"place": place, "text": text, "latest": latest, "form": form, "rule": rule}
    context["may_decide"] = may_decide
    return render(request, "partnerships/open_decision.html", context, status=422 if form.is_bound else 200)


def _asked(opened):
    if opened.is_planned:
        return _("It opens at the time you chose. The members get a message then.")
    return _("The members are asked. They get a message now.")


def _number(value):
    return int(value) if value and value.isdecimal() and len(value) < 10 else 0


@login_required
@require_POST
def close_decision(request, slug, pk):
    """Close a decision that everyone has answered, or whose time is up."""
    _place, shown = open_one(request, slug, pk)
    actions.decisions.close_decision(decision=shown, by=request.user, at=timezone.now())
    messages.success(request, _("The decision is closed."))
    return redirect("decision", slug, pk)


@login_required
@require_POST
def withdraw_decision(request, slug, pk):
    """Take a question back, so that the text can be written on."""
    _place, shown = open_one(request, slug, pk)
    actions.decisions.withdraw_decision(decision=shown, by=request.user, at=timezone.now())
    messages.success(request, _("The decision is withdrawn. The text can be written on."))
    return redirect("decision", slug, pk)
