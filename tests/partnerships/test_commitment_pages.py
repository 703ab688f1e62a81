"""The pages of commitments: offering, asking, answering, saying what became of it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Commitment, Partnership
from tests.cast import make_cast
from tests.partnerships.promising import State, deeds, offer

pytestmark = pytest.mark.django_db


def page(name, cast, *args):
    return reverse(name, args=[cast.partnership.slug, *args])


def test_offering_and_answering_through_the_pages(client):
    cast = make_cast()
    client.force_login(cast.citizen)
    answer = client.post(
        page("commitments", cast), {"kind": "hours", "what": "Cleaning", "amount": "40", "unit": "hours"}
    )
    made = Commitment.objects.get()
    assert (answer.status_code, answer.url) == (302, page("commitment", cast, made.pk))
    assert "You cannot accept" not in client.get(answer.url).content.decode()
    client.force_login(cast.convener)
    html = client.get(page("commitments", cast)).content.decode()
    assert "Waiting for you" in html
    client.post(page("accept_commitment", cast, made.pk))
    client.post(page("settle_commitment", cast, made.pk), {"settle-state": "kept", "settle-note": "Thanks"})
    html = client.get(page("commitments", cast)).content.decode()
    assert "Kept" in html
    assert "40 hours" in html
    assert "Waiting for you" not in html


def test_asking_through_the_page_and_writing_down_an_answer_on_paper(client):
    cast = make_cast()
    client.force_login(cast.convener)
    sent = {"member": str(cast.member(cast.official).pk), "kind": "data", "what": "Water samples"}
    assert client.post(page("ask_commitment", cast), sent).status_code == 302
    asked = Commitment.objects.get()
    assert "They said yes" in client.get(page("commitment", cast, asked.pk)).content.decode()
    assert client.post(page("accept_commitment", cast, asked.pk)).status_code == 403
    client.post(page("accept_commitment", cast, asked.pk), {"recorded": "1"})
    html = client.get(page("commitment", cast, asked.pk)).content.decode()
    assert "Last written down by Karen Convener" in html
    assert Commitment.objects.get().state == State.ACCEPTED


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "40"}, "Write a number and its unit together"),
        ({"unit": "hours"}, "Write a number and its unit together"),
        ({"amount": "-1", "unit": "hours"}, "Write a number above zero"),
        ({"due_on": "2001-01-01"}, "This day has passed"),
        ({"due_on": "soon"}, "Enter a valid date"),
        ({"what": "x" * 301}, "at most 300 characters"),
        ({"kind": "gold"}, "Select a valid choice"),
    ],
)
def test_bad_input_keeps_what_was_typed(client, wrong, sentence):
    cast = make_cast()
    client.force_login(cast.citizen)
    typed = {"kind": "hours", "what": "Cleaning the <b>beach</b>", **wrong}
    answer = client.post(page("commitments", cast), typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    assert wrong.get("what", "Cleaning the &lt;b&gt;beach&lt;/b&gt;") in html
    assert not Commitment.objects.exists()


def test_a_missed_promise_needs_a_reason_and_a_change_too(client):
    cast = make_cast()
    made = offer(cast, cast.citizen)
    deeds.accept_commitment(commitment=made, by=cast.convener, at=timezone.now())
    client.force_login(cast.citizen)
    answer = client.post(page("settle_commitment", cast, made.pk), {"settle-state": "missed"})
    assert answer.status_code == 422
    assert "Write in a few words why" in answer.content.decode()
    answer = client.post(page("renegotiate_commitment", cast, made.pk), {"change-what": "Ten hours only"})
    assert answer.status_code == 422
    assert "Ten hours only" in answer.content.decode()
    assert Commitment.objects.get().state == State.ACCEPTED


def test_filters_show_what_they_say(client):
    cast = make_cast()
    offer(cast, cast.citizen, "From the shore")
    kept = offer(cast, cast.official, "From the town hall")
    deeds.accept_commitment(commitment=kept, by=cast.convener, at=timezone.now())
    shows = {
        "": {"shore", "town hall"},
        "?state=waiting": {"shore"},
        "?state=standing": {"town hall"},
        "?side=public": {"town hall"},
        "?side=non_public&kind=hours": {"shore"},
        "?kind=money": set(),
        "?state=nonsense": {"shore", "town hall"},
    }
    for query, expected in shows.items():
        html = client.get(page("commitments", cast) + query).content.decode()
        assert {words for words in ("shore", "town hall") if words in html} == expected, query


@pytest.mark.parametrize("name", ["commitments", "commitment"])
def test_hidden_is_404_and_members_only_is_refused(client, name):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    args = [offer(cast, cast.citizen, "Secret words").pk] if name == "commitment" else []
    for who, status in ((cast.outsider, 404), (cast.citizen, 200), (cast.case_officer, 200)):
        client.force_login(who)
        assert client.get(page(name, cast, *args)).status_code == status
    Partnership.objects.update(visibility=Partnership.Visibility.MEMBERS)
    client.force_login(cast.outsider)
    answer = client.get(page(name, cast, *args))
    assert answer.status_code == 403
    assert "Secret words" not in answer.content.decode()


def test_a_commitment_of_another_partnership_is_404(client):
    cast = make_cast()
    made = offer(cast, cast.citizen)
    Partnership.objects.create(slug="other", platform=cast.platform, title="Other", summary="Other")
    client.force_login(cast.convener)
    assert client.get(reverse("commitment", args=["other", made.pk])).status_code == 404


def test_the_page_costs_the_same_with_few_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast()
    offer(cast, cast.citizen), offer(cast, cast.convener)
    client.force_login(cast.convener)
    with django_assert_max_num_queries(12) as few:
        client.get(page("commitments", cast))
    for number in range(25):
        offer(cast, cast.citizen, f"Offer {number}")
    with django_assert_max_num_queries(12) as many:
        client.get(page("commitments", cast))
    assert len(few) == len(many)
    with django_assert_max_num_queries(12):
        client.get(page("commitment", cast, Commitment.objects.first().pk))
