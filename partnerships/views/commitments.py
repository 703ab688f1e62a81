"""Commit: what members promise one another."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import actions
from ..forms.commitments import (
    AskCommitmentForm,
    CommitmentsFilter,
    DeclineCommitmentForm,
    OfferCommitmentForm,
    RenegotiateCommitmentForm,
    SettleCommitmentForm,
)
from ..models import Commitment, Member, Response
from ..rules import commitments as may
from .arena import PAGE_SIZE, open_arena, page_of

State = Commitment.State
STATES = {  # filter word -> the states it shows
    "waiting": [State.ASKED, State.OFFERED],
    "standing": [State.ACCEPTED, State.RENEGOTIATED],
    "kept": [State.KEPT],
    "missed": [State.MISSED],
    "ended": [State.WITHDRAWN, State.DECLINED],
}
COLOURS = {
    State.ASKED: "info",
    State.OFFERED: "info",
    State.ACCEPTED: "neutral",
    State.RENEGOTIATED: "warning",
    State.KEPT: "success",
    State.MISSED: "danger",
    State.WITHDRAWN: "neutral",
    State.DECLINED: "neutral",
}
WITH_OWNERS = ("member__person", "member__organization")


def _shown(commitments, arena):
    """The commitments with what a row shows beside them: the colour of the state, and whether it is overdue."""
    today = arena.overdue_by(timezone.localdate())
    for one in commitments:
        one.colour = COLOURS[one.state]
        one.overdue = one.state in may.STANDING and one.due_on is not None and one.due_on < today
    return commitments


def _rows(place, form):
    rows = Commitment.objects.filter(partnership=place.partnership).select_related(*WITH_OWNERS)
    chosen = form.cleaned_data if form.is_valid() else {}
    if chosen.get("state"):
        rows = rows.filter(state__in=STATES[chosen["state"]])
    if chosen.get("kind"):
        rows = rows.filter(kind=chosen["kind"])
    if chosen.get("side"):
        rows = rows.filter(member__side=chosen["side"])
    return rows


def _leaders(place):
    """Ids of the members who lead here, for the rule that nobody takes their own offer while another could."""
    return set(Member.objects.leading().filter(partnership=place.partnership).values_list("pk", flat=True))


def _waiting_for_me(place):
    """What this reader is asked for, has promised and let run late, or may take for the arena."""
    if not place.member:
        return []
    mine = Q(member=place.member)
    late = mine & Q(state__in=STATES["standing"], due_on__lte=timezone.localdate())
    wanted = mine & Q(state=State.ASKED) | late
    if place.leads:
        wanted |= Q(state=State.OFFERED)
    rows = Commitment.objects.filter(wanted, partnership=place.partnership).select_related(*WITH_OWNERS)
    found = list(rows.order_by("due_on", "created_at")[:50])
    if any(one.state == State.OFFERED and may.owns(place, one) for one in found):
        alone = not _leaders(place) - {place.member.pk}
        found = [one for one in found if alone or one.state != State.OFFERED or not may.owns(place, one)]
    return _shown(found, place.partnership)


@require_http_methods(["GET", "HEAD", "POST"])
def commitments(request, slug):
    """What is promised here, what waits for the reader, and a form to offer something."""
    place = open_arena(request, slug)
    form = OfferCommitmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        offered = actions.commitments.offer_commitment(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(
            request,
            _(
                "Thank you. The conveners and facilitators are told, and answer whether the partnership takes it."
            ),
        )
        return redirect("commitment", slug, offered.pk)
    filters = CommitmentsFilter(request.GET)
    page = page_of(request, _rows(place, filters))
    _shown(page.object_list, place.partnership)
    context = {
        "place": place,
        "form": form,
        "filters": filters,
        "filtered": any(request.GET.get(name) for name in filters.fields),
        "page": page,
        "waiting": _waiting_for_me(place),
        "may_offer": may.can_offer_commitment(place),
        "may_ask": may.can_ask_commitment(place),
    }
    return render(request, "partnerships/commitments.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_commitment(request, slug):
    """Ask a member for something."""
    place = open_arena(request, slug)
    may.can_ask_commitment(place).enforce()
    form = AskCommitmentForm(request.POST or None, place=place)
    if request.method == "POST" and form.is_valid():
        asked = actions.commitments.ask_commitment(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("They are asked. It is a promise when they say yes."))
        return redirect("commitment", slug, asked.pk)
    context = {"place": place, "form": form}
    return render(request, "partnerships/ask_commitment.html", context, status=422 if form.is_bound else 200)


def _open(request, slug, pk):
    place = open_arena(request, slug)
    visible = Commitment.objects.visible_to(request.user).select_related(
        *WITH_OWNERS, "accepted_by", "recorded_by", "created_by"
    )
    return place, get_object_or_404(visible, pk=pk, partnership=place.partnership)


def _show(request, place, shown, *, status=200, **bound):
    """The page of one commitment, with every deed this reader may do to it; a bound form keeps what was typed."""
    others = bool(_leaders(place) - {shown.member_id}) if shown.state == State.OFFERED else True
    may_answer = may.can_answer_commitment(place, shown, other_leaders=others)
    context = {
        "place": place,
        "commitment": _shown([shown], place.partnership)[0],
        "history": shown.renegotiations.select_related("by"),
        "taken_up": Response.objects.taken_up_in(commitment=shown)[:PAGE_SIZE],
        "may_answer": may_answer,
        "may_record": not may_answer
        and bool(may.can_answer_commitment(place, shown, other_leaders=others, in_person=False)),
        "may_settle": may.can_settle_commitment(place, shown),
        "may_renegotiate": may.can_renegotiate_commitment(place, shown),
        "may_take_back": may.can_take_back_commitment(place, shown),
        "waits": shown.state in may.WAITING,
        "stands": shown.state in may.STANDING,
        "decline_form": DeclineCommitmentForm(),
        "settle_form": SettleCommitmentForm(prefix="settle"),
        "renegotiate_form": RenegotiateCommitmentForm(
            prefix="change", initial={"what": shown.what, "due_on": shown.due_on}
        ),
        **bound,
    }
    return render(request, "partnerships/commitment.html", context, status=status)


@require_safe
def commitment(request, slug, pk):
    """One commitment: who promised what, what became of it, and what it said before."""
    return _show(request, *_open(request, slug, pk))


def _recorded_for(request, shown):
    """The owner, when a leader writes down what they said on paper or by voice."""
    return shown.member if request.POST.get("recorded") else None


@login_required
@require_POST
def accept_commitment(request, slug, pk):
    """Take an offer for the arena, or accept what one was asked for."""
    _place, shown = _open(request, slug, pk)
    recorded_for = _recorded_for(request, shown)
    actions.commitments.accept_commitment(
        commitment=shown, by=request.user, at=timezone.now(), recorded_for=recorded_for
    )
    messages.success(request, _("It is a promise now."))
    return redirect("commitment", slug, pk)


@login_required
@require_POST
def decline_commitment(request, slug, pk):
    """Say no to an offer, or to what one was asked for."""
    place, shown = _open(request, slug, pk)
    form = DeclineCommitmentForm(request.POST)
    if not form.is_valid():
        return _show(request, place, shown, decline_form=form, status=422)
    actions.commitments.decline_commitment(
        commitment=shown,
        by=request.user,
        at=timezone.now(),
        recorded_for=_recorded_for(request, shown),
        **form.cleaned_data,
    )
    messages.success(request, _("The answer is no, and noted."))
    return redirect("commitment", slug, pk)


@login_required
@require_POST
def settle_commitment(request, slug, pk):
    """Say what became of a commitment."""
    place, shown = _open(request, slug, pk)
    form = SettleCommitmentForm(request.POST, prefix="settle")
    if not form.is_valid():
        return _show(request, place, shown, settle_form=form, status=422)
    actions.commitments.settle_commitment(
        commitment=shown, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("Thank you. It is noted, and the others are told."))
    return redirect("commitment", slug, pk)


@login_required
@require_POST
def take_back_commitment(request, slug, pk):
    """Take back an offer or a request that nobody has answered yet."""
    _place, shown = _open(request, slug, pk)
    actions.commitments.settle_commitment(
        commitment=shown, state=State.WITHDRAWN, note="", by=request.user, at=timezone.now()
    )
    messages.success(request, _("It is taken back."))
    return redirect("commitment", slug, pk)


@login_required
@require_POST
def renegotiate_commitment(request, slug, pk):
    """Change a standing commitment in the open."""
    place, shown = _open(request, slug, pk)
    form = RenegotiateCommitmentForm(request.POST, prefix="change")
    if not form.is_valid():
        return _show(request, place, shown, renegotiate_form=form, status=422)
    actions.commitments.renegotiate_commitment(
        commitment=shown, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("It is changed in the open, and the others are told."))
    return redirect("commitment", slug, pk)
