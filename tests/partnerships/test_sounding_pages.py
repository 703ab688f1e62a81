"""The pages of soundings: asking with bad input, answering each way, and who sees what came of it."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notices.actions import drain
from partnerships.models import Phone, Sounding, SoundingMark
from tests.partnerships import rooming
from tests.partnerships.sounding import answer, ask, close, marks
from tests.partnerships.writing import start as start_text

pytestmark = pytest.mark.django_db


def page(name, cast, *args):
    return reverse(name, args=[cast.partnership.slug, *args])


def html_of(answered):
    return answered.content.decode()


def typed(**more):
    return {
        "question": "What matters?",
        "lines": "A ladder\r\nClean sand",
        "method": "agree",
        "dots": "3",
        "closes_at": "",
        "shown": "after",
        **more,
    }


@pytest.fixture
def lead(client, cast):
    client.force_login(cast.convener)
    return client


# --- asking ---------------------------------------------------------------------------------------------------


def test_asking_by_page(lead, cast):
    answered = lead.post(page("open_sounding", cast), typed())
    asked = Sounding.objects.get()
    assert answered.url == page("sounding", cast, asked.pk)
    assert [one.words for one in asked.options.all()] == ["A ladder", "Clean sand"]
    html = html_of(lead.get(answered.url))
    assert "This informs, it decides nothing." in html
    assert "What matters?" in html_of(lead.get(page("soundings", cast)))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"question": ""}, "This field is required."),
        ({"lines": "Only one"}, "Type or choose two lines at least."),
        ({"lines": " \n "}, "Type or choose two lines at least."),
        ({"lines": "A ladder\na LADDER"}, "Two lines say the same: “a ladder”."),
        ({"lines": "\n".join(f"Line {n}" for n in range(201))}, "These are 201 lines. Type 200 at most."),
        ({"lines": "Short\n" + "x" * 501}, "Line 2 has 501 characters. It may have 500."),
        ({"lines": "One\nTw\x00o"}, "Null characters are not allowed."),
        ({"closes_at": "2020-01-01T12:00"}, "This moment is over. Choose one that lies ahead."),
        ({"method": "lottery"}, "Select a valid choice."),
        ({"dots": "0"}, "greater than or equal to 1"),
        ({"dots": "21"}, "less than or equal to 20"),
    ],
)
def test_bad_input_keeps_what_was_typed(lead, cast, wrong, sentence):
    answered = lead.post(page("open_sounding", cast), typed(question="What <i>matters</i>?") | wrong)
    assert answered.status_code == 422
    assert sentence in html_of(answered)
    assert "&lt;i&gt;" in html_of(answered) or "question" in wrong
    assert not Sounding.objects.exists()


def test_a_list_of_what_was_said_written_and_sorted(lead, cast):
    workshop = rooming.sorted_room(cast)
    rooming.end(cast, workshop)
    theme = workshop.clusters.get(title="The beach")
    said = workshop.written.get(cluster=None).contribution
    sent = typed(lines="", themes=[theme.pk], contributions=[said.pk])
    lead.post(page("open_sounding", cast), sent)
    rows = Sounding.objects.get().options.values_list("words", "cluster", "contribution")
    assert list(rows) == [("The beach", theme.pk, None), (said.body, None, said.pk)]
    others = typed(lines="One\nTwo", proposals=[start_text(cast).pk])  # the charter is no proposal
    assert lead.post(page("open_sounding", cast), others).status_code == 422


# --- answering ------------------------------------------------------------------------------------------------


def test_agreeing_by_page_one_by_one(client, cast):
    asked = ask(cast)
    client.force_login(cast.citizen)
    shown = page("sounding", cast, asked.pk)
    seen = []
    for value in ("1", "-1", "0"):
        html = html_of(client.get(shown))
        option = html.split('name="option" value="')[1].split('"')[0]
        seen.append(option)
        client.post(page("answer_sounding", cast, asked.pk), {"option": option, "value": value})
    assert len(set(seen)) == 3
    assert sorted(SoundingMark.objects.values_list("value", flat=True)) == [-1, 0, 1]
    assert "You have answered every line" in html_of(client.get(shown))
    again = html_of(client.get(shown + "?line=1"))
    assert str(asked.options.get(number=1).pk) in again


def test_what_is_put_off_comes_last(client, cast):
    asked = ask(cast)
    client.force_login(cast.citizen)
    shown = page("sounding", cast, asked.pk)
    turns = [
        html_of(client.get(f"{shown}?skip={n}")).split('name="option" value="')[1][:36] for n in range(4)
    ]
    assert len(set(turns[:3])) == 3
    assert turns[3] == turns[0]
    assert client.get(f"{shown}?skip=nonsense&line=999").status_code == 200


def test_giving_dots_by_page(client, cast):
    asked = ask(cast, "dots")
    one, two, _three = (f"dots-{option.pk}" for option in asked.options.all())
    client.force_login(cast.citizen)
    send = page("answer_sounding", cast, asked.pk)
    too_many = client.post(send, {one: "2", two: "2"})
    assert too_many.status_code == 422
    assert "You gave 4 dots and have 3. Take some away." in html_of(too_many)
    assert client.post(send, {one: "-1"}).status_code == 422
    assert client.post(send, {one: "many"}).status_code == 422
    client.post(send, {one: "2", two: ""})
    assert marks(asked) == {("Bo Citizen", 1): 2}


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        ({1: 1, 2: 1}, "The same line stands on two places."),
        ({1: 1, 3: 2}, "Fill the places in order"),
        ({2: 1}, "Fill the places in order"),
    ],
)
def test_ranking_by_page_with_ties_and_gaps(client, cast, places, sentence):
    asked = ask(cast, "ranking")
    keys = {option.number: str(option.pk) for option in asked.options.all()}
    client.force_login(cast.citizen)
    send = page("answer_sounding", cast, asked.pk)
    answered = client.post(send, {f"place-{place}": keys[number] for place, number in places.items()})
    assert (answered.status_code, SoundingMark.objects.count()) == (422, 0)
    assert sentence in html_of(answered)
    client.post(send, {"place-1": keys[3], "place-2": keys[1]})
    assert marks(asked) == {("Bo Citizen", 3): 1, ("Bo Citizen", 1): 2}


def test_a_line_of_another_sounding_is_422(client, cast):
    asked, other = ask(cast), ask(cast)
    client.force_login(cast.citizen)
    sent = {"option": other.options.first().pk, "value": "1"}
    assert client.post(page("answer_sounding", cast, asked.pk), sent).status_code == 422
    assert not SoundingMark.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("observer", 403), ("outsider", 403), (None, 302)])
def test_who_has_no_say_does_not_answer(client, cast, who, status):
    asked = ask(cast)
    if who:
        client.force_login(getattr(cast, who))
    sent = {"option": asked.options.first().pk, "value": "1"}
    assert client.post(page("answer_sounding", cast, asked.pk), sent).status_code == status
    assert not SoundingMark.objects.exists()


def test_a_phone_answers_on_its_own_page(cast):
    workshop = rooming.sorted_room(cast)
    asked = rooming.soundings.give_dots(workshop=workshop, dots=2, by=cast.convener, at=timezone.now())
    phone, stranger = Client(), Client()
    phone.post(reverse("enter_workshop", args=[workshop.code]), {"sector": "private"})
    room = reverse("phone", args=[workshop.code])
    here = reverse("phone_sounding", args=[workshop.code, asked.pk])
    assert here in html_of(phone.get(room))
    beach = f"dots-{asked.options.get(words='The beach').pk}"
    assert phone.post(here, {beach: "3"}).status_code == 422
    assert phone.post(here, {beach: "2"}).url == room
    assert asked.voters.get().phone == Phone.objects.get(sector="private")
    assert stranger.post(here, {beach: "2"}).status_code == 404
    close(cast, asked)
    assert phone.post(here, {beach: "1"}).status_code == 403
    assert SoundingMark.objects.get().value == 2


# --- who sees the result --------------------------------------------------------------------------------------

TABLE = "Every line with its numbers"


@pytest.mark.parametrize("shown", ["after", "closed"])
def test_who_sees_the_result_when(cast, shown):
    asked = ask(cast, shown=shown)
    answer(asked, cast.citizen, _1=1)
    readers = {name: Client() for name in ("citizen", "official", "visitor")}
    for name in ("citizen", "official"):
        readers[name].force_login(getattr(cast, name))

    def seen():
        return {
            name
            for name, one in readers.items()
            if TABLE in html_of(one.get(page("sounding", cast, asked.pk)))
        }

    assert seen() == ({"citizen"} if shown == "after" else set())
    close(cast, asked)
    assert seen() == {"citizen", "official", "visitor"}


def test_what_is_hidden_is_404(client, cast):
    asked = ask(cast)
    cast.partnership.visibility = "hidden"
    cast.partnership.save()
    client.force_login(cast.outsider)
    assert {
        client.get(page("sounding", cast, asked.pk)).status_code,
        client.get(page("soundings", cast)).status_code,
    } == {404}


def test_filters_of_the_list(client, cast):
    first, second = ask(cast), ask(cast, lines=("One", "Two"))
    Sounding.objects.filter(pk=second.pk).update(question="Which colour?")
    answer(first, cast.citizen, _1=1)
    close(cast, first)
    client.force_login(cast.citizen)

    def listed(query):
        html = html_of(client.get(page("soundings", cast) + query))
        return [str(one.pk) in html for one in (first, second)]

    assert listed("") == [True, True]
    assert listed("?state=open") == listed("?state=mine") == listed("?q=colour") == [False, True]
    assert listed("?state=closed") == [True, False]
    answer(second, cast.citizen, _1=1)
    assert listed("?state=mine") == [False, False]


def test_the_mail_tells_question_and_time_and_not_who_has_answered(cast, smtp_sink):
    asked = ask(cast, closes_at=timezone.now() + datetime.timedelta(days=3))
    answer(asked, cast.official, _1=1)
    cast.citizen.language = "da"
    cast.citizen.save()
    drain("prompt")
    drain("bulk")
    (mail,) = smtp_sink.to("bo@example.org")
    assert mail["Subject"] == "Hvad mener du? Seaweed on the beach"
    assert all(
        f"/soundings/{asked.pk}/" in mail.get_body((kind,)).get_content() for kind in ("plain", "html")
    )
    assert "Det afgør ingenting" in mail.get_body(("plain",)).get_content()
    assert smtp_sink.to("inge@example.org") == []
