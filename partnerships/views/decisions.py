"""Decide: what the members are asked, where they stand, what came of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, F, OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boundary.answer import Conflict, Refused, no

from .. import actions
from ..actions.decisions import members_per_side, rival_of, round_of, tallies
from ..forms.decisions import DecisionsFilter, OpenDecisionForm, PositionForm, RecordPositionForm
from ..models import Decision, Member, Position, Response, Revision
from ..rules import decisions as may
from .arena import PAGE_SIZE, open_arena, page_of
from .texts import cited_by, open_text, sides_of


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
        .annotate(own_choice=Subquery(own.values("choice")[:1]), answered=Exists(own))
        .order_by(F("closed_at").desc(nulls_first=True), "closes_at", "pk")
    )
    rows = _wanted(rows, wanted.get("state"), place)
    rows = rows.filter(text__kind=wanted["kind"]) if wanted.get("kind") else rows
    context = {
        "place": place,
        "form": form,
        "page": page_of(request, rows),
        "filtered": any(wanted.values()),
        "choices": Position.Choice.choices,
    }
    return render(request, "partnerships/decisions.html", context)


def _wanted(rows, state, place):
    if state == "open":
        return rows.open()
    if state == "mine":
        return rows.open().filter(answered=False) if place.decides else rows.none()
    if state == "closed":
        return rows.exclude(closed_at=None)
    return rows


def open_one(request, slug, pk):
    """(place, decision) for a page about one decision; what this reader may not see is 404."""
    place = open_arena(request, slug)
    latest = Revision.objects.filter(text=OuterRef("text")).order_by("-number").values("number")[:1]
    rows = Decision.objects.select_related("revision", "text")
    rows = rows.annotate(latest_number=Subquery(latest))
    found = get_object_or_404(rows, pk=pk, partnership=place.partnership)
    found.revision.text = found.text
    return place, found


@require_safe
def decision(request, slug, pk):
    """The exact words, the question, the rule in plain words; your position, or what came of it."""
    place, shown = open_one(request, slug, pk)
    return _page(request, place, shown)


def _page(request, place, shown, *, form=None, refusal=None, status=200):
    at = timezone.now()
    is_open = shown.closed_at is None
    sides = sides_of(place, shown)[0] if is_open else []
    result = {} if is_open else _result(request, shown)
    recorders = {position.recorded_by_id for position in result.get("page", [])}
    names = shown_names(place, {shown.opened_by_id, *recorders})
    for position in result.get("page", []):
        position.recorder = names.get(position.recorded_by_id, "")
    own = None
    if place.member:
        own = Position.objects.filter(decision=shown, member=place.member).first()
    waiting = sum(side.waiting for side in sides)
    if form is None:
        form = PositionForm(instance=own, initial={"digest": shown.revision.digest})
    context = {
        "place": place,
        "decision": shown,
        "text": shown.text,
        "cited": cited_by(shown.revision),
        "taken_up": Response.objects.taken_up_in(decision=shown)[:PAGE_SIZE],
        "sides": sides,
        "asked_by": names.get(shown.opened_by_id, ""),
        "own": own,
        "form": form,
        "refusal": refusal,
        "may_take_position": may.can_take_position(place, shown, at=at, latest_number=shown.latest_number),
        "may_close": may.can_close_decision(place, shown, at=at, waiting_for=waiting),
        "may_withdraw": may.can_withdraw_decision(place, shown),
        "waiting": waiting,
        **result,
    }
    return render(request, "partnerships/decision.html", context, status=status)


def _result(request, shown):
    """Who stood where, objections first, so that dissent is seen; and what the sides add up to."""
    rows = Position.objects.counting(shown).select_related("member__person", "member__organization")
    page = page_of(request, rows.order_by("-choice", "at", "pk"))
    page.object_list = list(page.object_list)
    return {"page": page, "tallies": tallies(shown)}


def shown_names(place, people):
    """{person id: what the arena calls them} for those who are or were members here; one query."""
    members = Member.objects.filter(partnership=place.partnership, person__in=people)
    return {row.person_id: row.shown_name for row in members.select_related("person").order_by("joined_at")}


@login_required
@require_POST
def take_position(request, slug, pk):
    """Say where you stand on the words that were shown. What was typed is kept whatever happens."""
    place, shown = open_one(request, slug, pk)
    form = PositionForm(request.POST)
    if not form.is_valid():
        return _page(request, place, shown, form=form, status=422)
    try:
        actions.decisions.take_position(
            decision=shown, by=request.user, at=timezone.now(), **form.cleaned_data
        )
    except Refused as refused:
        return _page(request, place, shown, form=form, refusal=refused.answer, status=403)
    except Conflict as conflict:
        return _page(request, place, shown, form=form, refusal=no(conflict.sentence), status=409)
    messages.success(request, _("Your position is noted. You can change it until the decision closes."))
    return redirect("decision", slug, pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_position(request, slug, pk):
    """Write down what a member said on paper or by voice."""
    place, shown = open_one(request, slug, pk)
    may.can_record_positions(place, shown, at=timezone.now(), latest_number=shown.latest_number).enforce()
    in_person = Position.objects.filter(decision=shown, recorded_by=None).values("member")
    members = Member.objects.deciding().filter(partnership=place.partnership).exclude(pk__in=in_person)
    members = members.select_related("person", "organization")
    form = RecordPositionForm(
        request.POST or None, members=members, initial={"digest": shown.revision.digest}
    )
    if request.method == "POST" and form.is_valid():
        actions.decisions.take_position(
            decision=shown, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("It is written down, with your name beside it."))
        return redirect("decision", slug, pk)
    context = {"place": place, "decision": shown, "form": form}
    return render(request, "partnerships/record_position.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_decision(request, slug, pk):
    """Put the newest words of a text to the members."""
    place, text = open_text(request, slug, pk)
    latest = text.revisions.first()
    may.can_open_decision(
        place,
        text,
        revision=latest,
        latest=latest,
        members=members_per_side(place.partnership),
        open_decision=Decision.objects.open().filter(text=text).first(),
        rival=rival_of(text),
    ).enforce()
    latest.text = text
    form = OpenDecisionForm(request.POST or None, kind=text.kind, partnership=place.partnership)
    if request.method == "POST" and form.is_valid():
        shown = text.revisions.filter(number=_number(request.POST.get("number"))).first() or latest
        try:
            opened = actions.decisions.open_decision(
                revision=shown, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:  # somebody wrote on while the question was typed
            form.add_error(None, refused.answer.why_not)
        else:
            messages.success(request, _("The members are asked. They get a message now."))
            return redirect("decision", slug, opened.pk)
    rule = may.rule_of(place.partnership, round_of(text))
    context = {"place": place, "text": text, "latest": latest, "form": form, "rule": rule}
    return render(request, "partnerships/open_decision.html", context, status=422 if form.is_bound else 200)


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
