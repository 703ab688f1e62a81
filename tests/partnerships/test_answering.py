"""What became of what was said: one answer, many together, changed, put off, contested."""

import datetime

import pytest
from django.utils import timezone

from boundary.answer import Conflict, Refused
from cocreate.stages import gate
from journal.models import Entry
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import (
    AnswerTaken,
    Contribution,
    EarlierResponse,
    Member,
    Partnership,
    Response,
    Text,
)
from partnerships.stages import Stage
from tests.cast import join, make_cast, person, told, who_may
from tests.partnerships.saying import answer, contest, owed, said, together

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def letters(kind="contribution_answered"):
    """{whom a mail would still go to: what it tells} of one kind."""
    rows = list(Notice.objects.filter(kind=kind))
    true, facts = kind_named(kind).still_true(rows), kind_named(kind).context(rows)
    return {row.recipient: facts[row.pk] for row in rows if row.pk in true}


def verbs(cast):
    return list(
        Entry.objects.filter(scope=cast.partnership.pk).order_by("sequence").values_list("verb", flat=True)
    )


# --- who, and when ---------------------------------------------------------------------------------------------


def test_who_may_answer_when():
    cast, now = make_cast(), timezone.now()
    asked = said(cast)
    for stage in Stage:
        Partnership.objects.update(stage=stage)
        closed = stage in (Stage.INITIATE, Stage.CLOSED)
        leader = set() if closed else {"convener"}
        assert who_may(cast, lambda who: answer(cast, asked, by=who)) == leader
    take_on = actions.answering.take_on_answer
    Partnership.objects.update(stage=Stage.DESIGN)
    assert who_may(cast, lambda who: together(cast, [asked], by=who)) == {"convener"}
    assert who_may(cast, lambda who: take_on(contribution=asked, by=who, at=now)) == {"convener"}


def test_only_its_author_says_that_an_answer_does_not_answer_it():
    cast = make_cast()
    asked = said(cast)
    answer(cast, asked)
    assert who_may(cast, lambda who: contest(asked, by=who)) == {"citizen"}


@pytest.mark.parametrize(
    ("outcome", "fields", "allowed"),
    [
        ("adopted", {}, True),
        ("adopted", {"waits_for": "The budget"}, False),
        ("not_adopted", {"waits_until": 3}, False),
        ("deferred", {}, False),
        ("deferred", {"waits_until": 0}, False),
        ("deferred", {"waits_until": 1}, True),
        ("deferred", {"waits_for": "The budget"}, True),
        ("partly", {"went_into": True}, True),
        ("not_adopted", {"went_into": True}, False),
    ],
)
def test_an_answer_says_what_its_outcome_asks_for(outcome, fields, allowed):
    cast = make_cast()
    asked = said(cast)
    if "waits_until" in fields:
        fields = {"waits_until": timezone.localdate() + fields["waits_until"] * DAY}
    if "went_into" in fields:
        promised = actions.commitments.offer_commitment(
            partnership=cast.partnership, kind="hours", what="Ten", by=cast.citizen, at=timezone.now()
        )
        fields = {"went_into": promised}
    if allowed:
        assert answer(cast, asked, outcome=outcome, **fields).outcome == outcome
    else:
        with pytest.raises(Refused):
            answer(cast, asked, outcome=outcome, **fields)
        assert not Response.objects.exists()


def test_hidden_words_are_not_answered():
    cast = make_cast()
    asked, other = said(cast), said(cast, body="Another one")
    actions.moderation.hide_contribution(
        contribution=asked, reason="Rude.", by=cast.convener, at=timezone.now()
    )
    with pytest.raises(Refused):
        answer(cast, asked)
    came = together(cast, [asked, other])
    assert ([one.body for one in came.answered], [one.pk for one in came.left]) == (
        ["Another one"],
        [asked.pk],
    )


# --- answered together -----------------------------------------------------------------------------------------


