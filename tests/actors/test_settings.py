"""My settings: correct what is known, choose messages, say where one belongs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actors.models import Affiliation, Organization, Person, Sector, Side
from notices.actions import choose, tell
from notices.kinds import choosable
from notices.models import Notice, Preference
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


def chosen(person, scope=None):
    rows = Preference.objects.filter(recipient=person.pk, scope=scope)
    return dict(rows.values_list("kind", "choice"))


def as_they_are():
    return {kind.name: kind.default for kind in choosable()}


def test_choosing_for_each_kind_when_it_comes(client):
    cast = make_cast()
    client.force_login(cast.citizen)
    wanted = as_they_are() | {"meeting_called": "off", "decision_opened": "daily", "stage_opened": "weekly"}
    assert client.post(reverse("choose_messages"), wanted).status_code == 302
    assert chosen(cast.citizen) == wanted
    page = client.get(reverse("settings")).content.decode()
    for choice in ("off", "daily", "weekly"):
        assert f'<option value="{choice}" selected>' in page


@pytest.mark.parametrize(
    ("choice", "for_what_waits"),
    [("at_once", "daily"), ("daily", "daily"), ("weekly", "weekly"), ("off", "off"), ("nowhere", "off")],
)
def test_choosing_for_all_in_one_press(client, choice, for_what_waits):
    cast = make_cast()
    client.force_login(cast.citizen)
    client.post(reverse("choose_messages"), {"all": choice})
    assert chosen(cast.citizen) == {kind.name: choice for kind in choosable()} | {
        "waiting_digest": for_what_waits
    }


@pytest.mark.parametrize(
    "posted", [{}, {"all": "hourly"}, {"decision_opened": "hourly"}, {"digest": "off", "invitation": "off"}]
)
def test_what_is_no_choice_changes_nothing(client, posted):
    cast = make_cast()
    client.force_login(cast.citizen)
    assert client.post(reverse("choose_messages"), posted).status_code == 422
    assert chosen(cast.citizen) == {}


def test_moving_moves_the_digest_that_waits(client):
    cast = make_cast()
    client.force_login(cast.citizen)
    now = timezone.now()
    choose(recipient=cast.citizen.pk, choices={"decision_closed": "daily"}, at=now)
    tell(kind="decision_closed", recipients=[cast.citizen.pk], ids={"decision": str(cast.citizen.pk)}, at=now)
    Notice.objects.update(state="gathered", due_at=now + timedelta(days=1), try_at=now + timedelta(days=1))
    client.post(reverse("settings"), ME)
    assert Notice.objects.get().state == "gathered"
    client.post(reverse("settings"), ME | {"time_zone": "America/New_York"})
    assert Notice.objects.get().state == "queued"


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
