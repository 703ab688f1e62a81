"""The pages of a phone in a room: in by a code, without an account; bad input gets a sentence and keeps the words."""

import time
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from boundary.tokens import ALPHABET
from partnerships.models import Note, Partnership, Phone, Tally, Workshop
from tests.partnerships import rooming
from tests.partnerships.rooming import QUESTION, ask, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(cast):
    return start(cast)


def at(name, workshop, *args):
    return reverse(name, args=[workshop.code, *args])


def come_in(workshop, client=None, **typed):
    client = client or Client()
    assert client.post(at("enter_workshop", workshop), typed).status_code == 302
    return client


def typed(workshop, body="Clean sand", number=1, **more):
    prompt = workshop.prompts.get(number=number)
    return {"body": body, "prompt": str(prompt.pk), "given": str(uuid.uuid4()), **more}


def html_of(answer):
    return answer.content.decode()


# --- in -------------------------------------------------------------------------------------------------------


def test_from_the_code_to_the_wall(client, cast, room):
    answer = client.post(reverse("workshop_code"), {"code": f" {room.code[:3].lower()}-{room.code[3:]} "})
    assert answer.url == at("phone", room)
    door = html_of(client.get(answer.url))
    assert "later by everyone on this site, without your name" in door
    assert QUESTION not in door
    assert not Phone.objects.exists()  # looking changes nothing
    client.post(at("enter_workshop", room), {"first_name": "Anna", "sector": "citizens"})
    assert QUESTION in html_of(client.get(at("phone", room)))
    assert client.post(at("send_note", room), typed(room)).url == at("phone", room)
    (note,) = Note.objects.all()
    assert (note.body, note.phone.first_name, note.phone.sector) == ("Clean sand", "Anna", "citizens")
    assert "Clean sand" in html_of(client.get(at("phone", room)))


def test_the_key_of_a_phone_is_for_this_room_alone_and_no_script_reads_it(client, room):
    come_in(room, client)
    cookie = client.cookies["phone"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (at("phone", room), True, "Lax")
    assert cookie.value.startswith(str(Phone.objects.get().pk))


@pytest.mark.parametrize(
    "change", [lambda value: value[:-1] + ("a" if value[-1] != "a" else "b"), lambda _value: "x"]
)
def test_a_key_that_somebody_made_up_opens_nothing(client, room, change):
    come_in(room, client)
    client.cookies["phone"] = change(client.cookies["phone"].value)
    assert "Take part from your phone" in html_of(client.get(at("phone", room)))
    assert client.post(at("send_note", room), typed(room)).status_code == 404
    assert not Note.objects.exists()


def test_the_key_of_one_room_does_not_open_another(client, cast, room):
    come_in(room, client)
    other = start(cast)
    key = client.cookies["phone"].value
    stranger = Client()
    stranger.cookies["phone"] = key
    assert "Take part from your phone" in html_of(stranger.get(at("phone", other)))
    assert stranger.post(at("send_note", other), typed(other)).status_code == 404


def test_a_member_who_is_signed_in_writes_under_their_name(client, cast, room):
    client.force_login(cast.citizen)
    assert "You are signed in, Bo Citizen" in html_of(client.get(at("phone", room)))
    come_in(room, client)
    client.post(at("send_note", room), typed(room))
    assert Note.objects.get().phone.member == cast.member(cast.citizen)
    client.logout()
    assert "Take part from your phone" in html_of(client.get(at("phone", room)))


def test_coming_in_twice_is_coming_in_once(client, room):
    for _time in range(3):
        come_in(room, client)
    assert Phone.objects.count() == 1


def test_the_holder_of_a_code_does_not_learn_what_is_hidden(client, cast, room):
    Partnership.objects.update(visibility="hidden")
    come_in(room, client)
    pages = [reverse("workshop_code"), at("phone", room), at("phone_now", room)]
    shown = [html_of(Client().get(at("phone", room))), *[html_of(client.get(page)) for page in pages]]
    secrets = (cast.partnership.title, cast.partnership.slug, room.meeting.title, cast.convener.name)
    assert [secret for secret in secrets for page in shown if secret in page] == []
    assert cast.platform.name in shown[0]
    assert client.get(cast.partnership.get_absolute_url()).status_code == 404
    assert "later by the members, without your name" in shown[0]


def test_a_partnership_that_anybody_may_know_is_named(client, cast, room):
    Partnership.objects.update(visibility="members")
    assert cast.partnership.title in html_of(client.get(at("phone", room)))


# --- codes that open nothing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["AAAAAA", "234567", "O0I1LU", "short", "far-too-long-for-a-code", "", "🙂🙂🙂🙂🙂🙂"]
)
def test_a_code_that_is_none_gets_a_sentence(client, room, code):
    answer = client.post(reverse("workshop_code"), {"code": code})
    assert answer.status_code == 422
    assert ("No open workshop has this code" in html_of(answer)) == bool(code)


