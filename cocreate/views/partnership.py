"""The front page of a partnership: what it is about, who is there, what happens next, and how to join."""

from functools import lru_cache

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnerships.forms.attending import answers_to
from partnerships.views.arena import open_arena
from partnerships.views.closing import account_of

from .. import drawn, overview
from ..arena import url_of_arena
from ..joining import way_in

SECTIONS = (
    "stages",
    "people",
    "problem",
    "solutions",
    "authorization",
    "implementation",
    "meetings",
    "say",
    "record",
)


@lru_cache(1024)
def _links(_urlconf, slug):
    return {name: url_of_arena(name, slug) for name in SECTIONS}


@require_safe
def partnership(request, slug):
    """Overview of one partnership; of a members-only one, outsiders see its name and how to join."""
    place = open_arena(request, slug, reading=False)
    arena = place.partnership
    if arena.begun_at is None and place.convenes:
        return redirect("prepare", slug)
    front = overview.front(place, request.user, timezone.now()) if place.reads else None
    facts = front.facts if front else overview.facts_of(arena, request.user)
    called = facts.calls(timezone.now())
    context = {
        "facts": facts,
        "way_in": way_in(place, invited=facts.invited, asked=facts.asked_to_join, called=called),
        "may_follow": place.reads and not place.member,
        "links": _links(settings.ROOT_URLCONF, slug),
        "note": overview.stage_sentence(arena, facts.due_on, timezone.localdate()),
    }
    if not front:
        return render(request, "cocreate/partnership_closed_door.html", context)
    asked, meeting = overview.latest_request(arena), front.meeting
    context |= {
        "account": account_of(arena),
        "balance": front.balance,
        "ring": drawn.ring(front.balance),
        "around": front.around,
        "words": front.words,
        "meeting": meeting,
        "answer_url": url_of_arena("answer_meeting", slug, meeting.pk) if meeting else "",
        "answers": answers_to(meeting) if meeting else [],
        "asked_body": asked,
        "outcome_colour": overview.outcome_colour(asked),
    }
    return render(request, "cocreate/partnership.html", context)
