"""What it takes to leave a stage, as far as solutions, their authorization and their plan are concerned."""

from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.criteria import Criterion
from partnerships.models import Commitment, Revision
from partnerships.stages import Stage
from problems.models import Indicator

from . import handovers
from .authorized import current_authorization, open_request
from .models import Measurement, Ownership, Proposal, Step, StepReport

OPTIONS_WEIGHED = 2  # (default) ours: with one option there is nothing to choose
CORNERS = ("value", "legitimacy", "capacity")


def criteria(stage, partnership, *, at=None):
    """The criteria of `stage` that this app can judge, for this partnership: at most two queries."""
    judge = _JUDGES.get(Stage(stage))
    return judge(partnership, at or timezone.now()) if judge else []


def _design(partnership, at):
    counts = Proposal.objects.filter(partnership=partnership).aggregate(
        all=Count("pk"), chosen=ArrayAgg("pk", filter=Q(text__adopted_revision__isnull=False))
    )
    latest = (
        Revision.objects.filter(text__value_proposition__partnership=partnership)
        .order_by("-number")
        .values_list("body", flat=True)
        .first()
    )
    return [_options(counts["all"]), _chosen(counts["chosen"]), _corners(latest)]


def _options(count):
    met = count >= OPTIONS_WEIGHED
    found = ngettext("%(count)s proposal is written.", "%(count)s proposals are written.", count) % {
        "count": count
    }
    return Criterion(
        "options_weighed",
        _("At least two proposals were weighed"),
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


def _authorize(partnership, at):
    given = current_authorization(partnership, at.astimezone(ZoneInfo(partnership.time_zone)).date())
    if given:
        detail = _("%(outcome)s by %(body)s on %(day)s.") % {
            "outcome": given.get_outcome_display(),
            "body": given.request.body.name,
            "day": date_format(given.decided_on, _("j F Y")),
        }
    elif asked := open_request(partnership):
        detail = _("%(body)s has been asked and meets on %(day)s.") % {
            "body": asked.body.name,
            "day": date_format(asked.meeting_on, _("j F Y")),
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


def _implement(partnership, at):
    last = StepReport.objects.filter(step=OuterRef("pk")).order_by("-at", "-id").values("status")[:1]
    renegotiated = Ownership.objects.filter(
        step=OuterRef("pk"), commitment__state=Commitment.State.RENEGOTIATED
    )
    steps = Step.objects.filter(partnership=partnership).annotate(
        status=Subquery(last), moved=Exists(renegotiated)
    )
    counts = steps.aggregate(
        all=Count("pk"),
        settled=Count("pk", filter=Q(status=StepReport.Status.DONE) | Q(moved=True)),
    )
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
        _supported(partnership),
    ]


def _supported(partnership):
    """The one hard criterion that can be set aside, by both sides together: what was handed over has support."""
    handed_over = handovers.handed_over(partnership)
    without = [one for one in handed_over if one.gaps]
    detail = handovers.in_words(without) if without else ""
    if handed_over and not without:
        lowest = min(one.percent for one in handed_over)
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


def _evaluate(partnership, at):
    measured = Measurement.objects.filter(indicator=OuterRef("pk"))
    counts = Indicator.objects.filter(partnership=partnership).aggregate(
        all=Count("pk"), measured=Count("pk", filter=Q(Exists(measured)))
    )
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
