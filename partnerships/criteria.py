"""What it takes to leave a stage, as far as this app can see.

Facts are fetched for many partnerships at once (facts.py); judging them is pure. A new criterion: name its fact in
FACTS under its stage, and judge `facts.<name>` in the stage's function below.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _soft
from django.utils.translation import ngettext

from .facts import FACTS
from .models import Mandate
from .models.arenas import Readiness
from .models.leadership import LEADERSHIPS, TASKS
from .settings import soft
from .settings.table import ANSWERED_SHARE, SECTORS_THAT_GAIN
from .stages import Stage

__all__ = ["FACTS", "Criterion", "Gate", "criteria"]

soft("interdependence", _soft("It is written down why nobody can solve this alone"))
soft("names_no_solution", _soft("The question names no solution"))
soft("incentives", _soft("It is written down what sectors gain by taking part"))
soft("readiness", _soft("Those who ask have asked themselves whether they are ready"))
soft("groups_seated", _soft("Every group that is hit hardest has a seat, or somebody who speaks for it"))
soft("tasks_held", _soft("Somebody looks after the frame, somebody mediates, somebody gets things moving"))
soft("leaderships_held", _soft("It is known who carries each of the four leaderships"))
soft("charter", _soft("The members have adopted their ground rules"))
soft("answers", _soft("Contributions that ask for an answer have one"))
soft("both_delivered", _soft("Both sides have kept something they promised"))
soft("lesson_returned", _soft("What was learned is given back to the template"))


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


def criteria(stage, facts, *, at):
    """The criteria of `stage` that this app can judge, from facts: the partnership with FACTS of the stage. Pure.

    at: the moment for which it is judged.
    """
    judge = _JUDGES.get(Stage(stage))
    return judge(facts) if judge else []


def _initiate(facts):
    mandate = facts.mandate
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
        *_prepared(facts, mandate),
    ]


def _prepared(partnership, mandate):
    """Why the others should come, and whether those who ask are ready for the answer."""
    gaining = [sector for sector, words in mandate.incentives.items() if words.strip()]
    asked = set(Readiness.values) <= mandate.readiness.keys()
    page, who, enough = "prepare", _("A convener"), SECTORS_THAT_GAIN.of(partnership)
    return [
        Criterion(
            "incentives",
            ngettext(
                "It is written down what at least %(number)s sector gains by taking part",
                "It is written down what at least %(number)s sectors gain by taking part",
                enough,
            )
            % {"number": enough},
            met=len(gaining) >= enough,
            hard=False,
            detail=""
            if len(gaining) >= enough
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


def _convene(facts):
    sides = facts.with_a_say or {}
    public, other = sides.get("public", 0), sides.get("other", 0)
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
        _groups_seated(facts.hardest_hit),
        *_leadership(facts.functions_held),
        Criterion(
            "charter",
            _("The members have adopted their ground rules"),
            met=facts.charter_adopted,
            hard=False,
            detail="" if facts.charter_adopted else _("Write the ground rules together and decide on them."),
            url_name="charter",
            who=_("The members"),
        ),
    ]


def _leadership(held):
    """Whether the three tasks are carried, and, more softly, the four leaderships."""
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


def _groups_seated(groups):
    """Every group that is affected very much sits at the table; or somebody speaks for it, with the reason why."""
    absent = [one["name"] for one in groups if not one["seated"] and not one["spoken_for"]]
    met = bool(groups) and not absent
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


def _define(facts):
    """Before the problem is settled, everyone knows whether anything is promised; the invitation says so too."""
    mandate = facts.mandate
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


def _design(facts):
    counts = facts.answers_wanted or {"all": 0, "answered": 0}
    wanted, given = counts["all"], counts["answered"]
    share = ANSWERED_SHARE.of(facts)
    met = 100 * given >= share * wanted
    words = _("%(given)s of %(wanted)s are answered.") % {"given": given, "wanted": wanted}
    return [
        Criterion(
            "answers",
            _("At least %(share)s %% of the contributions that ask for an answer have one")
            % {"share": share},
            met=met,
            hard=False,
            detail=words if met else _("Say what became of the rest. %(words)s") % {"words": words},
            url_name="answers_owed",
            who=_("A convener or facilitator"),
        )
    ]


def _implement(facts):
    counts = facts.kept or {"public": 0, "other": 0}
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


def _evaluate(facts):
    """What was learned goes back to the template, where the partnership began from one."""
    if not facts.template_id:
        return []
    met = facts.lesson_returned
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
