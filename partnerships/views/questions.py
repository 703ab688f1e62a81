"""Questions of people who are invited, and the conveners' answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import actions
from ..forms.invitations import AnswerQuestionForm
from ..models import InvitationQuestion
from ..rules import invitations as may
from ..rules.standing import conveners_only
from .arena import open_arena, page_of


def _questions(place):
    rows = InvitationQuestion.objects.filter(invitation__partnership=place.partnership)
    return rows.select_related("invitation", "answered_by")


def _show(request, place, bound=None, pk=None, status=200):
    """The list, with the form that was filled in as it was typed."""
    page = page_of(request, _questions(place).order_by(F("answered_at").desc(nulls_first=True), "asked_at"))
    for one in page:
        one.may_answer = may.can_answer_question(place, one)
        one.form = bound if one.pk == pk else AnswerQuestionForm(auto_id=f"id_%s_{one.pk}")
    return render(request, "partnerships/invitee_questions.html", {"page": page}, status=status)


@login_required
@require_safe
def invitee_questions(request, slug):
    """What people want to know before they answer, those without an answer first."""
    place = open_arena(request, slug)
    conveners_only(place).enforce()
    return _show(request, place)


@login_required
@require_POST
def answer_question(request, slug, pk):
    """Answer one question."""
    place = open_arena(request, slug)
    conveners_only(place).enforce()
    question = get_object_or_404(_questions(place), pk=pk)
    form = AnswerQuestionForm(request.POST, auto_id=f"id_%s_{pk}")
    if not form.is_valid():
        return _show(request, place, form, pk, 422)
    actions.questions.answer_question(
        question=question, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("The answer is on its way."))
    return redirect("invitee_questions", slug)
