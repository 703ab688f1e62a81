"""The list of partnerships: search, filters, pages, and what it costs."""

import pytest
from django.urls import reverse

from partnerships.models import Partnership
from partnerships.stages import Stage
from tests.cast import make_cast, partnership

pytestmark = pytest.mark.django_db
LIST = "/partnerships/"


def titles(answer):
    return [row.title for row in answer.context["page"]]


def test_the_list_finds_by_words_place_stage_and_openness(client):
    cast = make_cast()
    partnership(
        cast.platform,
        slug="bath",
        title="A harbour bath",
        stage=Stage.CONVENE,
        join_policy=Partnership.JoinPolicy.OPEN,
    )
    assert titles(client.get(LIST)) == ["A harbour bath", "Seaweed on the beach"]
    assert titles(client.get(LIST, {"q": "harbour"})) == ["A harbour bath"]
    assert titles(client.get(LIST, {"stage": "define"})) == ["Seaweed on the beach"]
    assert titles(client.get(LIST, {"open": "yes"})) == ["A harbour bath"]
    assert titles(client.get(LIST, {"platform": "solrod", "q": "on the beach"})) == ["Seaweed on the beach"]
    nothing = client.get(LIST, {"platform": "elsewhere"})
    assert titles(nothing) == []
    assert "No partnership fits" in nothing.content.decode()


@pytest.mark.parametrize("words", ["%", "'", "\x00", "<script>alert(1)</script>", "x" * 5000])
def test_strange_words_find_nothing_and_break_nothing(client, words):
    make_cast()
    answer = client.get(LIST, {"q": words, "stage": "nowhere", "page": "1"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_a_hidden_partnership_is_in_nobodys_list_but_its_own(client):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    seen = {}
    for who in (None, cast.outsider, cast.citizen, cast.case_officer):
        client.logout()
        if who:
            client.force_login(who)
        seen[who and who.name] = titles(client.get(LIST))
    assert seen == {
        None: [],
        "Uffe Outsider": [],
        "Bo Citizen": ["Seaweed on the beach"],
        "Kim Caseofficer": ["Seaweed on the beach"],
    }


def test_the_list_costs_a_visitor_one_query_with_one_row_and_with_many(client, django_assert_num_queries):
    cast = make_cast()
    with django_assert_num_queries(1):
        client.get(LIST)
    for number in range(25):
        partnership(cast.platform, slug=f"more-{number}", title=f"More {number}")
    with django_assert_num_queries(1):
        answer = client.get(LIST)
    assert len(answer.context["page"]) == 20
    assert len(titles(client.get(LIST, {"page": "2"}))) == 6
    for wrong in ("3", "0", "-1", "x", "²", "9" * 7, "9" * 30):
        assert client.get(LIST, {"page": wrong}).status_code == 404


def test_titles_are_text(client):
    cast = make_cast(title="<script>alert(1)</script>")
    Partnership.objects.update(summary='"><img src=x onerror=y>')
    html = client.get(LIST).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert reverse("platform", args=[cast.platform.slug])
