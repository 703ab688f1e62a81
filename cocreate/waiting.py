"""What waits for a person, over all partnerships: one query per kind, however many there are."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from actors.models import Person
from boundary.kept import kept, together
from partnerships.models import (
    Attendance,
    ClosingAccount,
    Commitment,
    Contribution,
    Decision,
    JoinRequest,
    Leadership,
    Meeting,
    Member,
    Position,
)
from partnerships.models.commitments import STANDING
from partnerships.stages import OPENS
from solutions.models import AuthorizationRequest, Ownership, StepReport, StepStatus

from .arena import url_of_arena
from .overview import invitations_to

MOST = 20  # of each kind; what is beyond is said, and comes up when the first are done
SOON = datetime.timedelta(days=30)  # (default) steps due later than this are not waiting yet


@dataclass(frozen=True)
class Item:
    """One thing that waits: what, where, when it is due."""

    title: str
    url: str
    where: str
    when: str = ""
    overdue: bool = False


@dataclass(frozen=True)
class Group:
    """Things of one kind that wait for the same person."""

    key: str
    heading: str
    icon: str
    items: list = field(default_factory=list)
    more: bool = False

    @property
    def shown(self):
        return f"{MOST}+" if self.more else str(len(self.items))


def _group(key, heading, icon, rows, item):
    return Group(key, heading, icon, [item(row) for row in rows[:MOST]], len(rows) > MOST)


def _seats(person, **role):
    return Member.objects.present().filter(person=person, **role)


def _leads(person):
    return Member.objects.leading().filter(person=person).values("partnership")


def _day(moment):
    """A day, or the reader's day of a moment."""
    return date_format(localtime(moment) if isinstance(moment, datetime.datetime) else moment, _("j F Y"))


def _time(moment, pattern=None):
    """A moment in the reader's time zone."""
    return date_format(localtime(moment), pattern or _("j F Y, H:i"))


@kept
def _positions_of(person, at):
    """Open decisions in which the person with this id has a say and has not answered."""
    seats = _seats(person, partnership=OuterRef("partnership")).exclude(role=Member.Role.OBSERVER)
    taken = Position.objects.filter(decision=OuterRef("pk"), member__person=person)
    rows = Decision.objects.open().filter(
        Exists(seats), ~Exists(taken), closes_at__gt=at, partnership__paused_at=None
    )
    return rows.select_related("partnership").order_by("closes_at")[: MOST + 1]


def _positions(person, at):
    return _group(
        "positions",
        _("Positions to take"),
        "vote",
        _positions_of(person.pk, at),
        lambda row: Item(
            row.question,
            url_of_arena("decision", row.partnership.slug, row.pk),
            row.partnership.title,
            _("closes %(day)s") % {"day": _time(row.closes_at)},
        ),
    )


@kept
def _answers_of(person):
    """Contributions that wait for an answer where the person with this id leads."""
    rows = Contribution.objects.owed_a_response().filter(
        partnership__in=_leads(person), partnership__stage__in=OPENS["respond"]
    )
    return rows.select_related("partnership").order_by("created_at")[: MOST + 1]


def _answers(person):
    return _group(
        "answers",
        _("Answers you owe"),
        "message-square",
        _answers_of(person.pk),
        lambda row: Item(
            row.body[:100],
            url_of_arena("respond", row.partnership.slug, row.pk),
            row.partnership.title,
            _("said on %(day)s") % {"day": _day(row.created_at)},
        ),
    )


@kept
def _commitments_of(person):
    """Promises asked of the person with this id, and offers that they can take as one who leads."""
    asked = Q(state=Commitment.State.ASKED, member__person=person, member__left_at=None)
    offered = Q(state=Commitment.State.OFFERED, partnership__in=_leads(person)) & ~Q(member__person=person)
    rows = Commitment.objects.filter(asked | offered, partnership__stage__in=OPENS["answer_commitment"])
    return rows.select_related("partnership", "member").order_by("created_at")[: MOST + 1]


def _commitments(person):
    return _group(
        "commitments",
        _("Promises to answer"),
        "handshake",
        _commitments_of(person.pk),
        lambda row: Item(
            (_("You are asked: %(what)s") if row.state == Commitment.State.ASKED else _("Offered: %(what)s"))
            % {"what": row.what},
            url_of_arena("commitment", row.partnership.slug, row.pk),
            row.partnership.title,
            _("by %(day)s") % {"day": _day(row.due_on)} if row.due_on else "",
        ),
    )


@kept
def _steps_of(person, until):
    """Unfinished steps of the person with this id that are due by `until`."""
    last = StepReport.objects.filter(step=OuterRef("step")).order_by("-at", "-id").values("status")[:1]
    rows = (
        Ownership.objects.filter(
            commitment__member__person=person,
            commitment__member__left_at=None,
            commitment__state__in=STANDING,
            step__due_on__lte=until,
            step__partnership__stage__in=OPENS["report_step"],
        )
        .annotate(now=Coalesce(Subquery(last), Value("")))  # "": nothing reported yet
        .exclude(now__in=[StepStatus.DONE, StepStatus.STOPPED])
    )
    return rows.select_related("step__partnership").order_by("step__due_on")[: MOST + 1]


