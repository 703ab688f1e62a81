"""A partnership that rests: who may let it, what goes on meanwhile, what falls due, and what moves on afterwards."""

import datetime
import io
import zipfile

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from cocreate import waiting
from cocreate.export import zipped
from journal.models import Entry
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import Commitment, Decision, Invitation, Partnership, Pause, StageVisit
from partnerships.places import place_of
from partnerships.rules.invitations import can_answer
from partnerships.rules.standing import in_stage
from partnerships.stages import OPENS, WHILE_PAUSED, Stage
from solutions.actions import remind_owed_reports, remind_steps
from solutions.models import Ownership, Step
from tests.cast import make_cast, told, who_may
from tests.cocreate.test_stages import advance
from tests.partnerships.resting import noon, pause, resume
from tests.partnerships.writing import ask, close, start, take, write

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def arena_of(cast):
    return Partnership.objects.select_related("platform").get(pk=cast.partnership.pk)


def owned_step(cast, who, due_on, state="accepted", number=1):
    """A step that somebody has promised, with its commitment."""
    facts = {"partnership": cast.partnership, "created_by": cast.convener}
    step = Step.objects.create(number=number, what="Build the pier", due_on=due_on, **facts)
    commitment = Commitment.objects.create(
        member=cast.member(who),
        kind="task",
        what="Build",
        state=state,
        accepted_at=timezone.now() - 40 * DAY,
        **facts,
    )
    Ownership.objects.create(step=step, commitment=commitment)
    Step.objects.filter(pk=step.pk).update(created_at=noon(-60))
    return step


# --- who may, and what is kept ---------------------------------------------------------------------------------------


def test_only_a_convener_pauses_and_resumes():
    cast = make_cast()
    assert who_may(cast, lambda by: pause(cast, by=by)) == {"convener"}
    pause(cast)
    assert who_may(cast, lambda by: resume(cast, by=by)) == {"convener"}


@pytest.mark.parametrize(
    ("stage", "begun", "why"),
    [(Stage.CLOSED, True, "is closed"), (Stage.INITIATE, False, "has not begun yet")],
)
def test_what_does_not_work_is_not_paused(stage, begun, why):
    cast = make_cast(stage=stage)
    Partnership.objects.update(begun_at=timezone.now() if begun else None)
    with pytest.raises(Refused) as refused:
        pause(cast)
    assert why in refused.value.answer.why_not


def test_a_pause_is_a_row_with_its_reason_and_there_is_one_at_a_time():
    cast = make_cast()
    made = pause(cast, look_again_on=timezone.localdate() + 30 * DAY)
    assert (arena_of(cast).paused_at, arena_of(cast).stage_version) == (made.since, 1)
    with pytest.raises(Refused) as refused:
        pause(cast)
    assert "paused already" in refused.value.answer.why_not
    with pytest.raises(IntegrityError), transaction.atomic():
        Pause.objects.create(partnership=cast.partnership, since=timezone.now(), reason="x", by=cast.convener)
    resume(cast)
    with pytest.raises(Refused):
        resume(cast)
    pause(cast)
    verbs = list(Entry.objects.order_by("sequence").values_list("verb", "audience"))
    assert verbs == [
        ("partnership.paused", "public"),
        ("partnership.resumed", "public"),
        ("partnership.paused", "public"),
    ]
    assert told("partnership_paused") == sorted(2 * [cast.citizen.pk, cast.official.pk, cast.observer.pk])


def test_an_old_view_is_a_conflict_that_says_how_it_stands():
    cast = make_cast()
    pause(cast)
    for deed in (lambda: advance(cast, "convene", expected=0, reason="x"), lambda: pause(cast, expected=0)):
        with pytest.raises(Conflict) as conflict:
            deed()
        assert "has paused the partnership in the meantime" in conflict.value.sentence
    resume(cast)
    with pytest.raises(Conflict) as conflict:
        resume(cast, expected=1)
    assert "in the stage “Define the problem” now" in conflict.value.sentence


# --- what goes on --------------------------------------------------------------------------------------------------


