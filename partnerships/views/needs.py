"""What is needed of everyone, and what members offer of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import actions, resources
from ..forms.commitments import asked_for
from ..forms.needs import AnswerNeedForm, AskEveryoneForm, CloseNeedForm
from ..models import Need
from ..rules import needs as may
from .arena import open_arena


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_everyone(request, slug):
    """Say what is needed, so that everybody can offer it."""
    place = open_arena(request, slug)
    may.can_ask_everyone(place).enforce()
    form = AskEveryoneForm(request.POST or None, initial=asked_for(request.GET))
    if request.method == "POST" and form.is_valid():
        asked = actions.needs.ask_everyone(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Everybody with a say is told, and can offer all of it or a part."))
        return redirect("need", slug, asked.pk)
    context = {"place": place, "form": form}
    return render(request, "partnerships/ask_everyone.html", context, status=422 if form.is_bound else 200)


def _open(request, slug, pk):
    place = open_arena(request, slug)
    rows = Need.objects.visible_to(request.user)
    found = get_object_or_404(rows, pk=pk, partnership=place.partnership)
    return place, resources.covered([found])[0]


def _show(request, place, shown, *, status=200, **bound):
    context = {
        "place": place,
        "need": shown,
        "may_answer": may.can_answer_need(place, shown),
        "may_close": may.can_close_need(place, shown),
        "form": AnswerNeedForm(need=shown),
        "close_form": CloseNeedForm(prefix="close"),
        **bound,
    }
    return render(request, "partnerships/need.html", context, status=status)


@require_safe
def need(request, slug, pk):
    """One need: how much of it is promised, by whom, what is missing; and the form to offer it."""
    return _show(request, *_open(request, slug, pk))


@login_required
@require_POST
def answer_need(request, slug, pk):
    """Offer all of what is needed, or a part."""
    place, shown = _open(request, slug, pk)
    form = AnswerNeedForm(request.POST, need=shown)
    if not form.is_valid():
        return _show(request, place, shown, form=form, status=422)
    offered = actions.needs.answer_need(need=shown, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(
        request,
        _("Thank you. The conveners and facilitators are told, and answer whether the partnership takes it."),
    )
    return redirect("commitment", slug, offered.pk)


@login_required
@require_POST
def close_need(request, slug, pk):
    """Say that it is needed no longer."""
    place, shown = _open(request, slug, pk)
    form = CloseNeedForm(request.POST, prefix="close")
    if not form.is_valid():
        return _show(request, place, shown, close_form=form, status=422)
    actions.needs.close_need(need=shown, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("It is needed no longer. What was promised for it stands."))
    return redirect("need", slug, pk)
