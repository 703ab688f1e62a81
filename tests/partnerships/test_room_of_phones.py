"""A small room against a real server: phones that lose the network, and everything is there once."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from bench._phones import Phone, Trouble, Wall, fill_the_room
from partnerships.actions.notes import key_of
from partnerships.models import Contribution, Note
from tests.cast import make_cast
from tests.partnerships.rooming import end, start

NOTES = 3


@pytest.mark.django_db(transaction=True)
def test_eight_phones_some_without_a_network(live_server):
    cast = make_cast()
    workshop = start(cast)
    client = Client()
    client.force_login(cast.convener)
    cookies = {"sessionid": client.cookies["sessionid"].value}
    wall = reverse("workshop_wall", args=[cast.partnership.slug, workshop.pk])
    port = int(live_server.url.rsplit(":", 1)[1])
    weak = Trouble(offline=0.2, answer_lost=0.5)
    phones = [Phone(number, port, workshop.code, weak if number % 2 else Trouble()) for number in range(8)]
    with Wall(port, wall, cookies) as shown:
        fill_the_room(phones, notes=NOTES, seconds=2)
    sent = [(uuid.UUID(phone.key), note) for phone in phones for note in phone.sent]
    keys = {key_of(key, note.given, note.body) for key, note in sent}
    assert set(Note.objects.values_list("pk", flat=True)) == keys
    assert len(keys) == len(shown.seen) == 8 * NOTES
    assert any(note.tries > 1 for _key, note in sent)  # or nothing was tried
    assert [phone.errors for phone in phones if phone.errors] == []
    end(cast, workshop)
    assert set(Contribution.objects.values_list("pk", flat=True)) == keys
