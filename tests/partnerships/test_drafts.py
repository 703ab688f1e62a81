"""The draft that authors share: who sees it, what joins, what clashes, what becomes of it; nobody loses a word."""

from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from partnerships import actions
from partnerships.actions.drafts import Clashed, standing_of
from partnerships.diff import join
from partnerships.models import Draft, Text
from partnerships.stages import Stage
from tests.cast import make_cast, who_may
from tests.partnerships.writing import ask, say, start, write
from tests.races import race

pytestmark = pytest.mark.django_db


def save(text, who, shown, at=None, **body):
    """Save these sections in the draft, typed where the window showed `shown`."""
    return actions.drafts.save_draft(text=text, body=body, shown=shown, by=who, at=at or timezone.now())


def publish(text, who, shown, *, cites=frozenset(), cites_shown=frozenset(), note="", **body):
    return actions.drafts.publish_draft(
        text=text,
        body=body,
        shown=shown,
        note=note,
        by=who,
        at=timezone.now(),
        cites=cites,
        cites_shown=cites_shown,
    )


def words(text):
    return standing_of(text).words


@pytest.mark.parametrize(
    ("kind", "stage", "writers"),
    [
        ("problem", Stage.DEFINE, {"convener", "citizen", "official"}),
        ("proposal", Stage.DESIGN, {"citizen", "convener"}),
        ("note", Stage.IMPLEMENT, {"citizen", "convener"}),
        ("problem", Stage.AUTHORIZE, set()),
    ],
)
def test_who_may_draft(kind, stage, writers):
    cast = make_cast(stage=stage)
    text = Text.objects.create(partnership=cast.partnership, kind=kind, title="A text")
    text.authors.create(member=cast.member(cast.citizen))
    first = next(iter(text.sections))
    assert who_may(cast, lambda who: save(text, who, {}, **{first: "Words."})) == writers
    Draft.objects.create(text=text, started_at=timezone.now(), changed_at=timezone.now())

    def discard(who):
        actions.drafts.discard_draft(text=text, by=who, at=timezone.now())

    assert who_may(cast, discard) == writers


def test_different_sections_are_joined(cast, text):
    write(cast, text, what="It smells.", causes="Currents.")
    seen = words(text)
    save(text, cast.citizen, seen, what="It smells in July.", causes="Currents.")
    save(text, cast.official, seen, what="It smells.", causes="Nitrogen.")
    assert words(text) == {"what": "It smells in July.", "causes": "Nitrogen."}


def test_different_paragraphs_of_one_section_are_joined(cast, text):
    write(cast, text, what="One.\n\nTwo.\n\nThree.")
    seen = words(text)
    save(text, cast.citizen, seen, what="One!\n\nTwo.\n\nThree.")
    save(text, cast.official, seen, what="One.\n\nTwo.\n\nThree, and four.")
    save(text, cast.convener, seen, what="One.\n\nTwo, too.\n\nThree.")  # three writers in turn
    assert words(text) == {"what": "One!\n\nTwo, too.\n\nThree, and four."}
    assert {row.member.person for row in text.draft.writers.all()} == {
        cast.citizen,
        cast.official,
        cast.convener,
    }


def test_the_same_sentence_is_a_clash_and_keeps_both(cast, text):
    write(cast, text, what="It smells.", causes="Currents.")
    seen = words(text)
    save(text, cast.citizen, seen, what="It smells in July.")
    with pytest.raises(Clashed) as clash:
        save(text, cast.official, seen, what="It smells badly.", causes="Nitrogen.")
    assert clash.value.now.words["what"] == "It smells in July."
    assert words(text)["causes"] == "Currents."  # nothing of it is saved
    _draft, clashing = actions.drafts.save_draft(
        text=text,
        body={"what": "It smells badly.", "causes": "Nitrogen."},
        shown=seen,
        by=cast.official,
        at=timezone.now(),
        partly=True,
    )
    assert [one.key for one in clashing] == ["what"]
    assert words(text) == {"what": "It smells in July.", "causes": "Nitrogen."}


def test_what_one_saves_again_and_again_does_not_clash_with_itself(cast, text):
    write(cast, text, what="One.\n\nTwo.")
    mine = words(text)
    save(text, cast.official, mine, what="One.\n\nTwo!")
    for typed in ("One a.\n\nTwo.", "One a b.\n\nTwo.", "One a b c.\n\nTwo."):
        save(text, cast.citizen, mine, what=typed)
        mine = {"what": typed}  # a window is told what it sent, not what came of it
    assert words(text) == {"what": "One a b c.\n\nTwo!"}


