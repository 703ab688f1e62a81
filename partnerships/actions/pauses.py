"""Pausing a partnership, and resuming it: what was due moves on by as long as it rested."""

import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import DateField, F
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import Commitment, Decision, Member, Partnership, Pause, StageVisit
from ..places import place_of
from ..rules import pauses as may
from .decisions import tell_after_pause
from .memory import remember
from .reminders import around, remind


@transaction.atomic
def pause_partnership(*, partnership, reason, expected, by, at, look_again_on=None):
    """Pause the partnership with a public reason, if it still is where the pauser saw it. Returns the Pause.

    look_again_on: the day on which the conveners are reminded to look again; nothing resumes by itself. expected:
    the stage_version that was shown. Raises Conflict when somebody moved, paused or resumed it in the meantime.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    check_version(partnership, expected)
    may.can_pause(place_of(partnership, by)).enforce()
    facts = {"reason": reason, "look_again_on": look_again_on, "since": at, "by": by}
    pause = Pause.objects.create(partnership=partnership, **facts)
    _turn(partnership, paused_at=at)
    day = look_again_on and look_again_on.isoformat()
    remember(partnership, "partnership.paused", by=by, at=at, pause=pause.pk, look_again_on=day)
    _tell_members("partnership_paused", pause, by=by, at=at)
    return pause


@transaction.atomic
def resume_partnership(*, partnership, expected, by, at):
    """Let a paused partnership go on: what was due in it moves on by the days of the pause. Returns the Pause.

    Things of higher apps are moved by cocreate.stages.resume, which calls this.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    check_version(partnership, expected)
    may.can_resume(place_of(partnership, by)).enforce()
    pause = Pause.objects.select_for_update().get(partnership=partnership, until=None)
    pause.until, pause.resumed_by = max(at, pause.since), by  # two machines' clocks may differ by a little
    pause.save(update_fields=["until", "resumed_by"])
    _turn(partnership, paused_at=None)
    _move_on(partnership, pause, at)
    remember(partnership, "partnership.resumed", by=by, at=at, pause=pause.pk, days=pause.days)
    _tell_members("partnership_resumed", pause, by=by, at=at)
    return pause


def check_version(partnership, expected):
    """Raise Conflict, with how it stands now, when the partnership is not any more where somebody saw it."""
    if partnership.stage_version == expected:
        return
    words = (
        _("Somebody has paused the partnership in the meantime, in the stage “%(stage)s”.")
        if partnership.paused_at
        else _("Somebody has moved or resumed the partnership: it is in the stage “%(stage)s” now.")
    )
    raise Conflict(words % {"stage": partnership.get_stage_display()})


def _turn(partnership, *, paused_at):
    rows = Partnership.objects.filter(pk=partnership.pk)
    rows.update(paused_at=paused_at, stage_version=F("stage_version") + 1)
    partnership.refresh_from_db(fields=["paused_at", "stage_version"])


def later(days):
    """A due date so many days later, to update rows with."""
    return Cast(F("due_on") + datetime.timedelta(days=days), DateField())


def _move_on(partnership, pause, at):
    """The stage, promises that stand, and open decisions; these at the same hour of the day."""
    StageVisit.objects.filter(partnership=partnership, left_at=None).update(due_on=later(pause.days))
    promised = Commitment.objects.standing().filter(partnership=partnership, due_on__isnull=False)
    promised.update(due_on=later(pause.days))
    zone = ZoneInfo(partnership.time_zone)
    rest = datetime.timedelta(days=pause.days)
    undecided = Decision.objects.filter(partnership=partnership, closed_at=None, closes_at__gt=pause.since)
    for decision in undecided:
        here = decision.closes_at.astimezone(zone) + rest
        Decision.objects.filter(pk=decision.pk).update(closes_at=here)
        if decision.is_open:
            tell_after_pause(decision=decision, pause=pause, at=at)
        elif decision.opens_at > pause.since:
            opens = decision.opens_at.astimezone(zone) + rest
            Decision.objects.filter(pk=decision.pk).update(opens_at=opens)


def _tell_members(kind, pause, *, by, at):
    people = Member.objects.present().filter(partnership=pause.partnership_id).exclude(person=by)
    tell(
        kind=kind,
        recipients=people.values_list("person", flat=True),
        scope=pause.partnership_id,
        occurrence=str(pause.pk),
        ids={"pause": str(pause.pk)},
        at=at,
    )


@transaction.atomic
def remind_to_look_again(*, at):
    """Remind the conveners on the day on which they wanted to look again, then weekly while it is paused."""
    rows = Pause.objects.filter(until=None, look_again_on__lte=at.date() + datetime.timedelta(days=1))
    for pause in rows.filter(partnership__reconstructed_from="").select_related("partnership__platform"):
        conveners = Member.objects.present().filter(
            partnership=pause.partnership_id, role=Member.Role.CONVENER
        )
        remind(
            kind="look_again",
            readers=conveners.values_list("person", flat=True),
            days=around(pause.look_again_on, [], at),
            morning=pause.partnership.platform.morning,
            since=pause.since,
            scope=pause.partnership_id,
            occurrence=str(pause.pk),
            ids={"pause": str(pause.pk)},
            at=at,
        )
