"""Prepare a partnership that nobody else sees yet, and open it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partnerships.rules.arenas import can_begin
from partnerships.rules.standing import conveners_only
from partnerships.views.arena import open_arena

from .. import preparing


@login_required
@require_safe
def prepare(request, slug):
    """The list of what to prepare, what is done, and the way to begin."""
    place = open_arena(request, slug)
    conveners_only(place).enforce()
    counts = preparing.counts_of(place.partnership)
    tasks = preparing.tasks_of(place.partnership, counts)
    flat = [task for _heading, some in tasks for task in some]
    context = {
        "tasks": tasks,
        "done": sum(task.done for task in flat),
        "all": len(flat),
        "next": next((task for task in flat if not task.done), None),
        "drafts": counts.drafts,
        "may_begin": can_begin(place, preparing.missing(tasks)),
    }
    return render(request, "cocreate/prepare.html", context)


@login_required
@require_POST
def begin(request, slug):
    """Open the partnership to those it is for; what is drafted is looked at and sent next."""
    place = open_arena(request, slug)
    conveners_only(place).enforce()
    preparing.begin(partnership=place.partnership, by=request.user, at=timezone.now())
    messages.success(request, _("The partnership has begun."))
    drafts = preparing.counts_of(place.partnership).drafts
    return redirect("send_invitations" if drafts else "manage", slug)
