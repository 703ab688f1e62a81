"""People: who sits at the table, who wants to, and how one joins and leaves."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Value
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boundary.kept import kept, together

from .. import actions
from ..actions.members import other_conveners
from ..forms.members import (
    AddSeatsForm,
    AnswerJoinRequestForm,
    AskToJoinForm,
    ChangeRoleForm,
    ChangeSeatForm,
    JoinForm,
    LeaveForm,
    ShowMeAsForm,
)
from ..models import Call, Commitment, JoinRequest, Leadership, Line, Member, Seat, Substitution
from ..rules import members as may
from ..rules.invitations import can_invite
from ..stages import opens
from .arena import PageRows, open_arena, page_of, part_asked

FORMER = 100
WIDTH = len(Line._fields)


def _status(form):
    return 422 if form.is_bound else 200


@kept
def _number_present(partnership):
    rows = Member.objects.present().filter(partnership=partnership).order_by().values(all=Value(1))
    return rows.annotate(number=Count("pk")).values_list("number", flat=True)


@kept
def _present(partnership, start, stop, reached):
    rows = Member.objects.present().filter(partnership=partnership).order_by("person__sort_key", "pk")
    reach = ("person__email", "person__phone") if reached else ()
    return rows.values_list(*Line.of(), *reach)[start:stop]


@kept
def _former(partnership):
    rows = Member.objects.filter(partnership=partnership, left_at__isnull=False).order_by("-left_at")
    return rows.values_list(*Line.of(), "left_at")[:FORMER]


@kept
def _open_seats(partnership):
    return Seat.objects.filter(partnership=partnership, holder=None)[:50]


@kept
def _call_of(partnership):
    return Call.objects.filter(partnership=partnership)


@kept
def _substitutes_of(partnership, at):
    rows = Substitution.objects.covering(at).filter(partnership=partnership)
    rows = rows.select_related(*(f"{who}__{what}" for who in ("member", "substitute") for what in SHOWN))
    return rows.order_by("asked_at", "pk")[:SUBSTITUTES]


SHOWN, SUBSTITUTES = ("person", "organization"), 20  # the others are on a page of their own


@require_safe
def people(request, slug):
    """Who takes part, for whom, in which role; the open seats; who has left."""
    place = open_arena(request, slug, mandate=False)
    arena = place.partnership
    waiting = JoinRequest.objects.filter(partnership=arena, state=JoinRequest.State.WAITING)
    outsider = place.person and not place.member
    by_request = arena.join_policy == arena.JoinPolicy.REQUEST
    asked = bool(outsider) and waiting.filter(person=place.person).exists()
    (number,), present, former, open_seats, calls, substitutes = together(
        _number_present.of(arena.pk),
        _present.of(arena.pk, *part_asked(request), place.convenes),
        _former.of(arena.pk),
        _open_seats.of(arena.pk),
        _call_of.of(arena.pk),
        _substitutes_of.of(arena.pk, timezone.now()),
    )
    members = [Line(*row[:WIDTH]) for row in present]
    context = {
        "page": page_of(request, PageRows(number, members)),
        "reached": [(line, *row[WIDTH:]) for line, row in zip(members, present, strict=True)],
        "former": [(Line(*line), left_at) for *line, left_at in former],
        "open_seats": open_seats,
        "substitutes": substitutes,
        "open_call": bool(calls) and calls[0].is_open(timezone.now()),
        "waiting": waiting.count() if place.convenes else 0,
        "may_come_in": may.can_ask_to_join(place, asked) if by_request else may.can_join(place),
        "may_invite": can_invite(place),
        "may_add_seats": may.can_add_seats(place),
    }
    return render(request, "partnerships/people.html", context)


# --- in and out ---------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join_partnership(request, slug):
    """Join an open partnership at once."""
    place = open_arena(request, slug, reading=False)
    if place.member:
        return redirect(place.partnership)
    may.can_join(place).enforce()
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.members.join_partnership(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Welcome. You are a member now."))
        return redirect(place.partnership)
    return render(request, "partnerships/join_partnership.html", {"form": form}, status=_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_to_join(request, slug):
    """Ask a convener to be let in."""
    place = open_arena(request, slug, reading=False)
    waiting = JoinRequest.objects.filter(
        partnership=place.partnership, person=request.user, state=JoinRequest.State.WAITING
    ).first()
    answer = may.can_ask_to_join(place, bool(waiting))
    form = AskToJoinForm(request.POST or None)
    if request.method == "POST" and answer.enforce() and form.is_valid():
        actions.members.ask_to_join(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Your request is with the conveners. They will answer you by e-mail."))
        return redirect(place.partnership)
    context = {"form": form, "may_ask": answer, "waiting": waiting}
    return render(request, "partnerships/ask_to_join.html", context, status=_status(form))


@login_required
@require_POST
def withdraw_join_request(request, slug, pk):
    """Take one's own request back."""
    place = open_arena(request, slug, reading=False)
    asked = get_object_or_404(JoinRequest, pk=pk, partnership=place.partnership, person=request.user)
    actions.members.withdraw_join_request(join_request=asked, by=request.user, at=timezone.now())
    messages.success(request, _("You have taken your request back."))
    return redirect(place.partnership)


