"""What the front page of a partnership tells, fetched in as few queries as it takes."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from allauth.account.models import EmailAddress
from django.db.models import Case, CharField, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, When
from django.db.models.functions import JSONObject, Lower
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from boundary.kept import kept, together
from partnerships.models import (
    Attendance,
    Call,
    Decision,
    Follow,
    Invitation,
    JoinRequest,
    Line,
    Meeting,
    Member,
    Partnership,
    Position,
    Revision,
    StageVisit,
    Text,
)
from partnerships.stages import Stage
from problems.models import Indicator
from solutions.models import AuthorizationRequest, Step, StepReport, StepStatus

from .balance import Balance, balance_of, counted

SHOWN_MEMBERS = 8
ALREADY = [Stage.AUTHORIZE, Stage.IMPLEMENT, Stage.EVALUATE, Stage.CLOSED]
NOW = {  # what goes on in a stage, in one sentence for anyone
    Stage.INITIATE: gettext_lazy("The conveners are preparing the question and the mandate."),
    Stage.CONVENE: gettext_lazy("The people who are affected, and those who can help, are being invited."),
    Stage.DEFINE: gettext_lazy("The members are writing down the problem they share."),
    Stage.DESIGN: gettext_lazy("The members are working out what could be done about it."),
    Stage.AUTHORIZE: gettext_lazy("The proposal is with those who can decide on it."),
    Stage.IMPLEMENT: gettext_lazy("The plan is being carried out."),
    Stage.EVALUATE: gettext_lazy("The members are finding out what came of it."),
    Stage.CLOSED: gettext_lazy("This partnership has ended. Everything can still be read."),
}


FACTS = ("due_on", "n_members", "n_steps", "n_done", "indicator", "asked", "invited", "call_ends")
FACTS += ("n_followers", "follows")


@dataclass(frozen=True)
class Facts:
    """The numbers and dates of a front page."""

    due_on: object
    members: int
    steps: int
    steps_done: int
    indicator: dict | None
    asked_to_join: bool
    invited: str | None  # the id of an invitation to them that waits
    call_ends: object = None  # when the open call ends, unless somebody ended it
    followers: int = 0
    follows: bool = False

    def calls(self, at):
        """Whether people are sought at this moment."""
        return bool(self.call_ends) and self.call_ends > at

    @property
    def measure(self):
        """What the problem is measured by, with its target where there is one."""
        if not self.indicator:
            return ""
        return _measure(*(self.indicator[key] for key in ("name", "unit", "target")), get_language())


@lru_cache(1024)
def _measure(name, unit, target, _language):
    if target is None:
        return name
    return _("%(name)s, target %(target)s %(unit)s") % {
        "name": name,
        "target": number_format(Decimal(str(target)).normalize(), use_l10n=True, force_grouping=True),
        "unit": unit,
    }


def _number_of(rows, condition=None):
    """How many rows of another table belong to the partnership, as a subquery."""
    counted = rows.order_by().values("partnership").annotate(number=Count("pk", filter=condition))
    return Subquery(counted.values("number"), output_field=IntegerField())


def invitations_to(person):
    """Unanswered invitations to an address that the person with this id (None: nobody) has proved to read."""
    if person is None:
        return Invitation.objects.none()
    proved = EmailAddress.objects.filter(user=person, verified=True).values_list(Lower("email"))
    unanswered = Invitation.objects.answerable().exclude(address="")
    return unanswered.annotate(to=Lower("address")).filter(to__in=proved)


@kept
def _facts(partnership, person):
    """Numbers and dates of the partnership with this id, for the person with this id, or nobody."""
    last_report = StepReport.objects.filter(step=OuterRef("pk")).order_by("-at", "-id").values("status")[:1]
    steps = Step.objects.filter(partnership=OuterRef("pk")).annotate(now=Subquery(last_report))
    first = Indicator.objects.filter(partnership=OuterRef("pk")).order_by("created_at", "id")
    asked = JoinRequest.objects.filter(partnership=OuterRef("pk"), state=JoinRequest.State.WAITING)
    asked = asked.filter(person=person) if person else asked.none()
    invited = invitations_to(person).filter(partnership=OuterRef("pk"))
    call = Call.objects.filter(partnership=OuterRef("pk"), closed_at=None)
    follows = Follow.objects.filter(partnership=OuterRef("pk"))
    follows = follows.filter(person=person) if person else follows.none()
    return (
        Partnership.objects.filter(pk=partnership)
        .annotate(
            due_on=Subquery(
                StageVisit.objects.filter(partnership=OuterRef("pk"), left_at=None).values("due_on")[:1]
            ),
            n_members=_number_of(Member.objects.present().filter(partnership=OuterRef("pk"))),
            n_steps=_number_of(steps),
            n_done=_number_of(steps, Q(now=StepStatus.DONE)),
            indicator=Subquery(
                first.values(
                    told=JSONObject(
                        name="name", unit="unit", baseline="baseline", target="target", direction="direction"
                    )
                )[:1]
            ),
            asked=Exists(asked),
            invited=Subquery(invited.order_by("number").values("pk")[:1]),
            call_ends=Subquery(call.values("closes_at")),
            n_followers=_number_of(Follow.objects.filter(partnership=OuterRef("pk"))),
            follows=Exists(follows),
        )
        .values_list(*FACTS)
    )


def facts_of(partnership, person):
    """The Facts of a partnership for this reader: one query."""
    return _facts_from(_facts(partnership.pk, person.pk))


def _facts_from(rows):
    ((due_on, members, steps, done, indicator, asked, invited, call_ends, followers, follows),) = rows
    numbers = (members or 0, steps or 0, done or 0)
    return Facts(due_on, *numbers, indicator, asked, invited, call_ends, followers or 0, follows)


@dataclass(frozen=True)
class Front:
    """What a front page tells those who may read the partnership."""

    facts: Facts
    around: list  # Lines: the first members, those who lead first
    words: dict  # {"problem": row of _words, "value": the same}: what was adopted, else the latest draft
    meeting: Meeting | None  # the next one, with what this reader answered
    balance: Balance


def front(place, person, at):
    """The Front of a partnership for this reader: one query."""
    arena, member = place.partnership.pk, place.member and place.member.pk
    facts, around, words, meetings, counts = together(
        _facts.of(arena, person.pk),
        _around_the_table.of(arena),
        _words.of(arena),
        _meeting.of(arena, member, at),
        counted.of(arena),
    )
    return Front(
        _facts_from(facts),
        [Line(*row) for row in around],
        {row["text__kind"]: row for row in words},
        meetings[0] if meetings else None,
        balance_of(counts),
    )


@kept
def _around_the_table(partnership):
    """The first members of the partnership with this id, those who lead first, as rows of Line."""
    place = Case(
        When(role=Member.Role.CONVENER, then=0),
        When(role=Member.Role.FACILITATOR, then=1),
        When(role=Member.Role.OBSERVER, then=3),
        default=2,
    )
    rows = Member.objects.present().filter(partnership=partnership)
    return rows.order_by(place, "joined_at", "id").values_list(*Line.of())[:SHOWN_MEMBERS]


@kept
def _words(partnership):
    """Of the partnership with this id, the adopted problem definition and value proposition, else the latest drafts."""
    adopted = Decision.objects.filter(revision=OuterRef("pk"), outcome=Decision.Outcome.ADOPTED)
    return (
        Revision.objects.filter(
            text__partnership=partnership, text__kind__in=[Text.Kind.PROBLEM, Text.Kind.VALUE]
        )
        .annotate(
            rank=Case(When(pk=F("text__adopted_revision"), text__kind=Text.Kind.PROBLEM, then=0), default=1),
            adopted_at=Subquery(adopted.order_by("-closed_at").values("closed_at")[:1]),
            agreed_by=_positions_of(adopted),
        )
        .order_by("text_id", "rank", "-number")
        .distinct("text_id")
        .values("text__kind", "number", "body", "created_at", "adopted_at", "agreed_by")
    )


def _positions_of(decisions):
    agrees = Count("positions", filter=Q(positions__choice=Position.Choice.AGREE))
    counted = decisions.order_by().values("revision").annotate(number=agrees)
    return Subquery(counted.values("number")[:1], output_field=IntegerField())


@kept
def _meeting(partnership, member, at):
    """The next meeting of the partnership with this id, and what the member with this id (or nobody) answered."""
    answers = Attendance.objects.filter(meeting=OuterRef("pk"))
    answers = answers.filter(member=member) if member else answers.none()
    meetings = Meeting.objects.coming(at).filter(partnership=partnership)
    mine = {
        name: Subquery(answers.values(name)[:1], output_field=CharField()) for name in ("answer", "needs")
    }
    return meetings.annotate(my_answer=mine["answer"], my_needs=mine["needs"])[:1]


@kept
def _request(partnership):
    """What a body was last asked by the partnership with this id."""
    requests = AuthorizationRequest.objects.filter(partnership=partnership, withdrawn_at=None)
    return requests.select_related("body", "revision", "authorization").defer("revision__body")[:1]


def latest_request(partnership):
    """What a body was last asked, and what it answered, or None: one query, none before anybody could be asked."""
    if Stage(partnership.stage) not in ALREADY:
        return None
    return next(iter(_request(partnership.pk)), None)


OUTCOME_COLOURS = {"granted": "success", "conditional": "success", "refused": "danger"}


def outcome_colour(asked):
    """The colour of a body's answer, or of waiting for it."""
    given = getattr(asked, "authorization", None)
    return OUTCOME_COLOURS.get(given.outcome, "warning") if given else "warning"


def stage_sentence(partnership, due_on, today):
    """What goes on now, and by when it is planned to be done."""
    if partnership.paused_at:
        return _("This partnership rests for the time being.")
    told_afterwards = bool(partnership.reconstructed_from and due_on and due_on < today)
    due_on = None if told_afterwards else due_on
    return _stage_sentence(partnership.stage, due_on, today, get_language())


@lru_cache(1024)
def _stage_sentence(stage, due_on, today, _language):
    sentence = str(NOW[Stage(stage)])
    if due_on is None or stage == Stage.CLOSED:
        return sentence
    told = (
        _("It was planned to be done by %(day)s.") if due_on < today else _("Planned to be done by %(day)s.")
    )
    return sentence + " " + told % {"day": date_format(due_on, _("j F Y"))}
