"""Who is signed in: a session is theirs while it lasts and they may; what the menu asks comes with it."""

import datetime
import uuid

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from actors.models import Organization, Person, Sector, Side
from solutions.models import Authority, BodyMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    """Somebody who is signed in with `client`."""
    person = Person.objects.create_user("reader@example.org", name="A reader", language="en")
    client.force_login(person)
    return person


def is_signed_in(client):
    return client.get("/settings/").status_code == 200


def test_the_session_lasts_until_it_ends(client, person):
    assert is_signed_in(client)
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
    assert not is_signed_in(client)


def test_a_session_of_somebody_who_may_no_longer_sign_in_or_of_nobody_opens_nothing(client, person):
    Person.objects.update(is_active=False)
    assert not is_signed_in(client)
    client.force_login(person)
    Person.objects.update(is_active=True)
    assert is_signed_in(client)
    session = client.session
    session[SESSION_KEY] = str(uuid.uuid4())
    session.save()
    assert not is_signed_in(client)


def test_a_changed_password_ends_the_sessions_opened_before_it(client, person):
    person.set_password("another long sentence")
    person.save()
    assert not is_signed_in(client)


def test_only_those_who_sit_in_a_body_or_write_for_it_have_something_to_decide(client, person):
    assert "For decision" not in client.get("/help/").text
    council = Organization.objects.create(
        name="Council", sector=Sector.POLITICAL, side=Side.PUBLIC, is_elected_body=True
    )
    seat = BodyMember.objects.create(body=council, person=person, authority=Authority.MEMBER)
    assert "For decision" in client.get("/help/").text
    seat.until = timezone.localdate()
    seat.save()
    assert "For decision" not in client.get("/help/").text
