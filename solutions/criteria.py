"""What it takes to leave a stage, as far as solutions, their authorization and their plan are concerned."""

import datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _soft
from django.utils.translation import ngettext

from partnerships.criteria import Criterion
from partnerships.facts import tally
from partnerships.models import Commitment, Revision
from partnerships.settings import soft
from partnerships.stages import Stage
from problems.models import Indicator

from . import handovers
from .authorized import given_authorizations, open_requests
from .models import AuthorizationOutcome, Measurement, Ownership, Proposal, Step, StepReport
from .settings import OPTIONS_WEIGHED

soft("options_weighed", _soft("More than one proposal was weighed"))
soft("steps_done", _soft("The steps of the plan are done, or renegotiated in the open"))
soft("indicators_measured", _soft("The indicators are measured again"))
CORNERS = ("value", "legitimacy", "capacity")


def criteria(stage, facts, *, at):
    """The criteria of `stage` that this app can judge, from facts: the partnership with FACTS of the stage. Pure.

    at: the moment for which it is judged: an authorization may have run out by then.
    """
    judge = _JUDGES.get(Stage(stage))
    return judge(facts, at) if judge else []


def _design(facts, at):
    counts = facts.proposals_written or {"all": 0, "chosen": []}
    return [_options(facts, counts["all"]), _chosen(counts["chosen"]), _corners(facts.value_written)]


def _options(partnership, count):
    enough = OPTIONS_WEIGHED.of(partnership)
    met = count >= enough
    found = ngettext("%(count)s proposal is written.", "%(count)s proposals are written.", count) % {
        "count": count
    }
    return Criterion(
        "options_weighed",
        ngettext(
            "At least %(number)s proposal was weighed", "At least %(number)s proposals were weighed", enough
        )
        % {"number": enough},
        met=met,
        hard=False,
        detail=found if met else _("Propose another way to solve it. %(found)s") % {"found": found},
        url_name="solutions",
        who=_("The members"),
    )


def _chosen(found):
    return Criterion(
        "proposal_adopted",
        _("The members have chosen a proposal by decision"),
        met=bool(found),
        hard=True,
        detail="" if found else _("Open a decision on the proposal you want."),
        url_name="solutions",
        who=_("The members"),
        shown_at=("proposal", found[0]) if found else (),
    )


def _corners(body):
    """All three corners of the value triangle have words in the latest revision."""
    body = body or {}
    labels = {"value": _("value"), "legitimacy": _("support"), "capacity": _("capacity")}
    missing = [labels[key] for key in CORNERS if not str(body.get(key) or "").strip()]
    return Criterion(
        "value_corners",
        _("The value proposition says what it is worth, who stands behind it and who carries it out"),
        met=not missing,
        hard=True,
        detail=_("Still to be written: %(parts)s.") % {"parts": ", ".join(missing)} if missing else "",
        url_name="solutions",
        who=_("The members"),
        shown_at=() if missing else ("value_proposition",),
    )


def _authorize(facts, at):
    today = at.astimezone(ZoneInfo(facts.time_zone)).date().isoformat()
    standing = [one for one in facts.given if one["expires_on"] is None or one["expires_on"] >= today]
    given = standing[0] if standing else None
    if given:
        detail = _("%(outcome)s by %(body)s on %(day)s.") % {
            "outcome": AuthorizationOutcome(given["outcome"]).label,
            "body": given["body"],
            "day": _day(given["decided_on"]),
        }
    elif asked := facts.asked:
        detail = _("%(body)s has been asked and meets on %(day)s.") % {
            "body": asked["body"],
            "day": _day(asked["meeting_on"]),
        }
    else:
        detail = _("Ask the body that decides, about the latest revision of the value proposition.")
    return [
        Criterion(
            "authorized",
            _("Those who may decide have said yes to the value proposition as it now reads"),
            met=given is not None,
            hard=True,
            detail=detail,
            url_name="authorization",
            who=_("The body that decides"),
        )
    ]


def _day(text):
    return date_format(datetime.date.fromisoformat(text), _("j F Y"))


