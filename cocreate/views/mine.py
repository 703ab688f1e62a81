"""Waiting for me: what a person is asked for, what moved since they looked, and the partnerships they are in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from actors.actions import look
from partnerships.models import Follow, Member

from ..looking import MineForm
from ..moved import moved, since_of
from ..owed import MOST
from ..waiting import groups_of, overdue_first, rows_of

MOST_PLACES = 200  # to choose from


def seats_of(person):
    """The partnerships a person is in, newest first, as their seats in them."""
    seats = Member.objects.present().filter(person=person).select_related("partnership__platform")
    return seats.order_by("-joined_at", "-id")


def places_of(person):
    """({address: partnership id}, [(address, title)]) of the partnerships somebody is in or follows: one query."""
    columns = ("partnership__slug", "partnership__title", "partnership")
    seats = Member.objects.present().filter(person=person).order_by().values_list(*columns)
    follows = Follow.objects.standing(person).order_by().values_list(*columns)
    found = list(seats.union(follows).order_by("partnership__title")[:MOST_PLACES])
    return {slug: pk for slug, _title, pk in found}, [(slug, title) for slug, title, _pk in found]


def _part(request, name):
    """The number of a part that the address asks for; 1 for what is none."""
    number = request.GET.get(name, "1")
    return int(number) or 1 if number.isdecimal() and len(number) < 6 else 1


@login_required
@never_cache
@require_safe
def mine(request):
    """What waits for me, what moved since I looked, and my partnerships."""
    person, now, today = request.user, timezone.now(), timezone.localdate()
    part = _part(request, "page")
    seats = list(seats_of(person)[MOST * (part - 1) : MOST * part + 1])
    known, choices = places_of(person)
    form = MineForm(request.GET, places=choices)
    asked = form.asked
    arena = known.get(asked["where"])
    context = {
        "form": form,
        "narrowed": any(asked.values()),
        "groups": _owed(person, now, today, arena, asked),
        "seats": seats[:MOST],
        "follows": Follow.objects.standing(person).select_related("partnership")[:MOST],
        "desks": getattr(person, "desks", []),
        "newer": part - 1,
        "older": part + 1 if len(seats) > MOST else 0,
        **_moved(request, now, arena, asked),
    }
    return render(request, "cocreate/mine.html", context)


def _owed(person, now, today, arena, asked):
    if asked["show"] == "moved":
        return []
    groups = groups_of(rows_of(person, now, today, arena), today, asked["due"])
    return overdue_first(groups) if asked["order"] else groups


def _moved(request, now, arena, asked):
    """What the page says of what moved: nothing where only what is owed is asked for."""
    since = since_of(request.user, now)
    told = {"since": since, "looked": request.user.looked_at, "now": now, "moved": None}
    if asked["show"] == "owed" or asked["due"]:
        return told
    number = _part(request, "moved")
    lines, more = moved(request.user, since, number=number, partnership=arena)
    return told | {"moved": lines, "before": number - 1, "after": number + 1 if more else 0}


@login_required
@require_POST
def seen(request):
    """I have seen what moved, up to the moment when the page was made: what came since stays new."""
    try:
        until = parse_datetime(request.POST.get("until", ""))
    except ValueError:
        until = None
    if until is None or until.tzinfo is None:
        raise ValidationError(_("Go back to “Waiting for me” and press the button there."))
    look(person=request.user, until=until, by=request.user, at=timezone.now())
    messages.success(request, _("Noted. Here you now see what moves from now on."))
    return redirect("mine")
