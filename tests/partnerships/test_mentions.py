"""Mentions: an @ and a name reach exactly whom they mean, who may read them, once."""

import pytest
from django.utils import timezone

from actors.models import Person
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.mentions import named_in
from partnerships.models import Contribution, Member, Mention
from tests.cast import join, told
from tests.partnerships.saying import html_of, post, say

pytestmark = pytest.mark.django_db
NAMES = [(1, "Bo Citizen"), (2, "Bo Berg"), (3, "Inge"), (4, "Inge Marie Ås"), (5, "Lives by the beach")]


@pytest.mark.parametrize(
    ("words", "found", "unclear", "unknown"),
    [
        ("@Bo Citizen, what do you think?", [1], {}, []),
        ("ask @bo berg.", [2], {}, []),
        ("@Bo?", [], {"bo": [1, 2]}, []),
        ("@Inge Marie Ås and @Inge", [4, 3], {}, []),
        ("@INGE MARIE A\u030as", [4], {}, []),
        ("(@lives by the beach)", [5], {}, []),
        ("write to bo@inge.dk or @nobody", [], {}, ["nobody"]),
        ("@Bo Citizens are many", [], {"bo": [1, 2]}, []),
        ("@ Bo Citizen", [], {}, []),
    ],
)
def test_whom_words_name(words, found, unclear, unknown):
    named = named_in(words, NAMES)
    assert (named.found, named.unclear, named.unknown) == (found, unclear, unknown)


def test_who_is_named_is_told_and_nobody_else(client, cast):
    answer = post(client, cast, cast.citizen, "@Inge Official and @Bo Citizen, look: @Uffe Outsider")
    assert answer.status_code == 302
    assert told("mentioned") == [cast.official.pk]
    assert set(Mention.objects.values_list("member__person", flat=True)) == {
        cast.official.pk,
        cast.citizen.pk,
    }
    assert "Nobody here is called @uffe" in html_of(client.get(answer.url))


def test_a_shared_name_asks_who_is_meant_and_keeps_the_words(client, cast):
    other = join(cast.partnership, Person.objects.create_user(email="bo2@example.org", name="Bo Berg"))
    answer = post(client, cast, cast.official, "Dear @Bo, come along", wants_answer="on")
    html = html_of(answer)
    assert answer.status_code == 422
    assert "Dear @Bo, come along" in html
    assert "More than one here is called “bo”." in html
    assert "Bo Berg" in html
    assert not Contribution.objects.exists()
    answer = post(client, cast, cast.official, "Dear @Bo, come along", meant=[str(other.pk)])
    assert answer.status_code == 302
    assert told("mentioned") == [other.person_id]


def test_only_those_can_be_meant_who_share_the_name(client, cast):
    join(cast.partnership, Person.objects.create_user(email="bo2@example.org", name="Bo Berg"))
    answer = post(client, cast, cast.official, "Dear @Bo", meant=[str(cast.member(cast.observer).pk)])
    assert answer.status_code == 422
    assert told("mentioned") == []


def test_who_is_answered_is_told_once_even_when_named(cast):
    first = say(cast, cast.citizen)
    named = [cast.member(cast.citizen), cast.member(cast.observer)]
    both = say(cast, cast.official, "@Bo Citizen", reply_to=first, mentions=named)
    plain = say(cast, cast.official, reply_to=first)
    say(cast, cast.citizen, reply_to=first)
    assert sorted(Notice.objects.values_list("kind", "recipient", "occurrence")) == sorted(
        [
            ("mentioned", cast.citizen.pk, str(both.pk)),
            ("mentioned", cast.observer.pk, str(both.pk)),
            ("replied", cast.citizen.pk, str(plain.pk)),
        ]
    )


def test_a_name_added_by_a_change_is_told_once_and_a_name_taken_out_is_not_told(cast):
    first = say(cast, cast.citizen)
    reply = say(cast, cast.official, reply_to=first, mentions=[cast.member(cast.observer)])

    def change(body, *people):
        facts = {"kind": "idea", "by": cast.official, "at": timezone.now()}
        actions.contributions.change_contribution(
            contribution=reply, body=body, mentions=[cast.member(one) for one in people], **facts
        )

    change("one", cast.convener, cast.citizen)
    change("two", cast.convener)
    change("three", cast.convener, cast.observer)
    change("four", cast.convener)
    found = Notice.objects.values_list("kind", "recipient")
    assert sorted(found) == sorted(
        [
            ("replied", cast.citizen.pk),
            ("mentioned", cast.observer.pk),
            ("mentioned", cast.convener.pk),
        ]
    )
    assert _true("mentioned") == [cast.convener.pk]


def _true(kind):
    rows = list(Notice.objects.filter(kind=kind))
    true = kind_named(kind).still_true(rows)
    return sorted(row.recipient for row in rows if row.pk in true)


@pytest.mark.parametrize("end", ["left", "hidden", "retracted", ""])
def test_what_is_no_longer_to_be_read_is_not_told(cast, end):
    first = say(cast, cast.citizen)
    reply = say(cast, cast.official, reply_to=first, mentions=[cast.member(cast.observer)])
    if end == "left":
        Member.objects.filter(person__in=[cast.observer, cast.citizen]).update(left_at=timezone.now())
    if end == "hidden":
        Contribution.objects.filter(pk=reply.pk).update(hidden_at=timezone.now(), hidden_reason="Rude")
    if end == "retracted":
        Contribution.objects.filter(pk=reply.pk).update(retracted_at=timezone.now())
    expected = ([], []) if end else ([cast.observer.pk], [cast.citizen.pk])
    assert (_true("mentioned"), _true("replied")) == expected


def test_somebody_who_left_cannot_be_named(cast):
    gone = cast.member(cast.observer)
    Member.objects.filter(pk=gone.pk).update(left_at=timezone.now())
    say(cast, cast.official, mentions=[gone])
    assert told("mentioned") == []