def test_the_code_of_an_ended_workshop_is_like_one_that_never_was(client, cast, room):
    rooming.end(cast, room)
    ended, never = client.get(at("phone", room)), client.get(reverse("phone", args=["AAAAAA"]))
    assert ended.status_code == never.status_code == 404
    assert html_of(ended).replace(room.code, "AAAAAA") == html_of(never)
    assert client.post(reverse("workshop_code"), {"code": room.code}).status_code == 422


def test_who_was_in_sees_that_it_is_over_and_what_they_wrote(client, cast, room):
    come_in(room, client)
    client.post(at("send_note", room), typed(room))
    rooming.end(cast, room)
    html = html_of(client.get(at("phone", room)))
    assert "The workshop is over" in html
    assert "Clean sand" in html
    assert "Change it" not in html


def test_codes_are_not_guessed_by_the_hundred_and_the_room_is_not_locked_out(client, room):
    inside, second = come_in(room), timezone.now().second
    time.sleep(60 - second if second > 55 else 0)  # tries are counted by the minute
    tries = [f"{ALPHABET[n]}{ALPHABET[n + 1]}AAAA" for n in range(29)]
    answers = {
        client.get(reverse("phone", args=[code])).status_code
        for code in (*tries, "AAAAA2", "AAAAA3", "AAAAA4")
    }
    assert answers == {404, 429}
    assert client.post(reverse("workshop_code"), {"code": room.code}).status_code == 429
    assert client.get(at("phone", room)).status_code == 429
    assert inside.get(at("phone", room)).status_code == 200
    assert client.get(at("phone", room), REMOTE_ADDR="10.9.8.7").status_code == 200


def test_a_whole_room_behind_one_address_gets_in(room):
    for _phone in range(40):
        come_in(room)
    assert Workshop.objects.get().phones == 40


# --- notes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "Write something first."),
        ("   \n  ", "Write something first."),
        ("x" * 501, "A note has at most 500 characters; yours has 501."),
        ("a\x00b", "Null characters are not allowed."),
    ],
)
def test_bad_notes_get_a_sentence(client, room, body, sentence):
    come_in(room, client)
    answer = client.post(at("send_note", room), typed(room, body))
    assert (answer.status_code, Note.objects.count()) == (422, 0)
    assert sentence in html_of(answer)
    assert body.strip("\x00 \n")[:400] in html_of(answer)


@pytest.mark.parametrize(
    "body",
    [
        "🏖️👩‍👩‍👧‍👦 ja tak",
        "شاطئ نظيف",
        "x" * 500,
        "two\r\nlines",
        "<script>alert(1)</script>",
        "'; DROP TABLE--",
    ],
)
def test_whatever_people_type_arrives_as_it_was(client, room, body):
    come_in(room, client)
    assert client.post(at("send_note", room), typed(room, body)).status_code == 302
    assert Note.objects.get().body == body.replace("\r\n", "\n")
    assert "<script>alert" not in html_of(client.get(at("phone", room)))


def test_lines_count_the_same_in_every_browser(client, room):
    come_in(room, client)
    body = "\r\n".join(["x" * 99] * 5)  # 499 characters and four ends of lines
    assert client.post(at("send_note", room), typed(room, body)).status_code == 302


def test_a_form_sent_twice_without_script_makes_one_note(client, room):
    come_in(room, client)
    sent = typed(room)
    for _time in range(2):
        client.post(at("send_note", room), sent)
    assert Note.objects.count() == 1


