"""A workshop as those see it who lead it: the code, the questions, the table to sort on, the wall, the end."""

import io

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q
from django.db.models.functions import JSONObject
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import actions
from ..forms.workshops import (
    BoardFilter,
    GiveDotsForm,
    HideNotesForm,
    MergeClustersForm,
    MoveNotesForm,
    RenameClusterForm,
    StartWorkshopForm,
    TypeNotesForm,
    WritePromptForm,
)
from ..models import Cluster, Meeting, Note, Prompt, Sounding, Workshop
from ..rules import workshops as may
from ..rules.standing import leaders_only
from .arena import open_arena, page_of

NOTES_ON_A_PAGE = 50


def link_of(workshop):
    """The address that the QR code holds."""
    return settings.SITE_URL + reverse("phone", args=[workshop.code])


def with_rooms(meetings):
    """Meetings, each with its workshops as `rooms`, newest first: they come with it."""
    rows = Workshop.objects.filter(meeting=OuterRef("pk")).order_by("-started_at", "-id")
    facts = JSONObject(pk="pk", ended_at="ended_at", notes="notes")
    return meetings.annotate(rooms=ArraySubquery(rows.values(facts=facts)))


def workshops_of(place, meeting, at):
    """What the page of a meeting, fetched with_rooms, says about its workshops."""
    running = any(row["ended_at"] is None for row in meeting.rooms)
    return {
        "workshops": meeting.rooms,
        "may_start_workshop": not running and may.can_start_workshop(place, meeting, at),
    }


def workshop_of(request, slug, pk):
    """The Place of a leader, and a workshop of the partnership."""
    place = open_arena(request, slug)
    leaders_only(place).enforce()
    return place, _found(place, pk)


def _found(place, pk):
    rows = Workshop.objects.select_related("meeting")
    workshop = get_object_or_404(rows, pk=pk, partnership=place.partnership)
    workshop.partnership = place.partnership
    return workshop


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start_workshop(request, slug, pk):
    """Bring a room in: the questions, then the code."""
    place, at = open_arena(request, slug), timezone.now()
    meeting = get_object_or_404(Meeting, pk=pk, partnership=place.partnership)
    meeting.partnership = place.partnership
    may.can_start_workshop(place, meeting, at).enforce()
    form = StartWorkshopForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        facts = {"meeting": meeting, "by": request.user, "at": at}
        started = actions.workshops.start_workshop(**facts, **form.facts)
        return redirect("workshop", slug, started.pk)
    context = {"form": form, "meeting": meeting}
    return render(request, "partnerships/start_workshop.html", context, status=422 if form.is_bound else 200)


# --- the table ------------------------------------------------------------------------------------------------


def _clusters(workshop):
    shown = Q(notes__withdrawn_at=None, notes__hidden_at=None)
    return list(workshop.clusters.annotate(size=Count("notes", filter=shown)))


def _notes(workshop, filters):
    chosen = filters.cleaned_data if filters.is_valid() else {}
    rows = Note.objects.kept().filter(workshop=workshop)
    theme = chosen.get("theme")
    if theme == "hidden":
        rows = rows.filter(hidden_at__isnull=False)
    else:
        rows = rows.shown()
        rows = rows if theme == "all" else rows.filter(cluster=theme or None)
    if chosen.get("question"):
        rows = rows.filter(prompt=chosen["question"])
    if chosen.get("q"):
        rows = rows.filter(body__icontains=chosen["q"])
    return rows.select_related("phone__member__person", "prompt", "cluster")


