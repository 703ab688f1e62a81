"""For decision: what awaits a body, each dossier, one's own note, and the answer as minuted."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.models import Member
from partnerships.places import Place
from partnerships.views.arena import page_of

from .. import actions
from ..facts import dossier_facts, today_in
from ..forms.authorizations import EnterAuthorizationForm, NoteForm
from ..models import AuthorizationRequest, BodyMember, PrivateNote
from ..places import seat_in
from ..rules import authorizations as may

WITH_EVERYTHING = (
    *("body", "revision__text", "authorization", "asked_by"),
    *("partnership__platform__owner", "partnership__mandate__recipient", "partnership__mandate__sponsor"),
)


@login_required
@require_safe
def dossiers(request):
    """What awaits the bodies that this person sits in or writes for, by meeting; and what was answered."""
    mine = (
        AuthorizationRequest.objects.put_to(request.user)
        .with_latest_number()
        .select_related("body", "partnership", "revision", "authorization")
    )
    seats = BodyMember.objects.current().filter(person=request.user).select_related("body")
    context = {
        "waiting": mine.waiting().order_by("meeting_on", "asked_at")[:100],
        "page": page_of(
            request,
            mine.exclude(authorization=None).order_by("-authorization__decided_on", "-asked_at", "id"),
        ),
        "seats": seats,
        "today": timezone.localdate(),
    }
    return render(request, "solutions/dossiers.html", context)


def _opened(request, pk):
    """The request this reader may see, and their seat in its body. Invisible is 404."""
    visible = AuthorizationRequest.objects.visible_to(request.user).with_latest_number()
    asked = get_object_or_404(visible.select_related(*WITH_EVERYTHING), pk=pk)
    return asked, seat_in(asked.body, request.user)


def _stage_of(asked, person):
    """The partnership's stage for the rules: who answers for a body need not be a member of the partnership."""
    return Place(asked.partnership, person, None)


def _possible_conflicts(asked):
    """Those in the body who have a seat in the partnership as well: shown to the body, never judged here."""
    sitting = BodyMember.objects.current().filter(body=asked.body_id).values("person")
    seated = Member.objects.present().filter(partnership=asked.partnership_id, person__in=sitting)
    return list(seated.select_related("person", "organization")[:50])


def _dossier_context(request, asked, seat):
    note = PrivateNote.objects.filter(request=asked, person=seat.person).first() if seat.sits else None
    return {
        "asked": asked,
        "seat": seat,
        "arena": asked.partnership,
        **dossier_facts(asked.partnership, asked.revision),
        "superseded": asked.latest_number > asked.revision.number,
        "conflicts": _possible_conflicts(asked),
        "note": note,
        "may_note": may.can_note_privately(seat),
        "may_enter": may.can_enter_authorization(seat, _stage_of(asked, seat.person), asked),
        "today": today_in(asked.partnership.time_zone),
    }


@require_safe
def dossier(request, pk):
    """One request with all that the body needs to decide, made to be printed for its meeting."""
    asked, seat = _opened(request, pk)
    context = _dossier_context(request, asked, seat)
    context["note_form"] = NoteForm(instance=context["note"])
    return render(request, "solutions/dossier.html", context)


@login_required
@require_POST
def note_privately(request, pk):
    """Keep, change or erase one's own note before the meeting."""
    asked, seat = _opened(request, pk)
    may.can_note_privately(seat).enforce()
    form = NoteForm(request.POST)
    if form.is_valid():
        actions.note_privately(
            request=asked, body=form.cleaned_data["body"], by=request.user, at=timezone.now()
        )
        messages.success(request, _("Your note is saved. Only you can read it."))
        return redirect("dossier", pk)
    context = _dossier_context(request, asked, seat) | {"note_form": form}
    return render(request, "solutions/dossier.html", context, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter_authorization(request, pk):
    """Enter the body's answer as it stands in its minutes."""
    asked, seat = _opened(request, pk)
    may.can_enter_authorization(seat, _stage_of(asked, seat.person), asked).enforce()
    today = today_in(asked.partnership.time_zone)
    initial = {"decided_on": min(asked.meeting_on, today)}
    form = EnterAuthorizationForm(request.POST or None, initial=initial, today=today)
    if request.method == "POST" and form.is_valid():
        actions.enter_authorization(request=asked, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The decision is entered. The partnership is told."))
        return redirect("dossier", pk)
    context = {"asked": asked, "form": form, "arena": asked.partnership}
    return render(
        request, "solutions/enter_authorization.html", context, status=422 if form.is_bound else 200
    )
