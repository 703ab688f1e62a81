"""Waiting for me: what a person is asked for, and the partnerships they are in."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnerships.models import Member

from ..waiting import MOST, waiting


def seats_of(person):
    """The partnerships a person is in, newest first, as their seats in them."""
    seats = Member.objects.present().filter(person=person).select_related("partnership__platform")
    return seats.order_by("-joined_at", "-id")


@login_required
@require_safe
def mine(request):
    """What waits for me, and my partnerships."""
    number = request.GET.get("page", "1")
    number = int(number) if number.isdecimal() and number != "0" and len(number) < 6 else 1
    seats = list(seats_of(request.user)[MOST * (number - 1) : MOST * number + 1])
    context = {
        "groups": waiting(request.user, timezone.now(), timezone.localdate()),
        "seats": seats[:MOST],
        "desks": getattr(request.user, "desks", []),
        "newer": number - 1,
        "older": number + 1 if len(seats) > MOST else 0,
    }
    return render(request, "cocreate/mine.html", context)
