"""The ground rules at work: what was done by them, for everybody; and the deeds of those who moderate or appeal."""

import datetime
from collections import defaultdict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Min, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import actions
from ..forms.moderation import (
    AppealForm,
    DecideAppealForm,
    DismissReportsForm,
    HideContributionForm,
    PauseWritingForm,
    ReportContributionForm,
)
from ..models import Appeal, Contribution, ContributionReport, Intervention, Line, Member, Text
from ..models.moderation import Ground, with_writing_pause
from ..rules import moderation as may
from ..settings.together import APPEAL_DAYS, LONGEST_WRITING_PAUSE, MODERATION_DAYS
from .answering import open_contribution
from .arena import open_arena, page_of
from .decision_page import shown_names


def _with_names(place, interventions):
    """Interventions with what their readers call who did them, ended them and decided about them; one query."""
    rows = list(interventions)
    appeals = [row.appeal for row in rows if hasattr(row, "appeal")]
    people = {pk for row in rows for pk in (row.by_id, row.ended_by_id)} | {
        one.decided_by_id for one in appeals
    }
    names, office = shown_names(place, people - {None}), _("An office of the platform")
    for row in rows:
        row.by_name = names.get(row.by_id, office)
        row.ended_by_name = row.ended_by_id and names.get(row.ended_by_id, office)
    for one in appeals:
        one.decided_by_name = one.decided_by_id and names.get(one.decided_by_id, office)
    return rows


def _of_disagreeing(partnership):
    """What the adopted ground rules say about disagreeing and hiding, as Markdown; "" before they are adopted."""
    charter = Text.objects.filter(
        partnership=partnership, kind=Text.Kind.CHARTER, adopted_revision__isnull=False
    ).select_related("adopted_revision")
    found = charter.first()
    return found.adopted_revision.body.get("disagree", "") if found else ""


@require_safe
def moderation(request, slug):
    """The ground rules, who moderates, how to report and appeal, and what was done; without anybody's words."""
    place = open_arena(request, slug)
    rows = Intervention.objects.filter(partnership=place.partnership).select_related("appeal")
    page = page_of(request, rows)
    page.object_list = _with_names(place, page.object_list)
    reports = ContributionReport.objects.filter(contribution__partnership=place.partnership)
    leaders = Member.objects.leading().filter(partnership=place.partnership).order_by("joined_at", "pk")
    own = rows.filter(member__person=place.person).lasting(timezone.now()) if place.person else []
    context = {
        "page": page,
        "rules": _of_disagreeing(place.partnership),
        "leaders": [Line(*row) for row in leaders.values_list(*Line.of())],
        "counts": reports.aggregate(
            reported=Count("contribution", distinct=True),
            waiting=Count("contribution", distinct=True, filter=Q(settled_at=None)),
        )
        | rows.order_by().aggregate(
            hidden=Count("pk", filter=Q(kind="hiding")),
            shown_again=Count("pk", filter=Q(kind="hiding", ended_at__isnull=False)),
            paused=Count("pk", filter=Q(kind="writing_pause")),
            appeals=Count("appeal"),
        ),
        "mine": own,
        "days": MODERATION_DAYS.of(place.partnership),
        "appeal_days": APPEAL_DAYS.of(place.partnership),
        "longest_pause": LONGEST_WRITING_PAUSE.of(place.partnership),
        "may_moderate": may.can_see_moderation(place),
    }
    return render(request, "partnerships/moderation.html", context)


@login_required
@require_safe
def moderation_queue(request, slug):
    """Reports that wait, per contribution, and appeals that wait, oldest first."""
    place = open_arena(request, slug)
    may.can_see_moderation(place).enforce()
    late = timezone.now() - datetime.timedelta(days=MODERATION_DAYS.of(place.partnership))
    leaders = may.leaders_of(place.partnership)
    context = {"page": _reported(request, place, leaders, late), "appeals": _appeals(place, leaders, late)}
    return render(request, "partnerships/moderation_queue.html", context)


