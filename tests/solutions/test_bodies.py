"""Who sits in a body: who keeps the list, and that nobody gives themselves a view of another's dossiers."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from actors.models import Person
from boundary.answer import Conflict, Refused
from journal.models import Entry
from notices.actions import drain
from partnerships.models import Mandate, Office
from solutions import actions
from solutions.models import Authority, AuthorizationRequest, BodyMember
from tests.cast import make_cast, partnership, person, platform
from tests.solutions.story import asked

pytestmark = pytest.mark.django_db


def appoint(cast, by, *, who=None, authority=Authority.MEMBER):
    return actions.appoint(
        body=cast.council, person=who or cast.outsider, authority=authority, by=by, at=timezone.now()
    )


def second_platform(cast, *, officer):
    """Another municipality's platform that names the same body in a mandate."""
    host = platform(cast.municipality, slug="elsewhere")
    Office.objects.create(platform=host, person=officer, kind=Office.Kind.CASE_OFFICER)
    arena = partnership(host, slug="elsewhere")
    Mandate.objects.filter(partnership=arena).update(competent_body=cast.council)
    return host


def test_who_keeps_the_list():
    cast = make_cast()
    BodyMember.objects.create(body=cast.council, person=cast.secretary, authority=Authority.SECRETARY)
    BodyMember.objects.create(body=cast.council, person=cast.politician, authority=Authority.MEMBER)
    operator = person("Ole Operator", is_staff=True)
    found = set()
    everyone = {name: getattr(cast, name) for name in ("convener", "citizen", "politician", "secretary")}
    everyone |= {"outsider": cast.outsider, "case_officer": cast.case_officer, "operator": operator}
    for name, by in everyone.items():
        try:
            actions.end_appointment(member=appoint(cast, by), by=by, at=timezone.now())
            found.add(name)
        except Refused:
            pass
    assert found == {"secretary", "case_officer", "operator"}


def test_a_case_officer_of_a_second_platform_cannot_open_the_others_dossiers(client):
    cast = asked(visibility="hidden")
    stranger = person("Stina Stranger")
    second_platform(cast, officer=stranger)
    with pytest.raises(Refused, match="more than one platform"):
        appoint(cast, stranger, who=stranger)
    with pytest.raises(Refused):
        appoint(cast, cast.case_officer)
    assert not AuthorizationRequest.objects.visible_to(stranger).exists()
    assert appoint(cast, cast.secretary)


def test_listing_and_ending_through_the_page(client):
    cast = make_cast()
    client.force_login(cast.case_officer)
    page = reverse("body", args=[cast.council.pk])
    assert "Nobody is listed yet" in client.get(page).content.decode()
    typed = {"name": "Sven Secretary", "email": "SVEN@example.org", "authority": "secretary"}
    assert client.post(reverse("appoint", args=[cast.council.pk]), typed).status_code == 302
    row = BodyMember.objects.get()
    assert row.person == cast.secretary
    assert "Sven Secretary" in client.get(page).content.decode()
    end = reverse("end_appointment", args=[cast.council.pk, row.pk])
    assert client.post(end).status_code == 302
    assert client.post(end).status_code == 404
    assert list(Entry.objects.values_list("verb", flat=True)) == ["body.appointed", "body.ended"]


def test_somebody_new_is_listed_by_name_and_address(client):
    cast = make_cast()
    client.force_login(cast.case_officer)
    typed = {"name": "Ny Politiker", "email": "ny@example.org", "authority": "member"}
    client.post(reverse("appoint", args=[cast.council.pk]), typed)
    listed = Person.objects.get(email="ny@example.org")
    assert (listed.name, listed.language) == ("Ny Politiker", "en")
    client.post(reverse("appoint", args=[cast.council.pk]), typed | {"authority": "secretary"})
    assert {row.person for row in BodyMember.objects.all()} == {listed}


@pytest.mark.django_db(transaction=True)
def test_somebody_new_comes_in_with_the_first_code(client, smtp_sink):
    cast = make_cast()
    client.force_login(cast.case_officer)
    typed = {"name": "Ny Politiker", "email": "ny@example.org", "authority": "member"}
    client.post(reverse("appoint", args=[cast.council.pk]), typed)
    client.logout()
    client.post(reverse("account_request_login_code"), {"email": "ny@example.org"})
    drain("prompt")
    (mail,) = smtp_sink.to("ny@example.org")
    code = re.search(r"^\s{4}(\S+)\s*$", mail.get_body(("plain",)).get_content(), re.M)[1]
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert "Solrød Council" in client.get(reverse("dossiers")).content.decode()


def test_an_address_that_nobody_has_proved_is_not_linked_to_a_person(client):
    cast = make_cast()
    cast.outsider.emailaddress_set.update(verified=False)
    client.force_login(cast.case_officer)
    typed = {"name": "Uffe", "email": cast.outsider.email, "authority": "member"}
    client.post(reverse("appoint", args=[cast.council.pk]), typed)
    assert BodyMember.objects.get().person != cast.outsider


@pytest.mark.parametrize("address", ["", "not an address"])
def test_bad_input_keeps_what_was_typed(client, address):
    cast = make_cast()
    client.force_login(cast.case_officer)
    typed = {"name": "Name that was typed", "email": address, "authority": "member"}
    answered = client.post(reverse("appoint", args=[cast.council.pk]), typed)
    assert answered.status_code == 422
    assert "Name that was typed" in answered.content.decode()
    assert not BodyMember.objects.exists()


def test_a_person_is_listed_once_for_an_authority():
    cast = make_cast()
    appoint(cast, cast.case_officer)
    with pytest.raises(Conflict):
        appoint(cast, cast.case_officer)
    assert appoint(cast, cast.case_officer, authority=Authority.SECRETARY)


def test_the_page_exists_only_for_those_it_concerns(client):
    cast = make_cast()
    BodyMember.objects.create(body=cast.council, person=cast.politician, authority=Authority.MEMBER)
    page = reverse("body", args=[cast.council.pk])
    for who, status in (
        (cast.outsider, 404),
        (cast.convener, 404),
        (cast.politician, 200),
        (cast.case_officer, 200),
    ):
        client.force_login(who)
        assert client.get(page).status_code == status
        assert client.post(reverse("appoint", args=[cast.council.pk]), {}).status_code in (404, 403, 422)
    client.logout()
    assert client.get(page).status_code == 302


def test_the_page_costs_the_same_with_one_row_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast()
    appoint(cast, cast.case_officer)
    client.force_login(cast.case_officer)
    page = reverse("body", args=[cast.council.pk])
    with django_assert_max_num_queries(12) as few:
        client.get(page)
    for number in range(10):
        appoint(cast, cast.case_officer, who=person(f"Nr{number} Politician"))
    with django_assert_max_num_queries(12) as many:
        client.get(page)
    assert len(few) == len(many)
