"""The conveners' desk, the stages for everyone, and moving between them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from boundary.answer import YES, Conflict
from partnerships import actions
from partnerships.rules import pauses as may_pause
from partnerships.rules import stages as may
from partnerships.rules.standing import leaders_only
from partnerships.rules.waivers import halves
from partnerships.stages import Stage, next_stage
from partnerships.views.arena import open_arena
from solutions.handovers import receivers

from .. import dashboard
from .. import stages as gates
from ..arena import url_of_arena
from ..balance import balance
from ..deadlines import ahead
from ..desk.facts import facts_of_one
from ..desk.rows import COLOURS, where
from ..desk.urgency import health_of, needs_of
from ..stage_forms import BackForm, DueForm, EndForm, OnwardForm, PauseForm, WaiveForm, move_form

NEXT = 4  # deadlines under the timeline


def can_manage(place):
    """Those who lead act here; who keeps the platform's cases may look."""
    return YES if place.keeps_cases else leaders_only(place)


def _stage_facts(place):
    """The gate and the history, shown to leaders and to everyone."""
    arena = place.partnership
    history = dashboard.history_of(arena, timezone.now())
    visit = history.visits[-1] if history.visits else None
    gate = gates.gate(arena, waivers=visit.waived if visit else [])
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
        "overdue": bool(visit and visit.due_on and visit.due_on < arena.overdue_by(timezone.localdate())),
        "instruments": _instruments(place),
        "together": _may_be_signed(place, gate),
        "account": getattr(visit, "account", None),
    }


def _instruments(place):
    """What the template knows to help in the present stage, for those who work in it."""
    arena = place.partnership
    works = place.member or place.keeps_cases
    return arena.template.instruments_in(arena.stage) if works and arena.template_id else []


def _may_be_signed(place, gate):
    """Open criteria that two sides may set aside, where this reader is of one of them: [(criterion, address)]."""
    wanted = [one for one in gate.criteria if one.together and not one.met and not gate.sets_aside(one)]
    if not wanted or place.person is None:
        return []
    if not halves(place, place.person.pk in receivers(place.partnership)):
        return []
    slug = place.partnership.slug
    return [(one, url_of_arena("waive_together", slug, one.key)) for one in wanted]


@require_safe
def stages(request, slug):
    """How far the partnership is, for everyone: what it takes to go on, what was set aside and why, every visit."""
    return render(request, "cocreate/stages.html", _stage_facts(open_arena(request, slug)))


def show_desk(request, place, *, status=200, typed=None, **bound):
    """The desk, with the form that was filled in as it was typed.

    typed: {name of a form: what was typed there}, for a form that is made anew because somebody was faster.
    """
    arena, slug, typed = place.partnership, place.partnership.slug, typed or {}
    facts, at = _stage_facts(place), timezone.now()
    found = facts_of_one(place)
    needs, due = needs_of(found, at), ahead(at, partnership=arena)
    health = health_of(found, needs)
    after = facts["next_stage"]
    initial = {name: {"initial": typed.get(name, {})} for name in FORMS}
    context = facts | {
        "may_move": may.can_move(place),
        "may_go_on": may.can_move_stage(place, after, facts["gate"], "", "?") if after else None,
        "may_change_due": may.can_change_due(place),
        "may_pause": may_pause.can_pause(place),
        "may_resume": may_pause.can_resume(place),
        "onward_form": OnwardForm(partnership=arena, **initial["onward_form"]) if after else None,
        "back_form": BackForm(partnership=arena, **initial["back_form"])
        if arena.stage != Stage.INITIATE
        else None,
        "end_form": EndForm(partnership=arena, **initial["end_form"])
        if after not in (None, Stage.CLOSED)
        else None,
        "pause_form": PauseForm(partnership=arena, **initial["pause_form"]),
        "waive_form": WaiveForm(gate=facts["gate"], partnership=arena, **initial["waive_form"]),
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
        "typed": typed,
        "lost": "",
        **bound,
    }
    return render(request, "cocreate/manage.html", context, status=status)


FORMS = ("onward_form", "back_form", "end_form", "pause_form", "waive_form")


def lost(request, slug, conflict, name, form):
    """The desk as it stands now, for the loser of a race, with the words they typed."""
    place = open_arena(request, slug)
    kept = {
        key: form.cleaned_data[key]
        for key in ("reason", "key", "look_again_on")
        if form.cleaned_data.get(key)
    }
    return show_desk(request, place, status=409, typed={name: kept}, lost=conflict.sentence)


@login_required
@require_safe
def manage(request, slug):
    """The conveners' desk: the next best step, the gate, what waits, who is heard."""
    place = open_arena(request, slug)
    can_manage(place).enforce()
    return show_desk(request, place)


@login_required
@require_POST
def advance(request, slug):
    """Move the partnership to another stage."""
    place = open_arena(request, slug)
    may.can_move(place).enforce()
    name, form = move_form(request.POST, place.partnership)
    if not form.is_valid():
        return show_desk(request, place, status=422, **{name: form})
    try:
        visit = gates.advance(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
        )
    except Conflict as conflict:
        return lost(request, slug, conflict, name, form)
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
    arena = place.partnership
    form = WaiveForm(request.POST, gate=gates.gate(arena), partnership=arena)
    if not form.is_valid():
        return show_desk(request, place, status=422, waive_form=form)
    try:
        gates.waive(partnership=arena, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Conflict as conflict:
        return lost(request, slug, conflict, "waive_form", form)
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
        return show_desk(request, place, status=422, due_form=form)
    actions.stages.change_due(
        partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("The date is changed."))
    return redirect("manage", slug)
