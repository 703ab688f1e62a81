"""Every record of a partnership, table by table: for marking where a reconstruction comes from, and for showing it."""

from partnerships.models import (
    Attendance,
    Commitment,
    Contribution,
    Decision,
    Invitation,
    Meeting,
    Member,
    Position,
    Revision,
    StageVisit,
    Text,
    Waiver,
)
from problems.models import Indicator
from solutions.models import Authorization, AuthorizationRequest, Measurement, Ownership, Step, StepReport

from .run import ADDED, INFERRED

TABLES = [  # (table, how its rows lead to the partnership, what a row is called by); every one with an id of its own
    (StageVisit, "partnership", "stage"),
    (Waiver, "visit__partnership", "criterion"),
    (Member, "partnership", "person__name"),
    (Invitation, "partnership", "name"),
    (Contribution, "partnership", "body"),
    (Text, "partnership", "title"),
    (Revision, "text__partnership", "text__title"),
    (Decision, "partnership", "question"),
    (Position, "decision__partnership", "member__person__name"),
    (Commitment, "partnership", "what"),
    (Meeting, "partnership", "title"),
    (Attendance, "meeting__partnership", "member__person__name"),
    (Indicator, "partnership", "name"),
    (Measurement, "indicator__partnership", "indicator__name"),
    (AuthorizationRequest, "partnership", "body__name"),
    (Authorization, "request__partnership", "words"),
    (Step, "partnership", "what"),
    (Ownership, "step__partnership", "step__what"),
    (StepReport, "step__partnership", "body"),
]
# When a stage began follows from dated facts; the rest that nobody marked was added so that the rules are held.
DEFAULT_BASIS = {StageVisit: INFERRED, Attendance: INFERRED}


def rows(partnership):
    """(table, its rows of this partnership), for every table that holds records of one."""
    return [(table, table.objects.filter(**{path: partnership})) for table, path, _name in TABLES]


def mark_the_rest(run):
    """Mark every record that no fact of the case stands behind."""
    for table, found in rows(run.partnership):
        for pk in found.values_list("pk", flat=True):
            if pk not in run.marks:
                run.marks[pk] = (DEFAULT_BASIS.get(table, ADDED), [])