def test_answered_together_each_author_gets_one_message_and_the_record_one_entry():
    cast = make_cast()
    mine = [said(cast, body=f"Smell {number}") for number in range(3)]
    theirs = said(cast, cast.official, "Smell, too")
    came = together(cast, [*mine, theirs])
    assert came.batch.number == 4
    assert came.left == []
    assert told("contribution_answered") == sorted([cast.citizen.pk, cast.official.pk])
    tells = letters()
    assert [one.body for one in tells[cast.citizen.pk]["contributions"]] == ["Smell 0", "Smell 1", "Smell 2"]
    assert tells[cast.official.pk]["number"] == 1
    assert verbs(cast) == ["contribution.said"] * 4 + ["contribution.answered_together"]
    assert set(Response.objects.values_list("batch", "outcome")) == {(came.batch.pk, "partly")}
    assert owed(cast) == []


def test_what_was_answered_in_the_meantime_is_left_as_it_is():
    cast = make_cast()
    first, second = said(cast, body="First"), said(cast, body="Second")
    answer(cast, first, reason="My own words.")
    came = together(cast, [first, second])
    assert [one.body for one in came.left] == ["First"]
    assert Response.objects.get(pk=first.pk).reason == "My own words."
    with pytest.raises(Conflict, match="All of these have been answered"):
        together(cast, [first, second])
    assert EarlierResponse.objects.count() == 0


def test_what_is_elsewhere_is_not_answered_along():
    cast = make_cast()
    arena = Partnership.objects.create(
        slug="bath", platform=cast.platform, title="A bath", summary="x", language="en", stage=Stage.DEFINE
    )
    join(arena, cast.citizen)
    elsewhere = said(cast, partnership=arena)
    here = said(cast)
    came = together(cast, [elsewhere, here])
    assert ([one.pk for one in came.answered], came.left) == ([here.pk], [])


# --- whom an answer is told ------------------------------------------------------------------------------------


def test_who_wrote_it_down_for_somebody_passes_the_answer_on():
    cast = make_cast()
    asked = said(cast, cast.convener, on_behalf_of="Grandmother Else")
    fran = person("Fran Facilitator")
    join(cast.partnership, fran, role=Member.Role.FACILITATOR)
    answer(cast, asked, by=fran)
    assert {who: facts["pass_on_to"] for who, facts in letters().items()} == {
        cast.convener.pk: "Grandmother Else"
    }


def test_where_who_wrote_it_down_has_left_those_who_lead_pass_it_on():
    cast = make_cast()
    fran = person("Fran Facilitator")
    seat = join(cast.partnership, fran, role=Member.Role.FACILITATOR)
    asked = said(cast, fran, on_behalf_of="Grandmother Else")
    Member.objects.filter(pk=seat.pk).update(left_at=timezone.now())
    together(cast, [asked])
    assert {who: facts["pass_on_to"] for who, facts in letters().items()} == {
        cast.convener.pk: "Grandmother Else"
    }


def test_who_has_left_is_told_nothing_more():
    cast = make_cast()
    asked, other = said(cast), said(cast, cast.official, "Another one")
    together(cast, [asked, other])
    Member.objects.filter(person=cast.citizen).update(left_at=timezone.now())
    assert set(letters()) == {cast.official.pk}


def test_an_answer_that_was_changed_before_the_mail_went_out_is_told_once_as_it_is():
    cast = make_cast()
    asked = said(cast)
    first = answer(cast, asked)
    answer(cast, asked, reason="Better words.", expected=first.seen_as)
    assert len(told("contribution_answered")) == 2
    rows = list(Notice.objects.filter(kind="contribution_answered").order_by("created_at"))
    true = kind_named("contribution_answered").still_true(rows)
    assert [row.pk in true for row in rows] == [False, True]


# --- changed, contested, put off -------------------------------------------------------------------------------


