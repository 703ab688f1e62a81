"""What the plan needs, and how far it is covered: as a page to read and to print, and a form for each step."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships import actions
from partnerships.forms.commitments import asked_for
from partnerships.forms.needs import AskEveryoneForm
from partnerships.resources import besides_needs, of_needs, table
from partnerships.rules.needs import can_ask_everyone
from partnerships.views.arena import open_arena

from ..models import Step


@require_safe
def resources(request, slug):
    """What is needed, promised and delivered, per kind and side; then each need with the step that it is for."""
    place = open_arena(request, slug)
    needs, besides = of_needs(place.partnership), list(besides_needs(place.partnership))
    steps = dict(Step.objects.filter(partnership=place.partnership).values_list("number", "what"))
    parts = {}
    for need in needs:
        parts.setdefault(need.step_number or 0, []).append(need)
    context = {
        "place": place,
        "lines": table(needs),
        "free": table([], besides),
        "besides": besides,
        "parts": [(number, steps.get(number, ""), found) for number, found in sorted(parts.items())],
        "may_ask_everyone": can_ask_everyone(place),
    }
    return render(request, "solutions/resources.html", context)


@require_safe
def step_numbered(request, slug, number):
    """The step of the plan with this number."""
    place = open_arena(request, slug)
    found = get_object_or_404(Step, partnership=place.partnership, number=number)
    return redirect("step", slug, found.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_step(request, slug, pk):
    """Say what a step needs, so that everybody can offer it."""
    place = open_arena(request, slug)
    step = get_object_or_404(Step, pk=pk, partnership=place.partnership)
    can_ask_everyone(place).enforce()
    form = AskEveryoneForm(request.POST or None, initial={"due_on": step.due_on, **asked_for(request.GET)})
    if request.method == "POST" and form.is_valid():
        asked = actions.needs.ask_everyone(
            partnership=place.partnership,
            step_number=step.number,
            by=request.user,
            at=timezone.now(),
            **form.cleaned_data,
        )
        messages.success(request, _("Everybody with a say is told, and can offer all of it or a part."))
        return redirect("need", slug, asked.pk)
    context = {"place": place, "form": form, "step": step}
    return render(request, "solutions/ask_for_step.html", context, status=422 if form.is_bound else 200)