def _reported(request, place, leaders, late):
    """A page of reported contributions, each with its open reports and whether this reader may settle them."""
    rows = Contribution.objects.filter(partnership=place.partnership, reports__settled_at=None)
    rows = rows.annotate(since=Min("reports__at")).order_by("since", "pk")
    rows = rows.select_related("member__person", "member__organization", "reply_to__member__person")
    waiting = ContributionReport.objects.open().select_related("by").order_by("at", "pk")
    rows = rows.exclude(reports=None) if place.leads else rows.none()
    page = page_of(request, rows.prefetch_related(Prefetch("reports", queryset=waiting, to_attr="waiting")))
    page.object_list = list(page.object_list)
    for row in page:
        row.is_mine = row.member.person_id == place.person.pk
        counts = defaultdict(int)
        for report in row.waiting:
            counts[Ground(report.ground).label] += 1
        row.grounds, row.late = list(counts.items()), row.since <= late
        row.may_settle = may.can_settle_reports(
            place,
            author=row.member.person_id,
            reporters=[report.by_id for report in row.waiting],
            leaders=leaders,
        )
    return page


def _appeals(place, leaders, late):
    """The appeals that wait and that this reader may read, oldest first; there are never many."""
    rows = Appeal.objects.open().filter(intervention__partnership=place.partnership)
    rows = rows.select_related("intervention__member__person").order_by("at", "pk")
    for row in rows:
        row.late, row.may_decide = row.at <= late, may.can_decide_appeal(place, row, leaders=leaders)
    return [row for row in rows if place.leads or row.may_decide]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_contribution(request, slug, pk):
    """Point at what breaks the ground rules."""
    place, shown = open_contribution(request, slug, pk)
    may.can_report_contribution(place, shown).enforce()
    done = _("Thank you. The conveners have been told, and you are told what comes of it.")
    action = actions.moderation.report_contribution
    return _deed(request, shown, ReportContributionForm, action, done)


def _deed(request, shown, form_class, action, done, **more):
    """A small form of its own page that does one deed to one contribution and returns to its thread."""
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        action(contribution=shown, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, done)
        return redirect("contribution", request.place.partnership.slug, shown.pk)
    context = {"form": form, "shown": shown, **more}
    status = 422 if form.is_bound else 200
    return render(request, f"partnerships/{action.__name__}.html", context, status=status)


def _facts(place, shown):
    """Who reported it and waits, and who leads here, as the rules take them."""
    reporters = set(shown.reports.open().values_list("by", flat=True))
    return {"reporters": reporters, "leaders": may.leaders_of(place.partnership)}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hide_contribution(request, slug, pk):
    """Hide a contribution: by which ground rule, and why."""
    place, shown = open_contribution(request, slug, pk)
    may.can_hide_contribution(place, shown, **_facts(place, shown)).enforce()
    done = _("It is hidden. The reason stands in its place.")
    rules = _of_disagreeing(place.partnership)
    action = actions.moderation.hide_contribution
    return _deed(request, shown, HideContributionForm, action, done, rules=rules)


