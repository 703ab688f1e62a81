"""What is known of every partnership on a desk: one way to the database, however many there are.

Numbers are grouped per partnership, not asked for each. Of a partnership that the reader neither leads nor keeps, only
what any reader sees is fetched: no invitation, request or question of it is ever counted.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count, FilteredRelation, Min, OuterRef, Q, Subquery

from boundary.kept import kept, together
from journal.models import Entry
from partnerships.models import (
    Commitment,
    Contribution,
    ContributionReport,
    Decision,
    Invitation,
    InvitationQuestion,
    JoinRequest,
    Leadership,
    Member,
    Partnership,
    Seat,
)
from partnerships.models.invitations import ANSWERABLE
from partnerships.views.arena import reader

State = Invitation.State
NUMBERS = (  # of each partnership that the reader leads or keeps; 0 where there is nothing
    *("invited", "unanswered", "bounced", "seats_taken", "seats_open", "questions", "requests", "reports"),
    *("owed", "offers", "decisions", "functions"),
)


@dataclass(frozen=True)
class Facts:
    """One partnership on the desk. pk, slug, stage: as a Partnership has them; None is an unknown day."""

    pk: object
    slug: str
    title: str
    summary: str
    case_number: str
    stage: str
    begun: bool
    paused: bool
    role: str  # of the reader who leads it; "" for who does not
    keeps: bool  # whether the reader keeps the platform's cases
    readable: bool
    entered_at: datetime.datetime | None
    due_on: datetime.date | None
    last_deed_at: datetime.datetime | None = None
    closes_at: datetime.datetime | None = None  # of the decision that closes next
    invited: int = 0  # all but drafts and those withdrawn
    unanswered: int = 0
    bounced: int = 0
    seats_taken: int = 0
    seats_open: int = 0
    questions: int = 0
    requests: int = 0
    reports: int = 0
    owed: int = 0
    offers: int = 0
    decisions: int = 0
    functions: int = 0  # how many of the seven are carried

    @property
    def leads(self):
        """Whether the reader convenes or facilitates it."""
        return bool(self.role)

    @property
    def convenes(self):
        return self.role == Member.Role.CONVENER

    @property
    def is_full(self):
        """Whether the reader sees what those who lead see."""
        return self.leads or self.keeps


def led_on(platform, leader, partnership=None):
    """The platform's partnerships that the person with this id leads, as a queryset; leader None: all of them.

    partnership: the id of the only one asked for, whoever asks.
    """
    if partnership is not None:
        return Partnership.objects.filter(pk=partnership)
    rows = Partnership.objects.filter(platform=platform)
    if leader is None:
        return rows
    return rows.filter(pk__in=Member.objects.leading().filter(person=leader).values("partnership"))


def scope_of(desk):
    """What the person of a Desk leads or keeps, as led_on takes it."""
    return desk.platform.pk, None if desk.keeps_cases else desk.person.pk, None


def _told(rows, person):
    """What Facts are made of, of these partnerships, for the person with this id."""
    seat = Member.objects.present().filter(partnership=OuterRef("pk"), person=person)
    last = Entry.objects.filter(scope=OuterRef("pk")).order_by("-sequence").values("at")[:1]
    rows = rows.annotate(
        now=FilteredRelation("visits", condition=Q(visits__left_at=None)),
        role=Subquery(seat.values("role")[:1]),
        last=Subquery(last),
    )
    return rows.order_by("title", "id").values_list(
        *(
            "pk",
            "slug",
            "title",
            "summary",
            "case_number",
            "stage",
            "visibility",
            "begun_at",
            "paused_at",
            "role",
        ),
        *("now__entered_at", "now__due_on", "last"),
    )


@kept
def _listed(platform, person, keeps, convenes):
    """Who holds no office here sees what they lead; who convenes here, what any reader sees of the rest besides."""
    if convenes and not keeps:
        return _told(Partnership.objects.visible_to(reader(person)).filter(platform=platform), person)
    return _told(led_on(platform, None if keeps else person), person)


@kept
def _one(partnership, person):
    return _told(Partnership.objects.filter(pk=partnership), person)


def _per_partnership(rows, *names, of="partnership", **counts):
    """(partnership, numbers …) of another table's rows; only of partnerships that have any."""
    return rows.order_by().values(of).annotate(**counts).values_list(of, *counts, *names)


