"""Say: what became of contributions, and what breaks the ground rules. The conversation itself: saying.py."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from .. import actions
from ..forms.contributions import HideContributionForm, ReportContributionForm, RespondForm
from ..models import Contribution
from ..rules import contributions as may
from .arena import open_arena


def _deed(request, slug, pk, form_class, action, done):
    """A small form of its own page that does one deed to one contribution and returns to its thread."""
    place = open_arena(request, slug)
    shown = get_object_or_404(
        Contribution.objects.visible_to(request.user).told().select_related("partnership"),
        pk=pk,
        partnership=place.partnership,
    )
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        action(contribution=shown, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, done)
        return redirect("contribution", slug, shown.pk)
    context = {"place": place, "form": form, "shown": shown}
    return render(
        request, f"partnerships/{action.__name__}.html", context, status=422 if form.is_bound else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def respond(request, slug, pk):
    """Answer what became of a contribution."""
    may.can_respond(open_arena(request, slug)).enforce()
    return _deed(request, slug, pk, RespondForm, actions.contributions.respond, _("The answer is given."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_contribution(request, slug, pk):
    """Point at what breaks the ground rules."""
    done = _("Thank you. The conveners have been told.")
    return _deed(request, slug, pk, ReportContributionForm, actions.contributions.report_contribution, done)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hide_contribution(request, slug, pk):
    """Hide a contribution with a public reason."""
    done = _("It is hidden. The reason stands in its place.")
    return _deed(request, slug, pk, HideContributionForm, actions.contributions.hide_contribution, done)


@login_required
@require_POST
def show_contribution(request, slug, pk):
    """Show a hidden contribution again."""
    place = open_arena(request, slug)
    shown = get_object_or_404(Contribution, pk=pk, partnership=place.partnership)
    actions.contributions.show_contribution(contribution=shown, by=request.user, at=timezone.now())
    return redirect("contribution", slug, shown.pk)


@login_required
@require_POST
def dismiss_reports(request, slug, pk):
    """Leave a reported contribution as it is."""
    place = open_arena(request, slug)
    shown = get_object_or_404(Contribution, pk=pk, partnership=place.partnership)
    actions.contributions.dismiss_reports(contribution=shown, by=request.user, at=timezone.now())
    messages.success(request, _("The reports are settled; it stays."))
    return redirect("contribution", slug, shown.pk)
