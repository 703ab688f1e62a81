"""Commit: what members promise one another."""

import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import actions, load, resources
from ..forms.commitments import (
    AskCommitmentForm,
    CommitmentsFilter,
    DeclineCommitmentForm,
    OfferCommitmentForm,
    RenegotiateCommitmentForm,
    SettleCommitmentForm,
    as_typed,
    asked_for,
)
from ..forms.relief import AskReliefForm
from ..models import Commitment, Member, Relief, ReliefOffer, Response
from ..models.commitments import STANDING
from ..rules import commitments as may
from ..rules import relief as may_relieve
from ..rules.needs import can_ask_everyone
from ..rules.thanks import can_thank
from .arena import PAGE_SIZE, open_arena, page_of
from .decision_page import shown_names

State = Commitment.State
STATES = {  # filter word -> the states it shows
    "waiting": [State.ASKED, State.OFFERED],
    "standing": [State.ACCEPTED, State.RENEGOTIATED],
    "kept": [State.KEPT, State.PARTLY],
    "missed": [State.MISSED],
    "ended": [State.WITHDRAWN, State.DECLINED],
}
COLOURS = {
    State.ASKED: "info",
    State.OFFERED: "info",
    State.ACCEPTED: "neutral",
    State.RENEGOTIATED: "warning",
    State.KEPT: "success",
    State.PARTLY: "success",
    State.MISSED: "danger",
    State.WITHDRAWN: "neutral",
    State.DECLINED: "neutral",
}
WITH_OWNERS = ("member__person", "member__organization")


def _shown(commitments, arena):
    """The commitments with what a row shows beside them: the colour of the state, and whether its day has passed.

    Of what nobody has told yet, nobody says that it was missed.
    """
    today = arena.overdue_by(timezone.localdate())
    for one in commitments:
        one.colour = COLOURS[one.state]
        one.stands = one.state in may.STANDING
        one.untold = one.stands and one.due_on is not None and one.due_on < today
        one.is_left = one.stands and one.member.left_at is not None
    return commitments


def _open_reliefs(place):
    """Open requests for relief of a commitment that this reader may know of."""
    rows = Relief.objects.open().filter(commitment=OuterRef("pk"))
    if place.leads or place.keeps_cases:
        return rows
    return rows.filter(Q(openly=True) | Q(member=place.member) if place.member else Q(openly=True))


def _whose(rows, whose, place):
    if whose == "mine":
        return rows.filter(member=place.member) if place.member else rows.none()
    if whose == "left":
        return rows.filter(state__in=STANDING, member__left_at__isnull=False)
    if whose == "relief":
        return rows.filter(Q(hands_on=True) | Q(member__left_at__isnull=False), state__in=STANDING)
    return rows


def _due(rows, due, today):
    spans = {
        "past": {"due_on__lt": today, "state__in": STANDING},
        "week": {"due_on__range": (today, today + datetime.timedelta(days=7))},
        "month": {"due_on__range": (today, today + datetime.timedelta(days=30))},
        "none": {"due_on": None},
    }
    return rows.filter(**spans[due]) if due else rows


def _rows(place, form):
    rows = Commitment.objects.filter(partnership=place.partnership).select_related(*WITH_OWNERS)
    rows = rows.annotate(hands_on=Exists(_open_reliefs(place)))
    chosen = form.cleaned_data if form.is_valid() else getattr(form, "cleaned_data", {})
    if chosen.get("q"):
        rows = rows.filter(Q(what__icontains=chosen["q"]) | Q(unit__icontains=chosen["q"]))
    if chosen.get("state"):
        rows = rows.filter(state__in=STATES[chosen["state"]])
    if chosen.get("kind"):
        rows = rows.filter(kind=chosen["kind"])
    if chosen.get("side"):
        rows = rows.filter(member__side=chosen["side"])
    if chosen.get("step"):
        rows = rows.filter(step_number=chosen["step"])
    today = place.partnership.overdue_by(timezone.localdate())
    return _due(_whose(rows, chosen.get("whose"), place), chosen.get("due"), today)


