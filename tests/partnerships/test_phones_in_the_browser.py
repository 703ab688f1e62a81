"""Real phones in a room: the network goes and comes back, and nothing that was typed is lost or there twice."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from partnerships.models import Note
from tests.browser import assert_accessible
from tests.cast import make_cast
from tests.partnerships import rooming
from tests.partnerships.rooming import ask, start

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}


def come_in(new_page, workshop, **options):
    page = new_page(**PHONE, **options)
    page.goto(f"/w/{workshop.code}/")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_label("Your note", exact=True).first).to_be_visible()
    return page


def write(page, words):
    page.get_by_role("textbox", name="Your note").fill(words)
    page.get_by_role("button", name="Send").click()


def on_the_wall():
    return sorted(Note.objects.values_list("body", flat=True))


def wall_of(cast, workshop, new_page, live_server):
    client = Client()
    client.force_login(cast.convener)
    page = new_page()
    key = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([key])
    page.goto(reverse("workshop_wall", args=[cast.partnership.slug, workshop.pk]))
    return page


def test_two_phones_lose_the_network_and_find_it_again(new_page, live_server):
    cast = make_cast()
    workshop = start(cast)
    wall = wall_of(cast, workshop, new_page, live_server)
    one, two = come_in(new_page, workshop), come_in(new_page, workshop)
    write(one, "Clean sand")
    expect(one.locator("#mine")).to_contain_text("Clean sand")
    expect(wall.locator("#wall-now")).to_contain_text("Clean sand", timeout=6000)  # by itself

    # The answer to the second phone's note is lost on its way: it has arrived, and the phone does not know.
    lost = []

    def lose(route):
        if not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    two.route("**/notes/", lose)
    one.context.set_offline(True)
    write(one, "A ladder")
    write(one, "A raft")
    write(two, "No smell")
    expect(one.locator("#queue")).to_contain_text("Waits for the network")
    assert one.locator("#queue li").count() == 2
    expect(two.locator("#mine")).to_contain_text("No smell")
    one.context.set_offline(False)
    expect(one.locator("#mine")).to_contain_text("A raft")
    expect(one.locator("#queue")).to_be_hidden()
    expect(wall.locator("#wall-now")).to_contain_text("A raft", timeout=6000)
    assert on_the_wall() == ["A ladder", "A raft", "Clean sand", "No smell"]
    assert len(lost) == 1
    assert_accessible(wall)
    one.faults = [fault for fault in one.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
    assert_accessible(one)


def test_a_phone_that_was_closed_without_a_network_sends_when_it_is_opened_again(new_page):
    workshop = start(make_cast())
    page = come_in(new_page, workshop)
    page.context.set_offline(True)
    write(page, "From the tunnel")
    page.get_by_role("textbox", name="Your note").fill("Half a sent")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(f"/w/{workshop.code}/")
    expect(page.locator("#mine")).to_contain_text("From the tunnel")
    expect(page.get_by_role("textbox", name="Your note")).to_have_value("Half a sent")
    assert on_the_wall() == ["From the tunnel"]


def test_all_phones_move_to_the_next_question_but_nobody_in_the_middle_of_a_sentence(new_page):
    cast = make_cast()
    workshop = start(cast)
    idle, writing = come_in(new_page, workshop), come_in(new_page, workshop)
    writing.get_by_role("textbox", name="Your note").fill("I was just about to")
    ask(cast, workshop, 2)
    expect(idle.get_by_role("heading", level=1)).to_have_text("What is in the way?", timeout=8000)
    expect(writing.locator("#moved")).to_be_visible(timeout=8000)
    expect(writing.get_by_role("heading", level=1)).to_have_text(rooming.QUESTION)
    writing.get_by_role("button", name="Send").click()
    expect(writing.get_by_role("heading", level=1)).to_have_text("What is in the way?", timeout=8000)
    assert Note.objects.get(body="I was just about to").prompt.number == 1


def test_without_script_a_phone_writes_as_well(new_page):
    workshop = start(make_cast())
    page = come_in(new_page, workshop, java_script_enabled=False)
    write(page, "Clean sand")
    expect(page.locator("#mine")).to_contain_text("Clean sand")
    assert on_the_wall() == ["Clean sand"]