def test_the_table_says_what_goes_on_in_a_pause():
    """Every deed of every stage: in a pause those of the table, and the rest with one sentence."""
    cast = make_cast(stage=Stage.DESIGN)
    pause(cast, look_again_on=datetime.date(2031, 5, 3))
    assert set(OPENS) >= WHILE_PAUSED
    for stage in Stage:
        place = place_of(arena_of(cast), cast.convener)
        place.partnership.stage = stage
        opened = {deed for deed in OPENS if stage in OPENS[deed]}
        assert {deed for deed in opened if in_stage(place, deed)} == opened & WHILE_PAUSED
        refused = {in_stage(place, deed).why_not for deed in opened - WHILE_PAUSED}
        assert refused == {"This partnership is paused until 3 May 2031."}
    assert {
        *("move_stage", "waive", "plan_time", "take_position", "close_decision", "commit", "plan", "invite"),
        *("write_problem", "decide_problem", "decide_value", "request_authorization", "change_mandate"),
    } <= set(OPENS) - WHILE_PAUSED


def test_people_speak_answer_and_leave_while_it_rests():
    cast = make_cast()
    asked = actions.commitments.ask_commitment(
        partnership=cast.partnership,
        member=cast.member(cast.citizen),
        kind="task",
        what="Count gulls",
        by=cast.convener,
        at=timezone.now(),
    )
    pause(cast)
    now = {"at": timezone.now()}
    said = actions.contributions.say(
        partnership=cast.partnership, kind="experience", body="It smells.", by=cast.citizen, **now
    )
    actions.answering.respond(contribution=said, outcome="adopted", reason="Yes.", by=cast.convener, **now)
    actions.commitments.accept_commitment(commitment=asked, by=cast.citizen, **now)
    actions.members.leave(partnership=cast.partnership, reason="", by=cast.official, **now)
    with pytest.raises(Refused) as refused:
        actions.commitments.offer_commitment(
            partnership=cast.partnership, kind="task", what="More", by=cast.citizen, **now
        )
    assert refused.value.answer.why_not == "This partnership is paused."


def test_an_invitation_is_answered_and_nobody_is_pressed_for_an_answer():
    cast = make_cast()
    facts = {"partnership": cast.partnership, "nonce": "n", "invited_by": cast.convener, "name": "Maja"}
    made = Invitation.objects.create(
        number=1,
        address="maja@example.net",
        state="sent",
        sent_at=noon(-3),
        expires_at=noon(20),
        sector="citizens",
        side="non_public",
        **facts,
    )
    pause(cast, at=noon())
    assert actions.invitations.remind_invitations(at=noon()) == 0
    assert can_answer(made, noon())
    resume(cast, at=noon())
    assert actions.invitations.remind_invitations(at=noon()) == 1


# --- what falls due -----------------------------------------------------------------------------------------------


def test_nothing_falls_due_and_the_same_day_it_goes_on_it_does():
    """Stage, step, report, promise: each is reminded of without the pause, and of none within it."""
    cast = make_cast(stage=Stage.IMPLEMENT)
    today = noon().date()
    StageVisit.objects.filter(left_at=None).update(due_on=today, entered_at=noon(-60))
    owned_step(cast, cast.citizen, today + DAY * 7)
    owned_step(cast, cast.official, today + DAY * 50, number=2)
    Commitment.objects.create(
        partnership=cast.partnership,
        member=cast.member(cast.official),
        kind="money",
        what="Pay",
        state="accepted",
        due_on=today,
        accepted_at=noon(-30),
        created_by=cast.official,
    )

    def remind():
        Notice.objects.filter(kind__in=DUE).delete()
        for deed in (actions.stages.remind_stage_due, remind_steps, remind_owed_reports):
            deed(at=noon())
        actions.commitments.remind_commitments(at=noon(), but=Ownership.objects.values("commitment"))
        return set(Notice.objects.filter(kind__in=DUE).values_list("kind", flat=True))

    assert remind() == DUE
    # What was on its way when it was paused is not sent any more.
    waiting_mail = list(Notice.objects.filter(kind__in=DUE))
    pause(cast, at=noon())
    for notice in waiting_mail:
        assert kind_named(notice.kind).still_true([notice]) == set()
    assert remind() == set()
    Partnership.objects.update(paused_at=None)
    assert remind() == DUE


