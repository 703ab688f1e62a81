"""What is due in the coming weeks, of one partnership or of all that somebody leads or keeps on a platform.

Stages, decisions, meetings, invitations, promises, meetings of bodies, steps: each on its day, the soonest first.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils.text import Truncator
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from boundary.kept import kept, together
from partnerships.models import Commitment, Decision, Invitation, Meeting, StageVisit
from partnerships.stages import Stage
from solutions.models import AuthorizationRequest, Step, StepReport, StepStatus

from .arena import url_of_arena
from .desk.facts import led_on, scope_of

AHEAD = datetime.timedelta(days=90)  # (default) a quarter: as far as plans of people with other work reach
MOST = 200  # of each kind on a page; files hold more
MOST_IN_FILES = 5000
KINDS = {  # kind -> page word, in the order of the lanes
    "stage": gettext_lazy("Stages"),
    "decision": gettext_lazy("Decisions"),
    "meeting": gettext_lazy("Meetings"),
    "invitations": gettext_lazy("Invitations"),
    "promise": gettext_lazy("Commitments"),
    "body": gettext_lazy("For decision"),
    "step": gettext_lazy("The plan"),
}
LANES = {kind: lane for lane, kind in enumerate(KINDS)}
LONGEST = 100  # characters of what is told


@dataclass(frozen=True)
class Deadline:
    """One thing that is due: of which kind, on which day, what, in which partnership, and the page about it."""

    kind: str
    on: datetime.date
    what: str
    slug: str  # of the partnership
    where: str  # its title
    pk: object = None  # of the thing; of invitations, none

    @property
    def kind_name(self):
        return str(KINDS[self.kind])

    @property
    def uid(self):
        """What names it for ever: the thing, or the invitations of a partnership that run out on a day."""
        return f"{self.kind}-{self.pk or f'{self.slug}-{self.on}'}"

    @property
    def url(self):
        """The page about it."""
        page = PAGES[self.kind]
        if self.kind == "body":
            return url_of_arena(page, self.pk)
        return url_of_arena(page, self.slug, *([self.pk] if page in OF_A_THING else []))


@dataclass(frozen=True)
class Ahead:
    """The deadlines of the coming weeks. full: whether there are more than were fetched."""

    first: datetime.date
    last: datetime.date
    deadlines: list
    full: bool = False

    def beyond(self, number):
        """How many are not among the first `number`."""
        return max(0, len(self.deadlines) - number)


def _partnerships(platform, leader, partnership):
    """Those under way, and not paused, among what is led on a platform, or the one with this id."""
    rows = led_on(platform, leader, partnership)
    return rows.filter(begun_at__isnull=False, paused_at=None).exclude(stage=Stage.CLOSED).values("pk")


@kept
def _stages(limit, first, last, *scope):
    rows = StageVisit.objects.filter(
        left_at=None, due_on__gte=first, due_on__lte=last, partnership__in=_partnerships(*scope)
    ).order_by("due_on", "pk")
    return rows.values_list("pk", "due_on", "stage", "partnership__slug", "partnership__title")[:limit]


@kept
def _decisions(limit, first, last, *scope):
    rows = Decision.objects.taking_positions().filter(
        closes_at__gte=first, closes_at__lt=last, partnership__in=_partnerships(*scope)
    )
    rows = rows.order_by("closes_at", "pk")
    return rows.values_list("pk", "closes_at", "question", "partnership__slug", "partnership__title")[:limit]


@kept
def _meetings(limit, first, last, *scope):
    rows = Meeting.objects.filter(
        cancelled_at=None, starts_at__gte=first, starts_at__lt=last, partnership__in=_partnerships(*scope)
    ).order_by("starts_at", "pk")
    return rows.values_list("pk", "starts_at", "title", "partnership__slug", "partnership__title")[:limit]


@kept
def _promises(limit, first, last, *scope):
    """Commitments with a day of their own; those of a step are due with it."""
    rows = Commitment.objects.filter(
        state=Commitment.State.ACCEPTED,
        ownership=None,
        due_on__gte=first,
        due_on__lte=last,
        partnership__in=_partnerships(*scope),
    ).order_by("due_on", "pk")
    return rows.values_list("pk", "due_on", "what", "partnership__slug", "partnership__title")[:limit]


@kept
def _bodies(limit, first, last, *scope):
    rows = AuthorizationRequest.objects.waiting().filter(
        postponed_at=None, meeting_on__gte=first, meeting_on__lte=last, partnership__in=_partnerships(*scope)
    )
    rows = rows.order_by("meeting_on", "pk")
    return rows.values_list("pk", "meeting_on", "body__name", "partnership__slug", "partnership__title")[
        :limit
    ]


@kept
def _steps(limit, first, last, *scope):
    reported = StepReport.objects.filter(step=OuterRef("pk")).order_by("-at", "-id").values("status")[:1]
    rows = (
        Step.objects.filter(due_on__gte=first, due_on__lte=last, partnership__in=_partnerships(*scope))
        .annotate(now=Coalesce(Subquery(reported), Value("")))
        .exclude(now__in=[StepStatus.DONE, StepStatus.STOPPED])
        .order_by("due_on", "pk")
    )
    return rows.values_list("pk", "due_on", "what", "partnership__slug", "partnership__title")[:limit]


def _invitations(limit, first, last, *scope):
    """How many unanswered invitations run out on each day, by the reader's clock; so it is no kept query."""
    rows = (
        Invitation.objects.answerable()
        .filter(expires_at__gte=first, expires_at__lt=last, partnership__in=_partnerships(*scope))
        .values("partnership", on=TruncDate("expires_at", tzinfo=get_current_timezone()))
    )
    counted = rows.annotate(number=Count("pk")).order_by("on", "partnership_id")
    return counted.values_list("on", "number", "partnership__slug", "partnership__title")[:limit]


