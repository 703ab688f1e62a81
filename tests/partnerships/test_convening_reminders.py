"""What the clock tells while an arena gathers, whom, and that it stops when it is no longer so."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from actors.models import Person
from notices.kinds import all_kinds
from notices.models import Notice
from partnerships import actions
from partnerships.models import Leadership, Mandate, Member, StageVisit, Text
from partnerships.models.leadership import Function
from partnerships.stages import Stage
from partnerships.tasks import convening as tasks
from tests.cast import make_cast, told

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
NOON = timezone.now().replace(hour=12, minute=0)


def still_true(kind):
    return len(all_kinds()[kind].still_true(list(Notice.objects.filter(kind=kind))))


def people(*who):
    return sorted(person.pk for person in who)


def clock(action, days):
    """Noon so many days from now, twice, as two ticks would have it."""
    for _tick in range(2):
        action(at=NOON + days * DAY)


# --- functions that are offered ------------------------------------------------------------------------------------


@pytest.fixture
def offered():
    cast = make_cast(stage=Stage.CONVENE)
    offer = actions.leadership.offer_leadership(
        member=cast.member(cast.citizen), function=Function.MEDIATOR, by=cast.convener, at=NOON
    )
    return cast, offer


def test_an_offer_is_reminded_of_on_the_days_of_the_platform_and_then_told_to_those_who_lead(offered):
    cast, _offer = offered
    counted = []
    for day in (2, 3, 6, 7, 13, 14, 15):
        clock(actions.convening.remind_leadership, day)
        counted.append((day, len(told("leadership_reminder")), len(told("leadership_unanswered"))))
    assert counted == [(2, 0, 0), (3, 1, 0), (6, 1, 0), (7, 2, 0), (13, 2, 0), (14, 2, 1), (15, 2, 1)]
    assert told("leadership_reminder") == people(cast.citizen, cast.citizen)
    assert told("leadership_unanswered") == people(cast.convener)
    assert (still_true("leadership_reminder"), still_true("leadership_unanswered")) == (2, 1)


@pytest.mark.parametrize("accept", [True, False])
def test_after_an_answer_nobody_is_reminded(offered, accept):
    cast, offer = offered
    clock(actions.convening.remind_leadership, 14)
    assert still_true("leadership_unanswered") == 1
    actions.leadership.answer_leadership(leadership=offer, accept=accept, by=cast.citizen, at=NOON)
    assert (still_true("leadership_reminder"), still_true("leadership_unanswered")) == (0, 0)
    Notice.objects.all().delete()
    clock(actions.convening.remind_leadership, 14)
    assert not Notice.objects.exists()


def test_each_is_told_in_their_own_morning(offered):
    cast, _offer = offered
    Person.objects.filter(pk=cast.citizen.pk).update(time_zone="America/New_York")
    morning = (NOON + 3 * DAY).replace(hour=11)  # seven in New York, noon or one in Copenhagen
    actions.convening.remind_leadership(at=morning)
    notice = Notice.objects.get(kind="leadership_reminder")
    here = notice.due_at.astimezone(datetime.UTC)
    assert (here.day, here.hour) in [((NOON + 3 * DAY).day, hour) for hour in (12, 13)]


# --- what gathering needs --------------------------------------------------------------------------------------------


@pytest.fixture
def gathering():
    cast = make_cast(stage=Stage.CONVENE)
    StageVisit.objects.filter(left_at=None).update(entered_at=NOON, due_on=NOON.date() + 20 * DAY)
    return cast


def test_half_time_without_leaders_and_the_end_without_ground_rules_are_told_to_those_who_lead(gathering):
    counted = []
    for day in (9, 10, 12, 19, 20, 22):
        clock(actions.convening.remind_convening, day)
        counted.append((day, told("leaderships_missing"), told("charter_missing")))
    leader = people(gathering.convener)
    assert counted == [
        (9, [], []),
        (10, leader, []),
        (12, leader, []),
        (19, leader, []),
        (20, leader, leader),
        (22, leader, leader),
    ]
    assert (still_true("leaderships_missing"), still_true("charter_missing")) == (1, 1)
    facts = all_kinds()["leaderships_missing"].context(
        list(Notice.objects.filter(kind="leaderships_missing"))
    )
    assert len(next(iter(facts.values()))["functions"]) == 7


def test_what_has_come_is_not_asked_for(gathering):
    clock(actions.convening.remind_convening, 20)
    seat = gathering.member(gathering.convener)
    facts = {"partnership": gathering.partnership, "offered_by": gathering.convener, "offered_at": NOON}
    Leadership.objects.bulk_create(
        Leadership(member=seat, function=function, state="held", **facts) for function in Function.values
    )
    assert still_true("leaderships_missing") == 0
    Leadership.objects.first().delete()
    assert still_true("leaderships_missing") == 1
    text = Text.objects.create(partnership=gathering.partnership, kind=Text.Kind.CHARTER, title="Rules")
    assert still_true("charter_missing") == 1
    revision = text.revisions.create(number=1, body={}, digest="0" * 64)
    Text.objects.update(adopted_revision=revision)
    assert still_true("charter_missing") == 0


def test_a_stage_that_is_left_or_moved_and_a_leader_who_is_gone_are_not_told(gathering):
    clock(actions.convening.remind_convening, 20)
    Member.objects.filter(person=gathering.convener).update(role=Member.Role.MEMBER)
    assert (still_true("leaderships_missing"), still_true("charter_missing")) == (0, 0)
    Member.objects.filter(person=gathering.convener).update(role=Member.Role.CONVENER)
    StageVisit.objects.filter(left_at=None).update(due_on=NOON.date() + 30 * DAY)
    assert (still_true("leaderships_missing"), still_true("charter_missing")) == (0, 0)


# --- a promised answer ------------------------------------------------------------------------------------------------


@pytest.fixture
def promised():
    cast = make_cast(stage=Stage.AUTHORIZE)
    actions.arenas.record_promise(
        partnership=cast.partnership,
        state="given",
        kind="adopt_or_explain",
        promise_by="Solrød Council",
        minute="Item 4",
        on=NOON.date(),
        due_on=NOON.date() + 10 * DAY,
        by=cast.convener,
        at=NOON,
    )
    return cast


def test_an_answer_that_is_overdue_is_told_the_day_after_and_every_week(promised):
    counted = []
    for day in (10, 11, 12, 17, 18, 25):
        clock(actions.convening.remind_promises, day)
        counted.append((day, len(told("promise_overdue"))))
    assert counted == [(10, 0), (11, 1), (12, 1), (17, 1), (18, 2), (25, 3)]
    assert set(told("promise_overdue")) == {promised.convener.pk}
    assert still_true("promise_overdue") == 3
    actions.arenas.answer_promise(
        partnership=promised.partnership, body=promised.municipality, on=NOON.date()
    )
    assert still_true("promise_overdue") == 3  # somebody else's answer
    actions.arenas.answer_promise(partnership=promised.partnership, body=promised.council, on=NOON.date())
    assert still_true("promise_overdue") == 0


@pytest.mark.parametrize(
    ("changed", "overdue"),
    [
        ({}, True),
        ({"promise_due_on": NOON.date() + DAY}, False),
        ({"promise_due_on": None, "ends_on": NOON.date() - 2 * DAY}, True),
        ({"promise_due_on": None, "ends_on": None}, False),
        ({"promise_kind": "consider_and_reply"}, False),
        ({"promise_state": "asked"}, False),
        ({"promise_answered_on": NOON.date()}, False),
    ],
)
def test_the_mandate_says_when_it_is_overdue(promised, client, changed, overdue):
    Mandate.objects.update(promise_due_on=NOON.date() - 2 * DAY)
    Mandate.objects.update(**changed)
    page = client.get(reverse("mandate", args=["seaweed"])).content.decode()
    assert ("the result was to be adopted" in page) == overdue


def test_the_clocks_of_gathering_run(promised):
    for task in (tasks.remind_leadership, tasks.remind_convening, tasks.remind_promises):
        task()
    assert not Notice.objects.filter(kind="promise_overdue").exists()
