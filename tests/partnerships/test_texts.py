"""Texts and their revisions: who writes what when, what the table refuses, and who wins a race."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from partnerships import actions
from partnerships.actions.texts import Overtaken
from partnerships.models import Citation, Revision, RevisionAuthor, Text
from partnerships.stages import OPENS, Stage
from tests.cast import make_cast, who_may
from tests.partnerships.writing import ask, say, start, write

pytestmark = pytest.mark.django_db

WRITERS = {"convener", "citizen", "official"}


@pytest.mark.parametrize("kind", list(Text.Kind))
@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_start_which_text_when(stage, kind):
    cast = make_cast(stage=stage)
    opened = stage in OPENS[f"write_{kind}"]
    assert who_may(cast, lambda who: start(cast, kind, who)) == (WRITERS if opened else set())


@pytest.mark.parametrize(
    ("kind", "stage", "writers"),
    [
        ("charter", Stage.CONVENE, WRITERS),
        ("problem", Stage.DEFINE, WRITERS),
        ("proposal", Stage.DESIGN, {"citizen", "convener"}),  # its author, and who leads
        ("value", Stage.AUTHORIZE, {"citizen", "convener"}),
        ("problem", Stage.AUTHORIZE, set()),
        ("value", Stage.IMPLEMENT, set()),
    ],
)
def test_who_may_write_on_which_text(kind, stage, writers):
    cast = make_cast(stage=stage)
    text = Text.objects.create(partnership=cast.partnership, kind=kind, title="A text")
    text.authors.create(member=cast.member(cast.citizen))
    assert who_may(cast, lambda who: write(cast, text, who)) == writers


def test_an_author_who_joins_may_write():
    cast = make_cast(stage=Stage.DESIGN)
    text = start(cast, "proposal", cast.citizen)
    with pytest.raises(Refused, match="Only its authors"):
        write(cast, text, cast.official)
    actions.texts.join_authors(text=text, by=cast.official, at=timezone.now())
    assert write(cast, text, cast.official).number == 1
    with pytest.raises(Refused, match="You are one of the authors"):
        actions.texts.join_authors(text=text, by=cast.official, at=timezone.now())
    with pytest.raises(Refused, match="observer"):
        actions.texts.join_authors(text=text, by=cast.observer, at=timezone.now())


def test_there_is_one_charter_and_one_problem_but_many_proposals():
    cast = make_cast(stage=Stage.DESIGN)
    for kind in ("charter", "problem"):
        start(cast, kind)
        with pytest.raises(Conflict):
            start(cast, kind)
    start(cast, "proposal")
    start(cast, "proposal")
    assert Text.objects.filter(kind="proposal").count() == 2


def test_a_revision_keeps_its_words_its_base_its_writer_and_its_ground():
    cast = make_cast()
    text = start(cast)
    said = [say(cast, cast.citizen), say(cast, cast.official, "Nitrogen is measured.")]
    first = write(cast, text, cast.citizen, what="  It smells.\r\nA lot. ", for_whom="")
    assert first.number == 1
    assert first.based_on is None
    assert first.body == {"what": "It smells.\nA lot."}
    second = write(cast, text, cast.official, what="It smells a lot.", cites=said, note="shorter")
    assert (second.number, second.based_on, second.note) == (2, first, "shorter")
    assert {citation.contribution for citation in second.citations.all()} == set(said)
    assert [author.member.person for author in second.authors.all()] == [cast.official]
    assert {author.member.person for author in text.authors.all()} == {cast.citizen, cast.official}
    content = {"body": {"what": "It smells a lot."}, "cites": sorted(str(one.pk) for one in said)}
    exact = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert second.digest == hashlib.sha256(exact).hexdigest()
    revised = Entry.objects.filter(scope=cast.partnership.pk, verb="text.revised").order_by("sequence")
    assert [entry.ids["digest"] for entry in revised] == [first.digest, second.digest]


def test_the_same_words_with_the_same_ground_are_no_new_revision():
    cast = make_cast()
    text = start(cast)
    said = say(cast, cast.citizen)
    write(cast, text, what="It smells.")
    with pytest.raises(ValidationError, match="Nothing has changed since revision 1"):
        write(cast, text, what="It smells. ")
    assert write(cast, text, what="It smells.", cites=[said]).number == 2  # other ground is another revision


def test_what_a_revision_refuses():
    cast = make_cast(slug="seaweed")
    text = start(cast)
    with pytest.raises(ValidationError, match="at least one section"):
        write(cast, text, what="  ", for_whom="\n")
    with pytest.raises(ValidationError, match="There is no section “title”"):
        write(cast, text, what="It smells.", title="x")
    with pytest.raises(ValidationError, match="has 50001 characters; at most 50000 fit"):
        write(cast, text, what="x" * 50_001)
    assert write(cast, text, what="x" * 50_000).number == 1


def test_one_cites_what_is_said_here_and_shown():
    cast = make_cast(slug="seaweed")
    text = start(cast)
    said = say(cast, cast.citizen)
    actions.moderation.hide_contribution(
        contribution=said, reason="Rule 2", by=cast.convener, at=timezone.now()
    )
    with pytest.raises(ValidationError, match="hidden or belongs to another partnership"):
        write(cast, text, cites=[said])
    assert not text.revisions.exists()


def test_writing_on_an_old_revision_says_who_was_faster():
    cast = make_cast()
    text = start(cast)
    first = write(cast, text, what="One.")
    second = write(cast, text, cast.official, what="Two.")
    with pytest.raises(Overtaken, match="revision 2") as lost:
        write(cast, text, what="Three.", based_on=first)
    assert lost.value.latest == second
    with pytest.raises(Overtaken):
        write(cast, text, what="Three.", based_on=None)
    assert text.revisions.count() == 2


def test_the_words_stand_still_while_the_members_decide():
    cast = make_cast()
    text = start(cast)
    decision = ask(cast, write(cast, text))
    with pytest.raises(Refused, match="deciding on this text"):
        write(cast, text, cast.citizen, what="Other words.")
    actions.decisions.withdraw_decision(decision=decision, by=cast.convener, at=timezone.now())
    assert write(cast, text, cast.citizen, what="Other words.").number == 2


@pytest.mark.parametrize("model", [Revision, Citation, RevisionAuthor])
@pytest.mark.parametrize("deed", ["update", "delete", "truncate"])
def test_the_tables_refuse_to_change_what_was_written(model, deed):
    cast = make_cast()
    write(cast, start(cast), cites=[say(cast, cast.citizen)])
    table = model._meta.db_table
    field = {Revision: "note", Citation: "contribution_id", RevisionAuthor: "member_id"}[model]
    sql = {
        "update": f"UPDATE {table} SET {field} = {field}",  # noqa: S608  names of our own tables
        "delete": f"DELETE FROM {table}",  # noqa: S608
        "truncate": f"TRUNCATE {table} CASCADE",
    }[deed]
    connection.check_constraints()  # settles what is pending, or TRUNCATE would stumble over that first
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        connection.cursor().execute(sql)
    assert model.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_on_one_base_exactly_one_wins():
    cast = make_cast()
    text = start(cast)
    base = write(cast, text)
    for turn in range(10):
        start_line = Barrier(2)

        def race(name, base=base, turn=turn, start_line=start_line):
            try:
                start_line.wait(5)
                return name, write(cast, text, getattr(cast, name), what=f"{name} {turn}", based_on=base)
            except Overtaken as lost:
                return name, lost
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            results = dict(pool.map(race, ("citizen", "official")))
        won = [name for name, result in results.items() if isinstance(result, Revision)]
        assert len(won) == 1
        base = results[won[0]]
        loser = next(result for name, result in results.items() if name not in won)
        assert loser.latest == base  # the loser is told exactly what was saved
        assert text.revisions.first() == base
    assert list(text.revisions.order_by("number").values_list("number", flat=True)) == list(range(1, 12))


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_revisions_would_have_the_same_number():
    """The control: the same race without the action's lock is only stopped by the table."""
    cast = make_cast()
    text = start(cast)
    base = write(cast, text)
    start_line = Barrier(2)

    def race(word):
        try:
            with transaction.atomic():
                latest = Text.objects.get(pk=text.pk).revisions.first()
                start_line.wait(5)
                if latest.pk == base.pk:  # both still believe it
                    Revision.objects.create(
                        text=text, number=latest.number + 1, body={"what": word}, digest="0" * 64
                    )
            return "won"
        except IntegrityError:
            return "lost"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(race, ("one", "two"))) == ["lost", "won"]