SOURCES = {  # kind -> query, whether its day is a moment
    "stage": (_stages, False),
    "decision": (_decisions, True),
    "meeting": (_meetings, True),
    "promise": (_promises, False),
    "body": (_bodies, False),
    "step": (_steps, False),
}
PAGES = {"stage": "stages", "invitations": "invitations", "promise": "commitment", "body": "dossier"}
PAGES |= {kind: kind for kind in ("decision", "meeting", "step")}
OF_A_THING = {
    "decision",
    "meeting",
    "commitment",
    "step",
}  # pages with the id of a thing behind the partnership


def ahead(at, *, desk=None, partnership=None, most=MOST):
    """What is Ahead, for 90 days from the moment `at`: of all that the person of a Desk leads or keeps, or of one
    Partnership. Two queries. most: of each kind.
    """
    scope = (None, None, partnership.pk) if partnership else scope_of(desk)
    first = localtime(at).date()
    last = first + AHEAD
    span = {False: (first, last), True: (at, at + AHEAD)}
    asked = [query.of(most + 1, *span[moment], *scope) for query, moment in SOURCES.values()]
    found, full = [], False
    for kind, rows in zip(SOURCES, together(*asked), strict=True):
        full = full or len(rows) > most
        found += [_deadline(kind, *row) for row in rows[:most]]
    running_out = list(_invitations(most + 1, *span[True], *scope))
    found += [_of_invitations(*row) for row in running_out[:most]]
    return Ahead(first, last, sorted(found, key=_order), full or len(running_out) > most)


def _order(deadline):
    return (deadline.on, LANES[deadline.kind], deadline.where, deadline.what)


def _deadline(kind, pk, due, what, slug, title):
    on = localtime(due).date() if isinstance(due, datetime.datetime) else due
    if kind == "stage":
        what = _("“%(stage)s” is planned to be done") % {"stage": Stage(what).label}
    elif kind == "body":
        what = _("%(body)s meets") % {"body": what}
    elif len(what) > LONGEST:
        what = Truncator(what).chars(LONGEST)
    return Deadline(kind, on, what, slug, title, pk)


def _of_invitations(on, number, slug, title):
    what = ngettext("%(number)s invitation runs out", "%(number)s invitations run out", number)
    return Deadline("invitations", on, what % {"number": number}, slug, title)
