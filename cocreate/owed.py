"""What can wait for a person: one line of the table for each kind. A new kind is a query, its words and its line.

A query gets the ids and moments that its line names, is in the order in which things are due, and fetches only what an
item says: all of them are asked for as one statement (docs/adr/0007), so that a kind more is no query more.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actors.models import Person, called
from boundary.kept import kept
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
    Partnership,
    Position,
)
from partnerships.models.commitments import STANDING
from partnerships.models.leadership import Function
from partnerships.stages import OPENS
from solutions.models import AuthorizationRequest, Ownership, StepReport, StepStatus

from .arena import url_of_arena
from .overview import invitations_to

MOST = 20  # of each kind; what is beyond is said, and comes up when the first are done
SOON = datetime.timedelta(days=30)  # (default) steps due later than this are not waiting yet
WHERE = ("partnership__slug", "partnership__title")


@dataclass(frozen=True)
class Item:
    """One thing that waits: what, where, when it is due."""

    title: str
    url: str
    where: str
    when: str = ""
    overdue: bool = False
    due: object = None  # the day or the moment, where there is one

    def is_due_by(self, day):
        """Whether it is due on this day or before, by the reader's clock."""
        due = localtime(self.due).date() if isinstance(self.due, datetime.datetime) else self.due
        return due is not None and due <= day


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One kind of thing that waits.

    find   (of what `needs` names) -> queryset of what waits, in the order in which it is due
    needs  what `find` is given: "person" (an id), "at" (now), "until" (the last day of steps)
    tells  names of the columns that an item is made of
    item   (one row of these columns, today) -> Item
    """

    key: str
    heading: str
    icon: str
    find: Callable
    needs: tuple
    tells: tuple
    item: Callable

    def __post_init__(self):
        object.__setattr__(self, "rows", kept(self._rows))

    def _rows(self, partnership, *facts):
        """What waits for somebody, in the partnership with this id, or (None) anywhere."""
        rows = self.find(*facts)
        rows = rows if partnership is None else rows.filter(**{self.arena: partnership})
        return rows.values_list(*self.tells)[: MOST + 1]

    @property
    def arena(self):
        """The column that says in which partnership it is, by way of the one with the address."""
        return next(name for name in self.tells if name.endswith("slug")).removesuffix("__slug")


def day_of(moment):
    """A day, or the reader's day of a moment, in words."""
    return date_format(localtime(moment) if isinstance(moment, datetime.datetime) else moment, _("j F Y"))


def time_of(moment, pattern=None):
    """A moment in the reader's time zone, in words."""
    return date_format(localtime(moment), pattern or _("j F Y, H:i"))


def _seats(person, **role):
    return Member.objects.present().filter(person=person, **role)


def _led(person):
    return Member.objects.leading().filter(person=person).values("partnership")


def _convened(person):
    return _seats(person, role=Member.Role.CONVENER).values("partnership")


# --- what is to be found, and what it says -----------------------------------------------------------------------


def invitations(person, at):
    """Unanswered invitations to proved addresses of the person with this id."""
    return invitations_to(person).filter(expires_at__gt=at).order_by("expires_at", "pk")


def _invitation(pk, expires, name, _slug, where, _today):
    title = _("You are invited to “%(title)s”") % {"title": where}
    until = _("until %(day)s") % {"day": day_of(expires)}
    return Item(title, url_of_arena("my_invitation", pk), called(name), until, due=expires)


def positions(person, at):
    """Open decisions in which the person with this id has a say and has not answered."""
    seats = _seats(person, partnership=OuterRef("partnership")).exclude(role=Member.Role.OBSERVER)
    taken = Position.objects.filter(decision=OuterRef("pk"), member__person=person)
    rows = Decision.objects.open().filter(
        Exists(seats), ~Exists(taken), closes_at__gt=at, partnership__paused_at=None
    )
    return rows.order_by("closes_at", "pk")


def _position(pk, question, closes, slug, where, _today):
    when = _("closes %(day)s") % {"day": time_of(closes)}
    return Item(question, url_of_arena("decision", slug, pk), where, when, due=closes)


def requests(person):
    """Unanswered requests to the bodies that the person with this id sits in or writes for."""
    return AuthorizationRequest.objects.put_to(Person(pk=person)).waiting().order_by("meeting_on", "pk")


def _request(pk, body, meets, _slug, title, today):
    when = _("meeting on %(day)s") % {"day": day_of(meets)}
    return Item(title, url_of_arena("dossier", pk), body, when, meets < today, meets)


def steps(person, until):
    """Unfinished steps of the person with this id that are due by `until`."""
    last = StepReport.objects.filter(step=OuterRef("step")).order_by("-at", "-id").values("status")[:1]
    rows = Ownership.objects.filter(
        commitment__member__person=person,
        commitment__member__left_at=None,
        commitment__state__in=STANDING,
        step__due_on__lte=until,
        step__partnership__stage__in=OPENS["report_step"],
    )
    rows = rows.annotate(now=Coalesce(Subquery(last), Value("")))  # "": nothing reported yet
    return rows.exclude(now__in=[StepStatus.DONE, StepStatus.STOPPED]).order_by("step__due_on", "pk")


def _step(pk, what, due, paused_at, zone, slug, where, today):
    late = due < Partnership(paused_at=paused_at, time_zone=zone).overdue_by(today)
    when = _("due %(day)s") % {"day": day_of(due)}
    return Item(what, url_of_arena("step", slug, pk), where, when, late, due)


