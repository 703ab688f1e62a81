"""Stages: moving on through a gate, going back with a reason, and when a stage is due."""

import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from notices.actions import tell

from ..models import Member, Partnership, StageVisit
from ..places import place_of
from ..rules import stages as may
from ..stages import DEFAULT_LENGTH_DAYS, Stage, next_stage
from .closing import owe_account
from .memory import remember
from .pauses import check_version
from .reminders import around, remind


@transaction.atomic
def move_stage(*, partnership, to, expected, gate, by, at, reason="", due_on=None, follows="", writer=None):
    """Move the partnership to the stage `to`, if it still is where the mover saw it. Returns the new StageVisit.

    expected: the stage_version that was shown; gate: the gate of the present stage, computed in this transaction.
    due_on: when the stage is due, or at the end the account. follows, writer: at the end, what follows
    (ClosingAccount.Follows) and which Member writes the account (who closes it, when None).
    Raises Conflict for the loser of a race, Refused where the gate, the role or a missing reason stands in the way.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    check_version(partnership, expected)
    may.can_move_stage(place_of(partnership, by), to, gate, reason, follows).enforce()
    closes = to == Stage.CLOSED
    moved = Partnership.objects.filter(pk=partnership.pk, stage_version=expected).update(
        stage=to, stage_version=F("stage_version") + 1, closed_at=at if closes else None
    )
    if not moved:
        check_version(Partnership.objects.get(pk=partnership.pk), expected)
    used = gate.used_together if to == next_stage(partnership.stage) else []
    visit = _enter(partnership, to, reason=reason, due_on=None if closes else due_on, at=at)
    remember(partnership, "stage.moved", by=by, at=at, was=partnership.stage, to=str(to), visit=visit.pk)
    for waiver in used:
        remember(
            partnership, "criterion.set_aside", by=by, at=at, criterion=waiver.criterion, waiver=waiver.pk
        )
    partnership.stage = str(to)
    if closes:
        owe_account(partnership, visit, follows=follows, writer=writer, due_on=due_on, by=by, at=at)
    people = Member.objects.present().filter(partnership=partnership).values_list("person", flat=True)
    tell(
        kind="stage_opened",
        recipients=[pk for pk in people if by is None or pk != by.pk],
        scope=partnership.pk,
        occurrence=str(visit.pk),
        ids={"visit": str(visit.pk)},
        at=at,
    )
    return visit


def _enter(partnership, to, *, reason, due_on, at):
    """Leave the present visit and begin the next one, with its due date."""
    last = partnership.visits.order_by("-number").first()
    StageVisit.objects.filter(partnership=partnership, left_at=None).update(left_at=at)
    return StageVisit.objects.create(
        partnership=partnership,
        stage=to,
        number=last.number + 1 if last else 1,
        entered_at=at,
        due_on=due_on or due_date(partnership, to, at),
        reason=reason,
    )


def due_date(partnership, stage, at):
    """When a stage entered at `at` is due by its usual length; None for the closed stage, which has no end."""
    days = partnership.lengths.get(stage, DEFAULT_LENGTH_DAYS.get(Stage(stage)))
    today = at.astimezone(ZoneInfo(partnership.time_zone)).date()
    return today + datetime.timedelta(days=days) if days else None


@transaction.atomic
def change_due(*, partnership, due_on, by, at):
    """Change when the present stage is due. Returns the StageVisit."""
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_change_due(place_of(partnership, by)).enforce()
    visit = partnership.visits.get(left_at=None)
    before, visit.due_on = visit.due_on, due_on
    visit.save(update_fields=["due_on"])
    dates = {"due_before": before and before.isoformat(), "due_after": due_on and due_on.isoformat()}
    remember(partnership, "stage.due_changed", by=by, at=at, visit=visit.pk, **dates)
    return visit


@transaction.atomic
def remind_stage_due(*, at):
    """Remind those who lead that their stage is due: some days before, on the day, then weekly while overdue."""
    horizon = at.date() + datetime.timedelta(days=60)
    visits = StageVisit.objects.filter(left_at=None, due_on__lte=horizon, partnership__reconstructed_from="")
    visits = visits.filter(partnership__paused_at=None)
    for visit in visits.select_related("partnership__platform").iterator(chunk_size=500):
        platform = visit.partnership.platform
        leaders = Member.objects.leading().filter(partnership=visit.partnership_id)
        remind(
            kind="stage_due",
            readers=leaders.values_list("person", flat=True),
            days=around(visit.due_on, platform.stage_due_days, at),
            morning=platform.morning,
            since=visit.entered_at,
            scope=visit.partnership_id,
            occurrence=f"{visit.pk} {visit.due_on}",
            ids={"visit": str(visit.pk), "due_on": visit.due_on.isoformat()},
            at=at,
        )
