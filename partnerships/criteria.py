"""What it takes to leave a stage, as far as this app can see. Facts are fetched once; judging them is pure."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from actors.models import Side

from .models import Commitment, Contribution, Group, Leadership, Lesson, Mandate, Member, Seat, Text
from .models.arenas import Readiness
from .models.groups import Rating
from .models.leadership import LEADERSHIPS, TASKS
from .stages import Stage

SECTORS_THAT_GAIN = 2  # (default) ours: with one, the others would come as a favour
ANSWERED_SHARE = 0.9  # (default) of the answers owed; ours, a tenth may be under way


@dataclass(frozen=True)
class Criterion:
    """One thing a stage takes: whether it is met, what was found or is missing, who can fix it and where.

    hard: no convener can waive it; together: a hard one that a convener and somebody who takes a task over can.
    detail: what was found when met, what to do when not. url_name: where it can be done, a page of the partnership.
    shown_at: the name and arguments of the page that shows that it is met, where that is another one.
    """

    key: str
    label: str
    met: bool
    hard: bool
    detail: str = ""
    url_name: str = ""
    who: str = ""
    together: bool = False
    shown_at: tuple = ()


@dataclass(frozen=True)
class Gate:
    """The criteria of one stage with what was waived. Passable: each is met, or may be waived and is."""

    criteria: tuple
    waived: dict  # key -> Waiver in effect
    stage: str = ""

    @property
    def open_criteria(self):
        """What still stands in the way: first what cannot be waived."""
        missing = [one for one in self.criteria if not one.met and not self.sets_aside(one)]
        return sorted(missing, key=lambda criterion: not criterion.hard)

    def sets_aside(self, criterion):
        """Whether the criterion was set aside by those who may."""
        return criterion.key in self.waived and (criterion.together or not criterion.hard)

    @property
    def used_together(self):
        """The waivers of two sides without which the gate would be closed."""
        return [
            self.waived[one.key]
            for one in self.criteria
            if one.together and not one.met and self.sets_aside(one)
        ]

    @property
    def passable(self):
        return not self.open_criteria


def criteria(stage, partnership, *, at=None):
    """The criteria of `stage` that this app can judge, for this partnership: at most three queries."""
    judge = _JUDGES.get(Stage(stage))
    return judge(partnership) if judge else []


def _initiate(partnership):
    mandate = partnership.mandate
    page, who = "change_mandate", _("A convener")
    return [
        Criterion(
            "sponsor",
            _("An organization stands behind it"),
            met=mandate.sponsor_id is not None,
            hard=True,
            detail="" if mandate.sponsor_id else _("Name the organization that backs the partnership."),
            url_name=page,
            who=who,
            shown_at=("mandate",),
        ),
        Criterion(
            "promise_asked",
            _("The receiver is asked for a promise"),
            met=mandate.promise_state != Mandate.PromiseState.NOT_ASKED,
            hard=True,
            detail=_promise_words(mandate),
            url_name="ask_promise",
            who=who,
            shown_at=("mandate",),
        ),
        Criterion(
            "interdependence",
            _("It is written down why nobody can solve this alone"),
            met=bool(mandate.interdependence.strip()),
            hard=False,
            detail="" if mandate.interdependence.strip() else _("Write why each side needs the other."),
            url_name=page,
            who=who,
            shown_at=("mandate",),
        ),
        Criterion(
            "names_no_solution",
            _("The question names no solution"),
            met=mandate.names_no_solution,
            hard=False,
            detail=""
            if mandate.names_no_solution
            else _("Read the question again: does it leave the answer open?"),
            url_name=page,
            who=who,
            shown_at=("mandate",),
        ),
        *_prepared(mandate),
    ]


def _prepared(mandate):
    """Why the others should come, and whether those who ask are ready for the answer."""
    gaining = [sector for sector, words in mandate.incentives.items() if words.strip()]
    asked = set(Readiness.values) <= mandate.readiness.keys()
    page, who = "prepare", _("A convener")
    return [
        Criterion(
            "incentives",
            _("It is written down what at least two sectors gain by taking part"),
            met=len(gaining) >= SECTORS_THAT_GAIN,
            hard=False,
            detail=""
            if len(gaining) >= SECTORS_THAT_GAIN
            else _("Write what each sector gets out of it, in its own words."),
            url_name=page,
            who=who,
        ),
        Criterion(
            "readiness",
            _("Those who ask have asked themselves whether they are ready"),
            met=asked,
            hard=False,
            detail="" if asked else _("Answer five questions about yourselves, honestly."),
            url_name=page,
            who=who,
        ),
    ]


def _promise_words(mandate):
    State = Mandate.PromiseState
    return {
        State.NOT_ASKED: _("Ask the receiver what it will do with the result."),
        State.ASKED: _("Asked for, not yet promised."),
        State.GIVEN: _("Given by %(who)s.") % {"who": mandate.promise_by},
        State.DECLINED: _("Declined by %(who)s.") % {"who": mandate.promise_by},
    }[mandate.promise_state]


def _convene(partnership):
    charter = Text.objects.filter(
        partnership=OuterRef("partnership"), kind=Text.Kind.CHARTER, adopted_revision__isnull=False
    )
    # One row per side that has a member with a say; the ground rules ride along on each.
    rows = (
        Member.objects.deciding()
        .filter(partnership=partnership)
        .values("side")
        .annotate(count=Count("pk"), adopted=Exists(charter))
        .values_list("side", "count", "adopted")
        .order_by()
    )
    found = list(rows)
    sides = {side: count for side, count, _adopted in found}
    public, other = sides.get(Side.PUBLIC, 0), sides.get(Side.NON_PUBLIC, 0)
    adopted = any(adopted for _side, _count, adopted in found)
    counted = _("%(public)s from the public side, %(other)s from outside it.") % {
        "public": public,
        "other": other,
    }
    return [
        Criterion(
            "both_sides",
            _("People from both sides have joined"),
            met=bool(public and other),
            hard=True,
            detail=counted
            if public and other
            else _("Invite the side that is missing. Now: %(counted)s") % {"counted": counted},
            url_name="people",
            who=_("A convener"),
        ),
        _groups_seated(partnership),
        *_leadership(partnership),
        Criterion(
            "charter",
            _("The members have adopted their ground rules"),
            met=adopted,
            hard=False,
            detail="" if adopted else _("Write the ground rules together and decide on them."),
            url_name="charter",
            who=_("The members"),
        ),
    ]


def _leadership(partnership):
    """Whether the three tasks are carried, and, more softly, the four leaderships."""
    held = set(Leadership.objects.held().filter(partnership=partnership).values_list("function", flat=True))
    wanted = [
        (
            "tasks_held",
            _("Somebody looks after the frame, somebody mediates, somebody gets things moving"),
            TASKS,
            _("Offer these functions to members: %(functions)s."),
        ),
        (
            "leaderships_held",
            _("It is known who carries each of the four leaderships"),
            LEADERSHIPS,
            _("Think about who does this already, and offer it to them: %(functions)s."),
        ),
    ]
    for key, label, functions, todo in wanted:
        missing = [str(function.label) for function in functions if function not in held]
        detail = todo % {"functions": ", ".join(missing)} if missing else ""
        yield Criterion(
            key,
            label,
            met=not missing,
            hard=False,
            detail=detail,
            url_name="leadership",
            who=_("A convener or facilitator"),
        )


def _groups_seated(partnership):
    """Every group that is affected very much sits at the table; or somebody speaks for it, with the reason why."""
    affected = Group.objects.filter(partnership=partnership, affectedness=Rating.MUCH)
    spoken_for = Q(advocate__left_at=None, advocate__isnull=False) & ~Q(no_seat_reason="")
    rows = affected.annotate(seated=Exists(Seat.objects.filter(group=OuterRef("pk"))), spoken_for=spoken_for)
    found = list(rows.values_list("name", "seated", "spoken_for"))
    absent = [name for name, seated, spoken_for in found if not seated and not spoken_for]
    met = bool(found) and not absent
    if met:
        detail = ""
    elif absent:
        detail = _("Give them a seat, or an advocate and a reason: %(groups)s.") % {
            "groups": ", ".join(absent)
        }
    else:
        detail = _("Put the groups that are hit hardest on the map of who should be at the table.")
    return Criterion(
        "groups_seated",
        _("Every group that is hit hardest has a seat, or somebody who speaks for it"),
        met=met,
        hard=False,
        detail=detail,
        url_name="groups",
        who=_("A convener"),
    )


def _define(partnership):
    """Before the problem is settled, everyone knows whether anything is promised; the invitation says so too."""
    mandate = partnership.mandate
    State = Mandate.PromiseState
    asked = mandate.promise_state in (State.ASKED, State.DECLINED)
    shown = asked and mandate.recipient_id is not None  # every invitation says so beside the receiver's name
    detail = _promise_words(mandate)
    if shown:
        detail += " " + _("Everyone who is invited reads that nothing is promised.")
    elif asked:
        detail += " " + _("Name who gets the result, so that everyone who is invited reads what is promised.")
    return [
        Criterion(
            "promise",
            _("The promise is given, or everyone who is invited reads that there is none"),
            met=shown or mandate.promise_state == State.GIVEN,
            hard=True,
            detail=detail,
            url_name="record_promise",
            who=_("A convener"),
            shown_at=("mandate",),
        )
    ]


def _design(partnership):
    owed = Contribution.objects.shown().filter(partnership=partnership, wants_answer=True)
    counts = owed.aggregate(all=Count("pk"), answered=Count("response"))
    wanted, given = counts["all"], counts["answered"]
    met = given >= ANSWERED_SHARE * wanted
    words = _("%(given)s of %(wanted)s are answered.") % {"given": given, "wanted": wanted}
    return [
        Criterion(
            "answers",
            _("At least nine in ten contributions that ask for an answer have one"),
            met=met,
            hard=False,
            detail=words if met else _("Say what became of the rest. %(words)s") % {"words": words},
            url_name="say",
            who=_("A convener or facilitator"),
        )
    ]


def _implement(partnership):
    kept = Commitment.objects.filter(partnership=partnership, state=Commitment.State.KEPT)
    counts = kept.aggregate(
        public=Count("pk", filter=Q(member__side=Side.PUBLIC)),
        other=Count("pk", filter=Q(member__side=Side.NON_PUBLIC)),
    )
    met = bool(counts["public"] and counts["other"])
    words = _("Kept: %(public)s by the public side, %(other)s by others.") % counts
    return [
        Criterion(
            "both_delivered",
            _("Both sides have kept something they promised"),
            met=met,
            hard=False,
            detail=words if met else _("Mark the commitments that were kept. %(words)s") % {"words": words},
            url_name="commitments",
            who=_("Those who promised"),
        )
    ]


def _evaluate(partnership):
    """What was learned goes back to the template, where the partnership began from one."""
    if not partnership.template_id:
        return []
    met = Lesson.objects.filter(partnership=partnership).exists()
    return [
        Criterion(
            "lesson_returned",
            _("What was learned is given back to the template"),
            met=met,
            hard=False,
            detail="" if met else _("Write what the next should know who begin from the same template."),
            url_name="return_lesson",
            who=_("A convener"),
        )
    ]


_JUDGES = {
    Stage.INITIATE: _initiate,
    Stage.CONVENE: _convene,
    Stage.DEFINE: _define,
    Stage.DESIGN: _design,
    Stage.IMPLEMENT: _implement,
    Stage.EVALUATE: _evaluate,
}
