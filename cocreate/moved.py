"""What moved in the partnerships of a person: those they are in, and those they follow; in sentences of the record."""

import datetime
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast

from journal.models import Audience, Entry
from partnerships.models import Follow, Member

from .arena import url_of_arena
from .record import line_of, names_of

LATELY = datetime.timedelta(
    days=30
)  # (default) how far back it begins for who has never said that they have seen it
PLACES, LINES = 10, 6  # partnerships of a page, and lines of each; the record has all
LEADING = (Member.Role.CONVENER, Member.Role.FACILITATOR)
# One's own small deeds and those of the machinery: they move nothing that somebody would come back for.
QUIET = (
    *(
        "meeting.answered",
        "position.taken",
        "partnership.exported",
        "member.shown_otherwise",
        "poll.answered",
    ),
    *("agenda.changed", "minutes.drafted", "contribution.taken_on", "contribution.released"),
)
Topic = Follow.Topic
VERBS = {  # topic -> what somebody who follows sees of the record
    Topic.STAGES: ("stage.moved", "partnership.paused", "partnership.resumed", "account.published"),
    Topic.MEETINGS: (
        "meeting.called",
        "meeting.changed",
        "meeting.cancelled",
        "meeting.minuted",
        "workshop.ended",
    ),
    Topic.DECISIONS: (
        *("decision.opened", "decision.begun", "decision.closed", "decision.withdrawn", "decision.reopened"),
        *("sounding.opened", "sounding.closed"),
    ),
    Topic.TEXTS: ("text.started", "text.revised", "proposal.made", "value.started"),
    Topic.AUTHORIZATION: (
        *("authorization.requested", "authorization.entered", "authorization.withdrawn"),
        *("promise.given", "promise.declined"),
    ),
    Topic.PLAN: ("step.planned", "step.changed", "step.reported", "indicator.added", "indicator.measured"),
}


@dataclass(frozen=True)
class Moved:
    """What moved in one partnership: its newest lines; more: whether the record has others."""

    slug: str
    title: str
    follows: bool
    lines: list
    more: bool

    @property
    def url(self):
        return url_of_arena("partnership", self.slug)


def since_of(person, at):
    """From when on something is new to this person."""
    return person.looked_at or at - LATELY


def places(person, since, partnership=None):
    """The partnerships of a person in which something was done since then, the newest deed first, as rows.

    Each row: id, address, title, role of the seat ("" where they follow), what they follow ("" where they have a seat).
    """
    last = Entry.objects.filter(scope=OuterRef("partnership")).order_by("-sequence").values("at")[:1]
    seats = Member.objects.present().filter(person=person.pk)
    follows = Follow.objects.standing(person)
    if partnership:
        seats, follows = (rows.filter(partnership=partnership) for rows in (seats, follows))
    nothing = Value("", TextField())
    found = [
        (seats, Cast("role", TextField()), nothing),
        (follows, nothing, Cast("topics", TextField())),
    ]
    rows = [
        one.order_by()
        .annotate(moved_at=Subquery(last), held=seat, wanted=topic)
        .filter(moved_at__gt=since)
        .values_list("moved_at", "partnership", "partnership__slug", "partnership__title", "held", "wanted")
        for one, seat, topic in found
    ]
    return rows[0].union(rows[1], all=True).order_by("-moved_at", "partnership")


def _new(scope, seat, topics, person, since):
    """The newest entries of a partnership that this person may read and has reason to."""
    audience = Audience.PUBLIC if not seat else Audience.CONVENERS if seat in LEADING else Audience.MEMBERS
    rows = Entry.objects.filter(scope=scope, at__gt=since).for_audience(audience)
    rows = rows.exclude(actor=person.pk).exclude(verb__in=QUIET)
    if not seat:
        rows = rows.filter(verb__in=[verb for topic in topics for verb in VERBS.get(topic, ())])
    return rows.order_by("-sequence")[: LINES + 1]


def moved(person, since, *, number=1, partnership=None):
    """(what Moved in a page of the partnerships of this person, whether there are more): three queries."""
    first = PLACES * (number - 1)
    rows = list(places(person, since, partnership)[first : first + PLACES + 1])
    return lines_of([(*row[1:5], topics_in(row[5])) for row in rows[:PLACES]], person, since), len(
        rows
    ) > PLACES


def topics_in(text):
    """The topics of a list as the database writes it."""
    return text.strip("{}").split(",")


def lines_of(rows, person, since):
    """What Moved in these places (id, address, title, role, topics): two queries."""
    if not rows:
        return []
    parts = [_new(scope, seat, topics, person, since) for scope, _slug, _title, seat, topics in rows]
    entries = list(parts[0].union(*parts[1:], all=True)) if len(parts) > 1 else list(parts[0])
    names = names_of(entries, inside={scope for scope, _slug, _title, seat, _topics in rows if seat})
    found = {scope: [] for scope, *_rest in rows}
    for entry in sorted(entries, key=lambda entry: -entry.sequence):
        found[entry.scope].append(line_of(entry, names))
    return [
        Moved(slug, title, not seat, found[scope][:LINES], len(found[scope]) > LINES)
        for scope, slug, title, seat, _topics in rows
        if found[scope]
    ]
