"""Invite people: paste, look, send; who has answered."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import actions
from ..actions.invitations import left_today
from ..forms.invitations import InviteForm, ResendForm, SendForm, WithdrawForm
from ..forms.members import RegisterPersonForm
from ..messages.invitations import preview, reason_of
from ..models import Invitation, InvitationQuestion
from ..models.invitations import ANSWERABLE
from ..rules import invitations as may
from ..rules.members import can_register_person
from ..rules.standing import conveners_only
from .arena import open_arena, page_of

State = Invitation.State
COLOURS = {
    State.ACCEPTED: "success",
    State.DECLINED: "neutral",
    State.EXPIRED: "warning",
    State.BOUNCED: "danger",
    State.WITHDRAWN: "neutral",
    State.SEEN: "info",
    State.SENT: "info",
    State.QUEUED: "info",
    State.DRAFT: "neutral",
}


def _drafts(partnership):
    return Invitation.objects.filter(partnership=partnership, state=State.DRAFT)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request, slug):
    """Step one: paste the addresses and say why these people."""
    place = open_arena(request, slug)
    answer = may.can_invite(place)
    answer.enforce()
    form = InviteForm(request.POST or None, partnership=place.partnership)
    if request.method == "POST" and form.is_valid():
        actions.invitations.draft_invitations(
            partnership=place.partnership, addresses=form.facts(), by=request.user, at=timezone.now()
        )
        return redirect("send_invitations", slug)
    context = {"form": form, "drafts": _drafts(place.partnership).count()}
    return render(request, "partnerships/invite.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_invitations(request, slug):
    """Step two: look at the mail as they will see it, and send."""
    place = open_arena(request, slug)
    may.can_invite(place).enforce()
    drafts, platform = _drafts(place.partnership), place.partnership.platform
    count = drafts.count()
    typed = request.POST if request.method == "POST" else None
    form = SendForm(typed, count=count, partnership=place.partnership)
    if request.method == "POST" and may.can_send_invitations(place).enforce() and form.is_valid():
        sent = actions.invitations.send_invitations(
            partnership=place.partnership, by=request.user, at=timezone.now()
        )
        messages.success(
            request,
            ngettext("One invitation is on its way.", "%(sent)s invitations are on their way.", sent)
            % {"sent": sent},
        )
        return redirect("invitations", slug)
    first = drafts.exclude(address="").select_related("invited_by").order_by("number").first()
    if first:
        first.partnership = place.partnership
    context = {
        "form": form,
        "count": count,
        "letters": drafts.filter(address="").count(),
        "preview": preview(first, timezone.now()) if first else None,
        "some": drafts.order_by("number")[:5],
        "may_send": may.can_send_invitations(place),
        "left": left_today(platform=platform, person=request.user, at=timezone.now()),
    }
    return render(
        request, "partnerships/send_invitations.html", context, status=422 if form.is_bound else 200
    )


def _found(partnership, values):
    """The invitations that search and filter ask for."""
    rows = Invitation.objects.filter(partnership=partnership).select_related("organization", "seat")
    state, words = values.get("state", ""), values.get("q", "").strip()[:200].replace("\x00", "")
    if state in State.values:
        rows = rows.filter(state=state)
    elif state == "call":
        rows = rows.filter(_to_call())
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(address__icontains=words))
    return rows.order_by("-number"), {"state": state, "q": words}


def _to_call():
    """Whom mail does not reach: what bounced, and letters that wait for an answer."""
    return Q(state=State.BOUNCED) | Q(address="", state__in=ANSWERABLE)


@login_required
@require_safe
def invitations(request, slug):
    """Everyone who was invited, and what they answered."""
    place = open_arena(request, slug)
    conveners_only(place).enforce()
    rows, asked = _found(place.partnership, request.GET)
    page, now = page_of(request, rows), timezone.now()
    invited = Invitation.objects.filter(partnership=place.partnership)
    counts = dict(invited.values_list("state").annotate(Count("pk")).order_by())
    for row in page:
        row.colour, row.shown_reason = COLOURS[row.state], reason_of(row)
        to_print = not row.address and row.state == State.QUEUED
        row.shown_state = _("To be printed") if to_print else row.get_state_display()
        row.calls = row.state == State.BOUNCED or (not row.address and row.state in ANSWERABLE)
        row.may_remind = may.can_remind_invitation(place, row, now)
        row.may_resend = may.can_resend_invitation(place, row) and row.address
        row.may_withdraw = may.can_withdraw_invitation(place, row)
        row.may_print = row.state in ANSWERABLE or row.state == State.BOUNCED
    context = {
        "page": page,
        "asked": asked,
        "states": [(state, label, counts.get(state, 0)) for state, label in State.choices],
        "total": sum(counts.values()),
        "answered": counts.get(State.ACCEPTED, 0) + counts.get(State.DECLINED, 0),
        "to_call": invited.filter(_to_call()).count(),
        "questions": InvitationQuestion.objects.filter(
            invitation__partnership=place.partnership, answered_at=None
        ).count(),
        "letters": invited.filter(address="", state=State.QUEUED).count(),
        "drafts": counts.get(State.DRAFT, 0),
        "may_invite": may.can_invite(place),
    }
    return render(request, "partnerships/invitations.html", context)


def one_of(request, slug, pk):
    """The place and one invitation of it, for conveners."""
    place = open_arena(request, slug)
    conveners_only(place).enforce()
    rows = Invitation.objects.select_related("invited_by", "organization", "partnership__platform__owner")
    return place, get_object_or_404(rows, pk=pk, partnership=place.partnership)


@login_required
@require_POST
def remind_invitation(request, slug, pk):
    """Remind one person by hand."""
    _place, shown = one_of(request, slug, pk)
    actions.invitations.remind_invitation(invitation=shown, by=request.user, at=timezone.now())
    messages.success(request, _("A reminder is on its way to %(who)s.") % {"who": shown})
    return redirect("invitations", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resend_invitation(request, slug, pk):
    """Send it again, perhaps to a corrected address."""
    place, shown = one_of(request, slug, pk)
    may.can_resend_invitation(place, shown).enforce()
    form = ResendForm(request.POST or None, initial={"address": shown.address})
    if request.method == "POST" and form.is_valid():
        actions.invitations.resend_invitation(
            invitation=shown, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("The invitation is on its way again."))
        return redirect("invitations", slug)
    context = {"form": form, "shown": shown, "reason": reason_of(shown)}
    return render(
        request, "partnerships/resend_invitation.html", context, status=422 if form.is_bound else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_invitation(request, slug, pk):
    """Take an invitation back."""
    place, shown = one_of(request, slug, pk)
    may.can_withdraw_invitation(place, shown).enforce()
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.invitations.withdraw_invitation(
            invitation=shown, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("The invitation is withdrawn."))
        return redirect("invitations", slug)
    context = {"form": form, "shown": shown}
    return render(
        request, "partnerships/withdraw_invitation.html", context, status=422 if form.is_bound else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register_person(request, slug):
    """Register somebody without e-mail, with their agreement."""
    place = open_arena(request, slug)
    can_register_person(place).enforce()
    form = RegisterPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "agreed"}
        member = actions.invitations.register_person(
            partnership=place.partnership, by=request.user, at=timezone.now(), **facts
        )
        messages.success(request, _("%(name)s is a member now.") % {"name": member.person.name})
        return redirect("people", slug)
    return render(
        request, "partnerships/register_person.html", {"form": form}, status=422 if form.is_bound else 200
    )
