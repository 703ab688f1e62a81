"""What a value proposition rests on, fetched once for the page, the dossier and its print."""

from zoneinfo import ZoneInfo

from django.utils import timezone

from actors.models import Side
from partnerships.actions.decisions import tallies
from partnerships.models import Decision, Position
from problems.models import Indicator

from .completeness import capacity_needs, completeness

MOST_DISSENT = 50
Choice = Position.Choice


def today_in(zone):
    """The day it is in a time zone (IANA name)."""
    return timezone.localdate(timezone=ZoneInfo(zone))


def support(revision):
    """Who stands behind a revision: the decision about it, answers by side, and the words of those who do not.

    None where nobody was asked. While a decision is open nobody sees how others answer. Three queries, whatever
    the number of members.
    """
    decision = (
        Decision.objects.binding().filter(revision=revision).order_by("-opened_at").first()
        if revision
        else None
    )
    if decision is None:
        return None
    closed = decision.closed_at is not None
    return {
        "decision": decision,
        "adopted": decision.outcome == Decision.Outcome.ADOPTED,
        "sides": _sides(decision) if closed else [],
        "dissent": _dissent(decision) if closed else [],
    }


def _sides(decision):
    sides = zip(Side, tallies(decision), strict=True)
    return [
        {"label": side.label, "counts": [(choice.label, getattr(tally, choice)) for choice in Choice]}
        for side, tally in sides
    ]


def _dissent(decision):
    rows = Position.objects.counting(decision).exclude(choice=Choice.AGREE)
    return list(
        rows.select_related("member__person", "member__organization").order_by("choice", "at")[:MOST_DISSENT]
    )


def indicators_of(partnership):
    """How one will see whether it worked."""
    return list(Indicator.objects.filter(partnership=partnership)[:100])


def dossier_facts(partnership, revision):
    """Everything that the three corners show, for one revision (or none yet). Four queries."""
    body = revision.body if revision else {}
    corners = completeness(revision)
    return {
        "revision": revision,
        "body": body,
        "corners": corners,
        "complete": all(corners.values()),
        "needs": capacity_needs(body.get("capacity", "")),
        "support": support(revision),
        "indicators": indicators_of(partnership),
        "mandate": partnership.mandate,
    }
