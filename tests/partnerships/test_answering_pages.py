"""The pages of answers: what is owed, for everybody; one answer to many; what became of what I said."""

import datetime
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships import actions
from partnerships.models import Contribution, EarlierResponse, Response, Text
from tests.cast import make_cast
from tests.partnerships.moderating import facilitator, hide
from tests.partnerships.saying import answer, contest, owed, said, together

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def page(cast, name, *rest, **query):
    return reverse(name, args=[cast.partnership.slug, *rest], query=query or None)


def shown(client, cast, words, **query):
    """Which of these words the queue shows."""
    html = client.get(page(cast, "answers_owed", **query)).content.decode()
    return [one for one in words if one in html]


def test_everybody_reads_honestly_what_is_owed_and_given(client):
    cast = make_cast()
    waits = [said(cast, body=f"Waits {number}", ago=(20 - number) * DAY) for number in range(2)]
    given = said(cast, body="Given", ago=6 * DAY)
    hidden = said(cast, body="Nasty")
    said(cast, body="Wants nothing", wants_answer=False)
    hide(hidden, by=cast.convener)
    answer(cast, given)
    html = client.get(page(cast, "answers_owed")).content.decode()
    assert html.index("Waits 0") < html.index("Waits 1")
    assert [one in html for one in ("Given", "Nasty", "Wants nothing")] == [False] * 3
    assert "1 of 3 contributions that ask for an answer have one: 33 %." in html
    assert "Half of them came within 6 days." in html
    assert "Has waited 20 days for an answer" in html
    assert "I will answer this" not in html
    client.force_login(cast.convener)
    assert "I will answer this" in client.get(page(cast, "answers_owed")).content.decode()
    assert len(waits) == 2


def test_filters_live_in_the_address(client):
    cast = make_cast()
    fran = facilitator(cast)
    first = said(cast, body="Alpha", ago=20 * DAY)
    said(cast, cast.official, "Beta", kind="concern", reply_to=first)
    third = said(cast, body="Gamma", kind="idea")
    given, put_off = said(cast, body="Delta"), said(cast, body="Epsilon")
    answer(cast, given)
    answer(cast, put_off, outcome="deferred", waits_for="The budget")
    answer(cast, third)
    contest(third, by=cast.citizen)
    actions.answering.take_on_answer(contribution=first, by=fran, at=timezone.now())
    words = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"]
    for query, expected in [
        ({}, ["Alpha", "Beta", "Gamma"]),
        ({"q": "beta"}, ["Beta"]),
        ({"kind": "concern"}, ["Beta"]),
        ({"sector": "public"}, ["Beta"]),
        ({"thread": first.pk}, ["Alpha", "Beta"]),
        ({"taken": "nobody"}, ["Beta", "Gamma"]),
        ({"taken": cast.member(fran).pk}, ["Alpha"]),
        ({"show": "late"}, ["Alpha"]),
        ({"show": "back"}, ["Gamma"]),
        ({"show": "given"}, ["Delta", "Epsilon"]),
        ({"show": "put_off"}, ["Epsilon"]),
        ({"show": "all", "mine": "1"}, words),  # nobody is signed in: everybody's
        (
            {"show": "nonsense", "kind": "x", "sector": "y", "thread": "z", "taken": "w"},
            ["Alpha", "Beta", "Gamma"],
        ),
        ({"q": "\x00"}, ["Alpha", "Beta", "Gamma"]),
    ]:
        assert shown(client, cast, words, **query) == expected, query
    client.force_login(cast.official)
    assert shown(client, cast, words, mine="1") == ["Beta"]


def test_ticked_ones_are_answered_together_and_the_page_tells_which_were_left(client):
    cast = make_cast()
    asked = [said(cast, body=f"Smell {number}") for number in range(3)]
    client.force_login(cast.convener)
    there = page(cast, "answer_together", q="smell")
    html = client.get(there + "&all=1").content.decode()
    assert html.count("checked") == 3
    typed = {"contributions": [one.pk for one in asked[:2]], "outcome": "deferred", "reason": "Later on"}
    answered = client.post(there, typed)
    html = answered.content.decode()
    assert (answered.status_code, "Say until when, or on what it waits." in html) == (422, True)
    assert (html.count("checked"), "Later on" in html) == (3, True)  # two ticks and the outcome
    answer(cast, asked[0], by=cast.convener)
    answered = client.post(there, typed | {"waits_for": "The budget"}, follow=True)
    html = answered.content.decode()
    assert answered.status_code == 200
    assert "Left as they were, since somebody has answered or hidden them in the meantime: Bo Citizen" in html
    assert "On " in html
    assert owed(cast) == ["Smell 2"]
    assert Response.objects.get(pk=asked[1].pk).waits_for == "The budget"
    assert client.post(there, typed).status_code == 422
    assert client.post(there, typed | {"waits_for": "x"}).status_code == 409