def _board(request, place, workshop, *, status=200, ticked=(), **bound):
    """The page, with a form that was filled in as it was typed, and the notes that were ticked."""
    clusters, prompts = _clusters(workshop), list(workshop.prompts.all())
    rounds = list(Sounding.objects.filter(workshop=workshop))
    giving = next((one for one in rounds if one.closed_at is None), None)
    filters = BoardFilter(request.GET, clusters=clusters, prompts=prompts)
    page = page_of(request, _notes(workshop, filters), NOTES_ON_A_PAGE)
    for note in page:
        note.ticked = str(note.pk) in ticked
    dots = may.can_give_dots(place, workshop, giving=giving, themes=len(clusters))
    context = {
        "workshop": workshop,
        "meeting": workshop.meeting,
        "address": settings.SITE_URL.partition("://")[2] + reverse("workshop_code"),
        "prompts": prompts,
        "clusters": clusters,
        "rounds": rounds,
        "giving": giving,
        "filters": filters,
        "page": page,
        "move": MoveNotesForm(workshop=workshop, clusters=clusters),
        "hide": HideNotesForm(workshop=workshop, auto_id="id_hide_%s"),
        "prompt_form": WritePromptForm(auto_id="id_ask_%s"),
        "dots_form": GiveDotsForm(),
        "may_lead": may.can_lead_workshop(place, workshop),
        "may_merge": may.can_merge_clusters(place, workshop, dotted=bool(rounds)),
        "may_give_dots": dots,
        "may_end": may.can_end_workshop(place, workshop),
        "may_type": may.can_type_notes(place, workshop),
        "admits": workshop.admits(timezone.now()),
        "theme": request.GET.get("theme", ""),
        "where": f"?{request.GET.urlencode()}" if request.GET else "",
        **bound,
    }
    return render(request, "partnerships/workshop.html", context, status=status)


@login_required
@never_cache
@require_safe
def workshop(request, slug, pk):
    """What comes in, and what to do with it."""
    return _board(request, *workshop_of(request, slug, pk))


def _back(request, slug, pk):
    """To the table, with what was chosen there."""
    where = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("workshop", args=[slug, pk]) + where)


@login_required
@require_POST
def move_notes(request, slug, pk):
    """Put the ticked notes under a theme."""
    place, shown = workshop_of(request, slug, pk)
    form = MoveNotesForm(request.POST, workshop=shown, clusters=_clusters(shown))
    if not form.is_valid():
        return _board(request, place, shown, status=422, move=form, ticked=request.POST.getlist("notes"))
    facts = form.facts
    actions.clusters.move_notes(workshop=shown, by=request.user, at=timezone.now(), **facts)
    moved = len(facts["notes"])
    said = ngettext("One note is moved.", "%(count)s notes are moved.", moved)
    messages.success(request, said % {"count": moved})
    return _back(request, slug, pk)


