"""Mail that a pause meets on its way: what it drops is told again afterwards, and nobody is pressed meanwhile."""

import datetime

import pytest
from django.utils import timezone

from cocreate import stages
from notices.kinds import kind_named
from notices.models import Notice, State
from partnerships import actions
from partnerships.models import Leadership, Mandate, Member, Partnership, StageVisit, Waiver
from partnerships.stages import Stage
from tests.cast import join, make_cast, told
from tests.partnerships.resting import noon, pause, resume
from tests.partnerships.writing import ask, start, take, write

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


def true_ones(kind):
    """Which of all notices of a kind are true now."""
    notices = list(Notice.objects.filter(kind=kind))
    return kind_named(kind).still_true(notices), {notice.pk for notice in notices}


def test_before_its_new_end_a_decision_is_told_of_again():
    cast = make_cast()
    decision = ask(cast, write(cast, start(cast)))
    soon = decision.closes_at - 3 * HOUR
    actions.decisions.remind_undecided(at=soon)
    before = told("decision_closing")
    assert set(before) == {cast.convener.pk, cast.citizen.pk, cast.official.pk}
    pause(cast, at=soon + HOUR)
    resume(cast, at=soon + 10 * DAY)
    true, known = true_ones("decision_closing")
    assert (true, len(known)) == (set(), 3)  # the end that they name has moved
    decision.refresh_from_db()
    for _twice in range(2):
        actions.decisions.remind_undecided(at=decision.closes_at - 3 * HOUR)
    assert told("decision_closing") == sorted(2 * before)
    assert len(true_ones("decision_closing")[0]) == 3


def test_who_was_not_told_of_a_decision_because_of_the_pause_is_told_when_it_goes_on():
    cast = make_cast()
    decision = ask(cast, write(cast, start(cast)))
    opened = Notice.objects.filter(kind="decision_opened")
    opened.exclude(recipient=cast.convener.pk).update(state=State.DROPPED, reason="untrue")
    opened.filter(recipient=cast.convener.pk).update(state=State.SENT)
    take(decision, cast.official)
    for rests in (1, 2):  # a second pause asks nobody who was asked after the first
        pause(cast, at=noon(rests))
        resume(cast, at=noon(rests) + HOUR)
        again = Notice.objects.filter(kind="decision_opened", state=State.QUEUED)
        assert [one.recipient for one in again] == [cast.citizen.pk]
    assert true_ones("decision_opened")[0] >= {again.get().pk}


def test_nobody_is_pressed_in_a_pause_for_a_function_or_what_a_stage_lacks():
    cast = make_cast(stage=Stage.CONVENE)
    day = noon().date()
    visit = StageVisit.objects.get(left_at=None)
    StageVisit.objects.update(due_on=day)
    offer = actions.leadership.offer_leadership(
        member=cast.member(cast.citizen), function="steward", by=cast.convener, at=timezone.now()
    )
    for kind, who, ids in (
        ("leadership_reminder", cast.citizen, {"leadership": str(offer.pk)}),
        ("leadership_unanswered", cast.convener, {"leadership": str(offer.pk)}),
        ("leaderships_missing", cast.convener, {"visit": str(visit.pk), "due_on": str(day)}),
        ("charter_missing", cast.convener, {"visit": str(visit.pk), "due_on": str(day)}),
    ):
        Notice.objects.create(
            kind=kind, recipient=who.pk, scope=cast.partnership.pk, ids=ids, lane="bulk",
            due_at=timezone.now(), try_at=timezone.now(),
        )  # fmt: skip
        assert len(true_ones(kind)[0]) == 1
        Partnership.objects.update(paused_at=timezone.now())
        assert true_ones(kind)[0] == set()
        Partnership.objects.update(paused_at=None)


def test_after_a_pause_the_days_of_an_offer_are_counted_anew():
    cast = make_cast()
    actions.leadership.offer_leadership(
        member=cast.member(cast.citizen), function="steward", by=cast.convener, at=timezone.now()
    )
    Leadership.objects.update(offered_at=noon(-40))
    pause(cast, at=noon(-39))
    resume(cast, at=noon(-1))
    actions.convening.remind_leadership(at=noon())
    assert (told("leadership_reminder"), told("leadership_unanswered")) == ([], [])
    first, *_rest = sorted(cast.partnership.platform.invitation_reminder_days)
    actions.convening.remind_leadership(at=noon(first))
    assert told("leadership_reminder") == [cast.citizen.pk]


def test_an_open_gate_is_told_another_day_when_its_mail_was_dropped():
    cast = make_cast(stage=Stage.INITIATE)
    join(cast.partnership, cast.politician, role=Member.Role.FACILITATOR)
    Mandate.objects.update(promise_kind="advice_only", promise_state="asked", names_no_solution=True)
    visit = StageVisit.objects.get(left_at=None)
    for one in stages.gate(cast.partnership).open_criteria:
        Waiver.objects.create(visit=visit, criterion=one.key, reason="x", by=cast.convener, at=timezone.now())
    stages.tell_open_gates(at=timezone.now())
    assert len(true_ones("gate_open")[0]) == 1
    Partnership.objects.update(paused_at=noon())
    assert true_ones("gate_open")[0] == set()
    Notice.objects.filter(kind="gate_open").update(state=State.DROPPED, reason="untrue")
    Partnership.objects.update(paused_at=None)
    for day in (1, 2):
        stages.tell_open_gates(at=timezone.now() + day * DAY)
    assert told("gate_open") == 2 * [cast.convener.pk]