@pytest.mark.parametrize("given", ["", "no-uuid", "x" * 64])
def test_the_number_of_a_note_may_be_anything(client, room, given):
    come_in(room, client)
    client.post(at("send_note", room), typed(room, given=given))
    assert Note.objects.count() == 1


def test_a_question_of_another_room_is_none(client, cast, room):
    come_in(room, client)
    other = start(cast)
    answer = client.post(at("send_note", room), typed(other))
    assert (answer.status_code, Note.objects.count()) == (422, 0)


def test_too_fast_keeps_the_words_in_their_box(client, room):
    come_in(room, client)
    minute = timezone.now().replace(second=0, microsecond=0)
    for since in (minute, minute + timedelta(minutes=1)):
        Tally.objects.create(key=f"note:{Phone.objects.get().pk}", since=since, count=12)
    answer = client.post(at("send_note", room), typed(room, "Note 13"))
    assert (answer.status_code, Note.objects.count()) == (429, 0)
    assert "Note 13</textarea>" in html_of(answer)


def test_words_for_a_question_that_has_moved_on_stay_with_it(client, cast, room):
    come_in(room, client)
    ask(cast, room, 2)
    answer = client.post(at("send_note", room), typed(room, "x" * 501, number=1))
    assert QUESTION in html_of(answer).split("<main")[1].split("</h1>")[0]
    client.post(at("send_note", room), typed(room, "Shade", number=1))
    assert Note.objects.get().prompt.number == 1


def test_a_script_gets_the_list_and_refusals_as_sentences(client, cast, room):
    come_in(room, client)
    script = {"headers": {"Accept": "application/json"}}
    answer = client.post(at("send_note", room), typed(room), **script)
    assert "Clean sand" in answer.json()["mine"]
    wrong = client.post(at("send_note", room), typed(room, ""), **script)
    assert (wrong.status_code, wrong.json()["detail"]) == (422, "Write something first.")
    rooming.end(cast, room, at=timezone.now() - 2 * rooming.landing.LATE)
    late = client.post(at("send_note", room), typed(room, "Late"), **script)
    assert (late.status_code, late.json()["detail"]) == (
        403,
        "This workshop is over. Copy your words, and give them to a convener.",
    )


@pytest.mark.parametrize("member", [False, True])
def test_a_phone_hears_when_the_room_moves_on(client, cast, room, member):
    if member:
        client.force_login(cast.citizen)
    come_in(room, client)
    shown = html_of(client.get(at("phone", room)))
    now = client.get(at("phone_now", room)).json()["now"]
    assert f'data-now="{now}"' in shown
    assert client.get(at("phone_now", room), {"since": now}).status_code == 204
    assert Client().get(at("phone_now", room), {"since": now}).status_code == 404
    ask(cast, room, 2)
    assert client.get(at("phone_now", room), {"since": now}).json()["now"] != now


def test_a_look_costs_one_query(client, room, django_assert_num_queries):
    come_in(room, client)
    now = client.get(at("phone_now", room)).json()["now"]
    with django_assert_num_queries(1):
        assert client.get(at("phone_now", room), {"since": now}).status_code == 204


def test_changing_and_taking_back_by_page(client, cast, room):
    come_in(room, client)
    client.post(at("send_note", room), typed(room))
    note = Note.objects.get()
    assert client.post(at("change_note", room, note.pk), {"body": ""}).status_code == 422
    client.post(at("change_note", room, note.pk), {"body": "White sand"})
    assert Note.objects.get().body == "White sand"
    stranger = come_in(room)
    for name in ("change_note", "withdraw_note"):
        assert stranger.post(at(name, room, note.pk), {"body": "Mine"}).status_code == 404
    client.post(at("withdraw_note", room, note.pk))
    assert not Note.objects.kept().exists()
    assert client.get(at("change_note", room, note.pk)).status_code == 404


def test_a_phone_reads_in_the_language_it_asks_for(client, cast, room):
    with translation.override("en"):  # a request leaves its language behind
        html = html_of(client.get(at("phone", room), headers={"Accept-Language": "da-DK,da;q=0.9"}))
    assert '<html lang="da"' in html
    assert "uden dit navn" in html
