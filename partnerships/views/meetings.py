"""Meet: sessions of the arena, who comes, and what was minuted."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import actions, calendars
from ..forms.meetings import (
    AnswerMeetingForm,
    CancelMeetingForm,
    ChangeMeetingForm,
    MeetingForm,
    MeetingsFilter,
    RecordAttendanceForm,
    WriteMinutesForm,
)
from ..models import Attendance, Meeting
from ..rules import meetings as may
from .arena import open_arena, page_of
from .workshops import workshops_of

Answer = Attendance.Answer


def _rows(place, form, at):
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = Meeting.objects.filter(partnership=place.partnership).order_by("-starts_at", "-id")
    if chosen.get("q"):
        words = chosen["q"]
        rows = rows.filter(
            Q(title__icontains=words) | Q(agenda__icontains=words) | Q(minutes__icontains=words)
        )
    when = chosen.get("when")
    if when == "past":
        rows = rows.filter(ends_at__lt=at)
    elif when != "all":
        rows = rows.filter(ends_at__gte=at).order_by("starts_at", "id")
    coming = Count("attendances", filter=Q(attendances__answer__in=[Answer.ROOM, Answer.ONLINE]))
    came = Count("attendances", filter=Q(attendances__attended=True))
    return rows.annotate(coming=coming, came=came)


def _with_my_answer(place, page):
    """Each meeting of the page with what this reader answered."""
    mine = {}
    if place.member:
        rows = Attendance.objects.filter(member=place.member, meeting__in=list(page.object_list))
        mine = {row.meeting_id: row for row in rows}
    for one in page.object_list:
        one.mine = mine.get(one.pk)


@require_safe
def meetings(request, slug):
    """The meetings of a partnership, those to come first."""
    place = open_arena(request, slug)
    at = timezone.now()
    filters = MeetingsFilter(request.GET)
    page = page_of(request, _rows(place, filters, at))
    _with_my_answer(place, page)
    context = {
        "place": place,
        "filters": filters,
        "page": page,
        "filtered": bool(request.GET.get("q") or request.GET.get("when")),
        "may_call": may.can_call_meeting(place),
        "at": at,
    }
    return render(request, "partnerships/meetings.html", context)


def _open(request, slug, pk):
    place = open_arena(request, slug)
    visible = Meeting.objects.visible_to(request.user).select_related("called_by", "minutes_by")
    shown = get_object_or_404(visible, pk=pk, partnership=place.partnership)
    shown.partnership = place.partnership
    return place, shown


def _counts(shown):
    """How many answered what, and how many came."""
    filters = {value: Count("pk", filter=Q(answer=value)) for value in Answer.values}
    return shown.attendances.aggregate(
        **filters,
        noted=Count("pk", filter=Q(attended__isnull=False)),
        came=Count("pk", filter=Q(attended=True)),
    )


def _show(request, place, shown, *, status=200, form=None):
    at = timezone.now()
    mine = shown.attendances.filter(member=place.member).first() if place.member else None
    people = (
        shown.attendances.exclude(answer="", attended=None)
        .select_related("member__person", "member__organization")
        .order_by(F("attended").desc(nulls_last=True), "member__person__sort_key", "pk")
    )
    context = {
        "place": place,
        "meeting": shown,
        "mine": mine,
        "counts": _counts(shown),
        "page": page_of(request, people) if place.member else None,
        "form": form or AnswerMeetingForm(instance=mine),
        "over": at >= shown.ends_at,
        "may_answer": may.can_answer_meeting(place, shown, at),
        "may_change": may.can_change_meeting(place, shown, at),
        "may_record": may.can_record_attendance(place, shown, at),
        "may_write": may.can_write_minutes(place, shown, at),
        "may_see_link": may.can_see_link(place),
        **workshops_of(place, shown, at),
        "zones_differ": timezone.get_current_timezone_name() != shown.time_zone,
    }
    return render(request, "partnerships/meeting.html", context, status=status)


@require_safe
def meeting(request, slug, pk):
    """One meeting: when, where, what about, who comes, what was minuted."""
    return _show(request, *_open(request, slug, pk))


@login_required
@require_POST
def answer_meeting(request, slug, pk):
    """Say whether one comes."""
    place, shown = _open(request, slug, pk)
    form = AnswerMeetingForm(request.POST)
    if not form.is_valid():
        return _show(request, place, shown, form=form, status=422)
    actions.meetings.answer_meeting(meeting=shown, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(
        request, _("Thank you, your answer is noted. You can change it until the meeting is over.")
    )
    return redirect("meeting", slug, pk)


def _say_if_doubled(request, form):
    if form.comes_twice:
        text = _("The clocks go back that night, so %(time)s comes twice. The first one is meant.")
        messages.info(request, text % {"time": form.comes_twice})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def call_meeting(request, slug):
    """Call the members together."""
    place = open_arena(request, slug)
    may.can_call_meeting(place).enforce()
    form = MeetingForm(request.POST or None, initial={"time_zone": place.partnership.time_zone})
    if request.method == "POST" and form.is_valid():
        called = actions.meetings.call_meeting(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.facts
        )
        messages.success(
            request, _("The meeting is called. Each member gets an invitation with a calendar file.")
        )
        _say_if_doubled(request, form)
        return redirect("meeting", slug, called.pk)
    context = {"place": place, "form": form}
    return render(request, "partnerships/call_meeting.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_meeting(request, slug, pk):
    """Change a meeting; everybody is told."""
    place, shown = _open(request, slug, pk)
    may.can_change_meeting(place, shown, timezone.now()).enforce()
    form = ChangeMeetingForm(request.POST or None, meeting=shown)
    if request.method == "POST" and form.is_valid():
        actions.meetings.change_meeting(
            meeting=shown,
            expected=form.cleaned_data["expected"],
            by=request.user,
            at=timezone.now(),
            **form.facts,
        )
        messages.success(request, _("The meeting is changed, and every member is told."))
        _say_if_doubled(request, form)
        return redirect("meeting", slug, pk)
    context = {"place": place, "form": form, "meeting": shown}
    return render(request, "partnerships/change_meeting.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_meeting(request, slug, pk):
    """Cancel a meeting with a reason."""
    place, shown = _open(request, slug, pk)
    may.can_change_meeting(place, shown, timezone.now()).enforce()
    form = CancelMeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.meetings.cancel_meeting(
            meeting=shown, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("The meeting is cancelled, and every member is told."))
        return redirect("meeting", slug, pk)
    context = {"place": place, "form": form, "meeting": shown}
    return render(request, "partnerships/cancel_meeting.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_attendance(request, slug, pk):
    """Note who came."""
    place, shown = _open(request, slug, pk)
    may.can_record_attendance(place, shown, timezone.now()).enforce()
    noted = shown.attendances.filter(
        Q(attended=True) | Q(attended=None, answer__in=[Answer.ROOM, Answer.ONLINE])
    )
    initial = {"present": list(noted.values_list("member", flat=True))}
    form = RecordAttendanceForm(request.POST or None, meeting=shown, initial=initial)
    if request.method == "POST":
        form = RecordAttendanceForm(request.POST, meeting=shown)
        if form.is_valid():
            actions.meetings.record_attendance(
                meeting=shown, present=list(form.cleaned_data["present"]), by=request.user, at=timezone.now()
            )
            messages.success(request, _("It is noted who came."))
            return redirect("meeting", slug, pk)
    context = {"place": place, "form": form, "meeting": shown}
    return render(
        request, "partnerships/record_attendance.html", context, status=422 if form.is_bound else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write_minutes(request, slug, pk):
    """Write the minutes."""
    place, shown = _open(request, slug, pk)
    may.can_write_minutes(place, shown, timezone.now()).enforce()
    form = WriteMinutesForm(request.POST or None, meeting=shown)
    if request.method == "POST" and form.is_valid():
        actions.meetings.write_minutes(
            meeting=shown, minutes=form.cleaned_data["minutes"], by=request.user, at=timezone.now()
        )
        messages.success(request, _("The minutes are saved."))
        return redirect("meeting", slug, pk)
    context = {"place": place, "form": form, "meeting": shown}
    return render(request, "partnerships/write_minutes.html", context, status=422 if form.is_bound else 200)


@require_safe
def meeting_calendar(request, slug, pk):
    """The meeting as a calendar file; the link into the room is in it for members."""
    place, shown = _open(request, slug, pk)
    file = calendars.calendar_of(shown, with_link=bool(may.can_see_link(place)))
    disposition = {"Content-Disposition": 'attachment; filename="meeting.ics"'}
    return HttpResponse(file, content_type="text/calendar; charset=utf-8", headers=disposition)
