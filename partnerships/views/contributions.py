"""Say: the conversation of an arena."""

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import actions
from ..forms.contributions import SayForm
from ..models import Contribution
from ..rules import answering as may_answer
from ..rules import contributions as may
from ..rules import moderation as may_moderate
from . import answering, moderation
from .answering import with_answers
from .arena import open_arena, page_of
from .ground import used_in


def threads(partnership, *, kind="", words=""):
    """First words of threads, newest first, each with its replies; filtered by kind and words."""
    replies = with_answers(Contribution.objects.order_by("created_at", "id"))
    rows = with_answers(Contribution.objects.filter(partnership=partnership, thread=None))
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
        "may_respond": may_answer.can_respond(place),
        "may_report": may_moderate.can_report_contribution(place),
    }
    return render(request, "partnerships/say.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def contribution(request, slug, pk):
    """One contribution in its thread, and a form to reply."""
    place = open_arena(request, slug)
    visible = with_answers(Contribution.objects.visible_to(request.user)).select_related("thread")
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
        "may_respond": may_answer.can_respond(place),
        "may_report": may_moderate.can_report_contribution(place),
        **answering.of_contribution(place, shown),
        **moderation.of_contribution(place, shown),
    }
    return render(request, "partnerships/contribution.html", context, status=422 if form.is_bound else 200)
