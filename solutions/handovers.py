"""Whether a task that was public before was handed over with enough support: what is missing, in plain words.

Moving a public task to those who cannot carry it is not co-creation. It has degrees, so the ratio is shown.
"""

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from actors.models import Side
from partnerships.models import Commitment

from .models import HAVING_A_PART, OWNING, Handover, Ownership, StepReport, StepStatus

SUPPORTED = "handovers_supported"  # the key of the criterion
SUPPORT_MARGIN = 80  # (default) percent of what is needed; ours: a fifth may be what volunteers gladly give
State = Commitment.State


def _owners(*states):
    """Ownerships of a step by somebody from outside the public side, in these states."""
    rows = Ownership.objects.filter(step=OuterRef("step"), commitment__member__side=Side.NON_PUBLIC)
    return rows.filter(commitment__state__in=states, commitment__member__left_at=None)


def handed_over(partnership):
    """The Handovers of steps that somebody from outside the public side owns or is asked to own, with their gaps.

    A step that was stopped is handed to nobody. One query.
    """
    last = StepReport.objects.filter(step=OuterRef("step")).order_by("-at", "-id").values("status")[:1]
    rows = (
        Handover.objects.filter(step__partnership=partnership)
        .annotate(status=Subquery(last), unanswered=Exists(_owners(State.ASKED)))
        .filter(Exists(_owners(*OWNING, State.ASKED)), ~Q(status=StepStatus.STOPPED) | Q(status=None))
    )
    found = list(rows.select_related("step", "accountable"))
    for one in found:
        one.gaps = list(gaps(one))
    return found


def gaps(handover):
    """What a handed-over task lacks, each as the end of a sentence."""
    if handover.percent is None:
        yield _("it is not said what it needs and what is supplied")
    elif handover.percent < SUPPORT_MARGIN:
        yield _("covers %(percent)s %%") % {"percent": handover.percent}
    if handover.unanswered:
        yield _("whoever is to take it over has not said yes")
    if handover.accountable_id is None:
        yield _("no public body answers for it")


def in_words(without):
    """Handovers with gaps as one sentence."""
    told = "; ".join(f"“{one.step.what}”: {', '.join(one.gaps)}" for one in without)
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
