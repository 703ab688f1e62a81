"""My dates in my own calendar: an address that only I know, and the file behind it."""

import hashlib
import hmac

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_POST, require_safe

from boundary.local_time import zone_named
from partnerships.actions.following import make_feed, revoke_feed
from partnerships.models import CalendarFeed, Partnership, Tally

from ..feed import address_of, calendar_of, feed_behind
from .mine import places_of

A_MINUTE = 20  # (default) fetches of one calendar in a minute: programs look each hour, people press twice
SHOWN = "calendar_shown"


@login_required
@never_cache
@require_safe
def my_calendars(request):
    """The calendars that I have an address of. An address just made is shown, this once."""
    feeds = list(CalendarFeed.objects.filter(person=request.user).select_related("partnership"))
    just_made = request.session.pop(SHOWN, None)
    made = next((feed for feed in feeds if str(feed.pk) == just_made), None)
    _known, places = places_of(request.user)
    context = {"feeds": feeds, "places": places, "made": made}
    if made:
        context["address"] = address_of(made)
        context["webcal"] = "webcal:" + context["address"].partition(":")[2]
    # Referrer-Policy stays the site's: under "no-referrer" a browser sends the buttons from no origin: refused.
    return render(request, "cocreate/my_calendars.html", context)


@login_required
@require_POST
def make_calendar(request):
    """Make the address of a calendar, of all or of one partnership; one that there was ends."""
    known, _places = places_of(request.user)
    where = request.POST.get("where", "")
    if where and where not in known:
        raise Http404
    arena = Partnership(pk=known[where]) if where else None
    feed = make_feed(partnership=arena, by=request.user, at=timezone.now())
    request.session[SHOWN] = str(feed.pk)
    return redirect("my_calendars")


@login_required
@require_POST
def end_calendar(request, pk):
    """End a calendar of mine: its address leads nowhere from now on."""
    feed = get_object_or_404(CalendarFeed, pk=pk, person=request.user)
    revoke_feed(feed=feed, by=request.user, at=timezone.now())
    messages.success(request, _("The address has ended. Take the calendar out of your program, too."))
    return redirect("my_calendars")


def _too_often(feed, at):
    key = hmac.new(settings.SECRET_KEY.encode(), f"calendar:{feed.pk}".encode(), hashlib.sha256).hexdigest()
    minute = at.replace(second=0, microsecond=0)
    return not Tally.objects.take(key=f"calendar:{key}", since=minute, amount=1, limit=A_MINUTE)


@conditional_page
@require_safe
def calendar_feed(request, pk, token):
    """The calendar at an address that proves itself, for programs. A wrong, an old and an ended one are not there."""
    feed, at = feed_behind(pk, token), timezone.now()
    if feed is None:
        raise Http404
    if _too_often(feed, at):
        return HttpResponse(_("Too often. Come back in a minute."), status=429, content_type="text/plain")
    with translation.override(feed.person.language), timezone.override(zone_named(feed.person.time_zone)):
        file = calendar_of(feed, at)
    if file is None:
        raise Http404
    answer = HttpResponse(file, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    answer["Content-Disposition"] = 'inline; filename="dates.ics"'
    # Nothing of this is for other sites, search engines or shared stores on the way.
    answer["Cache-Control"] = "private, max-age=0, must-revalidate"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
