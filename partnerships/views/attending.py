"""Meet: say whether one comes and what one needs; who came."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from .. import actions
from ..forms.attending import AnswerMeetingForm, RecordAttendanceForm
from ..models.meetings import COMES, Need
from ..rules import meetings as may
from .arena import page_of
from .meetings import open_meeting


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_meeting(request, slug, pk):
    """Say whether one comes. A link in a mail brings the answer along; it counts when it is sent."""
    place, shown = open_meeting(request, slug, pk)
    may.can_answer_meeting(place, shown, timezone.now()).enforce()
    mine = shown.attendances.filter(member=place.member).first()
    brought = {"answer": request.GET.get("answer", "")} if request.GET.get("answer") else {}
    form = AnswerMeetingForm(request.POST or None, instance=mine, meeting=shown, initial=brought)
    if request.method == "POST":
        form = AnswerMeetingForm(request.POST, meeting=shown)
        if form.is_valid():
            actions.attending.answer_meeting(meeting=shown, by=request.user, at=timezone.now(), **form.facts)
            messages.success(
                request, _("Thank you, your answer is noted. You can change it until the meeting is over.")
            )
            return redirect("meeting", slug, pk)
    context = {"place": place, "form": form, "meeting": shown}
    return render(request, "partnerships/answer_meeting.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def meeting_needs(request, slug, pk):
    """What to arrange, for those who do: how many need what, then who."""
    place, shown = open_meeting(request, slug, pk)
    may.can_see_needs(place).enforce()
    rows = shown.attendances.needing().select_related("member__person", "member__organization")
    counted = [(need.label, rows.filter(need_kinds__contains=[need]).count()) for need in Need]
    context = {
        "place": place,
        "meeting": shown,
        "counted": [(label, number) for label, number in counted if number],
        "come": shown.attendances.filter(answer__in=COMES, member__left_at=None).count(),
        "page": page_of(request, rows.order_by("member__person__sort_key", "pk")),
        "days": place.partnership.platform.keep_needs_days,
    }
    return render(request, "partnerships/meeting_needs.html", context)


def _noted(shown):
    """Who is ticked at first: those who came, else those who said that they come; and how many guests."""
    noted = shown.attendances.filter(Q(attended=True) | Q(attended=None, answer__in=COMES))
    guests = {f"guests_{sector}": number for sector, number in shown.guests.values_list("sector", "number")}
    return {"present": list(noted.values_list("member", flat=True)), **guests}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_attendance(request, slug, pk):
    """Note who came."""
    place, shown = open_meeting(request, slug, pk)
    may.can_record_attendance(place, shown, timezone.now()).enforce()
    form = RecordAttendanceForm(request.POST or None, meeting=shown, initial=_noted(shown))
    if request.method == "POST":
        form = RecordAttendanceForm(request.POST, meeting=shown)
        if form.is_valid() and _recorded(request, shown, form):
            messages.success(request, _("It is noted who came."))
            return redirect("meeting", slug, pk)
    context = {"place": place, "form": form, "meeting": shown}
    return render(
        request, "partnerships/record_attendance.html", context, status=422 if form.is_bound else 200
    )


def _recorded(request, shown, form):
    try:
        actions.attending.record_attendance(
            meeting=shown,
            present=list(form.cleaned_data["present"]),
            guests=form.guests,
            by=request.user,
            at=timezone.now(),
        )
    except ValidationError as error:
        form.add_error(None, error)
    return not form.errors
