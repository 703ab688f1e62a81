"""Substitutes: who stands in for whom, naming one, answering, ending it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from boundary.answer import Refused

from .. import actions
from ..actions.substitutes import busy, standing_of
from ..forms.substitutes import SubstituteForm
from ..models import Member, Substitution
from ..rules import substitutes as may
from .arena import open_arena, page_of

State = Substitution.State
NAMES = ("member__person", "member__organization", "substitute__person", "substitute__organization")


@require_http_methods(["GET", "HEAD", "POST"])
def substitutes(request, slug):
    """Who stands in for whom; for a member with a say, the way to name somebody for their own seat."""
    place, at = open_arena(request, slug), timezone.now()
    answer = may.can_have_substitute(place, **standing_of(place, at))
    form = SubstituteForm(
        request.POST if request.method == "POST" else None,
        partnership=place.partnership,
        members=_others(place, at) if answer else Member.objects.none(),
    )
    if request.method == "POST" and answer.enforce() and form.is_valid():
        told = {"partnership": place.partnership, "by": request.user, "at": at}
        try:
            actions.substitutes.name_substitute(**told, **form.asked)
        except Refused as refused:
            form.add_error("substitute", refused.answer.why_not)
        else:
            messages.success(request, _("They are asked. They answer for themselves."))
            return redirect("substitutes", slug)
    rows = Substitution.objects.standing(at).filter(partnership=place.partnership)
    page = page_of(request, rows.select_related(*NAMES, "decision"))
    for row in page.object_list:
        row.may_answer = may.can_answer_substitution(place, row)
        row.may_end = may.can_end_substitution(place, row)
    context = {"place": place, "page": page, "may_name": answer, "form": form}
    return render(request, "partnerships/substitutes.html", context, status=422 if form.is_bound else 200)


def _others(place, at):
    """Members who can be asked, as the rule has it: the rule looks again at the one who is."""
    here = Member.objects.present().filter(partnership=place.partnership).exclude(pk=place.member.pk)
    same_side = here.filter(side=place.member.side) | here.filter(role=Member.Role.OBSERVER)
    taken = busy(place.partnership, at).values("pk")
    return same_side.exclude(pk__in=taken).select_related("person").order_by("person__sort_key")


def _one(place, pk):
    return get_object_or_404(Substitution, pk=pk, partnership=place.partnership)


@login_required
@require_POST
def answer_substitution(request, slug, pk):
    """Say yes or no to standing in for somebody."""
    place = open_arena(request, slug)
    accept = request.POST.get("answer") == "yes"
    actions.substitutes.answer_substitution(
        substitution=_one(place, pk), accept=accept, by=request.user, at=timezone.now()
    )
    messages.success(
        request, _("Thank you. You stand in for them now.") if accept else _("Thank you for your answer.")
    )
    return redirect("substitutes", slug)


@login_required
@require_POST
def end_substitution(request, slug, pk):
    """End standing in, or take the question back."""
    place = open_arena(request, slug)
    actions.substitutes.end_substitution(substitution=_one(place, pk), by=request.user, at=timezone.now())
    messages.success(request, _("It is ended."))
    return redirect("substitutes", slug)
