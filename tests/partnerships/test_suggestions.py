"""Suggestions: who makes and answers them, what becomes of their words, and that none is lost or applied unseen."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from boundary.answer import Conflict, Refused
from partnerships import actions
from partnerships.actions.drafts import standing_of
from partnerships.actions.suggestions import Moved
from partnerships.models import Suggestion, Text
from partnerships.stages import OPENS, Stage
from tests.cast import make_cast, told, who_may
from tests.partnerships.test_drafts import publish, save, words
from tests.partnerships.writing import ask, start, write
from tests.races import race

pytestmark = pytest.mark.django_db
State = Suggestion.State


def suggest(revision, who, new="It smells in July.", *, section="what", **more):
    return actions.suggestions.suggest(
        revision=revision,
        section=section,
        words=new,
        reason=more.pop("reason", "I live there."),
        by=who,
        at=timezone.now(),
        **more,
    )


def take_up(suggestion, who, **more):
    return actions.suggestions.take_up_suggestion(suggestion=suggestion, by=who, at=timezone.now(), **more)


def turn_down(suggestion, who, answer="We have no numbers."):
    return actions.suggestions.turn_down_suggestion(
        suggestion=suggestion, answer=answer, by=who, at=timezone.now()
    )


@pytest.mark.parametrize("stage", [Stage.CONVENE, Stage.DESIGN, Stage.AUTHORIZE, Stage.CLOSED])
def test_every_member_may_suggest_while_the_text_can_be_written(stage):
    cast = make_cast(stage=stage)
    text = Text.objects.create(partnership=cast.partnership, kind="problem", title="A text")
    revision = text.revisions.create(number=1, body={"what": "It smells."}, digest="0" * 64)
    members = {"convener", "citizen", "official", "observer"}
    opened = stage in OPENS["write_problem"]
    assert who_may(cast, lambda who: suggest(revision, who)) == (members if opened else set())


def test_who_may_answer_change_and_withdraw():
    cast = make_cast(stage=Stage.DESIGN)
    text = start(cast, "proposal", cast.official)
    made = suggest(write(cast, text, cast.official), cast.observer)
    assert who_may(cast, lambda who: take_up(made, who)) == {"convener", "official"}
    assert who_may(cast, lambda who: turn_down(made, who)) == {"convener", "official"}
    now = timezone.now()
    own = {"suggestion": made, "at": now}
    assert who_may(cast, lambda who: actions.suggestions.withdraw_suggestion(by=who, **own)) == {"observer"}
    assert who_may(
        cast,
        lambda who: actions.suggestions.change_suggestion(by=who, words="Other.", reason="So.", **own),
    ) == {"observer"}
    assert who_may(cast, lambda who: actions.suggestions.hide_suggestion(by=who, reason="Rule 2", **own)) == {
        "convener"
    }


def test_taken_up_words_go_into_the_draft_and_their_author_is_credited(cast, text):
    made = suggest(write(cast, text, cast.citizen, what="It smells."), cast.observer)
    assert told("suggestion_made") == [cast.citizen.pk]
    take_up(made, cast.citizen, answer="Thank you.")
    made.refresh_from_db()
    assert (made.state, made.answer, made.taken_into) == (State.TAKEN_UP, "Thank you.", None)
    assert words(text) == {"what": "It smells in July."}
    assert text.revisions.count() == 1  # nothing is published by that
    revision = publish(text, cast.citizen, words(text), **words(text))
    made.refresh_from_db()
    assert made.taken_into == revision
    assert list(revision.authors.values_list("member__person", "sections__section").order_by("id")) in (
        [(cast.observer.pk, "what"), (cast.citizen.pk, None)],
        [(cast.citizen.pk, None), (cast.observer.pk, "what")],
    )
    assert told("suggestion_answered") == [cast.observer.pk]


def test_taken_up_with_changes_is_said_and_credits_both(cast, text):
    made = suggest(write(cast, text, what="It smells."), cast.observer)
    take_up(made, cast.official, words="It smells in July and August.", shown="It smells.")
    made.refresh_from_db()
    assert made.state == State.CHANGED
    writers = {row.member.person for row in text.draft.writers.filter(section="what")}
    assert writers == {cast.observer, cast.official}


def test_dropping_the_draft_lets_what_was_taken_into_it_wait_again(cast, text):
    made = suggest(write(cast, text, what="It smells."), cast.observer)
    take_up(made, cast.citizen)
    actions.drafts.discard_draft(text=text, by=cast.citizen, at=timezone.now())
    made.refresh_from_db()
    assert (made.state, made.answered_by) == (State.OPEN, None)


def test_what_was_rewritten_since_is_joined_or_shown_never_applied_blindly(cast, text):
    first = write(cast, text, what="One.\n\nTwo.")
    joins = suggest(first, cast.observer, "One, said well.\n\nTwo.")
    clashes = suggest(first, cast.observer, "One.\n\nTwo, said well.")
    write(cast, text, what="One.\n\nTwo, rewritten.")
    take_up(joins, cast.citizen)
    assert words(text)["what"] == "One, said well.\n\nTwo, rewritten."
    with pytest.raises(Moved) as moved:
        take_up(clashes, cast.citizen)
    assert moved.value.words == "One, said well.\n\nTwo, said well."
    passage = moved.value.passages[0]
    assert (passage.base, passage.theirs, passage.yours) == ("Two.", "Two, rewritten.", "Two, said well.")
    assert words(text)["what"] == "One, said well.\n\nTwo, rewritten."
    now = words(text)["what"]
    take_up(clashes, cast.citizen, words="One.\n\nTwo, rewritten well.", shown=now)
    assert words(text)["what"] == "One.\n\nTwo, rewritten well."


def test_a_suggestion_on_a_section_that_has_gone_is_kept_and_answered(cast):
    text = start(cast, "note", title="An agreement")
    actions.texts.change_headings(
        text=text, headings=[("", "Who"), ("", "What")], by=cast.citizen, at=timezone.now()
    )
    text.refresh_from_db()
    who, what = text.sections
    revision = write(cast, text, what="Us.", **{what: "This."})
    made = suggest(revision, cast.observer, "That.", section=what)
    write(cast, text, what="Us.")
    actions.texts.change_headings(text=text, headings=[(who, "Who")], by=cast.citizen, at=timezone.now())
    with pytest.raises(ValidationError, match="The section has gone"):
        take_up(made, cast.citizen)
    turn_down(made, cast.citizen, "We took the section out.")
    made.refresh_from_db()
    assert (made.state, made.words, made.base, made.heading) == (State.NOT_TAKEN, "That.", "This.", "What")


def test_a_remark_on_a_passage_is_answered(cast, text):
    revision = write(cast, text, what="It *smells* in July.")
    made = suggest(revision, cast.observer, "", quote="smells in  July")
    assert made.quote == "smells in July"
    take_up(made, cast.citizen, answer="We wrote August, too.")
    made.refresh_from_db()
    assert made.state == State.TAKEN_UP
    assert standing_of(text).draft is None


@pytest.mark.parametrize(
    ("new", "more", "sentence"),
    [
        ("It smells. ", {}, "as they stand"),
        ("", {}, "Write other words"),
        ("x" * 100_001, {}, "has 100001 characters"),
        ("Other.", {"section": "title"}, "no words in revision 1"),
        ("Other.", {"section": "causes"}, "no words in revision 1"),
        ("", {"quote": "It reeks"}, "not in the section"),
    ],
)
def test_what_a_suggestion_refuses(cast, text, new, more, sentence):
    revision = write(cast, text, what="It smells.")
    with pytest.raises(ValidationError, match=sentence):
        suggest(revision, cast.observer, new, **more)
    assert not Suggestion.objects.exists()


def test_a_suggestion_is_answered_once_with_a_reason_and_not_while_it_is_decided(cast, text):
    revision = write(cast, text, what="It smells.")
    made, other = suggest(revision, cast.observer), suggest(revision, cast.official)
    decision = ask(cast, revision)
    for answering in (take_up, turn_down):
        with pytest.raises(Refused, match="deciding on this text"):
            answering(made, cast.citizen)
    actions.decisions.withdraw_decision(decision=decision, by=cast.convener, at=timezone.now())
    with pytest.raises(ValidationError, match="Say why"):
        turn_down(made, cast.citizen, " ")
    take_up(made, cast.citizen)
    for answering in (take_up, turn_down):
        with pytest.raises(Conflict, match="settled: Taken up"):
            answering(made, cast.citizen)
    with pytest.raises(Refused, match="settled"):
        actions.suggestions.withdraw_suggestion(suggestion=made, by=cast.observer, at=timezone.now())
    take_up(other, cast.citizen)  # the same words: nothing to join
    assert words(text)["what"] == "It smells in July."


def test_what_waits_for_whom():
    cast = make_cast(stage=Stage.DESIGN)
    text = start(cast, "proposal", cast.citizen)
    revision = write(cast, text)
    open_one, done = suggest(revision, cast.observer), suggest(revision, cast.official)
    turn_down(done, cast.citizen)

    def waiting():
        people = ("convener", "citizen", "official", "observer", "outsider")
        return {
            name for name in people if list(Suggestion.objects.waiting_for(getattr(cast, name))) == [open_one]
        }

    assert waiting() == {"convener", "citizen"}
    decision = ask(cast, revision)
    assert waiting() == set()
    actions.decisions.withdraw_decision(decision=decision, by=cast.convener, at=timezone.now())
    Suggestion.objects.filter(pk=open_one.pk).update(hidden_at=timezone.now(), hidden_reason="Rule 2")
    assert waiting() == set()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_wins():
    cast = make_cast()
    text = start(cast)
    revision = write(cast, text, what="It smells.")
    won = set()
    for turn in range(6):
        made = suggest(revision, cast.observer, f"It smells {turn}.")
        ends = race(
            lambda made=made: turn_down(made, cast.citizen),
            lambda made=made: turn_down(made, cast.official),
            ahead=turn % 2,
        )
        assert len([end for end in ends if isinstance(end, Conflict)]) == 1
        made.refresh_from_db()
        won.add(made.answered_by.person)
    assert won == {cast.citizen, cast.official}


def test_a_draft_saved_beside_a_suggestion_taken_up_joins_with_it(cast, text):
    write(cast, text, what="One.\n\nTwo.")
    seen = words(text)
    take_up(suggest(text.revisions.first(), cast.observer, "One!\n\nTwo."), cast.citizen)
    save(text, cast.official, seen, what="One.\n\nTwo?")
    assert words(text)["what"] == "One!\n\nTwo?"
