"""The front page of a partnership: what it is about, who is there, what happens next, and how to join."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnerships.models.meetings import MeetingAnswer
from partnerships.views.arena import open_arena

from .. import drawn, overview
from ..arena import url_of_arena
from ..balance import balance
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


@require_safe
def partnership(request, slug):
    """Overview of one partnership; of a members-only one, outsiders see its name and how to join."""
    place = open_arena(request, slug, reading=False)
    arena = place.partnership
    facts = overview.facts_of(arena, request.user)
    context = {
        "facts": facts,
        "way_in": way_in(place, invited=facts.invited, asked=facts.asked_to_join),
        "links": {name: url_of_arena(name, slug) for name in SECTIONS},
        "note": overview.stage_sentence(arena, facts.due_on, timezone.localdate()),
    }
    if not place.reads:
        return render(request, "cocreate/partnership_closed_door.html", context)
    meeting = overview.next_meeting(arena, place.member, timezone.now())
    asked, found = overview.latest_request(arena), balance(arena)
    context |= {
        "balance": found,
        "ring": drawn.ring(found),
        "around": drawn.around(overview.around_the_table(arena.pk)),
        "words": overview.words_of(arena),
        "meeting": meeting,
        "answer_url": url_of_arena("answer_meeting", slug, meeting.pk) if meeting else "",
        "answers": MeetingAnswer.choices,
        "asked_body": asked,
        "outcome_colour": overview.outcome_colour(asked),
    }
    return render(request, "cocreate/partnership.html", context)