@login_required
@require_POST
def show_contribution(request, slug, pk):
    """Show a hidden contribution again."""
    _place, shown = open_contribution(request, slug, pk)
    actions.moderation.show_contribution(contribution=shown, by=request.user, at=timezone.now())
    return redirect("contribution", slug, shown.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss_reports(request, slug, pk):
    """Leave a reported contribution as it is, and say why to who reported it."""
    place, shown = open_contribution(request, slug, pk)
    may.can_settle_reports(place, author=shown.member.person_id, **_facts(place, shown)).enforce()
    done = _("The reports are settled; it stays.")
    return _deed(request, shown, DismissReportsForm, actions.moderation.dismiss_reports, done)


def _opened(request, slug, pk):
    """(place, intervention) for a page about one of them."""
    place = open_arena(request, slug)
    rows = Intervention.objects.select_related("appeal", "contribution", "member__person")
    return place, get_object_or_404(rows, pk=pk, partnership=place.partnership)


def _page(request, place, shown, *, status=200, **bound):
    """One intervention; its appeal, and the words it is about, for those whom it is about or who decide."""
    at, leaders = timezone.now(), may.leaders_of(place.partnership)
    appeal = getattr(shown, "appeal", None)
    may_decide = appeal and may.can_decide_appeal(place, appeal, leaders=leaders)
    is_mine = bool(place.person and shown.member.person_id == place.person.pk)
    context = {
        "shown": _with_names(place, [shown])[0],
        "ground": Ground(shown.ground).label,
        "appeal": appeal,
        "is_mine": is_mine,
        "reads_appeal": is_mine or place.leads or bool(may_decide),
        "may_appeal": may.can_appeal(place, shown, at),
        "may_decide": may_decide,
        "may_end": not shown.hides and may.can_end_writing_pause(place, shown, at),
        "appeal_form": AppealForm(),
        "decide_form": DecideAppealForm(),
        **bound,
    }
    return render(request, "partnerships/intervention.html", context, status=status)


@require_safe
def intervention(request, slug, pk):
    """What was done by the ground rules, why, and what came of an appeal."""
    return _page(request, *_opened(request, slug, pk))


@login_required
@require_POST
def make_appeal(request, slug, pk):
    """Say why it is wrong."""
    place, shown = _opened(request, slug, pk)
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _page(request, place, shown, status=422, appeal_form=form)
    words = form.cleaned_data["words"]
    actions.moderation.make_appeal(intervention=shown, words=words, by=request.user, at=timezone.now())
    messages.success(
        request, _("Your appeal is made. Somebody else than who did it decides, and you are told.")
    )
    return redirect("intervention", slug, pk)


@login_required
@require_POST
def decide_appeal(request, slug, pk):
    """Decide an appeal, with a reason."""
    place, shown = _opened(request, slug, pk)
    appeal = get_object_or_404(Appeal, intervention=shown)
    form = DecideAppealForm(request.POST)
    if not form.is_valid():
        return _page(request, place, shown, status=422, decide_form=form)
    facts = form.cleaned_data | {"by": request.user, "at": timezone.now()}
    actions.moderation.decide_appeal(appeal=appeal, **facts)
    messages.success(request, _("The appeal is decided. Both are told."))
    return redirect("intervention", slug, pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pause_writing(request, slug, pk):
    """Pause a member's writing for some days."""
    place = open_arena(request, slug)
    rows = with_writing_pause(Member.objects.select_related("person", "organization"))
    member = get_object_or_404(rows, pk=pk, partnership=place.partnership)
    may.can_pause_writing(place, member, timezone.now()).enforce()
    form = PauseWritingForm(request.POST or None, partnership=place.partnership)
    if request.method == "POST" and form.is_valid():
        made = actions.moderation.pause_writing(
            member=member, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Their writing is paused, and they are told why and until when."))
        return redirect("intervention", slug, made.pk)
    context = {"form": form, "member": member, "rules": _of_disagreeing(place.partnership)}
    status = 422 if form.is_bound else 200
    return render(request, "partnerships/pause_writing.html", context, status=status)


@login_required
@require_POST
def end_writing_pause(request, slug, pk):
    """Let a member write again."""
    _place, shown = _opened(request, slug, pk)
    actions.moderation.end_writing_pause(intervention=shown, by=request.user, at=timezone.now())
    messages.success(request, _("They can write again."))
    return redirect("intervention", slug, pk)


def of_contribution(place, shown):
    """What the page of one contribution says to who leads and to its author: reports, the hiding, a way to appeal."""
    is_mine = bool(place.person and shown.member.person_id == place.person.pk)
    hiding = None
    if shown.hidden_at and (is_mine or place.leads):
        hiding = shown.hidings.select_related("appeal").filter(ended_at=None).first()
    waiting = shown.reports.open().count() if place.leads else 0
    return {"hiding": hiding, "is_mine": is_mine, "reports_waiting": waiting}
