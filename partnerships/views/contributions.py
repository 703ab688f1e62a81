"""Say: the conversation of an arena."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from .. import actions
from ..forms.contributions import HideContributionForm, ReportContributionForm, RespondForm, SayForm
from ..models import Contribution
from ..rules import contributions as may
from .arena import open_arena, page_of
from .ground import used_in

WITH_AUTHORS = ("member__person", "member__organization", "response__by", "meeting")


def threads(partnership, *, kind="", words=""):
    """First words of threads, newest first, each with its replies; filtered by kind and words."""
    replies = Contribution.objects.select_related(*WITH_AUTHORS).order_by("created_at", "id")
    rows = Contribution.objects.filter(partnership=partnership, thread=None).select_related(*WITH_AUTHORS)
    rows = rows.filter(kind=kind) if kind in Contribution.Kind.values else rows
    rows = rows.filter(body__icontains=words) if words else rows
    return rows.prefetch_related(Prefetch("in_thread", queryset=replies, to_attr="thread_replies"))


@require_http_methods(["GET", "HEAD", "POST"])
def say(request, slug):
    """The conversation, and a form to add to it."""
    place = open_arena(request, slug)
    form = SayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.contributions.say(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Thank you. Everyone who reads this partnership can read it now."))
        return redirect("say", slug)
    kind, words = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    context = {
        "place": place,
        "form": form,
        "page": page_of(request, threads(place.partnership, kind=kind, words=words)),
        "kinds": Contribution.Kind.choices,
        "kind": kind,
        "q": words,
        "may_say": may.can_say(place),
        "may_respond": may.can_respond(place),
        "may_report": may.can_report_contribution(place),
    }
    return render(request, "partnerships/say.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def contribution(request, slug, pk):
    """One contribution in its thread, and a form to reply."""
    place = open_arena(request, slug)
    visible = Contribution.objects.visible_to(request.user).select_related(*WITH_AUTHORS, "thread")
    shown = get_object_or_404(visible, pk=pk, partnership=place.partnership)
    form = SayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = actions.contributions.say(
            partnership=place.partnership,
            reply_to=shown,
            by=request.user,
            at=timezone.now(),
            **form.cleaned_data,
        )
        return redirect(f"{reverse('contribution', args=[slug, (shown.thread_id or shown.pk)])}#c-{said.pk}")
    first = get_object_or_404(threads(place.partnership), pk=shown.thread_id or shown.pk)
    context = {
        "place": place,
        "form": form,
        "first": first,
        "shown": shown,
        "used_in": used_in(shown),
        "may_say": may.can_say(place),
        "may_respond": may.can_respond(place),
        "may_report": may.can_report_contribution(place),
    }
    return render(request, "partnerships/contribution.html", context, status=422 if form.is_bound else 200)


def _deed(request, slug, pk, form_class, action, done):
    """A small form of its own page that does one deed to one contribution and returns to its thread."""
    place = open_arena(request, slug)
    shown = get_object_or_404(
        Contribution.objects.visible_to(request.user).select_related(*WITH_AUTHORS, "partnership"),
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
