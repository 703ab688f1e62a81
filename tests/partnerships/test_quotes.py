"""Quotes: words that stand there, for as long as they stand there, with a lasting link to where."""

import pytest
from django.utils import timezone

from boundary.answer import Refused
from partnerships.models import Contribution
from tests.cast import join, make_cast, partnership
from tests.partnerships.saying import html_of, page_of, post, say

pytestmark = pytest.mark.django_db


def test_the_link_opens_the_form_with_the_words(client, cast):
    first = say(cast, cast.citizen, "The smell is *worst* in July.")
    client.force_login(cast.official)
    html = html_of(client.get(page_of(cast, "contribution", first) + f"?quote={first.pk}"))
    assert "You quote Bo Citizen" in html
    assert 'name="quoted"' in html
    assert "The smell is *worst* in July.</textarea>" in html


@pytest.mark.parametrize("asked", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_what_cannot_be_quoted_is_not(client, cast, asked):
    first = say(cast, cast.citizen)
    client.force_login(cast.official)
    answer = client.get(page_of(cast, "contribution", first) + f"?quote={asked}")
    assert answer.status_code == 200
    assert 'name="quoted"' not in html_of(answer)


def test_words_of_another_partnership_are_not_quoted(client, cast):
    other = partnership(cast.platform, slug="bath", visibility="hidden")
    secret = Contribution.objects.create(
        partnership=other, member=join(other, cast.outsider), kind="idea", body="secret words"
    )
    client.force_login(cast.official)
    html = html_of(client.get(page_of(cast, "say") + f"?quote={secret.pk}"))
    assert "secret words" not in html
    answer = post(client, cast, cast.official, "So?", quote=str(secret.pk), quoted="secret words")
    assert answer.status_code == 422
    assert "What you quote can no longer be read." in html_of(answer)


@pytest.mark.parametrize(
    ("quoted", "status"),
    [
        ("The smell is worst", 302),
        ("The smell … in July.", 302),
        ("The smell is\nworst   in July.", 302),
        ("The smell is lovely", 422),
        ("in July. … The smell", 422),
    ],
)
def test_only_words_that_stand_there_can_be_quoted(client, cast, quoted, status):
    first = say(cast, cast.citizen, "The smell is worst in July.")
    answer = post(client, cast, cast.official, "Yes.", to=first, quote=str(first.pk), quoted=quoted)
    assert answer.status_code == status
    assert Contribution.objects.filter(quotes=first).exists() is (status == 302)
    if status == 422:
        assert quoted in html_of(answer)


def test_an_emptied_quote_quotes_nothing(client, cast):
    first = say(cast, cast.citizen)
    assert (
        post(client, cast, cast.official, "Yes.", to=first, quote=str(first.pk), quoted="").status_code == 302
    )
    assert list(Contribution.objects.filter(reply_to=first).values_list("quotes", "quoted")) == [(None, "")]


@pytest.mark.parametrize("end", ["hidden", "retracted"])
def test_quoted_words_go_when_their_source_goes_and_the_link_stays(client, cast, end):
    first = say(cast, cast.citizen, "My neighbour drinks.")
    say(cast, cast.official, "Please not so.", reply_to=first, quotes=first, quoted="My neighbour drinks.")
    shown = html_of(client.get(page_of(cast, "say")))
    assert shown.count("My neighbour drinks.") == 2
    gone = {"hidden_reason": "Rude"} if end == "hidden" else {}
    Contribution.objects.filter(pk=first.pk).update(**{f"{end}_at": timezone.now()}, **gone)
    html = html_of(client.get(page_of(cast, "say")))
    assert "My neighbour drinks." not in html
    assert "The words that are quoted here are no longer shown." in html
    assert f"/say/{first.pk}/#c-{first.pk}" in html
    assert "Please not so." in html


@pytest.mark.parametrize("end", ["hidden", "retracted"])
def test_what_is_gone_is_neither_answered_nor_quoted(cast, end):
    first = say(cast, cast.citizen)
    other = say(cast, cast.citizen)
    gone = {"hidden_reason": "Rude"} if end == "hidden" else {}
    Contribution.objects.filter(pk=first.pk).update(**{f"{end}_at": timezone.now()}, **gone)
    for fields in ({"reply_to": first}, {"reply_to": other, "quotes": first, "quoted": "It smells."}):
        with pytest.raises(Refused):
            say(cast, cast.official, **fields)
    assert Contribution.objects.count() == 2


def test_a_reply_stays_in_its_partnership(client):
    cast = make_cast()
    other = partnership(cast.platform, slug="bath")
    there = Contribution.objects.create(
        partnership=other, member=join(other, cast.citizen), kind="idea", body="Over there"
    )
    assert post(client, cast, cast.citizen, "Here", to=there).status_code == 404
    assert Contribution.objects.count() == 1
