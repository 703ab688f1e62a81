"""Invite from a file: choose it, see every error by its row, and draft what is right."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from boundary import csv
from boundary.csv import Unreadable

from .. import actions
from ..forms.invitees import UploadForm
from ..invitees import check
from ..models import InviteeList
from ..rules import invitations as may
from .arena import open_arena, page_of

ERRORS = 50  # on one page
FIRST = 5  # rows shown as they were understood


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload_invitees(request, slug):
    """Choose a file with one person per row."""
    place = open_arena(request, slug)
    may.can_invite(place).enforce()
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["file"]
        facts = {"partnership": place.partnership, "by": request.user, "at": timezone.now()}
        try:
            kept = actions.invitees.upload_invitees(name=chosen.name, data=chosen.read(), **facts)
        except Unreadable as error:
            form.add_error("file", error.sentence)
        else:
            return redirect("draft_invitees", slug, kept.pk)
    status = 422 if form.errors else 200
    return render(request, "partnerships/upload_invitees.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft_invitees(request, slug, pk):
    """What would be drafted, every error by its row; and the draft, once somebody has looked."""
    place = open_arena(request, slug)
    may.can_invite(place).enforce()
    kept = get_object_or_404(InviteeList, pk=pk, partnership=place.partnership, by=request.user)
    checked = check(kept.text, place.partnership)
    if request.method == "POST" and checked.people:
        drafted = actions.invitees.draft_invitees(invitees=kept, by=request.user, at=timezone.now())
        number = len(drafted)
        done = ngettext("%(number)s invitation is written.", "%(number)s invitations are written.", number)
        messages.success(request, done % {"number": number})
        return redirect("send_invitations", slug)
    context = {
        "kept": kept,
        "checked": checked,
        "good": len(checked.people),
        "first": checked.people[:FIRST],
        "page": page_of(request, checked.wrong, ERRORS),
    }
    return render(request, "partnerships/draft_invitees.html", context)


@login_required
@require_safe
def example_invitees(request, slug):
    """An empty table with the headings that are understood, and one row to follow."""
    place = open_arena(request, slug)
    may.can_invite(place).enforce()
    headings = [
        _("Name"),
        _("E-mail"),
        _("Sector"),
        _("Organization"),
        _("Group"),
        _("Language"),
        _("Why you"),
    ]
    row = [
        _("First and last name"),
        "name@example.org",
        _("Residents"),
        "",
        "",
        place.partnership.language,
        "",
    ]
    answer = HttpResponse(csv.write([headings, row]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="invite.csv"'
    return answer