DUE = {"stage_due", "step_due", "report_owed", "commitment_due"}


def test_all_that_is_due_moves_on_by_the_days_begun():
    cast = make_cast(stage=Stage.DESIGN)
    day = datetime.date(2031, 5, 1)
    StageVisit.objects.filter(left_at=None).update(due_on=day)
    running = owned_step(cast, cast.citizen, day)
    Commitment.objects.update(due_on=day)
    decision = ask(cast, write(cast, start(cast, kind="charter")))
    closes = decision.closes_at
    since = noon()
    pause(cast, at=since)
    resumed = resume(cast, at=since + 10 * DAY + datetime.timedelta(hours=1))
    assert resumed.days == 11
    later = day + 11 * DAY
    assert StageVisit.objects.get(left_at=None).due_on == later
    running.refresh_from_db()
    assert running.due_on == later
    assert Commitment.objects.get().due_on == later
    decision.refresh_from_db()
    zone = datetime.timedelta(hours=1)  # the same hour of the day, also over a change of the clocks
    assert abs(decision.closes_at - (closes + 11 * DAY)) <= zone
    before, after = (timezone.localtime(one).time() for one in (closes, decision.closes_at))
    assert before == after
    assert Entry.objects.get(verb="partnership.resumed").ids["days"] == 11


def test_a_decision_stands_still_and_one_whose_time_was_up_before_is_closed():
    cast = make_cast()
    decision = ask(cast, write(cast, start(cast)))
    pause(cast, at=decision.closes_at - DAY)
    over = decision.closes_at + DAY
    with pytest.raises(Refused) as refused:
        take(decision, cast.citizen, at=decision.closes_at - datetime.timedelta(hours=1))
    assert refused.value.answer.why_not == "This partnership is paused."
    assert actions.decisions.close_due_decisions(at=over) == []
    with pytest.raises(Refused):
        close(decision, at=over)
    assert waiting.waiting(cast.citizen, decision.closes_at - DAY, timezone.localdate()) == []
    actions.decisions.remind_undecided(at=decision.closes_at - datetime.timedelta(hours=3))
    assert told("decision_closing") == []
    resume(cast, at=over)
    decision.refresh_from_db()
    assert decision.closes_at > over
    take(decision, cast.citizen, at=over)
    # One that ran out a minute before the pause is closed within it.
    Decision.objects.update(closes_at=over)
    pause(cast, at=over + datetime.timedelta(minutes=1))
    assert len(actions.decisions.close_due_decisions(at=over + DAY)) == 1


def test_what_was_late_when_it_was_paused_stays_late_and_nothing_else_becomes_it():
    cast = make_cast(stage=Stage.IMPLEMENT)
    today = timezone.localdate()
    pause(cast, at=timezone.now() - 10 * DAY)
    arena = arena_of(cast)
    assert (today - 5 * DAY) >= arena.overdue_by(today)  # due in the pause: not late
    assert (today - 20 * DAY) < arena.overdue_by(today)
    resume(cast)
    assert arena_of(cast).overdue_by(today) == today


def test_the_conveners_are_reminded_to_look_again_on_the_day_and_weekly():
    cast = make_cast()
    day = noon().date() + 3 * DAY
    pause(cast, at=noon(), look_again_on=day)
    days = []
    for number in range(15):
        before = Notice.objects.filter(kind="look_again").count()
        for _twice in range(2):
            actions.pauses.remind_to_look_again(at=noon(number))
        days += [number] * (Notice.objects.filter(kind="look_again").count() - before)
    assert days == [3, 10]
    assert set(told("look_again")) == {cast.convener.pk}
    notices = list(Notice.objects.filter(kind="look_again"))
    assert kind_named("look_again").still_true(notices) == {one.pk for one in notices}
    resume(cast)
    assert kind_named("look_again").still_true(notices) == set()


