"""Notices: what I was told, whether or not it came by mail; read and unread, and where I choose otherwise."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from notices.actions import mark_all_read, mark_read
from notices.models import Preference
from partnerships.views.arena import page_of

from ..looking import NoticesForm
from ..noticed import link_to, notices_of, seen_by
from .mine import places_of

PLACES = 20  # to choose otherwise for


def _filtered(told, asked, known):
    if asked["where"] in known:
        told = told.filter(scope=known[asked["where"]])
    if asked["kind"]:
        told = told.filter(kind=asked["kind"])
    return told.unread() if asked["unread"] else told


@login_required
@never_cache
@require_safe
def my_notices(request):
    """What I was told, newest first, and what became of the mail."""
    now = timezone.now()
    known, places = places_of(request.user)
    form = NoticesForm(request.GET, places=places)
    told = _filtered(notices_of(request.user, now), form.asked, known)
    page = page_of(request, told.order_by("-created_at", "id"))
    own = Preference.objects.filter(recipient=request.user.pk, scope__in=known.values())
    otherwise = set(own.values_list("scope", flat=True))
    context = {
        "form": form,
        "narrowed": any(form.asked.values()),
        "page": page,
        "rows": seen_by(request.user, list(page), now),
        "now": now,
        "places": [(slug, title, known[slug] in otherwise) for slug, title in places][:PLACES],
    }
    return render(request, "cocreate/my_notices.html", context)


def _mine_or_404(request, pk):
    notice = notices_of(request.user, timezone.now()).filter(pk=pk).first()
    if notice is None:
        raise Http404
    return notice


@login_required
@require_POST
def open_notice(request, pk):
    """Go to what a notice is about, and note that it is read; what no longer stands says so."""
    notice = _mine_or_404(request, pk)
    mark_read(recipients=[request.user.pk], notice=notice.pk, read=True, at=timezone.now())
    link = link_to(notice, request.user)
    if link:
        return redirect(link)
    messages.info(
        request, _("This no longer applies: it is done, it was changed, or you are no longer asked.")
    )
    return redirect("my_notices")


@login_required
@require_POST
def mark_notice(request, pk):
    """Count a notice as read, or as unread again."""
    notice, read = _mine_or_404(request, pk), request.POST.get("read") != "no"
    mark_read(recipients=[request.user.pk], notice=notice.pk, read=read, at=timezone.now())
    return redirect("my_notices")


@login_required
@require_POST
def mark_notices(request):
    """Count all notices as read that had come when the page was made."""
    now = timezone.now()
    try:
        until = parse_datetime(request.POST.get("until", "")) or now
    except ValueError:
        until = now
    until = now if until.tzinfo is None else min(until, now)
    mark_all_read(notices=notices_of(request.user, now), at=until)
    return redirect("my_notices")