def _implement(facts, at):
    counts = facts.steps_planned or {"all": 0, "settled": 0}
    met = 0 < counts["all"] == counts["settled"]
    found = _("%(settled)s of %(all)s steps are done or renegotiated in the open.") % counts
    if not met:
        found = _("Report on the steps that are left. %(found)s") % {"found": found}
    return [
        Criterion(
            "steps_done",
            _("The steps of the plan are done, or renegotiated in the open"),
            met=met,
            hard=False,
            detail=found if counts["all"] else _("Put the steps in the plan, each with an owner."),
            url_name="implementation",
            who=_("The owners of the steps"),
        ),
        _supported(facts),
    ]


def _supported(facts):
    """The one hard criterion that can be set aside, by both sides together: what was handed over has support."""
    without = [(one["what"], found) for one in facts.handed_over if (found := handovers.gaps_of(one, facts))]
    detail = handovers.in_words(without) if without else ""
    if facts.handed_over and not without:
        lowest = min(one["percent"] for one in facts.handed_over)
        detail = _("Tasks that were handed over: what is supplied covers at least %(percent)s %%.") % {
            "percent": lowest
        }
    return Criterion(
        handovers.SUPPORTED,
        _("No task was handed over without enough support"),
        met=not without,
        hard=True,
        detail=detail,
        url_name="implementation",
        who=_("A convener and whoever takes the task over"),
        together=True,
    )


def _evaluate(facts, at):
    counts = facts.indicators_chosen or {"all": 0, "measured": 0}
    met = 0 < counts["all"] == counts["measured"]
    found = _("%(measured)s of %(all)s indicators are measured.") % counts
    return [
        Criterion(
            "indicators_measured",
            _("The indicators are measured again"),
            met=met,
            hard=False,
            detail=found if met else _("Measure what is left. %(found)s") % {"found": found},
            url_name="implementation",
            who=_("The members"),
        )
    ]


_JUDGES = {
    Stage.DESIGN: _design,
    Stage.AUTHORIZE: _authorize,
    Stage.IMPLEMENT: _implement,
    Stage.EVALUATE: _evaluate,
}


def _proposals_written():
    """How many proposals there are, and the ids of those chosen."""
    adopted = Q(text__adopted_revision__isnull=False)
    chosen = ArrayAgg("pk", filter=adopted, default=Value([]))
    return tally(Proposal.objects.all(), all=Count("pk"), chosen=chosen)


def _value_written():
    """The value proposition as it now reads."""
    revisions = Revision.objects.filter(text__value_proposition__partnership=OuterRef("pk"))
    return Subquery(revisions.order_by("-number").values("body")[:1])


def _given():
    """Every yes to the value proposition as it now reads, the newest first."""
    given = given_authorizations().filter(request__partnership=OuterRef("pk"))
    body = F("request__body__name")
    return ArraySubquery(
        given.values(
            fact=JSONObject(
                outcome=F("outcome"), body=body, decided_on=F("decided_on"), expires_on=F("expires_on")
            )
        )
    )


def _asked():
    """The body that is to answer next, and when it meets."""
    asked = open_requests().filter(partnership=OuterRef("pk"))
    return Subquery(asked.values(fact=JSONObject(body=F("body__name"), meeting_on=F("meeting_on")))[:1])


def _steps_planned():
    last = StepReport.objects.filter(step=OuterRef("pk")).order_by("-at", "-id").values("status")[:1]
    renegotiated = Ownership.objects.filter(
        step=OuterRef("pk"), commitment__state=Commitment.State.RENEGOTIATED
    )
    steps = Step.objects.annotate(status=Subquery(last), moved=Exists(renegotiated))
    settled = Q(status=StepReport.Status.DONE) | Q(moved=True)
    return tally(steps, all=Count("pk"), settled=Count("pk", filter=settled))


def _indicators_chosen():
    measured = Exists(Measurement.objects.filter(indicator=OuterRef("pk")))
    return tally(Indicator.objects.all(), all=Count("pk"), measured=Count("pk", filter=Q(measured)))


# stage -> name -> the fact, as a part of a query of partnerships
FACTS = {
    Stage.DESIGN: {"proposals_written": _proposals_written(), "value_written": _value_written()},
    Stage.AUTHORIZE: {"given": _given(), "asked": _asked()},
    Stage.IMPLEMENT: {"steps_planned": _steps_planned(), "handed_over": handovers.as_facts()},
    Stage.EVALUATE: {"indicators_chosen": _indicators_chosen()},
}
