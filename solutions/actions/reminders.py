"""What the clock tells: a body meets, its answer is owed, a step is due or overdue, a report is owed."""

import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, Prefetch

from partnerships.actions.reminders import around, remind, tell_in_the_morning
from partnerships.models import Member, Pause, StageVisit
from partnerships.stages import OPENS, Stage

from ..models import OWNING, Authority, AuthorizationRequest, BodyMember, Ownership, Step
from ..settings import REPORT_DAYS, STEP_REMINDER_DAYS

FARTHEST = 60  # days ahead that a reminder may be set to


def _reportable(**filters):
    """Unfinished steps of real partnerships that take reports, each with its owners who are still there."""
    owners = Ownership.objects.filter(
        commitment__state__in=OWNING, commitment__member__left_at=None
    ).select_related("commitment__member")
    steps = Step.objects.unfinished().filter(
        partnership__stage__in=OPENS["report_step"],
        partnership__reconstructed_from="",
        partnership__paused_at=None,
        **filters,
    )
    return steps.select_related("partnership__platform").prefetch_related(
        Prefetch("ownerships", queryset=owners, to_attr="owned_by")
    )


def _owners(step):
    return {ownership.commitment.member.person_id for ownership in step.owned_by}


def _leaders(step):
    leading = Member.objects.leading().filter(partnership=step.partnership_id)
    return set(leading.values_list("person", flat=True))


def _remind(kind, step, readers, at, only):
    remind(
        kind=kind,
        readers=readers,
        days=around(step.due_on, STEP_REMINDER_DAYS.of(step.partnership), at),
        morning=step.partnership.platform.morning,
        since=step.created_at,
        scope=step.partnership_id,
        occurrence=f"{step.pk} {step.due_on}",
        ids={"step": str(step.pk), "due_on": step.due_on.isoformat()},
        at=at,
        only=only,
    )


def _is_late(left):
    return left < 0


def _is_not_late(left):
    return left >= 0


@transaction.atomic
def remind_steps(*, at):
    """Tell owners a week before and on the day; then owners and leaders every week while a step is overdue."""
    soon = at.date() + datetime.timedelta(days=FARTHEST + 1)
    for step in _reportable(due_on__lte=soon).iterator(chunk_size=200):
        _remind("step_overdue", step, _owners(step) | _leaders(step), at, _is_late)
        _remind("step_due", step, _owners(step) or _leaders(step), at, _is_not_late)


@transaction.atomic
def remind_requests(*, at):
    """Tell a body a week before its meeting and on the day; then its secretary weekly until the answer is entered."""
    soon = at.date() + datetime.timedelta(days=FARTHEST + 1)
    waiting = AuthorizationRequest.objects.waiting().filter(
        meeting_on__lte=soon, partnership__reconstructed_from=""
    )
    for asked in waiting.select_related("partnership__platform").iterator(chunk_size=200):
        seats = BodyMember.objects.current().filter(body=asked.body_id)
        writing = seats.filter(authority=Authority.SECRETARY)
        for kind, readers, only in (
            ("answer_owed", writing, _is_late),
            ("authorization_due", seats, _is_not_late),
        ):
            remind(
                kind=kind,
                readers=readers.values_list("person", flat=True),
                days=around(asked.meeting_on, STEP_REMINDER_DAYS.of(asked.partnership), at),
                morning=asked.partnership.platform.morning,
                since=asked.asked_at,
                scope=asked.partnership_id,
                occurrence=f"{asked.pk}",
                ids={"request": str(asked.pk)},
                at=at,
                only=only,
            )


@transaction.atomic
def remind_owed_reports(*, at):
    """Ask the owners of a step for a report when a month has passed without one; the days of a pause do not count."""
    entered = dict(
        StageVisit.objects.filter(stage=Stage.IMPLEMENT, left_at=None)
        .values_list("partnership")
        .annotate(Max("entered_at"))
    )
    rested = dict(
        Pause.objects.filter(partnership__in=list(entered), until__isnull=False)
        .order_by()
        .values_list("partnership")
        .annotate(Max("until"))
    )
    for step in _reportable(partnership__in=list(entered)).iterator(chunk_size=200):
        today = at.astimezone(ZoneInfo(step.partnership.time_zone)).date()
        accepted = [ownership.commitment.accepted_at for ownership in step.owned_by]
        if not accepted or step.overdue(today):  # nobody to ask, or they are told already that it is overdue
            continue
        began = entered[step.partnership_id]
        since = max(step.last_report_at or min(accepted), began, rested.get(step.partnership_id, began))
        days = REPORT_DAYS.of(step.partnership)
        months = (at - since).days // days
        if months:
            tell_in_the_morning(
                kind="report_owed",
                readers=_owners(step),
                morning=step.partnership.platform.morning,
                scope=step.partnership_id,
                occurrence=f"{step.pk} {since.date()} {months}",
                ids={"step": str(step.pk), "due_on": step.due_on.isoformat()},
                at=at,
                belongs_to=since + datetime.timedelta(days=days * months),
            )
