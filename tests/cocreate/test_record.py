"""The record: every deed in a sentence, for the right readers, and a file that anyone can check."""

import ast
import json
import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from cocreate.sentences import ELSEWHERE, SENTENCES
from journal import verify
from journal.models import Entry, Head
from partnerships import actions
from partnerships.models import Partnership
from partnerships.models.arenas import PromiseState
from partnerships.models.commitments import CommitmentState
from partnerships.models.invitations import JoinRequestState
from tests.cast import make_cast

KNOWN = SENTENCES.keys() | ELSEWHERE
MADE_FROM = {"commitment.": CommitmentState, "join.": JoinRequestState, "promise.": PromiseState}
VERB = re.compile(r"[a-z_]+\.(?!(?:csv|jsonl|py)$)[a-z_]+")  # a file name is none
APPS = ("actors", "partnerships", "problems", "solutions", "cocreate", "notices")


def page_of(cast):
    return reverse("record", args=[cast.partnership.slug])


def say(cast, who, body="It smells."):
    return actions.contributions.say(
        partnership=cast.partnership, kind="experience", body=body, by=who, at=timezone.now()
    )


def verbs_in(source):
    """Every verb that a piece of code may journal: whole ones, and beginnings of those made at run time."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and VERB.fullmatch(str(node.value)):
            yield node.value, None
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            start = str(node.values[0].value)
            if re.fullmatch(r"[a-z_]+\.", start):
                yield None, start


def written_by_code():
    """(verb, beginning) of every deed that code writes into the journal."""
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            source = path.read_text()
            if "remember(" in source or "record(" in source:
                yield from verbs_in(source)


def journaled(found):
    """The verbs that are written, those made at run time with each state that they can end in."""
    made = {f"{start}{state}" for _verb, start in found if start for state in MADE_FROM[start].values}
    return {verb for verb, _start in found if verb} | (made & KNOWN)


def test_every_verb_has_a_sentence():
    found = set(written_by_code())
    assert ("contribution.said", None) in found
    assert {start for _verb, start in found if start} == MADE_FROM.keys()
    assert journaled(found) - KNOWN == set()


def test_every_sentence_is_written_by_some_code():
    assert KNOWN - journaled(set(written_by_code())) == set()


def test_a_sentence_that_nothing_writes_would_be_found():
    found = set(verbs_in('remember(p, "promise.asked", by=by); remember(p, f"promise.{state}", by=by)'))
    assert journaled(found) == {"promise.asked", "promise.given", "promise.declined"}


def test_a_verb_without_a_sentence_would_be_found():
    assert set(verbs_in('remember(p, "sauna.heated", by=by, at=at)')) == {("sauna.heated", None)}
    assert set(verbs_in('remember(p, f"sauna.{state}", by=by, at=at)')) == {(None, "sauna.")}


@pytest.mark.django_db
def test_a_deed_reads_as_a_sentence_with_names(client):
    cast = make_cast()
    said = say(cast, cast.citizen)
    actions.answering.respond(
        contribution=said, outcome="adopted", reason="Yes.", by=cast.convener, at=timezone.now()
    )
    told = client.get(page_of(cast)).content.decode()
    assert "Bo Citizen said something." in told
    assert "Karen Convener answered a contribution: Adopted." in told
    assert Head.objects.get(scope=cast.partnership.pk).digest in told


@pytest.mark.django_db
def test_a_member_shown_by_function_is_named_so(client):
    cast = make_cast()
    cast.partnership.members.filter(person=cast.citizen).update(shown_by_function=True)
    say(cast, cast.citizen)
    told = client.get(page_of(cast)).content.decode()
    assert "Lives by the beach said something." in told
    assert "Bo Citizen" not in told


@pytest.mark.django_db
def test_each_reads_what_is_for_them(client):
    cast = make_cast()
    said = say(cast, cast.citizen)
    actions.moderation.report_contribution(
        contribution=said, reason="Rude.", by=cast.outsider, at=timezone.now()
    )
    for who, allowed in (
        (None, False),
        (cast.citizen, False),
        (cast.convener, True),
        (cast.case_officer, True),
    ):
        client.logout()
        if who:
            client.force_login(who)
        assert ("reported a contribution" in client.get(page_of(cast)).content.decode()) is allowed
        answer = client.get(reverse("journal_file", args=[cast.partnership.slug]))
        rows = [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]
        assert [row.get("withheld", False) for row in rows] == [False, not allowed]
        assert verify.verify(rows) == []


@pytest.mark.django_db
def test_filters_and_pages_live_in_the_address(client):
    cast = make_cast()
    for _ in range(25):
        say(cast, cast.citizen)
    assert client.get(page_of(cast) + "?page=2&kind=words").status_code == 200
    assert client.get(page_of(cast) + "?page=3&kind=words").status_code == 404
    assert (
        "Nothing of this kind has been done yet" in client.get(page_of(cast) + "?kind=plan").content.decode()
    )


@pytest.mark.django_db
def test_hidden_and_members_only_records_stay_inside(client):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    say(cast, cast.citizen)
    file = reverse("journal_file", args=[cast.partnership.slug])
    assert client.get(page_of(cast)).status_code == client.get(file).status_code == 404
    Partnership.objects.update(visibility=Partnership.Visibility.MEMBERS)
    assert client.get(page_of(cast)).status_code == client.get(file).status_code == 403


@pytest.mark.django_db
def test_the_page_costs_the_same_with_one_line_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast()
    say(cast, cast.citizen)
    client.force_login(cast.citizen)
    with django_assert_max_num_queries(12) as few:
        client.get(page_of(cast))
    for _ in range(20):
        say(cast, cast.official)
    with django_assert_max_num_queries(12) as many:
        client.get(page_of(cast))
    assert len(few) == len(many)
    assert Entry.objects.count() == 21


@pytest.mark.django_db
def test_the_checking_program_is_handed_out(client):
    source = client.get(reverse("journal_verifier")).content.decode()
    assert source == (settings.BASE_DIR / "journal" / "verify.py").read_text()
