"""The health page tells a monitor and a person the same thing, and tells it when a part is away."""

from datetime import timedelta

import pytest
import redis
from django.utils import timezone

from cocreate import health
from cocreate.embedded import free_port
from notices.models import Dispatcher, Notice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ticking(settings):
    """A clock that has just ticked."""
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        health.mark_tick()
        yield
        broker.delete(health.TICK)


def asked(client):
    """The status, and which parts are well."""
    answer = client.get("/health/", headers={"accept": "application/json"})
    return answer.status_code, {name: part["ok"] for name, part in answer.json().items() if name != "status"}


ALL_WELL = {"database": True, "broker": True, "clock": True, "mail": True}


def test_all_is_well(client):
    assert asked(client) == (200, ALL_WELL)


def test_a_person_reads_it_as_a_page(client):
    answer = client.get("/health/", headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert "All is well" in answer.text


def test_it_answers_without_a_broker(client, settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert asked(client) == (503, ALL_WELL | {"broker": False, "clock": False})


def test_an_old_tick_is_noticed(client, settings):
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.set(health.TICK, timezone.now().timestamp() - health.TICK_MAY_BE_OLD - 2)
    assert asked(client) == (503, ALL_WELL | {"clock": False})


def test_a_paused_dispatcher_is_noticed(client):
    Dispatcher.objects.update_or_create(id=1, defaults={"paused": True, "fingerprint": "x"})
    assert asked(client) == (503, ALL_WELL | {"mail": False})


@pytest.mark.parametrize(("minutes", "well"), [(5, True), (16, False)])
def test_mail_that_waits_too_long_is_noticed(client, minutes, well):
    due = timezone.now() - timedelta(minutes=minutes)
    person = "00000000-0000-0000-0000-000000000001"
    Notice.objects.create(
        recipient=person, kind="k", lane="prompt", due_at=due, try_at=due, message_id="<1@x>"
    )
    assert asked(client) == (200 if well else 503, ALL_WELL | {"mail": well})
