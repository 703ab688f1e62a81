"""Answers owed and given: the queue, one answer, one answer to many, and what its author says of it."""

import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boundary.answer import Conflict

from .. import actions
from ..actions.answering import MOST_TOGETHER
from ..forms.answering import AnswersFilter, AnswerTogetherForm, ContestAnswerForm, RespondForm
from ..models import AnswerBatch, Contribution
from ..models.answering import TIME_TO_ANSWER, Median, Outcome
from ..rules import answering as may
from ..settings.table import ANSWERED_SHARE
from ..settings.together import ANSWER_DAYS
from .arena import open_arena, page_of

STANDS = Q(response__isnull=False, response__reopened_at=None)


def _today(place):
    return timezone.now().astimezone(ZoneInfo(place.partnership.time_zone)).date()


def _late(place):
    """What is owed since this moment or before is overdue."""
    return timezone.now() - datetime.timedelta(days=ANSWER_DAYS.of(place.partnership))


def _shown(rows, show, late):
    """The contributions of one choice of AnswersFilter.show, in the order in which they are looked for."""
    owed = rows.owed_a_response().with_owed_since().order_by("owed_since", "pk")
    answered = rows.filter(STANDS).order_by("-response__at", "pk")
    return {
        "late": owed.filter(owed_since__lte=late),
        "back": owed.filter(response__isnull=False),
        "given": answered,
        "put_off": answered.filter(response__outcome=Outcome.DEFERRED),
        "all": rows.filter(Q(wants_answer=True) | Q(response__isnull=False)).order_by("-created_at", "pk"),
    }.get(show, owed)


def found(place, asked, late):
    """The contributions that a reader looks for; asked: as AnswersFilter.asked; hidden words are never found."""
    rows = Contribution.objects.shown().filter(partnership=place.partnership)
    rows = _shown(rows, asked["show"], late)
    if asked["mine"]:
        rows = rows.filter(member__person=place.person)
    if asked["q"]:
        rows = rows.filter(body__icontains=asked["q"])
    for name, path in (("kind", "kind"), ("sector", "member__sector")):
        rows = rows.filter(**{path: asked[name]}) if asked[name] else rows
    if thread := asked["thread"]:
        rows = rows.filter(Q(pk=thread) | Q(thread=thread))
    if asked["taken"]:
        rows = rows.filter(taken__member=None if asked["taken"] == "nobody" else asked["taken"])
    return rows.told().select_related("taken__member__person")


def _counts(partnership):
    """How many want an answer, have one, how long half of them waited, and how many wait once more: one query."""
    rows = Contribution.objects.shown().filter(partnership=partnership, wants_answer=True)
    facts = rows.aggregate(
        wanted=Count("pk"),
        given=Count("pk", filter=STANDS),
        contested=Count("pk", filter=Q(response__reopened_because="author")),
        median=Median(TIME_TO_ANSWER, filter=STANDS),
    )
    share = round(100 * facts["given"] / facts["wanted"]) if facts["wanted"] else 100
    days = None if facts["median"] is None else round(facts["median"] / datetime.timedelta(days=1))
    return facts | {"share": share, "days": days}


@require_safe
def answers_owed(request, slug):
    """What is owed an answer, oldest first, and what became of the rest; who leads takes on and answers."""
    place = open_arena(request, slug)
    form = AnswersFilter(request.GET, partnership=place.partnership, member=place.member)
    asked, late = form.asked(), _late(place)
    page, at = page_of(request, found(place, asked, late)), timezone.now()
    page.object_list = list(page.object_list)
    for row in page:
        row.is_owed = row.wants_answer and (not hasattr(row, "response") or bool(row.response.reopened_at))
        since = getattr(row, "owed_since", row.created_at)
        row.waited, row.late = (at - since).days, row.is_owed and since <= late
        taken = getattr(row, "taken", None)
        row.taken_by = taken.member if taken and taken.member.leads and not taken.member.left_at else None
        row.mine_to_release = bool(row.taken_by and may.can_release_answer(place, taken))
    context = {
        "form": form,
        "page": page,
        "asked": asked,
        "filtered": any(value for name, value in asked.items() if name != "show"),
        "counts": _counts(place.partnership),
        "wanted_share": ANSWERED_SHARE.of(place.partnership),
        "days": ANSWER_DAYS.of(place.partnership),
        "may_respond": may.can_respond(place),
    }
    return render(request, "partnerships/answers_owed.html", context)


def open_contribution(request, slug, pk):
    """(place, contribution) for a page about one contribution; what this reader may not see is 404."""
    place = open_arena(request, slug)
    visible = Contribution.objects.visible_to(request.user).told()
    return place, get_object_or_404(visible, pk=pk, partnership=place.partnership)


