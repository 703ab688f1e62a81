"""Pausing a partnership and letting it go on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from boundary.answer import Conflict
from partnerships import actions
from partnerships.rules import stages as may
from partnerships.views.arena import open_arena

from .. import stages as gates
from ..stage_forms import PauseForm, ResumeForm
from .manage import lost, show_desk


@login_required
@require_POST
def pause_partnership(request, slug):
    """Let the partnership rest, with a public reason."""
    place = open_arena(request, slug)
    may.can_move(place).enforce()
    form = PauseForm(request.POST, partnership=place.partnership)
    if not form.is_valid():
        return show_desk(request, place, status=422, pause_form=form)
    facts = {"partnership": place.partnership, "by": request.user, "at": timezone.now()}
    try:
        actions.pauses.pause_partnership(**facts, **form.cleaned_data)
    except Conflict as conflict:
        return lost(request, slug, conflict, "pause_form", form)
    messages.success(request, _("The partnership is paused. Its members are told, with your reason."))
    return redirect("manage", slug)


@login_required
@require_POST
def resume(request, slug):
    """Let a paused partnership go on."""
    place = open_arena(request, slug)
    may.can_move(place).enforce()
    form = ResumeForm(request.POST)
    if not form.is_valid():
        return redirect("manage", slug)
    facts = {"partnership": place.partnership, "by": request.user, "at": timezone.now()}
    try:
        pause = gates.resume(**facts, **form.cleaned_data)
    except Conflict as conflict:
        return lost(request, slug, conflict, "", form)
    told = ngettext(
        "The partnership goes on. What was due moves on by %(days)s day.",
        "The partnership goes on. What was due moves on by %(days)s days.",
        pause.days,
    )
    messages.success(request, told % {"days": pause.days})
    return redirect("manage", slug)
