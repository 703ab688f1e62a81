"""The conveners' desk, the stages for everyone, and moving between them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from boundary.answer import YES
from partnerships import actions
from partnerships.rules import stages as may
from partnerships.rules.standing import leaders_only
from partnerships.stages import Stage, next_stage
from partnerships.views.arena import open_arena

from .. import dashboard
from .. import stages as gates
from ..arena import url_of_arena
from ..balance import balance
from ..deadlines import ahead
from ..desk.facts import facts_of_one
from ..desk.rows import COLOURS, where
from ..desk.urgency import health_of, needs_of
from ..stage_forms import BackForm, DueForm, EndForm, OnwardForm, WaiveForm, move_form

NEXT = 4  # deadlines under the timeline


def can_manage(place):
    """Those who lead act here; who keeps the platform's cases may look."""
    return YES if place.keeps_cases else leaders_only(place)


def _stage_facts(place):
    """The gate and the history, shown to leaders and to everyone."""
    arena = place.partnership
    history = dashboard.history_of(arena)
    visit = history.visits[-1] if history.visits else None
    gate = gates.gate(arena, waivers=visit.waivers.all() if visit else [])
    after = next_stage(arena.stage)
    return {
        "place": place,
        "history": history,
        "visit": visit,
        "gate": gate,
        "checklist": dashboard.checklist(gate, place),
        "met": dashboard.met_in_words(gate),
        "settled": len(gate.criteria) - len(gate.open_criteria),
        "next_step": dashboard.next_step(place, gate),
        "next_stage": after,
        "instruments": _instruments(place),
        "overdue": bool(visit and visit.due_on and visit.due_on < timezone.localdate()),
    }


def _instruments(place):
    """What the template knows to help in the present stage, for those who work in it."""
    arena = place.partnership
    works = place.member or place.keeps_cases
    return arena.template.instruments_in(arena.stage) if works and arena.template_id else []


@require_safe
def stages(request, slug):
    """How far the partnership is, for everyone: what it takes to go on, what was set aside and why, every visit."""
    return render(request, "cocreate/stages.html", _stage_facts(open_arena(request, slug)))


def _show(request, place, *, status=200, **bound):
    """The desk, with the form that was filled in as it was typed."""
    arena, slug = place.partnership, place.partnership.slug
    facts, at = _stage_facts(place), timezone.now()
    found = facts_of_one(place)
    needs, due = needs_of(found, at), ahead(at, partnership=arena)
    health = health_of(found, needs)
    after = facts["next_stage"]
    context = facts | {
        "may_move": may.can_move(place),
        "may_go_on": may.can_move_stage(place, after, facts["gate"], "") if after else None,
        "may_change_due": may.can_change_due(place),
        "onward_form": OnwardForm(partnership=arena) if after else None,
        "back_form": BackForm(partnership=arena) if arena.stage != Stage.INITIATE else None,
        "end_form": EndForm(partnership=arena) if after not in (None, Stage.CLOSED) else None,
        "waive_form": WaiveForm(gate=facts["gate"]),
        "due_form": DueForm(initial={"due_on": facts["visit"].due_on if facts["visit"] else None}),
        "facts": found,
        "health": (health.label, COLOURS[health]),
        "health_in_words": dashboard.health_in_words(found, needs, facts["gate"]),
        "needs": [(need.sentence, where(found, need), need.pressing) for need in needs],
        "unanswered": dashboard.waiting_longest(arena) if found.unanswered else [],
        "ahead": due,
        "next": NEXT,
        "beyond": due.beyond(NEXT),
        "links": {
            "say": url_of_arena("say", slug),
            "people": url_of_arena("people", slug),
            "desk": url_of_arena("desk", arena.platform.slug),
            "invitations": dashboard.first_url(("invitations", "people"), slug),
            "invite": dashboard.first_url(("invite", "draft_invitations"), slug),
        },
        "balance": balance(arena),
        **bound,
    }
    return render(request, "cocreate/manage.html", context, status=status)


@login_required
@require_safe
def manage(request, slug):
    """The conveners' desk: the next best step, the gate, what waits, who is heard."""
    place = open_arena(request, slug)
    can_manage(place).enforce()
    return _show(request, place)


@login_required
@require_POST
def advance(request, slug):
    """Move the partnership to another stage."""
    place = open_arena(request, slug)
    may.can_move(place).enforce()
    name, form = move_form(request.POST, place.partnership)
    if not form.is_valid():
        return _show(request, place, status=422, **{name: form})
    visit = gates.advance(
        partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(
        request, _("The partnership is now in the stage “%(stage)s”.") % {"stage": visit.get_stage_display()}
    )
    return redirect("manage", slug)


@login_required
@require_POST
def waive(request, slug):
    """Set a soft criterion aside with a public reason."""
    place = open_arena(request, slug)
    may.can_move(place).enforce()
    form = WaiveForm(request.POST, gate=gates.gate(place.partnership))
    if not form.is_valid():
        return _show(request, place, status=422, waive_form=form)
    gates.waive(partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("It is set aside. The reason stands beside it."))
    return redirect("manage", slug)


@login_required
@require_POST
def change_due(request, slug):
    """Change when the present stage is planned to be done."""
    place = open_arena(request, slug)
    may.can_change_due(place).enforce()
    form = DueForm(request.POST)
    if not form.is_valid():
        return _show(request, place, status=422, due_form=form)
    actions.stages.change_due(
        partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("The date is changed."))
    return redirect("manage", slug)