def _steps(person, today):
    return _group(
        "steps",
        _("Steps that are due"),
        "list-checks",
        _steps_of(person.pk, today + SOON),
        lambda row: Item(
            row.step.what,
            url_of_arena("step", row.step.partnership.slug, row.step_id),
            row.step.partnership.title,
            _("due %(day)s") % {"day": _day(row.step.due_on)},
            row.step.due_on < row.step.partnership.overdue_by(today),
        ),
    )


@kept
def _meetings_of(person, at):
    """Coming meetings that the person with this id has not answered."""
    seats = _seats(person, partnership=OuterRef("partnership"))
    answered = Attendance.objects.filter(meeting=OuterRef("pk"), member__person=person).exclude(answer="")
    rows = Meeting.objects.coming(at).filter(
        Exists(seats), ~Exists(answered), partnership__stage__in=OPENS["meet"]
    )
    return rows.select_related("partnership")[: MOST + 1]


def _meetings(person, at):
    return _group(
        "meetings",
        _("Meetings to answer"),
        "calendar-days",
        _meetings_of(person.pk, at),
        lambda row: Item(
            row.title,
            url_of_arena("meeting", row.partnership.slug, row.pk),
            row.partnership.title,
            _time(row.starts_at, _("l j F Y, H:i")),
        ),
    )


@kept
def _functions_of(person):
    """Functions that the person with this id is asked to carry."""
    rows = Leadership.objects.standing().filter(state=Leadership.State.OFFERED, member__person=person)
    return rows.select_related("partnership")[: MOST + 1]


def _functions(person):
    return _group(
        "functions",
        _("Functions you are asked to carry"),
        "users",
        _functions_of(person.pk),
        lambda row: Item(
            row.get_function_display(),
            url_of_arena("leadership", row.partnership.slug),
            row.partnership.title,
            _("asked on %(day)s") % {"day": _day(row.offered_at)},
        ),
    )


@kept
def _join_requests_of(person):
    """Requests to join what the person with this id convenes."""
    convened = _seats(person, role=Member.Role.CONVENER).values("partnership")
    rows = JoinRequest.objects.filter(state=JoinRequest.State.WAITING, partnership__in=convened)
    return rows.select_related("partnership", "person").order_by("created_at")[: MOST + 1]


def _join_requests(rows):
    return _group(
        "join_requests",
        _("People who ask to join"),
        "user-plus",
        rows,
        lambda row: Item(
            _("%(name)s asks to join") % {"name": row.person},
            url_of_arena("join_requests", row.partnership.slug),
            row.partnership.title,
            _("asked on %(day)s") % {"day": _day(row.created_at)},
        ),
    )


@kept
def _invitations_of(person, at):
    """Unanswered invitations to proved addresses of the person with this id."""
    rows = invitations_to(person).filter(expires_at__gt=at)
    return rows.select_related("partnership", "invited_by").order_by("expires_at")[: MOST + 1]


def _invitations(person, at):
    return _group(
        "invitations",
        _("Invitations to you"),
        "mail",
        _invitations_of(person.pk, at),
        lambda row: Item(
            _("You are invited to “%(title)s”") % {"title": row.partnership.title},
            url_of_arena("my_invitation", row.pk),
            str(row.invited_by),
            _("until %(day)s") % {"day": _day(row.expires_at)},
        ),
    )


@kept
def _accounts_of(person):
    """Accounts that the person with this id owes, as its writer or as one who convenes."""
    convened = _seats(person, role=Member.Role.CONVENER).values("partnership")
    mine = Q(writer__person=person) | Q(visit__partnership__in=convened)
    rows = ClosingAccount.objects.owed().filter(mine).select_related("visit__partnership")
    return rows.order_by("due_on")[: MOST + 1]


def _accounts(rows, today):
    return _group(
        "accounts",
        _("Accounts you owe"),
        "file-text",
        rows,
        lambda row: Item(
            _("What came of “%(title)s”") % {"title": row.visit.partnership.title},
            url_of_arena("closing_account", row.visit.partnership.slug),
            row.visit.partnership.title,
            _("due %(day)s") % {"day": _day(row.due_on)},
            row.due_on < today,
        ),
    )


@kept
def _requests_of(person):
    """Unanswered requests to the bodies that the person with this id sits in or writes for."""
    rows = AuthorizationRequest.objects.put_to(Person(pk=person)).waiting()
    return rows.select_related("partnership", "body").order_by(F("meeting_on"))[: MOST + 1]


def _requests(person, today):
    return _group(
        "requests",
        _("For decision"),
        "landmark",
        _requests_of(person.pk),
        lambda row: Item(
            row.partnership.title,
            url_of_arena("dossier", row.pk),
            str(row.body),
            _("meeting on %(day)s") % {"day": _day(row.meeting_on)},
            row.meeting_on < today,
        ),
    )


def waiting(person, at, today):
    """Every Group with something in it for this person: nine queries."""
    join_requests, accounts = together(_join_requests_of.of(person.pk), _accounts_of.of(person.pk))
    groups = [
        _invitations(person, at),
        _positions(person, at),
        _requests(person, today),
        _steps(person, today),
        _commitments(person),
        _meetings(person, at),
        _answers(person),
        _functions(person),
        _join_requests(join_requests),
        _accounts(accounts, today),
    ]
    return [group for group in groups if group.items]
