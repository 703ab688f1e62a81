"""Words of any script and any ill will: shown as they are, or refused in a sentence, and never lost."""

import pytest

from partnerships.models import Contribution, Text
from tests.partnerships.saying import html_of, page_of, post
from tests.partnerships.writing import start, write

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "body",
    [
        "الشاطئ تفوح منه رائحة كريهة في يوليو",
        "החוף מסריח ביולי",
        "🌊🧑‍🤝‍🧑 strand 🏖️",
        "zero\u200bwidth and \u202eturned\u202c",
        "a" * 20_000,
        "line\r\n" * 3_000,  # a browser counts each line's end as one character
        "[" * 3_000,
        "> " * 3_000 + "deep",
    ],
    ids=["arabic", "hebrew", "emoji", "zero_width", "long", "lines", "brackets", "nested"],
)
def test_words_of_any_script_are_kept_and_shown(client, cast, body):
    answer = post(client, cast, cast.citizen, body)
    assert answer.status_code == 302
    kept = Contribution.objects.get().body
    assert kept == body.replace("\r\n", "\n").strip()
    for page in (page_of(cast, "say"), answer.url):
        shown = client.get(page)
        assert shown.status_code == 200
        assert '<div class="co-prose co-voice" dir="auto">' in html_of(shown)
    assert kept[:20].strip() in html_of(client.get(answer.url)).replace("&gt;", ">") or body.startswith(
        ("[", ">")
    )


def test_a_nul_is_left_out(client, cast):
    assert post(client, cast, cast.citizen, "the\x00 beach").status_code == 302
    assert Contribution.objects.get().body == "the beach"


@pytest.mark.parametrize("body", ["", "   ", "\x00", "\u200b\u2060", "\u202e \u200f"])
def test_words_that_nobody_can_see_say_nothing(client, cast, body):
    answer = post(client, cast, cast.citizen, body)
    assert answer.status_code == 422
    assert "This field is required." in html_of(answer)
    assert not Contribution.objects.exists()


def test_a_kind_that_does_not_exist_keeps_the_words(client, cast):
    answer = post(client, cast, cast.citizen, "My words", kind="shout")
    assert answer.status_code == 422
    assert "My words</textarea>" in html_of(answer)
    assert not Contribution.objects.exists()


def test_one_character_too_many_keeps_the_words(client, cast):
    answer = post(client, cast, cast.citizen, "a" * 20_001)
    assert answer.status_code == 422
    assert "a" * 20_001 in html_of(answer)


def test_a_number_longer_than_any_is_none(client, cast):
    """Python itself refuses to read a number of 5,000 digits."""
    digits, text = "9" * 5_000, start(cast, Text.Kind.PROBLEM)
    write(cast, text)
    client.force_login(cast.convener)
    assert client.get(page_of(cast, "compare", text), {"newer": digits}).status_code == 422
    more = {"do": "more", "shown": digits}
    assert client.post(page_of(cast, "write", text), more).status_code == 200
    entries = {"do": "more", "e-TOTAL_FORMS": digits}
    assert client.post(page_of(cast, "record_contributions"), entries).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_that_there_is_are_days(client, cast, day):
    said = post(client, cast, cast.citizen, "It smells.").url.rpartition("#")[2]
    for name in ("say", "record"):
        found = html_of(client.get(page_of(cast, name), {"since": "0001-01-01", "until": day}))
        assert (f'id="{said}"' in found or "Bo Citizen said something" in found) is (day == "9999-12-31")
    sent = {"substitute": cast.member(cast.official).pk, "until": day}
    assert client.post(page_of(cast, "substitutes"), sent).status_code == 422


def test_a_nul_in_what_is_asked_of_the_api_is_no_fault(client, cast):
    post(client, cast, cast.citizen, "It smells.")

    def asked(**query):
        return client.get("/api/v1/contributions/", query)

    assert asked(kind="id\x00ea").status_code == 400
    assert len(asked(search="It\x00 smells").json()["results"]) == 1
