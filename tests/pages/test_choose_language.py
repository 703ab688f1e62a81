"""Reading in another language, for a person and for a visitor."""

import pytest
from django.urls import reverse

from actors.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja():
    return Person.objects.create_user(
        email="maja@example.org",
        name="Maja Lind",
        language="en",
        phone="12 34 56 78",
        time_zone="Europe/Athens",
    )


def test_a_person_reads_in_the_language_they_choose_from_then_on(client, maja):
    client.force_login(maja)
    response = client.post(reverse("choose_language"), {"language": "da", "next": "/account/email/"})
    assert response.headers["Location"] == "/account/email/"
    maja.refresh_from_db()
    assert (maja.language, maja.name, maja.phone, maja.time_zone) == (
        *("da", "Maja Lind", "12 34 56 78"),
        "Europe/Athens",
    )
    assert '<html lang="da"' in client.get("/account/email/").content.decode()


def test_a_visitor_keeps_the_language_in_a_cookie(client):
    client.post(reverse("choose_language"), {"language": "da", "next": "/"})
    assert client.cookies["django_language"].value == "da"


def test_a_language_nobody_offers_changes_nothing(client, maja):
    client.force_login(maja)
    client.post(reverse("choose_language"), {"language": "<b>", "next": "https://elsewhere.example/"})
    maja.refresh_from_db()
    assert maja.language == "en"


def test_the_way_back_stays_on_this_site(client):
    response = client.post(
        reverse("choose_language"), {"language": "da", "next": "https://elsewhere.example/"}
    )
    assert response.headers["Location"] == "/"


def test_looking_changes_nothing(client):
    assert client.get(reverse("choose_language")).status_code == 405
