"""What the clock tells about steps, once each, and not after it stopped being true."""

import datetime

import pytest
from django.utils import timezone

from notices.actions import tell
from notices.kinds import all_kinds
from notices.letters import write_letter
from notices.models import Notice
from partnerships.models import StageVisit
from partnerships.stages import Stage
from solutions import actions, tasks
from solutions.models import AuthorizationRequest, BodyMember, Step
from tests.cast import make_cast, told
from tests.solutions.story import answer, asked
from tests.solutions.test_plan import own, plan, report

pytestmark = pytest.mark.django_db


def people(*members):
    return sorted(person.pk for person in members)


def clock(days, action=actions.remind_steps):
    """The clock strikes noon so many days from today, twice, as two beats would let it."""
    at = timezone.now().replace(hour=12) + datetime.timedelta(days=days)
    for _tick in range(2):
        action(at=at)


def still_true(kind):
    notices = list(Notice.objects.filter(kind=kind))
    return len(all_kinds()[kind].still_true(notices)), len(notices)


@pytest.fixture
def cast():
    made = make_cast(stage=Stage.IMPLEMENT)
    Step.objects.all().delete()
    return made


def aged(step, days=60):
    """As if it had been planned long ago."""
    Step.objects.filter(pk=step.pk).update(created_at=timezone.now() - datetime.timedelta(days=days))
    return step


def test_owners_are_told_a_week_before_and_on_the_day(cast):
    step = aged(plan(cast, days=30))
    own(cast, step, cast.citizen)
    clock(22)
    assert told("step_due") == []
    clock(23)
    assert told("step_due") == people(cast.citizen)
    clock(26)
    assert told("step_due") == people(cast.citizen)
    clock(30)
    assert told("step_due") == people(cast.citizen, cast.citizen)


def test_every_week_while_it_is_overdue_to_owners_and_leaders(cast):
    step = aged(plan(cast, days=1))
    own(cast, step, cast.citizen)
    clock(8)
    assert told("step_overdue") == people(cast.citizen, cast.convener)
    clock(12)
    assert told("step_overdue") == people(cast.citizen, cast.convener)
    clock(15)
    assert len(told("step_overdue")) == 4


def test_a_step_that_nobody_owns_is_told_to_those_who_lead(cast):
    aged(plan(cast, days=7))
    clock(0)
    assert told("step_due") == people(cast.convener)


@pytest.mark.parametrize("status", ["done", "stopped"])
def test_a_finished_step_is_left_in_peace(cast, status):
    step = aged(plan(cast, days=1))
    report(step, cast.convener, status)
    clock(1)
    clock(10)
    assert Notice.objects.filter(kind__startswith="step_").count() == 0


def test_what_is_told_stops_being_true_when_the_step_is_done_or_moved(cast):
    step = aged(plan(cast, days=7))
    own(cast, step, cast.citizen)
    clock(0)
    assert still_true("step_due") == (1, 1)
    actions.change_step(
        step=step,
        due_on=step.due_on + datetime.timedelta(days=30),
        by=cast.convener,
        at=timezone.now(),
    )
    assert still_true("step_due") == (0, 1)
    actions.change_step(step=step, due_on=step.due_on, by=cast.convener, at=timezone.now())
    assert still_true("step_due") == (1, 1)
    cast.partnership.members.filter(person=cast.citizen).update(left_at=timezone.now())
    assert still_true("step_due") == (0, 1)


def test_a_reconstruction_reminds_nobody(cast):
    aged(plan(cast, days=1))
    cast.partnership.reconstructed_from = "Public minutes"
    cast.partnership.save(update_fields=["reconstructed_from"])
    clock(1)
    assert Notice.objects.filter(kind__startswith="step_").count() == 0


def test_a_report_is_owed_after_a_month_and_asked_for_once_a_month(cast):
    entered = timezone.now() - datetime.timedelta(days=200)
    StageVisit.objects.filter(partnership=cast.partnership, left_at=None).update(entered_at=entered)
    step = plan(cast, days=300)
    own(cast, step, cast.citizen)
    clock(29, actions.remind_owed_reports)
    assert told("report_owed") == []
    clock(31, actions.remind_owed_reports)
    clock(40, actions.remind_owed_reports)
    assert told("report_owed") == people(cast.citizen)
    assert still_true("report_owed") == (1, 1)
    clock(61, actions.remind_owed_reports)
    assert told("report_owed") == people(cast.citizen, cast.citizen)
    report(step, cast.citizen)
    assert still_true("report_owed") == (0, 2)


def test_a_request_is_told_only_while_it_waits_and_its_reader_sits():
    cast = asked()
    assert still_true("authorization_requested") == (2, 2)
    BodyMember.objects.filter(person=cast.politician).update(until=timezone.localdate())
    assert still_true("authorization_requested") == (1, 2)
    answer(cast)
    assert still_true("authorization_requested") == (0, 2)
    assert still_true("authorization_answered") == (4, 4)


def test_a_body_is_told_before_it_meets_and_its_secretary_until_the_answer_is_entered():
    cast = asked()  # the council meets in ten days
    AuthorizationRequest.objects.update(asked_at=timezone.now() - datetime.timedelta(days=30))
    clock(2, actions.remind_requests)
    assert told("authorization_due") == []
    clock(3, actions.remind_requests)
    clock(5, actions.remind_requests)
    assert told("authorization_due") == people(cast.politician, cast.secretary)
    clock(17, actions.remind_requests)
    assert told("answer_owed") == people(cast.secretary)
    assert still_true("answer_owed") == (1, 1)
    answer(cast)
    assert still_true("answer_owed") == (0, 1)
    assert still_true("authorization_due") == (0, 2)
    clock(24, actions.remind_requests)
    assert told("answer_owed") == people(cast.secretary)


def test_the_tasks_of_the_clock_do_their_action(cast):
    aged(plan(cast, days=0))
    tasks.remind_steps()
    tasks.remind_owed_reports()
    tasks.remind_requests()
    assert Notice.objects.filter(kind__startswith="step_").count() in (0, 1)  # nobody is told before morning


@pytest.mark.parametrize(
    "kind",
    [
        *("authorization_requested", "authorization_due", "answer_owed", "authorization_answered"),
        *("step_due", "step_overdue", "report_owed"),
    ],
)
def test_every_mail_can_be_written_in_both_parts(kind):
    cast = asked()
    answer(cast, words="Granted.")
    step = plan(cast, days=300)
    owner = own(cast, step, cast.citizen).member.person
    ids = {"request": str(cast.request.pk), "step": str(step.pk), "due_on": step.due_on.isoformat()}
    tell(
        kind=kind,
        recipients=[owner.pk],
        scope=cast.partnership.pk,
        occurrence="written",
        ids=ids,
        at=timezone.now(),
    )
    notice = Notice.objects.get(kind=kind, occurrence="written")
    declared = all_kinds()[kind]
    context = declared.context([notice])[notice.pk]
    letter = write_letter(notice, declared, declared.recipients([owner.pk])[owner.pk], context)
    about = "Buy a machine" if "step" in kind or kind == "report_owed" else "revision 1"
    assert about in letter.text
    assert about in letter.html
    assert context["link"] in letter.text
