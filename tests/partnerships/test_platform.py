"""A platform: what it says about itself, its register, and who may convene."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict
from journal.models import Entry
from partnerships import actions
from partnerships.models import Office, Partnership, Platform
from tests.cast import make_cast, partnership, who_may

pytestmark = pytest.mark.django_db


def give(cast, by, to, kind="convener"):
    return actions.platforms.give_office(
        platform=cast.platform, person=to, kind=kind, by=by, at=timezone.now()
    )


@pytest.mark.parametrize(
    ("kind", "who"), [("convener", {"convener", "case_officer"}), ("case_officer", {"case_officer"})]
)
def test_who_may_give_an_office_and_end_it(kind, who):
    cast = make_cast()
    assert who_may(cast, lambda by: give(cast, by, cast.outsider, kind)) == who
    office = give(cast, cast.case_officer, cast.outsider, kind)
    end = actions.platforms.end_office
    holders = who | {"outsider"}  # who has just been given it
    assert who_may(cast, lambda by: end(office=office, by=by, at=timezone.now())) == holders
    assert Entry.objects.get(scope=cast.platform.pk).verb == "office.given"


def test_a_convener_makes_nobody_a_case_officer_not_even_themselves(client):
    cast = make_cast()
    page, give_page = reverse("platform", args=["solrod"]), reverse("give_office", args=["solrod"])
    office = Office.objects.get(kind="case_officer")
    end_page = reverse("end_office", args=["solrod", office.pk])
    seen = {}
    for who in (cast.convener, cast.case_officer):
        client.force_login(who)
        html = client.get(page).content.decode()
        seen[who] = ('value="convener"' in html, 'value="case_officer"' in html, end_page in html)
    assert seen == {cast.convener: (True, False, False), cast.case_officer: (True, True, True)}
    client.force_login(cast.convener)
    answer = client.post(give_page, {"email": cast.convener.email, "kind": "case_officer"})
    assert answer.status_code == 403
    assert "Only the platform&#x27;s case officers" in answer.content.decode()
    assert client.post(end_page).status_code == 403
    assert list(Office.objects.filter(kind="case_officer", until=None)) == [office]


def test_the_page_tells_who_runs_it_whom_to_call_and_the_legal_basis(client):
    cast = make_cast()
    partnership(cast.platform, slug="secret", title="Secret talks", visibility=Partnership.Visibility.HIDDEN)
    html = client.get(reverse("platform", args=["solrod"])).content.decode()
    for words in (
        "Run by Solrød Municipality",
        "+45 56 18 20 00",
        "art. 6(1)(e)",
        "dpo@example.org",
        "Seaweed on the beach",
    ):
        assert words in html
    assert "Secret talks" not in html
    assert "Convene a partnership here" not in html


def test_a_convener_gives_the_office_by_address_and_ends_it(client):
    cast = make_cast()
    client.force_login(cast.convener)
    page, give_page = reverse("platform", args=["solrod"]), reverse("give_office", args=["solrod"])
    unknown = client.post(give_page, {"email": "nobody@example.org", "kind": "convener"})
    assert unknown.status_code == 422
    assert "nobody@example.org" in unknown.content.decode()
    assert client.post(give_page, {"email": "UFFE@example.org", "kind": "convener"}).status_code == 302
    office = Office.objects.get(person=cast.outsider)
    assert "Uffe Outsider" in client.get(page).content.decode()
    client.post(reverse("end_office", args=["solrod", office.pk]))
    assert "Uffe Outsider" not in client.get(page).content.decode()
    client.force_login(cast.citizen)
    assert client.post(give_page, {"email": "bo@example.org", "kind": "convener"}).status_code == 403


def test_an_office_is_held_once_and_the_last_one_stays():
    cast = make_cast()
    with pytest.raises(Conflict, match="holds this office already"):
        give(cast, cast.case_officer, cast.convener)
    offices = list(Office.objects.order_by("kind"))
    actions.platforms.end_office(office=offices[0], by=cast.case_officer, at=timezone.now())
    with pytest.raises(Conflict, match="last office"):
        actions.platforms.end_office(office=offices[1], by=cast.convener, at=timezone.now())


def test_the_page_costs_the_same_with_one_row_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast()
    client.force_login(cast.convener)
    page = reverse("platform", args=["solrod"])
    with django_assert_max_num_queries(12) as few:
        client.get(page)
    for number in range(25):
        partnership(cast.platform, slug=f"more-{number}", title=f"More {number}")
    with django_assert_max_num_queries(12) as many:
        client.get(page)
    assert len(few) == len(many)


def test_the_register_is_searched_and_filtered_in_the_address(client):
    cast = make_cast()
    partnership(cast.platform, slug="bath", title="A harbour bath", stage="convene", join_policy="open")
    partnership(
        cast.platform, slug="secret", title="Secret harbour", visibility=Partnership.Visibility.HIDDEN
    )
    other = Platform.objects.get()
    other.pk, other.slug = None, "other"
    other.save(force_insert=True)
    partnership(other, slug="elsewhere", title="Harbour elsewhere")
    page = reverse("platform", args=["solrod"])
    for query, found in (
        ("", {"bath", "seaweed"}),
        ("?q=harbour", {"bath"}),
        ("?q=HEALTHY", {"bath", "seaweed"}),  # a word of the question
        ("?stage=define", {"seaweed"}),
        ("?open=yes", {"bath"}),
        ("?q=harbour&stage=define", set()),
        ("?platform=other", {"bath", "seaweed"}),
        ("?stage=nowhere", {"bath", "seaweed"}),
        ("?q=%00", {"bath", "seaweed"}),
    ):
        html = client.get(page + query).content.decode()
        assert set(re.findall(r'href="/partnerships/([a-z]+)/"', html)) == found, query
    assert "No partnership fits" in client.get(page + "?q=nothing").content.decode()
    for number in range(25):
        partnership(cast.platform, slug=f"more-{number}", title=f"Harbour {number}")
    second = client.get(page + "?q=harbour&page=2").content.decode()
    assert (second.count("co-cardlink__title"), "?q=harbour&amp;page=1" in second) == (6, True)
    assert client.get(page + "?q=harbour&page=3").status_code == 404