@login_required
@require_POST
def hide_notes(request, slug, pk):
    """Take the ticked notes off the wall."""
    place, shown = workshop_of(request, slug, pk)
    form = HideNotesForm(request.POST, workshop=shown, auto_id="id_hide_%s")
    if not form.is_valid():
        return _board(request, place, shown, status=422, hide=form, ticked=request.POST.getlist("notes"))
    count = actions.clusters.hide_notes(
        workshop=shown, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(
        request, ngettext("One note is hidden.", "%(count)s notes are hidden.", count) % {"count": count}
    )
    return _back(request, slug, pk)


@login_required
@require_POST
def show_note(request, slug, pk, note):
    """Put a hidden note back."""
    _place, shown = workshop_of(request, slug, pk)
    found = get_object_or_404(Note, pk=note, workshop=shown)
    actions.clusters.show_notes(workshop=shown, notes=[found], by=request.user, at=timezone.now())
    return _back(request, slug, pk)


def _cluster(request, slug, pk):
    place = open_arena(request, slug)
    leaders_only(place).enforce()
    rows = Cluster.objects.select_related("workshop__meeting")
    found = get_object_or_404(rows, pk=pk, workshop__partnership=place.partnership)
    found.workshop.partnership = place.partnership
    return place, found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_cluster(request, slug, pk):
    """Give a theme another title, or join it with another one."""
    place, cluster = _cluster(request, slug, pk)
    may.can_lead_workshop(place, cluster.workshop).enforce()
    first = {"title": cluster.title, "expected": cluster.title}
    rename, merge = RenameClusterForm(initial=first), MergeClustersForm(cluster=cluster)
    status = 200
    if request.method == "POST":
        merging = "into" in request.POST
        form = (
            MergeClustersForm(request.POST, cluster=cluster) if merging else RenameClusterForm(request.POST)
        )
        if form.is_valid():
            deed = actions.clusters.merge_clusters if merging else actions.clusters.rename_cluster
            deed(cluster=cluster, by=request.user, at=timezone.now(), **form.cleaned_data)
            return redirect("workshop", slug, cluster.workshop_id)
        rename, merge, status = (rename, form, 422) if merging else (form, merge, 422)
    dotted = cluster.workshop.soundings.exists()
    context = {
        "cluster": cluster,
        "rename": rename,
        "merge": merge,
        "may_merge": may.can_merge_clusters(place, cluster.workshop, dotted=dotted),
    }
    return render(request, "partnerships/change_cluster.html", context, status=status)


# --- the questions, the door, the dots ------------------------------------------------------------------------


@login_required
@require_POST
def write_prompt(request, slug, pk):
    """Add a question."""
    place, shown = workshop_of(request, slug, pk)
    form = WritePromptForm(request.POST, auto_id="id_ask_%s")
    if not form.is_valid():
        return _board(request, place, shown, status=422, prompt_form=form)
    actions.workshops.write_prompt(workshop=shown, by=request.user, at=timezone.now(), **form.cleaned_data)
    return _back(request, slug, pk)


def _with_prompt(request, slug, pk, number, deed):
    _place, shown = workshop_of(request, slug, pk)
    prompt = get_object_or_404(Prompt.objects.select_related("workshop"), workshop=shown, number=number)
    deed(prompt=prompt, by=request.user, at=timezone.now())
    return _back(request, slug, pk)


@login_required
@require_POST
def open_prompt(request, slug, pk, number):
    """Put a question on the wall."""
    return _with_prompt(request, slug, pk, number, actions.workshops.open_prompt)


@login_required
@require_POST
def close_prompt(request, slug, pk, number):
    """Take a question off the wall."""
    return _with_prompt(request, slug, pk, number, actions.workshops.close_prompt)


@login_required
@require_POST
def lock_workshop(request, slug, pk):
    """Close the door, or open it again."""
    _place, shown = workshop_of(request, slug, pk)
    deed = actions.workshops.unlock_workshop if shown.locked_at else actions.workshops.lock_workshop
    deed(workshop=shown, by=request.user, at=timezone.now())
    return _back(request, slug, pk)


@login_required
@require_POST
def give_dots(request, slug, pk):
    """Have the room give its dots."""
    place, shown = workshop_of(request, slug, pk)
    form = GiveDotsForm(request.POST)
    if not form.is_valid():
        return _board(request, place, shown, status=422, dots_form=form)
    actions.soundings.give_dots(workshop=shown, by=request.user, at=timezone.now(), **form.cleaned_data)
    return _back(request, slug, pk)


# --- the way in, paper, the end -------------------------------------------------------------------------------


@login_required
@never_cache
@require_safe
def workshop_qr(request, slug, pk):
    """The address of the room as a QR code, an SVG file of its own."""
    place = open_arena(request, slug)
    may.can_see_wall(place).enforce()
    drawing = io.BytesIO()
    code = segno.make(link_of(_found(place, pk)), error="m")
    code.save(drawing, kind="svg", scale=8, border=3, light="#ffffff", omitsize=True)
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def type_notes(request, slug, pk):
    """Type in what stood on paper."""
    place, shown = workshop_of(request, slug, pk)
    may.can_type_notes(place, shown).enforce()
    form = TypeNotesForm(request.POST if request.method == "POST" else None, workshop=shown)
    if request.method == "POST" and form.is_valid():
        count = actions.notes.type_notes(
            workshop=shown, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(
            request,
            ngettext("One note is typed in.", "%(count)s notes are typed in.", count) % {"count": count},
        )
        return redirect("workshop", slug, pk)
    context = {"form": form, "workshop": shown}
    return render(request, "partnerships/type_notes.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end_workshop(request, slug, pk):
    """What will become of it all, and the button that does it."""
    place, shown = workshop_of(request, slug, pk)
    if request.method == "POST":
        landed = actions.landing.end_workshop(workshop=shown, by=request.user, at=timezone.now())
        said = ngettext(
            "One note is in the conversation now.", "%(count)s notes are in the conversation now.", landed
        )
        messages.success(request, said % {"count": landed})
        return redirect("workshop", slug, pk)
    may.can_end_workshop(place, shown).enforce()
    kept = Note.objects.kept().filter(workshop=shown)
    counts = kept.aggregate(
        sorted=Count("pk", filter=Q(cluster__isnull=False)),
        themes=Count("cluster", distinct=True),
        alone=Count("pk", filter=Q(cluster=None)),
        hidden=Count("pk", filter=Q(hidden_at__isnull=False)),
    )
    context = {"workshop": shown, "counts": counts}
    return render(request, "partnerships/end_workshop.html", context)
