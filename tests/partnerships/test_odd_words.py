"""Words of any script and any ill will: shown as they are, or refused in a sentence, and never lost."""

import pytest

from partnerships.models import Contribution
from tests.partnerships.saying import html_of, page_of, post

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
