"""The pages of those who lead a workshop: the table, the wall, paper, the end."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Cluster, Contribution, Note, Sounding, Workshop
from tests.partnerships import rooming
from tests.partnerships.meeting import call
from tests.partnerships.rooming import QUESTION, enter, send, sorted_room, start
from tests.partnerships.sounding import answer, close

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client, cast):
    client.force_login(cast.convener)
    return client


def at(name, workshop, *args):
    return reverse(name, args=[workshop.partnership.slug, workshop.pk, *args])


def html_of(answer):
    return answer.content.decode()


PAGES = ["workshop", "type_notes", "end_workshop"]
BUTTONS = ["move_notes", "hide_notes", "write_prompt", "lock_workshop", "give_dots"]


@pytest.mark.parametrize("name", [*PAGES, *BUTTONS])
@pytest.mark.parametrize(("who", "status"), [("citizen", 403), ("outsider", 403), (None, 302)])
def test_who_does_not_lead_sees_and_does_nothing_here(client, cast, name, who, status):
    workshop = sorted_room(cast)
    if who:
        client.force_login(getattr(cast, who))
    ask = client.get if name in PAGES else client.post
    answer = ask(at(name, workshop))
    assert answer.status_code == status
    assert "Clean sand" not in html_of(answer)


def test_what_is_hidden_is_404_for_who_is_not_in_it(client, cast):
    workshop = sorted_room(cast)
    cast.partnership.visibility = "hidden"
    cast.partnership.save()
    client.force_login(cast.outsider)
    assert {
        client.get(at(name, workshop)).status_code for name in (*PAGES, "workshop_wall", "workshop_qr")
    } == {404}


def test_from_the_meeting_to_the_table(lead, cast):
    meeting = call(cast)
    page = reverse("meeting", args=[cast.partnership.slug, meeting.pk])
    begin = reverse("start_workshop", args=[cast.partnership.slug, meeting.pk])
    assert begin in html_of(lead.get(page))
    assert lead.post(begin, {"prompts": " \n ", "kind": "idea"}).status_code == 422
    assert "Line 2 has 201 characters" in html_of(
        lead.post(begin, {"prompts": "Why?\n" + "x" * 201, "kind": "idea"})
    )
    answer = lead.post(begin, {"prompts": "Why?\r\n\r\nWhat now?", "kind": "idea"})
    workshop = Workshop.objects.get()
    assert answer.url == at("workshop", workshop)
    assert list(workshop.prompts.values_list("number", "words", "kind")) == [
        (1, "Why?", "idea"),
        (2, "What now?", "idea"),
    ]
    assert workshop.code in html_of(lead.get(answer.url))
    assert begin not in html_of(lead.get(page))  # one at a time


def test_moving_to_a_new_theme_and_to_one_that_is_there(lead, cast):
    workshop = start(cast)
    phone = enter(workshop)
    notes = [send(phone, body) for body in ("Clean sand", "No smell", "A ladder")]
    move = at("move_notes", workshop)
    lead.post(move, {"notes": [notes[0].pk, notes[1].pk], "title": "The beach"})
    beach = Cluster.objects.get()
    lead.post(move, {"notes": [notes[2].pk], "to": beach.pk})
    assert beach.notes.count() == 3
    lead.post(move, {"notes": [notes[2].pk], "to": "none"})
    assert beach.notes.count() == 2


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"title": "The beach"}, "Tick a note first."),
        ({"notes": ["NOTE"]}, "Choose a theme, or type the title of a new one."),
        (
            {"notes": ["NOTE"], "title": "The beach", "to": "none"},
            "Choose a theme, or type the title of a new one.",
        ),
        (
            {"notes": ["NOTE"], "to": str(uuid.uuid4())},
            "This theme was joined with another one in the meantime.",
        ),
        ({"notes": [str(uuid.uuid4())], "title": "X"}, "was taken back in the meantime"),
        ({"notes": ["nonsense"], "title": "X"}, "is not a valid UUID"),
        ({"notes": ["NOTE"], "title": "x" * 141}, "at most 140 characters"),
    ],
)
def test_bad_moves_keep_what_was_ticked(lead, cast, sent, sentence):
    workshop = start(cast)
    note = send(enter(workshop))
    if "notes" in sent:
        sent = sent | {"notes": [str(note.pk) if one == "NOTE" else one for one in sent["notes"]]}
    answer = lead.post(at("move_notes", workshop), sent)
    assert answer.status_code == 422
    assert sentence in html_of(answer)
    assert (f'value="{note.pk}" id="n-{note.pk}" checked' in html_of(answer)) == (
        str(note.pk) in sent.get("notes", [])
    )
    assert not Cluster.objects.exists()


def test_hiding_needs_a_reason_and_takes_it_off_wall_and_phone(lead, cast):
    workshop = start(cast)
    note = send(enter(workshop), "You fools")
    answer = lead.post(at("hide_notes", workshop), {"notes": [note.pk]})
    assert (answer.status_code, Note.objects.shown().count()) == (422, 1)
    lead.post(at("hide_notes", workshop), {"notes": [note.pk], "reason": "It insults."})
    assert "You fools" not in html_of(lead.get(at("workshop_wall", workshop)))
    assert "You fools" in html_of(lead.get(at("workshop", workshop) + "?theme=hidden"))
    lead.post(at("show_note", workshop, note.pk))
    assert "You fools" in html_of(lead.get(at("workshop_wall", workshop)))


def test_renaming_and_joining(lead, cast):
    workshop = sorted_room(cast)
    beach, water = workshop.clusters.all()
    change = reverse("change_cluster", args=[cast.partnership.slug, beach.pk])
    assert lead.post(change, {"title": "", "expected": "The beach"}).status_code == 422
    assert lead.post(change, {"title": "Sand", "expected": "The bay"}).status_code == 409
    lead.post(change, {"title": "Sand", "expected": "The beach"})
    assert lead.post(change, {"into": beach.pk}).status_code == 422  # with itself
    lead.post(change, {"into": water.pk})
    assert list(workshop.clusters.values_list("title", flat=True)) == ["The water"]
    assert water.notes.count() == 3


def test_themes_are_not_joined_when_dots_were_given(lead, cast):
    workshop = sorted_room(cast)
    lead.post(at("give_dots", workshop), {"dots": 3})
    beach, water = workshop.clusters.all()
    change = reverse("change_cluster", args=[cast.partnership.slug, beach.pk])
    assert "Dots have been given on these themes" in html_of(lead.get(change))
    assert lead.post(change, {"into": water.pk}).status_code == 403
    assert workshop.clusters.count() == 2


def test_questions_door_and_dots_by_button(lead, cast):
    workshop = sorted_room(cast)
    lead.post(at("open_prompt", workshop, 2))
    assert [one.is_open for one in workshop.prompts.all()] == [False, True]
    lead.post(at("close_prompt", workshop, 2))
    assert [one.is_open for one in workshop.prompts.all()] == [False, False]
    lead.post(at("write_prompt", workshop), {"words": "And then?", "kind": "idea"})
    assert workshop.prompts.count() == 3
    assert lead.post(at("write_prompt", workshop), {"words": "", "kind": "idea"}).status_code == 422
    for locked in (True, False):
        lead.post(at("lock_workshop", workshop))
        assert bool(Workshop.objects.get().locked_at) == locked
    assert lead.post(at("give_dots", workshop), {"dots": "0"}).status_code == 422
    lead.post(at("give_dots", workshop), {"dots": "2"})
    assert lead.post(at("give_dots", workshop), {"dots": "2"}).status_code == 403  # one round at a time
    asked = Sounding.objects.get()
    assert [one.words for one in asked.options.all()] == ["The beach", "The water"]
    assert lead.post(reverse("close_sounding", args=[cast.partnership.slug, asked.pk])).url == at(
        "workshop", workshop
    )


def test_paper_by_page_once(lead, cast):
    workshop = start(cast)
    page = at("type_notes", workshop)
    assert lead.post(page, {"lines": "A bench\n" + "x" * 501, "sheet": uuid.uuid4()}).status_code == 422
    sent = {"lines": "A bench\n\n A bin ", "sheet": uuid.uuid4()}
    for _time in range(2):
        assert lead.post(page, sent).status_code == 302
    assert sorted(Note.objects.values_list("body", "paper")) == [("A bench", True), ("A bin", True)]


def test_the_end_by_page(lead, cast):
    workshop = sorted_room(cast)
    assert "End it now" in html_of(lead.get(at("end_workshop", workshop)))
    assert not Contribution.objects.exists()
    lead.post(at("end_workshop", workshop))
    assert Contribution.objects.count() == 6
    assert lead.post(at("end_workshop", workshop)).status_code == 409
    said = html_of(Client().get(reverse("say", args=[cast.partnership.slug])))
    assert "someone in the room" in said
    assert "It ended" in html_of(lead.get(at("workshop", workshop)))


# --- the wall -------------------------------------------------------------------------------------------------


def test_the_wall_shows_code_question_and_notes_as_they_come(lead, cast):
    workshop = start(cast)
    phone = enter(workshop, first_name="Anna")
    wall = at("workshop_wall", workshop)
    html = html_of(lead.get(wall))
    assert [part in html for part in (workshop.code, QUESTION, "one phone", "Clean sand")] == [
        True,
        True,
        True,
        False,
    ]
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in html
    send(phone, "Clean sand")
    html = html_of(lead.get(wall))
    assert "Clean sand" in html
    assert "Anna" not in html


def test_a_wall_that_has_seen_all_gets_nothing_in_no_time(lead, cast, django_assert_num_queries):
    workshop = sorted_room(cast)
    wall, part = at("workshop_wall", workshop), {"headers": {"HX-Request": "true"}}
    html = html_of(lead.get(wall, **part))
    since = html.split("since=")[1].split('"')[0]
    with django_assert_num_queries(4):
        assert lead.get(f"{wall}?since={since}", **part).status_code == 204
    rooming.ask(cast, workshop, 2)
    assert lead.get(f"{wall}?since={since}", **part).status_code == 200


def test_members_put_up_the_wall_and_strangers_do_not(client, cast):
    workshop = sorted_room(cast)
    client.force_login(cast.citizen)
    assert client.get(at("workshop_wall", workshop)).status_code == 200
    assert client.get(at("workshop_qr", workshop))["Content-Type"] == "image/svg+xml"
    client.force_login(cast.outsider)
    assert client.get(at("workshop_wall", workshop)).status_code == 403
    assert client.get(at("workshop_qr", workshop)).status_code == 403


def test_the_wall_shows_dots_when_they_are_closed_and_not_before(lead, cast):
    workshop = sorted_room(cast)
    wall = at("workshop_wall", workshop)
    asked = rooming.soundings.give_dots(workshop=workshop, dots=3, by=cast.convener, at=timezone.now())
    answer(asked, phone=enter(workshop), _1=2)
    html = html_of(lead.get(wall))
    assert ("Give your dots on your phone: one has." in html, "2 dots" in html) == (True, False)
    close(cast, asked)
    html = html_of(lead.get(wall))
    assert ("Give your dots" in html, "2 dots" in html, "0 dots" in html) == (False, True, True)


def test_after_the_end_the_wall_says_thank_you(lead, cast):
    workshop = sorted_room(cast)
    rooming.end(cast, workshop, at=timezone.now())
    html = html_of(lead.get(at("workshop_wall", workshop)))
    assert "Thank you. The workshop is over." in html
    assert workshop.code not in html.split("<main")[1]
