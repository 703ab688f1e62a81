"""What the gates of this app rest on: facts of many partnerships at once, each a part of one query."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from actors.models import Side

from .models import Commitment, Contribution, Group, Leadership, Lesson, Member, Seat, Text
from .models.groups import Rating
from .stages import Stage


def tally(rows, **counts):
    """{name: number} of the partnership's rows of another table, as a fact; None where it has none."""
    counted = rows.filter(partnership=OuterRef("pk")).order_by().values("partnership")
    return Subquery(counted.annotate(tally=JSONObject(**counts)).values("tally"))


def _with_a_say():
    """How many members with a say there are, of each side."""
    side = {"public": Q(side=Side.PUBLIC), "other": Q(side=Side.NON_PUBLIC)}
    return tally(
        Member.objects.deciding(), **{name: Count("pk", filter=those) for name, those in side.items()}
    )


def _charter_adopted():
    adopted = Text.objects.filter(kind=Text.Kind.CHARTER, adopted_revision__isnull=False)
    return Exists(adopted.filter(partnership=OuterRef("pk")))


def _hardest_hit():
    """Of each group that is affected very much: its name, whether it is seated or spoken for."""
    spoken_for = Q(advocate__left_at=None, advocate__isnull=False) & ~Q(no_seat_reason="")
    groups = (
        Group.objects.filter(partnership=OuterRef("pk"), affectedness=Rating.MUCH)
        .order_by("-relevance", "created_at", "id")
        .annotate(seated=Exists(Seat.objects.filter(group=OuterRef("pk"))), spoken_for=spoken_for)
    )
    return ArraySubquery(
        groups.values(fact=JSONObject(name=F("name"), seated=F("seated"), spoken_for=F("spoken_for")))
    )


def _functions_held():
    held = Leadership.objects.held().filter(partnership=OuterRef("pk")).order_by()
    return ArraySubquery(held.values("function").distinct())


def _answers_wanted():
    wanted = Contribution.objects.shown().filter(wants_answer=True)
    return tally(wanted, all=Count("pk"), answered=Count("response", filter=Q(response__reopened_at=None)))


def _kept():
    """How many commitments were kept by each side."""
    side = {"public": Q(member__side=Side.PUBLIC), "other": Q(member__side=Side.NON_PUBLIC)}
    kept = Commitment.objects.filter(state=Commitment.State.KEPT)
    return tally(kept, **{name: Count("pk", filter=those) for name, those in side.items()})


# stage -> name -> the fact, as a part of a query of partnerships; the mandate and the platform come besides.
FACTS = {
    Stage.CONVENE: {
        "with_a_say": _with_a_say(),
        "charter_adopted": _charter_adopted(),
        "hardest_hit": _hardest_hit(),
        "functions_held": _functions_held(),
    },
    Stage.DESIGN: {"answers_wanted": _answers_wanted()},
    Stage.IMPLEMENT: {"kept": _kept()},
    Stage.EVALUATE: {"lesson_returned": Exists(Lesson.objects.filter(partnership=OuterRef("pk")))},
}