# --- the pages -------------------------------------------------------------------------------------------------


def page(name, cast, *rest):
    return reverse(name, args=[cast.partnership.slug, *rest])


def words(answer):
    return " ".join(answer.content.decode().split())


def test_every_page_says_so_to_everyone_and_the_reason_only_to_those_who_read(client):
    cast = make_cast()
    pause(cast, look_again_on=datetime.date(2031, 5, 3))
    for name in ("partnership", "people", "say", "problem", "stages", "record"):
        html = words(client.get(page(name, cast)))
        assert "This partnership is paused until 3 May 2031" in html
        assert "The money is not voted yet." in html
    assert ">Paused</span>" in client.get(reverse("partnerships")).content.decode()
    Partnership.objects.update(visibility="members")
    html = words(client.get(page("partnership", cast)))
    assert "This partnership is paused until 3 May 2031" in html
    assert "The money is not voted yet." not in html


def test_pausing_and_resuming_through_the_desk(client):
    cast = make_cast()
    client.force_login(cast.convener)
    typed = {"expected": "0", "reason": "Summer <b>rest</b>.", "look_again_on": "2001-01-01"}
    answer = client.post(page("pause_partnership", cast), typed)
    assert answer.status_code == 422
    assert "Choose a day after today." in words(answer)
    assert "Summer &lt;b&gt;rest&lt;/b&gt;." in words(answer)
    day = (timezone.localdate() + 30 * DAY).isoformat()
    answer = client.post(page("pause_partnership", cast), typed | {"look_again_on": day})
    assert (answer.status_code, answer.url) == (302, page("manage", cast))
    html = words(client.get(page("manage", cast)))
    assert "Let it go on" in html
    assert "Pause the partnership" not in html
    assert (
        client.post(page("waive", cast), {"expected": "1", "key": "indicator", "reason": "x"}).status_code
        == 403
    )
    answer = client.post(page("resume", cast), {"expected": "1"})
    assert (answer.status_code, answer.url) == (302, page("manage", cast))
    history = words(client.get(page("stages", cast)))
    assert "What was due moved on by 1 day." in history
    client.force_login(cast.citizen)
    for name in ("pause_partnership", "resume"):
        assert client.post(page(name, cast), typed).status_code == 403


def test_the_loser_of_a_race_keeps_the_words_and_sees_how_it_stands(client):
    cast = make_cast()
    pause(cast)
    client.force_login(cast.convener)
    answer = client.post(
        page("advance", cast), {"to": "convene", "expected": "0", "reason": "We forgot the farmers."}
    )
    assert answer.status_code == 409
    html = words(answer)
    assert "Somebody has paused the partnership in the meantime" in html
    assert "We forgot the farmers." in html
    resume(cast)
    answer = client.post(
        page("pause_partnership", cast), {"expected": "0", "reason": "We wait for the vote."}
    )
    assert answer.status_code == 409
    assert words(answer).count("We wait for the vote.") == 2  # beside the sentence, and in the form again


def test_a_pause_costs_a_page_one_query(client, django_assert_max_num_queries):
    cast = make_cast()
    client.force_login(cast.convener)
    pause(cast)
    for name in ("manage", "stages", "partnership", "decisions", "commitments"):
        with django_assert_max_num_queries(12):
            assert client.get(page(name, cast)).status_code == 200


def test_the_case_and_the_api_tell_of_the_pause(client):
    cast = make_cast()
    pause(cast)
    resume(cast)
    pause(cast)
    client.force_login(cast.outsider)
    (row,) = client.get(reverse("api_partnership-list")).json()["results"]
    assert row["paused_at"] is not None
    data = b"".join(zipped(arena_of(cast), contacts=False, language="en", at=timezone.now()))
    case = zipfile.ZipFile(io.BytesIO(data)).read("001-mandate.md").decode()
    assert case.count("(Karen Convener)\n> The money is not voted yet.") == 1
    assert case.count("> The money is not voted yet.\n") == 2
    assert "What was due moved on by days: 1, by Karen Convener" in case