def _totals(partnership):
    """How the promises of a partnership stand, counted in one query, and the steps that some of them are for."""
    today = partnership.overdue_by(timezone.localdate())
    stands = Q(state__in=STANDING)
    return Commitment.objects.filter(partnership=partnership).aggregate(
        steps=ArrayAgg("step_number", filter=Q(step_number__isnull=False), distinct=True, default=[]),
        stand=Count("pk", filter=stands),
        untold=Count("pk", filter=stands & Q(due_on__lt=today)),
        left=Count("pk", filter=stands & Q(member__left_at__isnull=False)),
        kept=Count("pk", filter=Q(state=State.KEPT)),
        partly=Count("pk", filter=Q(state=State.PARTLY)),
        missed=Count("pk", filter=Q(state=State.MISSED)),
    )


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
    form = OfferCommitmentForm(request.POST or None, initial=asked_for(request.GET))
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
    totals = _totals(place.partnership)
    filters = CommitmentsFilter(request.GET, steps=sorted(totals["steps"]))
    page = page_of(request, _rows(place, filters))
    _shown(page.object_list, place.partnership)
    needs = resources.of_needs(place.partnership)
    context = {
        "place": place,
        "form": form,
        "filters": filters,
        "filtered": any(request.GET.get(name) for name in filters.fields),
        "page": page,
        "totals": totals,
        "needs": needs,
        "lines": resources.table(needs),
        "waiting": _waiting_for_me(place),
        "help_offered": _help_offered(place),
        "much": load.much_of(place, timezone.localdate()),
        "may_offer": may.can_offer_commitment(place),
        "may_ask": may.can_ask_commitment(place),
        "may_ask_everyone": can_ask_everyone(place),
        "may_see_much": may_relieve.can_see_who_carries_much(place),
    }
    return render(request, "partnerships/commitments.html", context, status=422 if form.is_bound else 200)


def _help_offered(place):
    """Help that this reader is offered and has not answered, or None."""
    if place.member is None:
        return None
    waiting = ReliefOffer.objects.filter(member=place.member, answered_at=None)
    return waiting.select_related("by__person").first()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_commitment(request, slug):
    """Ask a member for something."""
    place = open_arena(request, slug)
    may.can_ask_commitment(place).enforce()
    form = AskCommitmentForm(request.POST or None, place=place, initial=asked_for(request.GET))
    if request.method == "POST" and form.is_valid():
        asked = actions.commitments.ask_commitment(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("They are asked. It is a promise when they say yes."))
        return redirect("commitment", slug, asked.pk)
    context = {"place": place, "form": form}
    return render(request, "partnerships/ask_commitment.html", context, status=422 if form.is_bound else 200)


def open_one(request, slug, pk):
    """The Place of this reader, and the commitment of this partnership; otherwise 404."""
    place = open_arena(request, slug)
    visible = Commitment.objects.visible_to(request.user).select_related(*WITH_OWNERS, "need")
    return place, get_object_or_404(visible, pk=pk, partnership=place.partnership)


def _history(place, shown):
    """What was changed in the open and who handed it on, oldest first, each with the name the arena calls people."""
    changes = list(shown.renegotiations.all())
    handed_on = [
        one
        for one in shown.reliefs.select_related("member__person", "taken_by__person")
        if one.taken_by_id or may_relieve.is_told(place, one)
    ]
    people = {change.by_id for change in changes} | {
        shown.created_by_id,
        shown.accepted_by_id,
        shown.recorded_by_id,
    }
    names = shown_names(place, people - {None})
    for change in changes:
        change.name = names.get(change.by_id, "")
    told = [(one.at, one) for one in changes] + [(one.ended_at, one) for one in handed_on if one.taken_by_id]
    return {
        "history": [one for _at, one in sorted(told, key=lambda pair: pair[0])],
        "relief": next((one for one in handed_on if one.ended_at is None), None),
        "first_owner": next((one.member for one in handed_on if one.taken_by_id), shown.member),
        "asker": names.get(shown.created_by_id, ""),
        "accepter": names.get(shown.accepted_by_id, ""),
        "recorder": names.get(shown.recorded_by_id, ""),
    }