def test_a_changed_answer_keeps_what_it_was_and_who_was_slower_changes_nothing():
    cast = make_cast()
    asked = said(cast)
    first = answer(cast, asked, outcome="deferred", reason="Later.", waits_for="The budget")
    second = answer(cast, asked, outcome="adopted", reason="Now.", expected=first.seen_as)
    assert (second.outcome, second.waits_for, second.first_at) == ("adopted", "", first.at)
    kept = EarlierResponse.objects.get()
    assert (kept.outcome, kept.reason, kept.waits_for, kept.by) == (
        *("deferred", "Later.", "The budget"),
        cast.convener,
    )
    for seen in (None, first.seen_as):
        with pytest.raises(Conflict, match="Somebody else has answered this"):
            answer(cast, asked, reason="Mine.", expected=seen)
    assert Response.objects.get().reason == "Now."
    assert verbs(cast)[-2:] == ["contribution.answered", "contribution.answer_changed"]


def test_a_contested_answer_is_owed_once_more_until_a_new_one_comes():
    cast = make_cast()
    asked = said(cast, ago=3 * DAY)
    answer(cast, asked)
    assert owed(cast) == []
    contest(asked, by=cast.citizen)
    assert owed(cast) == ["It smells."]
    with pytest.raises(Refused, match="You have said so already"):
        contest(asked, by=cast.citizen)
    new = answer(cast, asked, reason="In May.")
    assert (new.contested_at, new.reopened_at, new.first_at) == (None, None, new.at)
    assert EarlierResponse.objects.get().contested_reason == "I asked when."
    assert owed(cast) == []
    contest(asked, by=cast.citizen)  # once for each answer
    assert owed(cast) == ["It smells."]


def test_an_answer_changed_meanwhile_is_read_before_it_is_contested():
    cast = make_cast()
    asked = said(cast)
    first = answer(cast, asked)
    answer(cast, asked, reason="In May.", expected=first.seen_as)
    with pytest.raises(Conflict, match="changed in the meantime"):
        contest(asked, by=cast.citizen, expected=first.seen_as)
    assert owed(cast) == []


def test_what_was_put_off_comes_back_on_its_day_where_the_partnership_is():
    cast = make_cast()
    Partnership.objects.update(time_zone="Pacific/Auckland")
    now = datetime.datetime(2026, 11, 28, 10, 0, tzinfo=datetime.UTC)  # 23.00 there
    asked, other = said(cast), said(cast, body="Another one")
    answer(cast, asked, outcome="deferred", waits_until=datetime.date(2026, 11, 29), at=now)
    answer(cast, other, outcome="deferred", waits_for="The budget", at=now)
    actions.answering.bring_back_put_off(at=now + datetime.timedelta(minutes=30))
    assert owed(cast) == []
    actions.answering.bring_back_put_off(at=now + datetime.timedelta(hours=1))
    actions.answering.bring_back_put_off(at=now + datetime.timedelta(hours=2))
    assert owed(cast) == ["It smells."]
    assert verbs(cast).count("contribution.came_back") == 1
    assert Response.objects.get(pk=asked.pk).reopened_because == "day"


def test_what_was_put_off_rests_while_the_partnership_does():
    cast = make_cast()
    asked = said(cast)
    answer(cast, asked, outcome="deferred", waits_until=timezone.localdate() + DAY)
    Partnership.objects.update(paused_at=timezone.now())
    actions.answering.bring_back_put_off(at=timezone.now() + 3 * DAY)
    assert owed(cast) == []
    Partnership.objects.update(paused_at=None)
    actions.answering.bring_back_put_off(at=timezone.now() + 3 * DAY)
    assert owed(cast) == ["It smells."]


# --- taken on --------------------------------------------------------------------------------------------------


def test_one_leader_takes_it_on_until_it_is_released_answered_or_they_lead_no_more():
    cast = make_cast()
    fran = person("Fran Facilitator")
    join(cast.partnership, fran, role=Member.Role.FACILITATOR)
    asked, now = said(cast), timezone.now()
    take_on, release = actions.answering.take_on_answer, actions.answering.release_answer
    take_on(contribution=asked, by=fran, at=now)
    with pytest.raises(Conflict, match="Fran Facilitator has taken this on already"):
        take_on(contribution=asked, by=cast.convener, at=now)
    assert who_may(cast, lambda who: release(contribution=asked, by=who, at=now)) == {"convener"}
    Member.objects.filter(person=fran).update(role=Member.Role.MEMBER)
    assert take_on(contribution=asked, by=cast.convener, at=now).member == cast.member(cast.convener)
    answer(cast, asked)
    assert not AnswerTaken.objects.exists()
    with pytest.raises(Conflict, match="Nobody has taken this on any more"):
        release(contribution=asked, by=cast.convener, at=now)


