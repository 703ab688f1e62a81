"""Whether a task that was public before was handed over with enough support: what is missing, in plain words.

Moving a public task to those who cannot carry it is not co-creation. It has degrees, so the ratio is shown.
"""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Floor, JSONObject
from django.utils.translation import gettext as _

from actors.models import Side
from partnerships.models import Commitment

from .models import HAVING_A_PART, OWNING, Handover, Ownership, StepReport, StepStatus
from .settings import SUPPORT_MARGIN

SUPPORTED = "handovers_supported"  # the key of the criterion
State = Commitment.State


def _owners(*states):
    """Ownerships of a step by somebody from outside the public side, in these states."""
    rows = Ownership.objects.filter(step=OuterRef("step"), commitment__member__side=Side.NON_PUBLIC)
    return rows.filter(commitment__state__in=states, commitment__member__left_at=None)


def _standing():
    """The Handovers of steps that somebody from outside the public side owns or is asked to own.

    A step that was stopped is handed to nobody.
    """
    last = StepReport.objects.filter(step=OuterRef("step")).order_by("-at", "-id").values("status")[:1]
    rows = Handover.objects.annotate(status=Subquery(last), unanswered=Exists(_owners(State.ASKED)))
    return rows.filter(
        Exists(_owners(*OWNING, State.ASKED)), ~Q(status=StepStatus.STOPPED) | Q(status=None)
    ).order_by("step__number")


def handed_over(partnership):
    """The standing Handovers of a partnership, each with its gaps. One query."""
    found = list(_standing().filter(step__partnership=partnership).select_related("step", "accountable"))
    for one in found:
        one.gaps = list(gaps(one.percent, one.unanswered, one.accountable_id, partnership))
    return found


def as_facts():
    """The same as a fact for gates: what each step is, the percent, and whether it is unanswered or answered for."""
    percent = Cast(Floor(F("supplied") * 100 / F("needed")), IntegerField())
    fact = JSONObject(
        what=F("step__what"), percent=percent, unanswered=F("unanswered"), accountable=F("accountable")
    )
    return ArraySubquery(_standing().filter(step__partnership=OuterRef("pk")).values(fact=fact))


def gaps_of(fact, partnership):
    """What a handed-over task lacks, from a fact of as_facts()."""
    return list(gaps(fact["percent"], fact["unanswered"], fact["accountable"], partnership))


def gaps(percent, unanswered, accountable, partnership):
    """What a handed-over task lacks, each as the end of a sentence.

    percent: of what it needs, None where it is not said; accountable: the public body that answers for it, or None.
    """
    if percent is None:
        yield _("it is not said what it needs and what is supplied")
    elif percent < SUPPORT_MARGIN.of(partnership):
        yield _("covers %(percent)s %%") % {"percent": percent}
    if unanswered:
        yield _("whoever is to take it over has not said yes")
    if accountable is None:
        yield _("no public body answers for it")


def in_words(without):
    """[(what a step is, its gaps)] as one sentence."""
    told = "; ".join(f"“{what}”: {', '.join(found)}" for what, found in without)
    return _("Tasks moved without enough support: %(tasks)s.") % {"tasks": told}


def receivers(partnership):
    """Ids of the people from outside the public side who have a part in a step that was handed over."""
    rows = Ownership.objects.filter(
        step__partnership=partnership,
        step__handover__isnull=False,
        commitment__state__in=HAVING_A_PART,
        commitment__member__side=Side.NON_PUBLIC,
        commitment__member__left_at=None,
    )
    return set(rows.values_list("commitment__member__person", flat=True))