def show(request, place, shown, *, status=200, **bound):
    """The page of one commitment, with every deed this reader may do to it; a bound form keeps what was typed."""
    others = bool(_leaders(place) - {shown.member_id}) if shown.state == State.OFFERED else True
    may_answer = may.can_answer_commitment(place, shown, other_leaders=others)
    history, thanks = _history(place, shown), list(shown.thanks.select_related("by__person"))
    relief, mine = history["relief"], place.member and place.member.pk
    context = {
        "place": place,
        "commitment": _shown([shown], place.partnership)[0],
        **history,
        "thanks": [one for one in thanks if one.shown or mine in (one.to_id, one.by_id)],
        "may_thank": can_thank(
            place, shown.member, commitment=shown, thanked=any(one.by_id == mine for one in thanks)
        ),
        "may_ask_relief": may_relieve.can_ask_relief(place, shown, waiting=relief is not None),
        "may_end_relief": bool(relief) and may_relieve.can_end_relief(place, relief),
        "may_take_over": may_relieve.can_take_over(place, shown, relief=relief),
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
        "settle_form": SettleCommitmentForm(prefix="settle", commitment=shown),
        "relief_form": AskReliefForm(prefix="relief"),
        "renegotiate_form": RenegotiateCommitmentForm(
            prefix="change",
            commitment=shown,
            initial={"what": shown.what, "due_on": shown.due_on, "amount": as_typed(shown.amount)},
        ),
        **bound,
    }
    return render(request, "partnerships/commitment.html", context, status=status)


@require_safe
def commitment(request, slug, pk):
    """One commitment: who promised what, what became of it, and what it said before."""
    return show(request, *open_one(request, slug, pk))


def _recorded_for(request, shown):
    """The owner, when a leader writes down what they said on paper or by voice."""
    return shown.member if request.POST.get("recorded") else None


@login_required
@require_POST
def accept_commitment(request, slug, pk):
    """Take an offer for the arena, or accept what one was asked for."""
    _place, shown = open_one(request, slug, pk)
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
    place, shown = open_one(request, slug, pk)
    form = DeclineCommitmentForm(request.POST)
    if not form.is_valid():
        return show(request, place, shown, decline_form=form, status=422)
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
    place, shown = open_one(request, slug, pk)
    form = SettleCommitmentForm(request.POST, prefix="settle", commitment=shown)
    if not form.is_valid():
        return show(request, place, shown, settle_form=form, status=422)
    actions.commitments.settle_commitment(
        commitment=shown, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("Thank you. It is noted, and the others are told."))
    return redirect("commitment", slug, pk)


@login_required
@require_POST
def take_back_commitment(request, slug, pk):
    """Take back an offer or a request that nobody has answered yet."""
    _place, shown = open_one(request, slug, pk)
    actions.commitments.settle_commitment(
        commitment=shown, state=State.WITHDRAWN, note="", by=request.user, at=timezone.now()
    )
    messages.success(request, _("It is taken back."))
    return redirect("commitment", slug, pk)


@login_required
@require_POST
def renegotiate_commitment(request, slug, pk):
    """Change a standing commitment in the open."""
    place, shown = open_one(request, slug, pk)
    form = RenegotiateCommitmentForm(request.POST, prefix="change", commitment=shown)
    if not form.is_valid():
        return show(request, place, shown, renegotiate_form=form, status=422)
    actions.commitments.renegotiate_commitment(
        commitment=shown, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("It is changed in the open, and the others are told."))
    return redirect("commitment", slug, pk)
