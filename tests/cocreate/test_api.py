"""The API to read: it shows what the pages show, hides what they hide, and says what goes wrong."""

import pytest
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

import actors.api
import partnerships.api
import problems.api
import solutions.api
from partnerships import actions
from partnerships.models import Partnership
from tests.cast import make_cast

pytestmark = pytest.mark.django_db
NAMES = [
    name for app in (actors.api, partnerships.api, problems.api, solutions.api) for name, *_ in app.RESOURCES
]


def say(cast, who, body="secret words"):
    return actions.contributions.say(
        partnership=cast.partnership, kind="idea", body=body, by=who, at=timezone.now()
    )


def test_the_description_is_valid_and_names_every_resource_and_filter():
    description = SchemaGenerator(api_version="v1").get_schema(request=None, public=True)
    validate_schema(description)
    assert {f"/api/v1/{name}/" for name in [*NAMES, "record"]} <= set(description["paths"])
    named = {p["name"] for p in description["paths"]["/api/v1/contributions/"]["get"]["parameters"]}
    assert {"partnership", "kind", "member", "thread", "search", "updated_since", "cursor"} >= named - {
        "page_size"
    }
    assert "kind" in named


@pytest.mark.parametrize("name", NAMES)
def test_every_resource_lists(client, name):
    make_cast()
    answer = client.get(f"/api/v1/{name}/")
    assert answer.status_code == 200, answer.content
    assert set(answer.json()) == {"next", "previous", "results"}


@pytest.mark.parametrize("name", NAMES)
def test_hidden_partnerships_leak_nowhere(client, name):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN, title="Hidden title")
    said = say(cast, cast.citizen)
    for who in (None, cast.outsider):
        client.logout()
        if who:
            client.force_login(who)
        text = client.get(f"/api/v1/{name}/").content.decode()
        assert "secret words" not in text
        assert "Hidden title" not in text
        assert str(cast.partnership.pk) not in text
    assert client.get(f"/api/v1/contributions/{said.pk}/").status_code == 404
    assert client.get(f"/api/v1/record/?partnership={cast.partnership.pk}").status_code == 404
    client.force_login(cast.citizen)
    assert "secret words" in client.get("/api/v1/contributions/").content.decode()


def test_members_only_shows_that_it_exists_and_nothing_of_what_is_said(client):
    cast = make_cast(visibility=Partnership.Visibility.MEMBERS)
    say(cast, cast.citizen)
    titles = [row["title"] for row in client.get("/api/v1/partnerships/").json()["results"]]
    assert titles == [cast.partnership.title]
    for name in ("contributions", "members", "mandates", "visits"):
        assert client.get(f"/api/v1/{name}/").json()["results"] == []


def test_a_hidden_contribution_has_no_words(client):
    cast = make_cast()
    said = say(cast, cast.citizen)
    actions.moderation.hide_contribution(
        contribution=said, reason="Rule 2", by=cast.convener, at=timezone.now()
    )
    row = client.get(f"/api/v1/contributions/{said.pk}/").json()
    assert (row["body"], row["hidden_reason"]) == ("", "Rule 2")
    assert client.get("/api/v1/contributions/?search=secret").json()["results"] == []


def test_invitations_are_for_leaders(client):
    cast = make_cast()
    cast.partnership.invitations.create(
        number=1, address="new@example.org", nonce="n", invited_by=cast.convener
    )
    for who, count in ((cast.citizen, 0), (cast.outsider, 0), (cast.convener, 1), (cast.case_officer, 1)):
        client.force_login(who)
        assert len(client.get("/api/v1/invitations/").json()["results"]) == count


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("?colour=red", "/colour"),
        ("?partnership=nonsense", "/partnership"),
        ("?updated_since=yesterday", "/updated_since"),
        ("?updated_since=2027-02-30T10:00:00Z", "/updated_since"),
    ],
)
def test_bad_questions_get_a_problem(client, query, pointer):
    answer = client.get(f"/api/v1/contributions/{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_the_record_names_the_partnership_and_follows_by_sequence(client):
    cast = make_cast()
    for _ in range(3):
        say(cast, cast.citizen)
    address = f"/api/v1/record/?partnership={cast.partnership.pk}"
    assert [row["sequence"] for row in client.get(address).json()["results"]] == [1, 2, 3]
    assert [row["sequence"] for row in client.get(f"{address}&after=2").json()["results"]] == [3]
    assert client.get("/api/v1/record/").status_code == 400


def test_lists_cost_the_same_with_one_row_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast()
    say(cast, cast.citizen)
    client.force_login(cast.citizen)
    with django_assert_max_num_queries(12) as few:
        client.get("/api/v1/contributions/")
    for _ in range(30):
        say(cast, cast.citizen)
    with django_assert_max_num_queries(12) as many:
        client.get("/api/v1/contributions/")
    assert len(few) == len(many)


def test_the_reference_page_shows_every_resource(client):
    html = client.get(reverse("api_reference")).content.decode()
    for name in NAMES:
        assert f"/api/v1/{name}/" in html