def _first_words(place, response):
    """What the form shows first: the answer that stands, to be changed."""
    if response is None:
        return {}
    thing = next((name for name in ("revision", "decision", "commitment") if getattr(response, name)), "")
    names = ("outcome", "reason", "waits_until", "waits_for")
    return {name: getattr(response, name) for name in names} | {
        "seen": response.seen_as,
        "went_into": f"{thing}:{getattr(response, thing).pk}" if thing else "",
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def respond(request, slug, pk):
    """Answer what became of a contribution, or change the answer; what it was before stays readable."""
    place, shown = open_contribution(request, slug, pk)
    may.can_answer_this(place, shown).enforce()
    before, refusal = getattr(shown, "response", None), None
    form = RespondForm(
        request.POST or None,
        partnership=place.partnership,
        today=_today(place),
        initial=_first_words(place, before),
    )
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or None
        try:
            actions.answering.respond(
                contribution=shown, expected=seen, by=request.user, at=timezone.now(), **form.facts()
            )
        except Conflict as conflict:
            refusal = conflict.sentence
        else:
            messages.success(request, _("The answer is given."))
            return redirect("contribution", slug, shown.pk)
    context = {"form": form, "shown": shown, "before": before, "refusal": refusal}
    status = 409 if refusal else 422 if form.is_bound else 200
    return render(request, "partnerships/respond.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_together(request, slug):
    """One answer to several contributions that say much the same, out of those that the address looks for."""
    place = open_arena(request, slug)
    may.can_respond(place).enforce()
    search = AnswersFilter(request.GET, partnership=place.partnership, member=place.member)
    asked = search.asked()
    if asked["show"] not in ("late", "back"):
        asked["show"] = ""
    rows = list(found(place, asked, _late(place))[: MOST_TOGETHER + 1])
    shown = rows[:MOST_TOGETHER]
    known = [str(row.pk) for row in shown] + request.POST.getlist("contributions")
    form = AnswerTogetherForm(
        request.POST or None, shown=known, partnership=place.partnership, today=_today(place)
    )
    if request.method == "POST" and form.is_valid():
        came = actions.answering.answer_together(
            partnership=place.partnership,
            contributions=form.cleaned_data["contributions"],
            by=request.user,
            at=timezone.now(),
            **form.facts(),
        )
        _tell_what_came(request, came)
        return redirect("answered_together", slug, came.batch.pk)
    everything = "all" in request.GET and not form.is_bound
    ticked = set(request.POST.getlist("contributions"))
    for row in shown:
        row.ticked = everything or str(row.pk) in ticked
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "search": search,
        "form": form,
        "rows": shown,
        "more": len(rows) > MOST_TOGETHER,
        "most": MOST_TOGETHER,
        "query": query.urlencode(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "partnerships/answer_together.html", context, status=status)


def _tell_what_came(request, came):
    """Say how many were answered, and by name what was left as somebody else had made it in the meantime."""
    messages.success(request, _("Answered together: %(number)s.") % {"number": came.batch.number})
    if came.left:
        names = ", ".join(
            row.member.shown_name if not row.is_shown else f"{row.member.shown_name} (“{row.body[:60]}”)"
            for row in came.left
        )
        words = _("Left as they were, since somebody has answered or hidden them in the meantime: %(names)s")
        messages.warning(request, words % {"names": names})


@require_safe
def answered_together(request, slug, pk):
    """What was answered together, and the one answer."""
    place = open_arena(request, slug)
    batch = get_object_or_404(AnswerBatch.objects.select_related("by"), pk=pk, partnership=place.partnership)
    rows = Contribution.objects.shown().filter(response__batch=batch).order_by("created_at", "pk")
    page = page_of(request, rows.told())
    page.object_list = list(page.object_list)
    response = page.object_list[0].response if page.object_list else None
    context = {"batch": batch, "page": page, "response": response}
    return render(request, "partnerships/answered_together.html", context)


def _deed(request, slug, pk, action, done):
    """One press for one contribution; back to the list it came from."""
    _place, shown = open_contribution(request, slug, pk)
    action(contribution=shown, by=request.user, at=timezone.now())
    messages.success(request, done)
    return redirect("answers_owed", slug)


@login_required
@require_POST
def take_on_answer(request, slug, pk):
    """Say: I will answer this."""
    return _deed(request, slug, pk, actions.answering.take_on_answer, _("It is yours to answer."))


@login_required
@require_POST
def release_answer(request, slug, pk):
    """Let somebody else answer."""
    return _deed(request, slug, pk, actions.answering.release_answer, _("It waits for whoever comes first."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contest_answer(request, slug, pk):
    """Say that an answer does not answer what was asked."""
    place, shown = open_contribution(request, slug, pk)
    if not may.is_author(place, shown) or not hasattr(shown, "response"):
        raise Http404
    may.can_contest_answer(place, shown).enforce()
    form = ContestAnswerForm(request.POST or None, initial={"seen": shown.response.seen_as})
    if request.method == "POST" and form.is_valid():
        facts = {"reason": form.cleaned_data["reason"], "expected": form.cleaned_data["seen"]}
        actions.answering.contest_answer(contribution=shown, by=request.user, at=timezone.now(), **facts)
        messages.success(request, _("It is back among the answers owed, marked with what you say."))
        return redirect("contribution", slug, shown.pk)
    context = {"form": form, "shown": shown}
    status = 422 if form.is_bound else 200
    return render(request, "partnerships/contest_answer.html", context, status=status)


def of_contribution(place, shown):
    """What the page of one contribution says about its answer: earlier ones, and what its author may do."""
    answered = hasattr(shown, "response")
    return {
        "earlier": list(shown.earlier_responses.select_related("by")) if answered else [],
        "may_contest": bool(answered and may.can_contest_answer(place, shown)),
        "may_change": bool(answered and may.can_answer_this(place, shown)),
    }