@login_required
@require_safe
def join_requests(request, slug):
    """Who asks to join and waits for an answer."""
    place = open_arena(request, slug)
    may.can_answer_join_requests(place).enforce()
    rows = JoinRequest.objects.filter(partnership=place.partnership).select_related("person", "organization")
    context = {
        "page": page_of(request, rows.filter(state=JoinRequest.State.WAITING)),
        "answered": rows.exclude(state=JoinRequest.State.WAITING).order_by("-answered_at")[:20],
    }
    return render(request, "partnerships/join_requests.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_join_request(request, slug, pk):
    """Let somebody in, or say why not."""
    place = open_arena(request, slug)
    may.can_answer_join_requests(place).enforce()
    rows = JoinRequest.objects.select_related("person", "organization")
    shown = get_object_or_404(rows, pk=pk, partnership=place.partnership)
    form = AnswerJoinRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.members.answer_join_request(
            join_request=shown, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("%(name)s has your answer.") % {"name": shown.person.name})
        return redirect("join_requests", slug)
    context = {"form": form, "shown": shown, "may_answer": may.can_answer_join_request(place, shown)}
    return render(request, "partnerships/answer_join_request.html", context, status=_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request, slug):
    """Leave the partnership: what becomes of words, promises and functions, and the way out."""
    place = open_arena(request, slug, reading=False)
    answer = may.can_leave(place, other_conveners(place.partnership, request.user))
    promises = Commitment.objects.none()
    if place.member and opens(place.partnership.stage, "answer_commitment"):
        promises = Commitment.objects.standing().filter(member=place.member).order_by("due_on", "created_at")
    form = LeaveForm(request.POST if request.method == "POST" else None, promises=promises)
    if request.method == "POST" and answer.enforce() and form.is_valid():
        actions.members.leave(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("You have left. Thank you for what you gave."))
        return redirect("partnerships")
    carried = Leadership.objects.held().filter(member=place.member) if place.member else []
    context = {"form": form, "pairs": form.pairs, "may_leave": answer, "carried": carried}
    return render(request, "partnerships/leave.html", context, status=_status(form))


# --- who sits where -----------------------------------------------------------------------------------------


def _member_page(request, slug, pk, *, name, rule, form_of, act, done):
    """A page with one form that changes one member and returns to the people."""
    place = open_arena(request, slug)
    rows = Member.objects.present().select_related("person", "organization")
    shown = get_object_or_404(rows, pk=pk, partnership=place.partnership)
    answer = rule(place, shown)
    answer.enforce()
    form = form_of(shown, request.POST or None)
    if request.method == "POST" and form.is_valid():
        act(member=shown, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, done)
        return redirect("people", slug)
    context = {"form": form, "shown": shown}
    return render(request, f"partnerships/{name}.html", context, status=_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_role(request, slug, pk):
    """Give a member another role."""
    return _member_page(
        request,
        slug,
        pk,
        name="change_role",
        rule=lambda place, shown: may.can_change_role(
            place,
            shown,
            other_conveners(place.partnership, shown.person),
            role=request.POST.get("role", shown.role),
        ),
        form_of=lambda shown, data: ChangeRoleForm(data, initial={"role": shown.role}),
        act=actions.members.change_role,
        done=_("The role is changed."),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_seat(request, slug, pk):
    """Confirm for which sector and side a member sits."""
    return _member_page(
        request,
        slug,
        pk,
        name="change_seat",
        rule=may.can_change_seat,
        form_of=lambda shown, data: ChangeSeatForm(
            data, initial={"sector": shown.sector, "side": shown.side}
        ),
        act=actions.members.change_seat,
        done=_("The seat is confirmed. The change stands in the record."),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_me_as(request, slug):
    """Say how one is shown here."""
    place = open_arena(request, slug)
    may.can_show_me_as(place).enforce()
    first = {"function": place.member.function, "shown_by_function": place.member.shown_by_function}
    form = ShowMeAsForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        actions.members.show_me_as(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("This is how the others see you now."))
        return redirect("people", slug)
    return render(request, "partnerships/show_me_as.html", {"form": form}, status=_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_seats(request, slug):
    """Set open seats at the table."""
    place = open_arena(request, slug)
    may.can_add_seats(place).enforce()
    form = AddSeatsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.members.add_seats(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("The seats are set."))
        return redirect("people", slug)
    return render(request, "partnerships/add_seats.html", {"form": form}, status=_status(form))


@login_required
@require_POST
def remove_seat(request, slug, pk):
    """Take an open seat away."""
    place = open_arena(request, slug)
    seat = get_object_or_404(Seat, pk=pk, partnership=place.partnership)
    actions.members.remove_seat(seat=seat, by=request.user, at=timezone.now())
    messages.success(request, _("The seat is taken away."))
    return redirect("people", slug)