# --- the gate, and reminders -----------------------------------------------------------------------------------


def test_the_gate_counts_what_is_answered_and_neither_contested_nor_back():
    cast = make_cast(stage=Stage.DESIGN)
    asked = [said(cast, body=f"Question {number}") for number in range(3)]

    def words():
        return next(one.detail for one in gate(cast.partnership).criteria if one.key == "answers")

    together(cast, asked)
    assert words() == "3 of 3 are answered."
    contest(asked[0], by=cast.citizen)
    assert words() == "Say what became of the rest. 2 of 3 are answered."
    actions.moderation.hide_contribution(
        contribution=asked[0], reason="Rude.", by=cast.convener, at=timezone.now()
    )
    assert words() == "2 of 2 are answered."


def next_monday():
    """Early on a Monday that is still to come."""
    today = timezone.now().replace(hour=4, minute=0)
    return today + (7 - today.weekday()) * DAY


def remind_from(start, days):
    """What the clock owes when it ticks every six hours for so many days."""
    for tick in range(days * 4):
        actions.answering.remind_answers_owed(at=start + datetime.timedelta(hours=6 * tick))


@pytest.mark.parametrize(
    ("said_days_before", "days", "mornings"),
    [(20, 1, 1), (14, 1, 0), (14, 8, 1), (20, 15, 3), (3, 6, 0)],
)
def test_overdue_answers_are_reminded_of_on_mondays(said_days_before, days, mornings):
    cast, monday = make_cast(), next_monday()
    asked = said(cast)
    Contribution.objects.filter(pk=asked.pk).update(created_at=monday - said_days_before * DAY)
    remind_from(monday, days)
    rows = Notice.objects.filter(kind="answers_owed")
    assert [row.recipient for row in rows] == [cast.convener.pk] * mornings


def test_nobody_is_reminded_where_it_rests_is_closed_or_is_answered():
    cast = make_cast()
    asked = said(cast, ago=30 * DAY)
    week = 7 * DAY
    for fields in ({"paused_at": timezone.now()}, {"stage": Stage.CLOSED}, {"reconstructed_from": "Reports"}):
        Partnership.objects.update(paused_at=None, stage=Stage.DEFINE, reconstructed_from="")
        Partnership.objects.update(**fields)
        actions.answering.remind_answers_owed(at=timezone.now() + week)
    assert told("answers_owed") == []
    Partnership.objects.update(paused_at=None, stage=Stage.DEFINE, reconstructed_from="")
    actions.answering.remind_answers_owed(at=timezone.now() + week)
    assert set(told("answers_owed")) == {cast.convener.pk}
    assert letters("answers_owed")[cast.convener.pk]["number"] == 1
    answer(cast, asked)
    assert letters("answers_owed") == {}


# --- where it went ---------------------------------------------------------------------------------------------


def test_an_answer_leads_to_what_it_went_into_and_back(client):
    cast = make_cast()
    asked = said(cast, body="Let us rake it.")
    text = actions.texts.start_text(
        partnership=cast.partnership,
        kind=Text.Kind.CHARTER,
        title="Our rules",
        by=cast.convener,
        at=timezone.now(),
    )
    revision = actions.texts.write_revision(
        text=text,
        body={"rules": "Rake."},
        cites=[],
        note="",
        based_on=None,
        by=cast.convener,
        at=timezone.now(),
    )
    answer(cast, asked, went_into=revision)
    slug = cast.partnership.slug
    there = f"/partnerships/{slug}/texts/{text.pk}/"
    html = client.get(f"/partnerships/{slug}/say/{asked.pk}/").content.decode()
    assert f'href="{there}revisions/1/"' in html
    assert "Let us rake it." in client.get(there).content.decode()