def test_publishing_makes_a_revision_with_all_who_wrote_and_ends_the_draft(cast, text):
    write(cast, text, what="It smells.", causes="Currents.")
    said = say(cast, cast.citizen)
    seen = words(text)
    save(text, cast.citizen, seen, what="It smells in July.")
    save(text, cast.official, words(text), causes="Nitrogen.")
    cites = {(str(said.pk), "causes")}
    made = publish(
        text, cast.convener, words(text), for_whom="Bathers.", cites=cites, note="together", **words(text)
    )
    assert made.body == {"what": "It smells in July.", "for_whom": "Bathers.", "causes": "Nitrogen."}
    found = made.authors.values_list("member__person__name", "sections__section")
    assert set(found) == {
        ("Bo Citizen", "what"),
        ("Inge Official", "causes"),
        ("Karen Convener", "for_whom"),
    }
    assert list(made.citations.values_list("contribution", "sections__section")) == [(said.pk, "causes")]
    assert not Draft.objects.exists()


def test_nothing_is_published_that_was_not_shown(cast, text):
    write(cast, text, what="One.")
    seen = words(text)
    save(text, cast.citizen, seen, what="One a.")
    with pytest.raises(Clashed):
        publish(text, cast.official, seen, causes="Nitrogen.")
    said = say(cast, cast.citizen)
    with pytest.raises(Clashed):
        publish(text, cast.official, words(text), cites_shown={(str(said.pk), "")}, causes="Nitrogen.")
    assert text.revisions.count() == 1
    assert publish(text, cast.official, words(text), causes="Nitrogen.").number == 2


def test_a_revision_from_elsewhere_carries_the_draft_along_or_says_that_it_cannot(cast, text):
    write(cast, text, what="One.\n\nTwo.", causes="Currents.")
    save(text, cast.citizen, words(text), what="One a.\n\nTwo.")
    write(cast, text, cast.official, what="One.\n\nTwo b.", causes="Nitrogen.")
    assert words(text) == {"what": "One a.\n\nTwo b.", "causes": "Nitrogen."}
    with pytest.raises(Conflict, match="have other words for “What the problem is”"):
        write(cast, text, cast.official, what="One c.\n\nTwo b.")
    assert text.revisions.count() == 2


def test_a_draft_leaves_nothing_in_the_record_and_dropping_it_is_recorded_for_members(cast, text):
    write(cast, text)
    before = Entry.objects.count()
    save(text, cast.citizen, words(text), what="Secret words.")
    assert Entry.objects.count() == before
    actions.drafts.discard_draft(text=text, by=cast.official, at=timezone.now())
    entry = Entry.objects.latest("sequence")
    assert (entry.verb, entry.audience) == ("text.draft_discarded", "members")
    with pytest.raises(Conflict):
        actions.drafts.discard_draft(text=text, by=cast.official, at=timezone.now())
    assert words(text) == {"what": "Rotting seaweed smells."}


def test_bad_words_for_a_draft_are_refused(cast, text):
    with pytest.raises(ValidationError, match="There is no section"):
        save(text, cast.citizen, {}, title="x")
    with pytest.raises(ValidationError, match="has 100001 characters"):
        save(text, cast.citizen, {}, what="x" * 100_001)
    with pytest.raises(ValidationError, match="at least one section"):
        publish(text, cast.citizen, {}, what="")
    assert not Draft.objects.exists()
    write(cast, text, what="One.")
    with pytest.raises(ValidationError, match="Nothing has changed"):
        publish(text, cast.citizen, words(text), what="One.")
    ask(cast, text.revisions.first())
    with pytest.raises(Refused, match="deciding on this text"):
        save(text, cast.citizen, words(text), what="Two.")


# --- races ----------------------------------------------------------------------------------------------------


PARAGRAPHS = [f"Paragraph {number}." for number in range(4)]


def typed_by(number):
    return "\n\n".join([*PARAGRAPHS[:number], f"Paragraph {number}, changed.", *PARAGRAPHS[number + 1 :]])


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_lose_nothing():
    cast = make_cast()
    text = start(cast)
    write(cast, text, what="\n\n".join(PARAGRAPHS))
    for turn in range(5):
        seen = words(text)
        ends = race(
            lambda seen=seen: save(text, cast.citizen, seen, what=typed_by(0)),
            lambda seen=seen: save(text, cast.official, seen, what=typed_by(2)),
            ahead=turn % 2,
        )
        assert not [end for end in ends if isinstance(end, Exception)]
        assert words(text)["what"].count("changed") == 2
        actions.drafts.discard_draft(text=text, by=cast.citizen, at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_of_the_two_would_be_lost():
    """The control: the same, but each looks what is there before the other has written."""
    cast = make_cast()
    text = start(cast)
    write(cast, text, what="\n\n".join(PARAGRAPHS))
    save(text, cast.convener, words(text), what="\n\n".join(PARAGRAPHS) + "!")
    seen, both_looked = words(text), Barrier(2)

    def unguarded(number):
        row = text.draft.sections.get(section="what")
        row.words, clashes = join(seen["what"], row.words, typed_by(number) + "!")
        assert clashes == []
        both_looked.wait(5)
        row.save()

    race(lambda: unguarded(0), lambda: unguarded(2))
    assert words(text)["what"].count("changed") == 1
