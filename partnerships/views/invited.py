"""Who was invited and what they answered: found, taken out as a table, reminded, and drafts withdrawn, many at once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from boundary import csv
from boundary.answer import Conflict

from .. import actions
from ..actions.invitations import day_of
from ..forms.invited import TO_CALL, InvitedFilter, NumberForm
from ..messages.invitations import reason_of
from ..models import Invitation, InvitationQuestion
from ..models.invitations import ANSWERABLE
from ..rules import invitations as may
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
REMINDABLE = Q(state__in=[State.SENT, State.SEEN]) & ~Q(address="")
NUMBERS = {state.value: Count("pk", filter=Q(state=state)) for state in State} | {
    "call": Count("pk", filter=TO_CALL),
    "letters": Count("pk", filter=Q(state=State.QUEUED, address="")),
    "total": Count("pk"),
}


def _found(request, partnership):
    """(the filter, the invitations that it finds)."""
    form = InvitedFilter(request.GET, partnership=partnership)
    return form, form.found(Invitation.objects.filter(partnership=partnership))


def _chosen(request, partnership):
    """(the filter, the invitations that it finds, how many the page has shown), to do something with all of them.

    Raises Conflict when the filter finds more than was asked for, or the page has not said how many it shows.
    """
    form, found = _found(request, partnership)
    if not form.is_valid():
        raise Conflict(_("What you filtered by is not there any more. Nothing is done: filter once more."))
    shown = NumberForm(request.POST)
    if not shown.is_valid():
        raise Conflict(_("The page has not said how many it shows. Nothing is done: open it once more."))
    return form, found, shown.cleaned_data["number"]


@login_required
@require_safe
def invitations(request, slug):
    """Everyone who was invited, and what they answered."""
    place = open_arena(request, slug)
    conveners_only(place).enforce()
    form, found = _found(request, place.partnership)
    page = page_of(request, found.select_related("organization", "seat", "group"))
    invited = Invitation.objects.filter(partnership=place.partnership)
    counts, now = invited.aggregate(**NUMBERS), timezone.now()
    for row in page:
        _show(row, place, now)
    of_found = found.aggregate(
        drafts=Count("pk", filter=Q(state=State.DRAFT)),
        unanswered=Count("pk", filter=REMINDABLE & Q(sent_at__lt=day_of(now), expires_at__gt=now)),
    )
    context = {
        "page": page,
        "form": form,
        "states": [(state, label, counts[state]) for state, label in State.choices],
        "total": counts["total"],
        "answered": counts[State.ACCEPTED] + counts[State.DECLINED],
        "on_way": counts[State.QUEUED] - counts["letters"],
        "to_call": counts["call"],
        "questions": InvitationQuestion.objects.filter(
            invitation__partnership=place.partnership, answered_at=None
        ).count(),
        "letters": counts["letters"],
        "drafts": counts[State.DRAFT],
        "may_invite": may.can_invite(place),
        "of_found": of_found,
        "query": form.query(),
    }
    return render(request, "partnerships/invitations.html", context)


def _show(row, place, now):
    """What the list says of a row, and what may be done with it."""
    row.colour, row.shown_reason = COLOURS[row.state], reason_of(row)
    row.shown_state = _shown_state(row)
    row.calls = row.state == State.BOUNCED or (not row.address and row.state in ANSWERABLE)
    row.may_remind = may.can_remind_invitation(place, row, now)
    row.may_resend = may.can_resend_invitation(place, row) and row.address
    row.may_withdraw = may.can_withdraw_invitation(place, row)
    row.may_print = row.state in ANSWERABLE or row.state == State.BOUNCED


def _shown_state(row):
    to_print = not row.address and row.state == State.QUEUED
    return _("To be printed") if to_print else row.get_state_display()


def _day(moment):
    return date_format(localtime(moment), "Y-m-d") if moment else ""


@login_required
@require_safe
def invitations_file(request, slug):
    """The list as it is found, as a table for a spreadsheet."""
    place = open_arena(request, slug)
    conveners_only(place).enforce()
    _form, found = _found(request, place.partnership)
    headings = [
        *(_("Number"), _("Name"), _("E-mail"), _("Group"), _("Organization"), _("Language")),
        *(_("State"), _("Reason"), _("Sent"), _("Opened"), _("Answered")),
    ]
    rows = [
        [
            *(row.number, row.name, row.shown_address, row.group or "", row.organization or "", row.language),
            *(_shown_state(row), reason_of(row)),
            *(_day(row.sent_at), _day(row.seen_at), _day(row.answered_at)),
        ]
        for row in found.select_related("organization", "group").iterator(2000)
    ]
    answer = HttpResponse(csv.write([headings, *rows]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="invitations.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def remind_unanswered(request, slug):
    """Remind all who are found and have not answered."""
    place = open_arena(request, slug)
    may.can_invite(place).enforce()
    form, found, number = _chosen(request, place.partnership)
    told = actions.invitations.remind_unanswered(
        partnership=place.partnership, among=found, number=number, by=request.user, at=timezone.now()
    )
    done = ngettext("One reminder is on its way.", "%(told)s reminders are on their way.", told)
    if told:
        messages.success(request, done % {"told": told})
    else:
        messages.info(request, _("Nobody was reminded: each of them got a mail about it today already."))
    return redirect(reverse("invitations", args=[slug]) + form.query())


@login_required
@require_POST
def withdraw_drafts(request, slug):
    """Take back all drafts that are found."""
    place = open_arena(request, slug)
    conveners_only(place).enforce()
    _form, found, number = _chosen(request, place.partnership)
    count = actions.invitations.withdraw_drafts(
        partnership=place.partnership, among=found, number=number, by=request.user, at=timezone.now()
    )
    done = ngettext("One draft is withdrawn.", "%(count)s drafts are withdrawn.", count)
    messages.success(request, done % {"count": count})
    return redirect("invitations", slug)