@kept
def _invitations(*scope):
    made = Invitation.objects.filter(partnership__in=led_on(*scope).values("pk"))
    return _per_partnership(
        made.exclude(state__in=[State.DRAFT, State.WITHDRAWN]),
        invited=Count("state"),  # not the keys: then the index by state is all that is read
        unanswered=Count("state", filter=Q(state__in=ANSWERABLE)),
        bounced=Count("state", filter=Q(state=State.BOUNCED)),
    )


@kept
def _seats(*scope):
    rows = Seat.objects.filter(partnership__in=led_on(*scope).values("pk"))
    return _per_partnership(
        rows,
        seats_taken=Count("pk", filter=Q(holder__isnull=False)),
        seats_open=Count("pk", filter=Q(holder=None)),
    )


@kept
def _questions(*scope):
    rows = InvitationQuestion.objects.filter(
        answered_at=None, invitation__partnership__in=led_on(*scope).values("pk")
    )
    return _per_partnership(rows, of="invitation__partnership", questions=Count("pk"))


@kept
def _requests(*scope):
    rows = JoinRequest.objects.filter(
        state=JoinRequest.State.WAITING, partnership__in=led_on(*scope).values("pk")
    )
    return _per_partnership(rows, requests=Count("pk"))


@kept
def _reports(*scope):
    rows = ContributionReport.objects.filter(
        settled_at=None, contribution__partnership__in=led_on(*scope).values("pk")
    )
    of = "contribution__partnership"
    return _per_partnership(rows, of=of, reports=Count("contribution", distinct=True))


@kept
def _owed(*scope):
    rows = Contribution.objects.owed_a_response().filter(partnership__in=led_on(*scope).values("pk"))
    return _per_partnership(rows, owed=Count("pk"))


@kept
def _offers(*scope):
    rows = Commitment.objects.filter(
        state=Commitment.State.OFFERED, partnership__in=led_on(*scope).values("pk")
    )
    return _per_partnership(rows, offers=Count("pk"))


@kept
def _decisions(*scope):
    rows = Decision.objects.taking_positions().filter(partnership__in=led_on(*scope).values("pk"))
    return _per_partnership(rows, decisions=Count("pk"), closes=Min("closes_at"))


@kept
def _functions(*scope):
    rows = Leadership.objects.held().filter(partnership__in=led_on(*scope).values("pk"))
    return _per_partnership(rows, functions=Count("function", distinct=True))


COUNTED = (  # query, the names of what it counts
    (_invitations, ("invited", "unanswered", "bounced")),
    (_seats, ("seats_taken", "seats_open")),
    (_questions, ("questions",)),
    (_requests, ("requests",)),
    (_reports, ("reports",)),
    (_owed, ("owed",)),
    (_offers, ("offers",)),
    (_decisions, ("decisions", "closes_at")),
    (_functions, ("functions",)),
)


def facts_of(desk):
    """The Facts of every partnership on this Desk, by title: one query. desk: of somebody who is signed in."""
    listed = _listed.of(desk.platform.pk, desk.person.pk, desk.keeps_cases, desk.convenes)
    return _all_facts(listed, scope_of(desk), desk.keeps_cases)


def facts_of_one(place):
    """The Facts of the partnership of a Place, for who leads it or keeps its cases: one query."""
    pk = place.partnership.pk
    (facts,) = _all_facts(_one.of(pk, place.person.pk), (None, None, pk), place.keeps_cases)
    return facts


def _all_facts(listed, scope, keeps):
    rows, *counted = together(listed, *(query.of(*scope) for query, _names in COUNTED))
    numbers = {}
    for (_query, names), found in zip(COUNTED, counted, strict=True):
        for partnership, *values in found:
            numbers.setdefault(partnership, {}).update(zip(names, values, strict=True))
    return [_facts(row, keeps, numbers) for row in rows]


def _facts(row, keeps, numbers):
    pk, slug, title, summary, case_number, stage, visibility, begun_at, paused_at, role, *rest = row
    entered_at, due_on, last = rest
    leads = role in (Member.Role.CONVENER, Member.Role.FACILITATOR)
    is_full = leads or keeps
    return Facts(
        pk=pk,
        slug=slug,
        title=title,
        summary=summary,
        case_number=case_number if is_full else "",
        stage=stage,
        begun=begun_at is not None,
        paused=paused_at is not None,
        role=role if leads else "",
        keeps=keeps,
        readable=is_full or bool(role) or visibility == Partnership.Visibility.PUBLIC,
        entered_at=entered_at,
        due_on=due_on,
        last_deed_at=last if is_full else None,
        **(numbers.get(pk, {}) if is_full else {}),
    )
