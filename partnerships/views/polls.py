"""Meet: find a time that suits both sides."""

import datetime
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actors.models import Side
from boundary.local_time import zone_named

from .. import actions
from ..actions.polls import unmarked
from ..forms.polls import SHOWN, MarkTimesForm, OpenPollForm
from ..models import Poll, PollMark, PollTime
from ..models.polls import MOST_TIMES, Mark
from ..rules import polls as may
from .arena import open_arena
from .meetings import overlapping

deeds = actions.polls


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_poll(request, slug):
    """Ask the members which of some times suit them."""
    place = open_arena(request, slug)
    may.can_open_poll(place).enforce()
    initial = {"time_zone": place.partnership.time_zone}
    boxes = _boxes(request)
    form = OpenPollForm(request.POST or None, boxes=boxes, initial=initial)
    if request.method == "POST" and request.POST.get("deed") == "more":
        form = OpenPollForm(
            initial=request.POST.dict() | {"closes_at": request.POST.get("closes_at")}, boxes=boxes
        )
        return _open_page(request, place, form)
    if request.method == "POST" and form.is_valid() and (asked := _opened(request, place, form)):
        messages.success(request, _("Every member is asked. Mark what suits you, too."))
        return redirect("poll", slug, asked.pk)
    return _open_page(request, place, form)


def _open_page(request, place, form):
    context = {"place": place, "form": form, "more": len(form.boxes) < MOST_TIMES}
    return render(request, "partnerships/open_poll.html", context, status=422 if form.is_bound else 200)


def _boxes(request):
    """How many boxes for times: as many as were sent, and some more when they were asked for."""
    sent = sum(f"time_{number}" in request.POST for number in range(1, MOST_TIMES + 1))
    return max(sent, SHOWN) + (SHOWN if request.POST.get("deed") == "more" else 0)


def _opened(request, place, form):
    try:
        return deeds.open_poll(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.facts
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None


def _open(request, slug, pk):
    place = open_arena(request, slug)
    rows = Poll.objects.visible_to(request.user).select_related("opened_by", "meeting")
    shown = get_object_or_404(rows, pk=pk, partnership=place.partnership)
    shown.partnership = place.partnership
    return place, shown


def _times(shown):
    """The times with their words, and who marked what; the ones that suit both sides best come first in `best`."""
    zone = zone_named(shown.time_zone)
    times = list(shown.times.all())
    marks = PollMark.objects.filter(time__poll=shown, member__left_at=None)
    marks = list(
        marks.select_related("member__person", "member__organization").order_by("member__person__sort_key")
    )
    for time in times:
        time.local = time.starts_at.astimezone(zone)
        time.label = date_format(time.local, _("l j F Y, H:i"))
        time.marked = [mark for mark in marks if mark.time_id == time.pk]
        can = [mark for mark in time.marked if mark.mark != Mark.NO]
        time.yes = sum(mark.mark == Mark.YES for mark in can)
        time.if_need = len(can) - time.yes
        time.no = len(time.marked) - len(can)
        time.sides = {mark.member.side for mark in can}
        time.both = time.sides >= {Side.PUBLIC, Side.NON_PUBLIC}
        time.score = (time.both, time.yes + time.if_need, time.yes)
    best = max((time.score for time in times), default=None)
    for time in times:
        time.best = time.both and time.score == best
    return times


def _show(request, place, shown, *, form=None, status=200):
    at, times = timezone.now(), _times(shown)
    own = {}
    if place.member:
        own = {
            mark.time_id: mark.mark
            for time in times
            for mark in time.marked
            if mark.member_id == place.member.pk
        }
    may_pick = may.can_pick_time(place, shown)
    if may_pick:
        _point_out_overlaps(request, shown, times)
    context = {
        "place": place,
        "poll": shown,
        "times": times,
        "own": own,
        "form": form or MarkTimesForm(times=times, marks=own),
        "unmarked": list(unmarked(shown).select_related("person", "organization")) if place.leads else [],
        "may_mark": may.can_mark_times(place, shown, at),
        "may_pick": may_pick,
        "may_withdraw": may.can_withdraw_poll(place, shown),
        "may_see_names": bool(place.member),
        "zones_differ": timezone.get_current_timezone_name() != shown.time_zone,
        "at": at,
    }
    return render(request, "partnerships/poll.html", context, status=status)


def _point_out_overlaps(request, shown, times):
    """Each time with the other meetings that members are asked to then; one query for all."""
    length = datetime.timedelta(minutes=shown.length)
    first, last = times[0].starts_at, times[-1].starts_at + length
    rows = list(overlapping(shown.partnership, first, last, request.user)[:200])
    for time in times:
        ends = time.starts_at + length
        time.overlaps = [row for row in rows if row.starts_at < ends and row.ends_at > time.starts_at]


@require_safe
def poll(request, slug, pk):
    """One search for a time: which are proposed, what suits whom, which is best for both sides."""
    return _show(request, *_open(request, slug, pk))


@login_required
@require_POST
def mark_times(request, slug, pk):
    """Say which times suit."""
    place, shown = _open(request, slug, pk)
    form = MarkTimesForm(request.POST, times=_times(shown), marks={})
    if not form.is_valid():
        return _show(request, place, shown, form=form, status=422)
    deeds.mark_times(poll=shown, marks=form.marks, by=request.user, at=timezone.now())
    messages.success(request, _("Thank you. You can change it until the search for a time ends."))
    return redirect("poll", slug, pk)


@login_required
@require_POST
def pick_time(request, slug, pk):
    """Call the meeting at one of the times."""
    _place, shown = _open(request, slug, pk)
    try:
        key = uuid.UUID(request.POST.get("time", ""))
    except ValueError:
        key = None
    time = get_object_or_404(PollTime.objects.filter(poll=shown), pk=key)
    time.poll = shown
    called = deeds.pick_time(time=time, by=request.user, at=timezone.now())
    messages.success(
        request, _("The meeting is called. What members marked is their answer; they can change it.")
    )
    return redirect("meeting", slug, called.pk)


@login_required
@require_POST
def withdraw_poll(request, slug, pk):
    """Take the question back."""
    _place, shown = _open(request, slug, pk)
    deeds.withdraw_poll(poll=shown, by=request.user, at=timezone.now())
    messages.success(request, _("The question is taken back."))
    return redirect("meetings", slug)
