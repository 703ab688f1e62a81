"""Reminders that cannot keep their time: caught up in the morning, and never in a digest of a later day."""

import datetime

import pytest

from boundary.local_time import first_moment
from notices.kinds import all_kinds
from notices.models import Notice
from partnerships import actions
from partnerships.models import Commitment, StageVisit
from partnerships.stages import Stage
from solutions.actions import remind_owed_reports, remind_steps
from tests.cast import make_cast
from tests.cocreate.test_pauses import owned_step
from tests.partnerships.resting import noon

pytestmark = pytest.mark.django_db
CPH, EIGHT, DAY = "Europe/Copenhagen", datetime.time(8), datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


@pytest.mark.parametrize(
    ("late", "goes"),
    [
        (datetime.timedelta(minutes=5), "at once"),
        (2 * HOUR, "at once"),
        (3 * HOUR, "next morning"),
        (15 * HOUR, "next morning"),
    ],
)
def test_what_is_caught_up_late_goes_out_in_the_next_morning_and_not_at_night(late, goes):
    cast = make_cast()
    day = noon(5).date()
    StageVisit.objects.filter(left_at=None).update(due_on=day, entered_at=noon(-30))
    at = first_moment(day, EIGHT, CPH) + late
    actions.stages.remind_stage_due(at=at)
    (due,) = Notice.objects.filter(kind="stage_due", recipient=cast.convener.pk).values_list(
        "due_at", flat=True
    )
    assert due == (at if goes == "at once" else first_moment(day + DAY, EIGHT, CPH))


def test_a_report_is_asked_for_in_the_morning():
    cast = make_cast(stage=Stage.IMPLEMENT)
    StageVisit.objects.filter(left_at=None).update(entered_at=noon(-60))
    owned_step(cast, cast.citizen, noon(60).date())
    remind_owed_reports(at=noon() + 10 * HOUR)
    (due,) = Notice.objects.filter(kind="report_owed").values_list("due_at", flat=True)
    assert due.astimezone(datetime.UTC) > noon() + 10 * HOUR
    assert due in {first_moment((noon() + n * DAY).date(), EIGHT, CPH) for n in (1, 2)}


def test_a_reminder_is_of_use_until_the_day_it_names_is_over():
    cast = make_cast(stage=Stage.IMPLEMENT)
    day = noon(5).date()
    StageVisit.objects.filter(left_at=None).update(due_on=day, entered_at=noon(-60))
    owned_step(cast, cast.citizen, day)
    Commitment.objects.create(
        partnership=cast.partnership, member=cast.member(cast.official), kind="money", what="Pay", state="accepted",
        due_on=day, accepted_at=noon(-30), created_by=cast.official,
    )  # fmt: skip
    ends = {}
    for on in (day - 7 * DAY, day, day + 7 * DAY):
        Notice.objects.all().delete()
        at = first_moment(on, EIGHT, CPH)
        actions.stages.remind_stage_due(at=at)
        remind_steps(at=at)
        actions.commitments.remind_commitments(at=at)
        for kind in ("stage_due", "step_due", "commitment_due"):
            notices = list(Notice.objects.filter(kind=kind, due_at=at))
            ends[kind, (on - day).days] = set(all_kinds()[kind].until(notices).values())
    over = {first_moment(day + DAY, datetime.time.min, CPH)}
    assert ends == {
        (kind, days): (over if days <= 0 else set() if kind == "step_due" else {None})
        for kind in ("stage_due", "step_due", "commitment_due")
        for days in (-7, 0, 7)
    }
