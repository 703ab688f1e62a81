"""Implementation: the plan, who owns which step, how it goes, and what is measured."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actors.models import Side
from partnerships.models import Commitment, Member
from partnerships.resources import of_needs
from partnerships.rules.commitments import can_answer_commitment
from partnerships.rules.needs import can_ask_everyone
from partnerships.views.arena import open_arena, page_of
from problems.models import Indicator

from .. import actions, handovers
from ..facts import today_in
from ..forms.plan import AskOwnerForm, MeasureForm, ReportForm, StepForm
from ..models import HAVING_A_PART, OWNING, Measurement, Ownership, Step, StepStatus
from ..rules import handovers as may_hand_over
from ..rules import plan as may

COLOURS = {
    StepStatus.UNDER_WAY: "info",
    StepStatus.DONE: "success",
    StepStatus.DELAYED: "warning",
    StepStatus.STOPPED: "neutral",
}


def with_owners(steps):
    """Steps with their last report and with everyone who owns them, was asked, or has offered."""
    parts = (
        Ownership.objects.filter(commitment__state__in=HAVING_A_PART)
        .select_related("commitment__member__person", "commitment__member__organization")
        .order_by("commitment__created_at")
    )
    return (
        steps.with_last_report()
        .select_related("condition_of__request__body", "handover__accountable")
        .prefetch_related(Prefetch("ownerships", queryset=parts, to_attr="parts"))
    )


def shown(step, today):
    """A step as its page and its list show it: status in a word and a colour, owners apart from those asked."""
    status = StepStatus(step.last_status) if step.last_status else None
    step.colour, step.status = (COLOURS[status], status.label) if status else ("neutral", _("No report yet"))
    step.is_overdue = step.overdue(today)
    step.owners = [part.commitment for part in step.parts if part.commitment.state in OWNING]
    step.waiting = [part.commitment for part in step.parts if part.commitment.state not in OWNING]
    return step


def sides_owning(partnership):
    """(members of the public side, of the non-public side) who own a step of the plan, in one query."""
    owner = Q(ownerships__commitment__state__in=OWNING)
    side = "ownerships__commitment__member__side"
    member = "ownerships__commitment__member"
    found = Step.objects.filter(partnership=partnership).aggregate(
        public=Count(member, filter=owner & Q(**{side: Side.PUBLIC}), distinct=True),
        non_public=Count(member, filter=owner & Q(**{side: Side.NON_PUBLIC}), distinct=True),
    )
    return found["public"], found["non_public"]


@require_safe
def implementation(request, slug):
    """The plan: steps with their owners from both sides, what is late, and whether it works."""
    place = open_arena(request, slug)
    public, non_public = sides_owning(place.partnership)
    today = place.partnership.overdue_by(today_in(place.partnership.time_zone))
    rows = with_owners(Step.objects.filter(partnership=place.partnership)).order_by("number")
    page = page_of(request, rows)
    page.object_list = [shown(step, today) for step in page.object_list]
    context = {
        "place": place,
        "page": page,
        "public": public,
        "non_public": non_public,
        "measured": _measured(place.partnership),
        "may_plan": may.can_plan(place),
        "may_measure": may.can_measure(place),
    }
    return render(request, "solutions/implementation.html", context)


def _measured(partnership):
    """Indicators with what was measured, oldest first; the last few of each."""
    values = Measurement.objects.order_by("measured_on", "entered_at")
    indicators = Indicator.objects.filter(partnership=partnership)[:100]
    return indicators.prefetch_related(Prefetch("measurements", queryset=values, to_attr="values"))


def _found(request, slug, pk):
    """The Place of this reader and the step, with its owners."""
    place = open_arena(request, slug)
    rows = with_owners(Step.objects.filter(partnership=place.partnership))
    today = place.partnership.overdue_by(today_in(place.partnership.time_zone))
    found = shown(get_object_or_404(rows, pk=pk), today)
    found.partnership = place.partnership
    return place, found


def _mine(place, commitments):
    """Those of the commitments that are this reader's own."""
    return [one for one in commitments if place.member and one.member_id == place.member.pk]


@require_safe
def step(request, slug, pk):
    """One step: its owners, what they report, and what this reader can do about it."""
    place, found = _found(request, slug, pk)
    return _show_step(request, place, found, ReportForm())


def _waiting(place, commitments):
    """[(commitment, whether this reader may answer it)]: one's own offer only where nobody else leads."""
    offers_alone = place.leads and any(
        one.state == Commitment.State.OFFERED for one in _mine(place, commitments)
    )
    if offers_alone:
        others = Member.objects.leading().filter(partnership=place.partnership).exclude(pk=place.member.pk)
        offers_alone = not others.exists()
    return [(one, can_answer_commitment(place, one, other_leaders=not offers_alone)) for one in commitments]


