"""Meet: sessions of the arena, called, changed, cancelled; the list of them, and the page of one."""

import datetime
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from .. import actions, calendars
from ..forms.attending import AnswerMeetingForm
from ..forms.meetings import (
    CancelMeetingForm,
    ChangeMeetingForm,
    MeetingForm,
    MeetingsFilter,
    as_typed,
)
from ..models import Attendance, Meeting, Member, Poll
from ..models.meetings import COMES
from ..rules import meetings as may
from ..rules import polls as may_ask
from ..signers import function_of
from .arena import open_arena, page_of
from .workshops import with_rooms, workshops_of

Answer = Attendance.Answer
POLLS_SHOWN = 10
OVERLAPS_SHOWN = 5
LONGEST_STEP = 53  # weeks from one meeting to the next one like it


def _rows(place, form, at):
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = Meeting.objects.filter(partnership=place.partnership).order_by("-starts_at", "-id")
    if chosen.get("q"):
        words = chosen["q"]
        rows = rows.filter(
            Q(title__icontains=words) | Q(agenda__icontains=words) | Q(minutes__icontains=words)
        )
    when = chosen.get("when")
    if when == "mine":
        rows = rows.filter(Exists(_mine(place)))
    elif when == "past":
        rows = rows.filter(ends_at__lt=at)
    elif when != "all":
        rows = rows.filter(ends_at__gte=at).order_by("starts_at", "id")
    coming = Count("attendances", filter=Q(attendances__answer__in=COMES))
    came = Count("attendances", filter=Q(attendances__attended=True))
    return rows.annotate(coming=coming, came=came)


def _mine(place):
    """Where this reader said that they come, or came; nowhere for who is no member."""
    own = Attendance.objects.filter(meeting=OuterRef("pk"), member=place.member)
    return own.filter(Q(answer__in=COMES) | Q(attended=True)) if place.member else own.none()


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
        "polls": list(Poll.objects.running().filter(partnership=place.partnership)[:POLLS_SHOWN]),
        "may_call": may.can_call_meeting(place),
        "may_ask": may_ask.can_open_poll(place),
        "at": at,
    }
    return render(request, "partnerships/meetings.html", context)


def open_meeting(request, slug, pk):
    """The Place of this reader, and the meeting, if they may see it; else 404."""
    place = open_arena(request, slug)
    visible = with_rooms(Meeting.objects.visible_to(request.user)).select_related("called_by", "minutes_by")
    visible = visible.annotate(
        caller_function=function_of("called_by", "partnership"),
        writer_function=function_of("minutes_by", "partnership"),
    )
    shown = get_object_or_404(visible, pk=pk, partnership=place.partnership)
    shown.partnership = place.partnership
    shown.caller_name = shown.caller_function or str(shown.called_by)
    shown.writer_name = shown.writer_function or str(shown.minutes_by)
    return place, shown


def _counts(shown):
    """How many answered what, and how many came."""
    filters = {value: Count("pk", filter=Q(answer=value)) for value in Answer.values}
    return shown.attendances.aggregate(
        **filters,
        noted=Count("pk", filter=Q(attended__isnull=False)),
        came=Count("pk", filter=Q(attended=True)),
    )


def show_meeting(request, place, shown, *, status=200, form=None):
    """The page of one meeting; a bound form keeps what was typed."""
    at = timezone.now()
    mine = shown.attendances.filter(member=place.member).first() if place.member else None
    people = (
        shown.attendances.exclude(answer="", attended=None)
        .select_related("member__person", "member__organization")
        .order_by(F("attended").desc(nulls_last=True), "member__person__sort_key", "pk")
    )
    items = list(shown.items.taken().select_related("contribution", "text", "decision", "commitment"))
    context = {
        "place": place,
        "meeting": shown,
        "items": items,
        "planned": sum(item.minutes for item in items),
        "deeds": list(
            shown.deeds.select_related("decision", "commitment", "contribution", "item__contribution")
        ),
        "guests": sum(shown.guests.values_list("number", flat=True)),
        "mine": mine,
        "counts": _counts(shown),
        "page": page_of(request, people) if place.member else None,
        "form": form or AnswerMeetingForm(instance=mine, meeting=shown),
        "over": at >= shown.ends_at,
        "may_answer": may.can_answer_meeting(place, shown, at),
        "may_change": may.can_change_meeting(place, shown, at),
        "may_record": may.can_record_attendance(place, shown, at),
        "may_write": may.can_write_minutes(place, shown, at),
        "may_see_link": may.can_see_link(place),
        "may_arrange": may.can_arrange_agenda(place, shown, at),
        "may_propose": may.can_propose_item(place, shown, at),
        "may_call": may.can_call_meeting(place),
        "overlaps": _overlapping(request, shown) if place.leads and at < shown.ends_at else [],
        **workshops_of(place, shown, at),
        "zones_differ": timezone.get_current_timezone_name() != shown.time_zone,
    }
    return render(request, "partnerships/meeting.html", context, status=status)


def _overlapping(request, shown):
    """Other meetings, that this reader may see, of which members are asked to both at the same time."""
    rows = overlapping(shown.partnership, shown.starts_at, shown.ends_at, request.user)
    return list(rows.exclude(pk=shown.pk)[:OVERLAPS_SHOWN])


def overlapping(partnership, starts_at, ends_at, reader):
    """Meetings that `reader` may see, held then, to which some member of this partnership is asked."""
    people = Member.objects.present().filter(partnership=partnership).values("person")
    others = Member.objects.present().filter(person__in=people).values("partnership")
    rows = Meeting.objects.visible_to(reader).overlapping(starts_at, ends_at)
    return rows.filter(partnership__in=others).select_related("partnership").order_by("starts_at", "pk")


@require_safe
def meeting(request, slug, pk):
    """One meeting: when, where, what about, who comes, what was minuted."""
    return show_meeting(request, *open_meeting(request, slug, pk))


def _say_if_doubled(request, form):
    if form.comes_twice:
        text = _("The clocks go back that night, so %(time)s comes twice. The first one is meant.")
        messages.info(request, text % {"time": form.comes_twice})


def _first_words(request, place):
    """What the form shows at first: nothing, or a meeting like another one, so many weeks later."""
    plain = {"time_zone": place.partnership.time_zone}
    rows = Meeting.objects.filter(partnership=place.partnership)
    like, weeks = request.GET.get("like", ""), request.GET.get("weeks", "")
    if not weeks.isdecimal() or not 0 < int(weeks[:3]) <= LONGEST_STEP:
        return plain
    try:
        same = rows.filter(pk=uuid.UUID(like)).first()
    except ValueError:
        return plain
    return as_typed(same, datetime.timedelta(weeks=int(weeks[:3]))) if same else plain


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def call_meeting(request, slug):
    """Call the members together."""
    place = open_arena(request, slug)
    may.can_call_meeting(place).enforce()
    form = MeetingForm(request.POST or None, initial=_first_words(request, place))
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
    place, shown = open_meeting(request, slug, pk)
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
    place, shown = open_meeting(request, slug, pk)
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


@require_safe
def meeting_calendar(request, slug, pk):
    """The meeting as a calendar file; the link into the room is in it for members."""
    place, shown = open_meeting(request, slug, pk)
    file = calendars.calendar_of(shown, with_link=bool(may.can_see_link(place)))
    disposition = {"Content-Disposition": 'attachment; filename="meeting.ics"'}
    return HttpResponse(file, content_type="text/calendar; charset=utf-8", headers=disposition)
