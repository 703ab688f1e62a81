"""Around a decision: more time, answers to objections, asking it anew, and its result as a file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from boundary import csv

from .. import actions
from ..actions.rounds import last_asked
from ..forms.decisions import AnswerObjectionForm, LengthenForm, ReopenForm
from ..models import Decision, ObjectionAnswer, Position
from ..rules import rounds as may
from .decision_page import open_one

METHODS = ["GET", "HEAD", "POST"]


def _page(request, template, context, form):
    status = 422 if form.is_bound else 200
    return render(request, f"partnerships/{template}.html", context | {"form": form}, status=status)


@login_required
@require_http_methods(METHODS)
def lengthen_decision(request, slug, pk):
    """Give the members more time, with a reason."""
    place, shown = open_one(request, slug, pk)
    may.can_lengthen_decision(place, shown, at=timezone.now()).enforce()
    form = LengthenForm(request.POST or None, decision=shown)
    if request.method == "POST" and form.is_valid():
        told = {"decision": shown, "by": request.user, "at": timezone.now()}
        try:
            actions.rounds.lengthen_decision(**told, **form.cleaned_data)
        except ValidationError as wrong:  # somebody lengthened it while this was typed
            form.add_error(None, wrong)
        else:
            messages.success(request, _("There is more time. Those who have not answered are told."))
            return redirect("decision", slug, pk)
    return _page(request, "lengthen_decision", {"place": place, "decision": shown}, form)


@login_required
@require_http_methods(METHODS)
def answer_objection(request, slug, pk, position):
    """Answer somebody who objects."""
    place, shown = open_one(request, slug, pk)
    rows = Position.objects.select_related("member__person", "member__organization")
    objection = get_object_or_404(rows, pk=position, decision=shown)
    answered = objection.answers.filter(objected_at=objection.at).exists()
    is_author = shown.reader_writes
    may.can_answer_objections(place, shown, is_author=is_author).enforce()
    may.can_answer_objection(place, shown, objection, is_author=is_author, answered=answered).enforce()
    form = AnswerObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.rounds.answer_objection(
            position=objection, body=form.cleaned_data["body"], by=request.user, at=timezone.now()
        )
        messages.success(request, _("Thank you. They are told."))
        return redirect("decision", slug, pk)
    context = {"place": place, "decision": shown, "objection": objection}
    return _page(request, "answer_objection", context, form)


@login_required
@require_http_methods(METHODS)
def reopen_decision(request, slug, pk):
    """Reopen a settled question, with a public reason."""
    place, shown = open_one(request, slug, pk)
    under_way = Decision.objects.open().filter(text=shown.text).first()
    may.can_reopen_decision(place, shown, latest=last_asked(shown.text), open_decision=under_way).enforce()
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.rounds.reopen_decision(
            decision=shown, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )
        messages.success(request, _("It is reopened. Change the words, then ask the members."))
        return redirect("decision", slug, pk)
    return _page(request, "reopen_decision", {"place": place, "decision": shown}, form)


@login_required
@require_safe
def decision_file(request, slug, pk):
    """The result of a decision as a table, for those who lead and those who keep the case."""
    place, shown = open_one(request, slug, pk)
    may.can_take_result(place, shown).enforce()
    rows = csv.write([*_head(shown), [], *_positions(shown)])
    answer = HttpResponse(rows, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="decision.csv"'
    return answer


def _when(moment):
    return date_format(localtime(moment), "Y-m-d H:i") if moment else ""


def _head(shown):
    return [
        [_("Decision"), shown.question],
        [_("Outcome"), shown.get_outcome_display()],
        [_("About"), f"{shown.text.title} ({shown.revision.number})"],
        [_("Fingerprint (SHA-256)"), shown.revision.digest],
        [_("Rule"), shown.get_rule_display()],
        [_("Round"), shown.round],
        [_("Opened"), _when(shown.opened_at)],
        [_("Closed"), _when(shown.closed_at)],
        [],
        [_("Side"), _("Seats"), _("Agree"), _("Stand aside"), _("Object"), _("Answered"), _("Quorum")],
        *_sides(shown),
    ]


def _sides(shown):
    seats = actions.decisions.seats_at_closing(shown)
    for one in actions.decisions.tallies(shown):
        counted = (one.agree, one.stand_aside, one.object, one.answered, one.quorum)
        yield [one.label, seats.get(one.side, 0), *counted]


def _positions(shown):
    yield [
        *(_("Name"), _("Organization"), _("Sector"), _("Side"), _("Position"), _("Reason"), _("At")),
        *(_("Substitute"), _("How it was given"), _("Written down by"), _("Answer to the objection")),
    ]
    rows = Position.objects.counting(shown).select_related(
        *("member__person", "member__organization", "substitute__substitute__person", "recorded_by")
    )
    answers = ObjectionAnswer.objects.filter(position__decision=shown)
    answered = {(one.position_id, one.objected_at): one.body for one in answers}
    for one in rows.dissent_first():
        member, stand_in = one.member, one.substitute
        yield [
            *(member.shown_name, member.organization_name, member.get_sector_display()),
            *(member.get_side_display(), one.get_choice_display(), one.reason, _when(one.at)),
            stand_in.substitute.shown_name if stand_in else "",
            one.get_way_display() if one.way else "",
            one.recorded_by.name if one.recorded_by else "",
            answered.get((one.pk, one.at), ""),
        ]
