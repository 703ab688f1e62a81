"""Whether a step was a public task before."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.views.arena import open_arena

from .. import actions
from ..forms.handovers import HandoverForm
from ..models import Handover, Step
from ..rules import handovers as may


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mark_handover(request, slug, pk):
    """Say that a step was a public task before, or correct what is said about it."""
    place = open_arena(request, slug)
    step = get_object_or_404(Step, pk=pk, partnership=place.partnership)
    handover = Handover.objects.filter(step=step).first()
    owns = bool(place.member and step.has_part(place.member))
    may.can_mark_handover(place, handover, owns=owns).enforce()
    data = request.POST if request.method == "POST" else None
    may_say_why = may.can_say_why(place, handover)
    form = HandoverForm(data, instance=handover, partnership=place.partnership, may_say_why=may_say_why)
    if request.method == "POST" and form.is_valid():
        actions.mark_handover(step=step, by=request.user, at=timezone.now(), **form.cleaned_data)
        if not may_say_why and "why" in request.POST:  # typed before somebody contested it
            messages.info(request, may_say_why.why_not)
        messages.success(request, _("It stands with the step. What was signed about other facts is over."))
        return redirect("step", slug, pk)
    context = {
        "place": place,
        "step": step,
        "form": form,
        "contests": may.contests(place),
        "handover": handover,
    }
    return render(request, "solutions/mark_handover.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def withdraw_handover(request, slug, pk):
    """Take back that a step was a public task before."""
    place = open_arena(request, slug)
    handover = get_object_or_404(Handover, step=pk, step__partnership=place.partnership)
    actions.withdraw_handover(handover=handover, by=request.user, at=timezone.now())
    messages.success(request, _("It is taken back."))
    return redirect("step", slug, pk)