def commitments(person):
    """Promises asked of the person with this id, and offers that they can take as one who leads."""
    asked = Q(state=Commitment.State.ASKED, member__person=person, member__left_at=None)
    offered = Q(state=Commitment.State.OFFERED, partnership__in=_led(person)) & ~Q(member__person=person)
    rows = Commitment.objects.filter(asked | offered, partnership__stage__in=OPENS["answer_commitment"])
    return rows.order_by("created_at", "pk")


def _commitment(pk, state, what, due, slug, where, _today):
    title = _("You are asked: %(what)s") if state == Commitment.State.ASKED else _("Offered: %(what)s")
    when = _("by %(day)s") % {"day": day_of(due)} if due else ""
    return Item(title % {"what": what}, url_of_arena("commitment", slug, pk), where, when, due=due)


def meetings(person, at):
    """Coming meetings that the person with this id has not answered."""
    seats = _seats(person, partnership=OuterRef("partnership"))
    answered = Attendance.objects.filter(meeting=OuterRef("pk"), member__person=person).exclude(answer="")
    return Meeting.objects.coming(at).filter(
        Exists(seats), ~Exists(answered), partnership__stage__in=OPENS["meet"]
    )


def _meeting(pk, title, starts, slug, where, _today):
    when = time_of(starts, _("l j F Y, H:i"))
    return Item(title, url_of_arena("meeting", slug, pk), where, when, due=starts)


def answers(person):
    """Contributions that wait for an answer where the person with this id leads."""
    rows = Contribution.objects.owed_a_response().filter(
        partnership__in=_led(person), partnership__stage__in=OPENS["respond"]
    )
    return rows.order_by("created_at", "pk")


def _answer(pk, body, said, slug, where, _today):
    when = _("said on %(day)s") % {"day": day_of(said)}
    return Item(body[:100], url_of_arena("respond", slug, pk), where, when)


def functions(person):
    """Functions that the person with this id is asked to carry."""
    offered = Leadership.objects.standing().filter(state=Leadership.State.OFFERED, member__person=person)
    return offered.order_by("offered_at", "pk")


def _function(_pk, function, offered, slug, where, _today):
    when = _("asked on %(day)s") % {"day": day_of(offered)}
    return Item(str(Function(function).label), url_of_arena("leadership", slug), where, when)


def join_requests(person):
    """Requests to join what the person with this id convenes."""
    rows = JoinRequest.objects.filter(state=JoinRequest.State.WAITING, partnership__in=_convened(person))
    return rows.order_by("created_at", "pk")


def _join_request(_pk, name, asked, slug, where, _today):
    when = _("asked on %(day)s") % {"day": day_of(asked)}
    title = _("%(name)s asks to join") % {"name": called(name)}
    return Item(title, url_of_arena("join_requests", slug), where, when)


def accounts(person):
    """Accounts that the person with this id owes, as its writer or as one who convenes."""
    mine = Q(writer__person=person) | Q(visit__partnership__in=_convened(person))
    return ClosingAccount.objects.owed().filter(mine).order_by("due_on", "pk")


def _account(_pk, due, slug, where, today):
    title = _("What came of “%(title)s”") % {"title": where}
    when = _("due %(day)s") % {"day": day_of(due)}
    return Item(title, url_of_arena("closing_account", slug), where, when, due < today, due)


def _kind(find, heading, icon, tells, item, *, where=WHERE, needs=("person",)):
    return Waiting(
        key=find.__name__,
        heading=heading,
        icon=icon,
        find=find,
        needs=needs,
        tells=(*tells, *where),
        item=item,
    )


AT, UNTIL = ("person", "at"), ("person", "until")
OF_A_STEP = ("step", "step__what", "step__due_on", "step__partnership__paused_at")
WAITING = [  # in the order of the page
    _kind(
        invitations,
        gettext_lazy("Invitations to you"),
        "mail",
        ("pk", "expires_at", "invited_by__name"),
        _invitation,
        needs=AT,
    ),
    _kind(
        positions,
        gettext_lazy("Positions to take"),
        "vote",
        ("pk", "question", "closes_at"),
        _position,
        needs=AT,
    ),
    _kind(requests, gettext_lazy("For decision"), "landmark", ("pk", "body__name", "meeting_on"), _request),
    _kind(
        steps,
        gettext_lazy("Steps that are due"),
        "list-checks",
        (*OF_A_STEP, "step__partnership__time_zone"),
        _step,
        where=("step__partnership__slug", "step__partnership__title"),
        needs=UNTIL,
    ),
    _kind(
        commitments,
        gettext_lazy("Promises to answer"),
        "handshake",
        ("pk", "state", "what", "due_on"),
        _commitment,
    ),
    _kind(
        meetings,
        gettext_lazy("Meetings to answer"),
        "calendar-days",
        ("pk", "title", "starts_at"),
        _meeting,
        needs=AT,
    ),
    _kind(
        answers,
        gettext_lazy("Answers you owe"),
        "message-square",
        ("pk", "body", "created_at"),
        _answer,
    ),
    _kind(
        functions,
        gettext_lazy("Functions you are asked to carry"),
        "users",
        ("pk", "function", "offered_at"),
        _function,
    ),
    _kind(
        join_requests,
        gettext_lazy("People who ask to join"),
        "user-plus",
        ("pk", "person__name", "created_at"),
        _join_request,
    ),
    _kind(
        accounts,
        gettext_lazy("Accounts you owe"),
        "file-text",
        ("pk", "due_on"),
        _account,
        where=("visit__partnership__slug", "visit__partnership__title"),
    ),
]