@pytest.mark.parametrize("ticked", [[], ["nonsense"], [uuid.uuid4()]])
def test_bad_ticks_get_a_sentence(client, ticked):
    cast = make_cast()
    said(cast)
    client.force_login(cast.convener)
    typed = {"contributions": ticked, "outcome": "adopted", "reason": "Kept words"}
    answered = client.post(page(cast, "answer_together"), typed)
    assert answered.status_code in (409, 422)
    assert owed(cast) == ["It smells."]


def test_an_answer_is_changed_on_its_page_and_the_old_one_stays_readable(client):
    cast = make_cast()
    asked = said(cast)
    client.force_login(cast.convener)
    there = page(cast, "respond", asked.pk)
    client.post(there, {"outcome": "not_adopted", "reason": "Too dear"})
    html = client.get(there).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', html).group(1)
    assert "Too dear" in html
    client.post(there, {"outcome": "partly", "reason": "A cheaper one", "seen": seen})
    late = client.post(there, {"outcome": "adopted", "reason": "My own words", "seen": seen})
    assert (late.status_code, "My own words" in late.content.decode()) == (409, True)
    html = client.get(page(cast, "contribution", asked.pk)).content.decode()
    assert ("A cheaper one" in html, "Not adopted: Too dear" in html) == (True, True)
    assert EarlierResponse.objects.count() == 1


def test_its_author_contests_on_a_page_of_their_own(client):
    cast = make_cast()
    asked = said(cast)
    answer(cast, asked)
    there = page(cast, "contest_answer", asked.pk)
    client.force_login(cast.official)
    assert client.get(there).status_code == 404
    client.force_login(cast.citizen)
    html = client.get(there).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', html).group(1)
    assert client.post(there, {"reason": "", "seen": seen}).status_code == 422
    assert client.post(there, {"reason": "When?", "seen": seen}).status_code == 302
    client.logout()
    html = client.get(page(cast, "answers_owed")).content.decode()
    assert "Its author says that this does not answer it: When?" in html
    assert "Of one answer its author says that it does not answer it; it counts as owed." in html


def test_what_was_answered_together_is_shown_with_its_one_answer(client):
    cast = make_cast()
    asked = [said(cast, body=f"Smell {number}") for number in range(3)]
    came = together(cast, asked)
    hide(asked[0], by=cast.convener)
    html = client.get(page(cast, "answered_together", came.batch.pk)).content.decode()
    assert [f"Smell {number}" in html for number in range(3)] == [False, True, True]
    assert "2 still have it; the others are hidden, or were answered anew." in html
    html = client.get(page(cast, "contribution", asked[1].pk)).content.decode()
    assert "Answered together with 2 others" in html


def test_the_pages_cost_the_same_with_few_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast()
    client.force_login(cast.convener)
    actions.texts.start_text(
        partnership=cast.partnership,
        kind=Text.Kind.CHARTER,
        title="Rules",
        by=cast.convener,
        at=timezone.now(),
    )

    def queries():
        found = []
        for name, query in (("answers_owed", {"show": "all"}), ("answer_together", {}), ("say", {})):
            with django_assert_max_num_queries(12) as asked:
                assert client.get(page(cast, name, **query)).status_code == 200
            found.append(len(asked))
        return found

    answer(cast, said(cast))
    said(cast)
    few = queries()
    for _number in range(12):
        said(cast)
        answer(cast, said(cast), outcome="deferred", waits_for="x")
        together(cast, [said(cast), said(cast)])
    actions.answering.take_on_answer(
        contribution=Contribution.objects.owed_a_response().first(), by=cast.convener, at=timezone.now()
    )
    assert queries() == few