def _show_step(request, place, found, form):
    owns = bool(_mine(place, found.owners))
    has_part = owns or bool(_mine(place, found.waiting))
    context = {
        "place": place,
        "step": found,
        "form": form,
        "page": page_of(request, found.reports.select_related("member__person", "member__organization")),
        "waiting": _waiting(place, found.waiting),
        "may_plan": may.can_plan(place),
        "has_part": has_part,
        "may_own": may.can_own(place, owns=has_part),
        "may_ask": may.can_ask_owner(place),
        "may_report": may.can_report_step(place, owns),
        "needs": of_needs(place.partnership, step_number=found.number),
        "may_ask_everyone": can_ask_everyone(place),
        **_handover_facts(place, found, has_part),
    }
    return render(request, "solutions/step.html", context, status=422 if form.is_bound else 200)


def _handover_facts(place, found, has_part):
    """What is said about the step having been a public task before, what it lacks, and what this reader may do."""
    handover = getattr(found, "handover", None)
    owners = [one for one in (*found.owners, *found.waiting) if one.member.side == Side.NON_PUBLIC]
    asked = [one for one in owners if one.state == Commitment.State.ASKED]
    taken = [one for one in owners if one.state != Commitment.State.OFFERED]
    if handover:
        handover.gaps = (
            list(handovers.gaps(handover.percent, bool(asked), handover.accountable_id, place.partnership))
            if taken
            else []
        )
    return {
        "handover": handover,
        "may_mark_handover": may_hand_over.can_mark_handover(place, handover, owns=has_part),
        "may_withdraw_handover": may_hand_over.can_withdraw_handover(place, handover) if handover else None,
    }


@login_required
@require_POST
def report_step(request, slug, pk):
    """Tell how the step is going."""
    place, found = _found(request, slug, pk)
    may.can_report_step(place, bool(_mine(place, found.owners))).enforce()
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _show_step(request, place, found, form)
    actions.report_step(step=found, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Thank you. Your report is in the plan."))
    return redirect("step", slug, pk)


@login_required
@require_POST
def own_step(request, slug, pk):
    """Take the step on oneself."""
    _place, found = _found(request, slug, pk)
    actions.own_step(step=found, by=request.user, at=timezone.now())
    messages.success(request, _("Thank you. A convener takes your offer for the partnership."))
    return redirect("step", slug, pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_step(request, slug):
    """Put a step in the plan."""
    place = open_arena(request, slug)
    may.can_plan(place).enforce()
    form = StepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.plan_step(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("The step is in the plan. Now find its owners."))
        return redirect("step", slug, made.pk)
    context = {"place": place, "form": form}
    return render(request, "solutions/plan_step.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_step(request, slug, pk):
    """Move the step's day or say it better; the old day stays in the record."""
    place, found = _found(request, slug, pk)
    may.can_plan(place).enforce()
    form = StepForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        actions.change_step(step=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The step is changed. The old day stays in the record."))
        return redirect("step", slug, pk)
    context = {"place": place, "form": form, "step": found}
    return render(request, "solutions/change_step.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_owner(request, slug, pk):
    """Ask a member to own the step."""
    place, found = _found(request, slug, pk)
    may.can_ask_owner(place).enforce()
    has_part = [one.member_id for one in [*found.owners, *found.waiting]]
    members = Member.objects.deciding().filter(partnership=place.partnership).exclude(pk__in=has_part)
    members = members.select_related("person", "organization").order_by("person__sort_key")
    form = AskOwnerForm(request.POST or None, members=members)
    if request.method == "POST" and form.is_valid():
        actions.ask_owner(step=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("They are asked. The step is theirs when they say yes."))
        return redirect("step", slug, pk)
    context = {"place": place, "form": form, "step": found}
    return render(request, "solutions/ask_owner.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def measure(request, slug, pk):
    """Enter what was measured, with its source."""
    place = open_arena(request, slug)
    indicator = get_object_or_404(Indicator, pk=pk, partnership=place.partnership)
    may.can_measure(place).enforce()
    today = today_in(place.partnership.time_zone)
    form = MeasureForm(request.POST or None, today=today, initial={"measured_on": today})
    if request.method == "POST" and form.is_valid():
        actions.measure(indicator=indicator, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The value is entered."))
        return redirect("implementation", slug)
    context = {"place": place, "form": form, "indicator": indicator}
    return render(request, "solutions/measure.html", context, status=422 if form.is_bound else 200)
