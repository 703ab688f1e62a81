"""The same no as a page for people and as a problem+json for machines."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.test import override_settings
from django.urls import path
from rest_framework import exceptions, serializers
from rest_framework.decorators import api_view
from rest_framework.response import Response

from boundary.answer import Conflict, Refused, no
from boundary.api import CursorPages
from boundary.problems import problem

REASONS = {
    "refused": Refused(no("Only a convener can invite people.", "Ask a convener.")),
    "conflict": Conflict("The stage has already moved to design."),
    "invalid": ValidationError(["The date is in the past.", "The name is missing."]),
    "fields": ValidationError({"name": ["The name is missing."], "__all__": ["Both dates are the same."]}),
    "missing": Http404(),
    "parse": exceptions.ParseError(),
    "slow-down": exceptions.Throttled(wait=7.2),
    "who": exceptions.NotAuthenticated(),
}


def page(request, reason):
    raise REASONS[reason]


def fine(request):
    return HttpResponse("fine")


@api_view(["GET", "POST"])
def api(request, reason):
    if reason == "serializer":
        Invitation(data=request.data).is_valid(raise_exception=True)
    raise REASONS[reason]


@api_view(["GET"])
def listed(request):
    from notices.models import Preference

    pages = CursorPages()
    rows = pages.paginate_queryset(Preference.objects.all(), request, listed)
    return pages.get_paginated_response([str(row.recipient) for row in rows])


@api_view(["GET"])
def one(request):
    return Response({})


class Person(serializers.Serializer):
    name = serializers.CharField()


class Invitation(serializers.Serializer):
    email = serializers.EmailField()
    people = Person(many=True)


listed.ordering = ("recipient",)
urlpatterns = [
    path("fine/", fine),
    path("page/<reason>/", page),
    path("api/v1/list/", listed),
    path("api/v1/one/", one),
    path("api/v1/<reason>/", api),
]
here = override_settings(ROOT_URLCONF=__name__)


@pytest.fixture(autouse=True)
def _these_urls():
    with here:
        yield


@pytest.fixture
def visitor(client):
    client.raise_request_exception = True
    return client


@pytest.mark.django_db
def test_a_refusal_is_a_page_with_the_reason_and_what_would_help(visitor):
    response = visitor.get("/page/refused/", headers={"referer": "http://testserver/people/?page=2"})
    text = response.content.decode()
    assert response.status_code == 403
    assert "Only a convener can invite people." in text
    assert "Ask a convener." in text
    assert 'href="/people/?page=2"' in text


@pytest.mark.django_db
def test_a_lost_race_is_a_page_that_leads_on(visitor):
    response = visitor.post("/page/conflict/", headers={"referer": "http://evil.example/x"})
    assert response.status_code == 409
    assert "The stage has already moved to design." in response.content.decode()
    assert "evil.example" not in response.content.decode()


@pytest.mark.django_db
def test_impossible_input_is_a_page_that_says_all_of_it(visitor):
    response = visitor.post("/page/invalid/")
    assert response.status_code == 422
    assert "The date is in the past." in response.content.decode()
    assert "The name is missing." in response.content.decode()


def test_a_program_gets_a_problem(visitor):
    response = visitor.get("/page/refused/", headers={"accept": "application/json"})
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content) == {
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
        "detail": "Only a convener can invite people. Ask a convener.",
    }


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("refused", 403),
        ("conflict", 409),
        ("invalid", 400),
        ("fields", 400),
        ("missing", 404),
        ("parse", 400),
        ("slow-down", 429),
        ("who", 403),
    ],
)
def test_the_api_answers_with_one_shape(visitor, reason, status):
    response = visitor.get(f"/api/v1/{reason}/")
    body = json.loads(response.content)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert (body["status"], body["type"]) == (status, "about:blank")
    assert body["title"]
    assert body["detail"]


def test_the_api_says_the_sentence_of_the_rule(visitor):
    assert json.loads(visitor.get("/api/v1/refused/").content) == problem(
        403, "Only a convener can invite people. Ask a convener."
    )


def test_slowing_down_says_for_how_long(visitor):
    assert visitor.get("/api/v1/slow-down/")["Retry-After"] == "9"


def test_errors_point_to_their_field(visitor):
    body = json.loads(visitor.get("/api/v1/fields/").content)
    assert body["errors"] == [
        {"pointer": "/name", "message": "The name is missing."},
        {"pointer": "", "message": "Both dates are the same."},
    ]
    sent = {"email": "x", "people": [{"name": "Maja"}, {}]}
    body = json.loads(visitor.post("/api/v1/serializer/", sent, content_type="application/json").content)
    assert body["errors"] == [
        {"pointer": "/email", "message": "Enter a valid email address."},
        {"pointer": "/people/1/name", "message": "This field is required."},
    ]


def test_broken_json_is_a_problem(visitor):
    response = visitor.post("/api/v1/serializer/", "{", content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_a_wrong_method_is_a_problem(visitor):
    response = visitor.post("/api/v1/one/")
    assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")


@pytest.mark.django_db
def test_a_list_has_pages_of_at_most_200(visitor):
    import uuid

    from notices.models import Preference

    Preference.objects.bulk_create(
        Preference(recipient=uuid.UUID(int=n), kind="x", choice="off") for n in range(230)
    )
    first = json.loads(visitor.get("/api/v1/list/?page_size=1000").content)
    assert sorted(first) == ["next", "previous", "results"]
    assert len(first["results"]) == 200
    second = json.loads(visitor.get(first["next"]).content)
    assert first["results"] + second["results"] == [str(uuid.UUID(int=n)) for n in range(230)]
    assert (second["next"], bool(second["previous"])) == (None, True)


def test_every_answer_switches_off_what_nothing_uses(visitor):
    response = visitor.get("/fine/")
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert "geolocation=()" in response["Permissions-Policy"]
