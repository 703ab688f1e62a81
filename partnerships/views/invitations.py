"""Invite people: paste, look, send, and see them go; then one by one. The list of them is in invited.py."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from .. import actions
from ..actions.invitations import left_today
from ..forms.invitations import InviteForm, PreviewForm, ResendForm, SendForm, WithdrawForm
from ..forms.members import RegisterPersonForm
from ..messages.invitations import preview, reason_of
from ..models import Call, Invitation, Volunteer
from ..rules import invitations as may
from ..rules.calls import can_write_call
from ..rules.members import can_register_person
from ..rules.register import can_choose_from_register
from ..rules.standing import conveners_only
from .arena import open_arena

State = Invitation.State


def _drafts(partnership):
    return Invitation.objects.drafts(timezone.now()).filter(partnership=partnership)


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
    call = Call.objects.filter(partnership=place.partnership).first()
    context = {
        "form": form,
        "drafts": _drafts(place.partnership).count(),
        "call": call,
        "waiting": Volunteer.objects.waiting().filter(call=call).count() if call else 0,
        "may_write_call": can_write_call(place),
        "may_choose_from_register": can_choose_from_register(place),
    }
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
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(
            request,
            ngettext("One invitation is on its way.", "%(sent)s invitations are on their way.", sent)
            % {"sent": sent},
        )
        return redirect("sending", slug)
    first = drafts.exclude(address="").select_related("invited_by").order_by("number").first()
    if first:
        first.partnership = place.partnership
    context = {
        "form": form,
        "count": count,
        "letters": drafts.filter(address="").count(),
        "preview": preview(first, timezone.now()) if first else None,
        "some": drafts.order_by("number")[:5],
        "to_me": PreviewForm(drafts=drafts),
        "may_send": may.can_send_invitations(place),
        "left": left_today(platform=platform, person=request.user, at=timezone.now()),
    }
    return render(
        request, "partnerships/send_invitations.html", context, status=422 if form.is_bound else 200
    )


@login_required
@require_POST
def preview_invitation(request, slug):
    """Mail the invitation to whoever is about to send it."""
    place = open_arena(request, slug)
    may.can_invite(place).enforce()
    form = PreviewForm(request.POST, drafts=_drafts(place.partnership))
    if form.is_valid():
        actions.letters.preview_invitation(invitation=form.chosen(), by=request.user, at=timezone.now())
        messages.success(
            request, _("The invitation is on its way to you, at %(to)s.") % {"to": request.user.email}
        )
    else:
        messages.error(request, _("There is no such letter any more. Choose one of those below."))
    return redirect("send_invitations", slug)


# --- on their way -------------------------------------------------------------------------------------------

MAILED = ~Q(address="")
NUMBERS = {
    "on_way": Count("pk", filter=MAILED & Q(state=State.QUEUED)),
    "sent": Count("pk", filter=MAILED & Q(state=State.SENT)),
    "seen": Count("pk", filter=Q(state=State.SEEN)),
    "answered": Count("pk", filter=Q(state__in=[State.ACCEPTED, State.DECLINED])),
    "bounced": Count("pk", filter=Q(state=State.BOUNCED)),
    "mails": Count("pk", filter=MAILED & ~Q(state__in=[State.DRAFT, State.WITHDRAWN])),
    "letters": Count("pk", filter=~MAILED & Q(state=State.QUEUED)),
}
OFTEN, SELDOM = 2, 5  # seconds between two looks: seldom while nothing moves


@login_required
@vary_on_headers("HX-Request")
@never_cache
@require_safe
def sending(request, slug):
    """Step three: how far the mails are. The part that changes renews itself while some are on their way."""
    place = open_arena(request, slug)
    conveners_only(place).enforce()
    numbers = Invitation.objects.filter(partnership=place.partnership).aggregate(**NUMBERS)
    mails, left = numbers["mails"], numbers["on_way"]
    typed = request.GET.get("left", "")
    before = (
        int(typed) if typed.isdecimal() and len(typed) < 7 else None
    )  # how many were left at the last look
    context = numbers | {
        "gone": mails - left,
        "pause": SELDOM if before == left else OFTEN,
        # Said aloud at each quarter and at the end, not at each look.
        "said": before is not None and _quarter(mails, left) != _quarter(mails, before),
    }
    part = "partnerships/sending_now.html" if request.htmx else "partnerships/sending.html"
    return render(request, part, context)


def _quarter(mails, left):
    return 4 * (mails - left) // mails if mails else 4


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
