"""My settings: correct what is known, choose messages, say where one belongs."""

import pytest
from django.urls import reverse

from actors.models import Affiliation, Organization, Person, Sector, Side
from notices.models import Preference
from tests.cast import make_cast

pytestmark = pytest.mark.django_db
ME = {"name": "Bo Borger", "phone": "12 34 56 78", "language": "da", "time_zone": "Europe/Copenhagen"}


def test_correcting_oneself(client):
    cast = make_cast()
    client.force_login(cast.citizen)
    assert client.post(reverse("settings"), ME).status_code == 302
    bo = Person.objects.get(pk=cast.citizen.pk)
    assert (bo.name, bo.phone, bo.language) == ("Bo Borger", "12 34 56 78", "da")
    assert '<html lang="da"' in client.get(reverse("settings")).content.decode()


def test_bad_input_keeps_what_was_typed(client):
    cast = make_cast()
    client.force_login(cast.citizen)
    answer = client.post(
        reverse("settings"), ME | {"name": "", "time_zone": "Mars/Olympus", "phone": "call me"}
    )
    assert answer.status_code == 422
    assert "call me" in answer.content.decode()
    assert Person.objects.get(pk=cast.citizen.pk).name == "Bo Citizen"


def test_switching_messages_off_and_on(client):
    cast = make_cast()
    client.force_login(cast.citizen)
    client.post(reverse("choose_messages"), {"kind": ["meeting_called"]})
    off = set(
        Preference.objects.filter(recipient=cast.citizen.pk, choice="off").values_list("kind", flat=True)
    )
    assert "decision_opened" in off
    assert "meeting_called" not in off
    client.post(reverse("choose_messages"), {"kind": ["meeting_called", "decision_opened"]})
    row = Preference.objects.get(recipient=cast.citizen.pk, kind="decision_opened")
    assert row.choice == "at_once"


def test_saying_where_one_belongs_uses_what_is_known(client):
    cast = make_cast()
    client.force_login(cast.citizen)
    form = {"new-organization_name": "SOLRØD municipality", "new-sector": "citizens", "new-standing": "staff"}
    assert client.post(reverse("affiliate"), form).status_code == 302
    mine = Affiliation.objects.get(person=cast.citizen)
    assert mine.organization == cast.municipality
    assert client.post(reverse("affiliate"), form).status_code == 409
    client.post(reverse("end_affiliation", args=[mine.pk]))
    mine.refresh_from_db()
    assert mine.until is not None


def test_a_new_organization_counts_for_the_side_of_its_sector(client):
    cast = make_cast()
    client.force_login(cast.citizen)
    form = {"new-organization_name": "Bådelauget", "new-sector": "civil_society", "new-standing": "board"}
    client.post(reverse("affiliate"), form)
    made = Organization.objects.get(name="Bådelauget")
    assert (made.sector, made.side) == (Sector.CIVIL_SOCIETY, Side.NON_PUBLIC)


def test_nobody_ends_what_is_somebody_elses(client):
    cast = make_cast()
    theirs = Affiliation.objects.get(person=cast.politician)
    client.force_login(cast.citizen)
    assert client.post(reverse("end_affiliation", args=[theirs.pk])).status_code == 404
    theirs.refresh_from_db()
    assert theirs.until is None
