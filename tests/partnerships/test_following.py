"""Following without joining: for whoever reads and is not in it, private, and over at once with the right to read."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Refused
from cocreate.forget import forget_person
from journal.models import Entry
from partnerships import actions
from partnerships.models import CalendarFeed, Follow, Partnership
from partnerships.places import place_of
from partnerships.rules.following import can_follow
from tests.cast import EVERYBODY, make_cast, who_may
from tests.races import at_once

pytestmark = pytest.mark.django_db


def follow(cast, who, topics=("meetings",)):
    return actions.following.follow(partnership=cast.partnership, topics=topics, by=who, at=timezone.now())


def settings_of(arena, **changed):
    fields = ("visibility", "join_policy", "case_number", "title", "summary")
    return {name: getattr(arena, name) for name in fields} | changed


@pytest.mark.parametrize(
    ("visibility", "allowed"),
    [
        ("public", {"politician", "outsider", "case_officer"}),
        ("members", {"case_officer"}),
        ("hidden", {"case_officer"}),
    ],
)
def test_who_may_follow(visibility, allowed):
    cast = make_cast(visibility=visibility)
    assert who_may(cast, lambda who: follow(cast, who)) == allowed
    answers = {who: can_follow(place_of(cast.partnership, getattr(cast, who))) for who in EVERYBODY}
    assert {who for who, answer in answers.items() if answer} == allowed
    assert {str(answer.why_not) for answer in answers.values() if not answer} <= {
        "You are a member here: what moves shows among what waits for you.",
        "Only members can read this partnership.",
    }
    assert "Sign in" in str(can_follow(place_of(cast.partnership, None)).why_not)


def test_following_choosing_and_stopping(client):
    cast = make_cast()
    client.force_login(cast.outsider)
    target = reverse("follow", args=["seaweed"])
    assert client.post(target, {}).status_code == 422
    assert client.post(target, {"topics": ["meetings", "spying"]}).status_code == 422
    for topics in (["meetings", "decisions"], ["plan"]):
        assert client.post(target, {"topics": topics}).status_code == 302
        assert Follow.objects.get().topics == topics
    assert "You follow this" in client.get(cast.partnership.get_absolute_url()).text
    client.post(reverse("unfollow", args=["seaweed"]))
    assert not Follow.objects.exists()
    assert "You follow this" not in client.get(cast.partnership.get_absolute_url()).text


def test_others_see_a_number_and_never_who(client):
    cast = make_cast()
    follow(cast, cast.outsider)
    follow(cast, cast.politician)
    for who in ("convener", "case_officer", "citizen"):
        client.force_login(getattr(cast, who))
        assert "2 people follow" in client.get(cast.partnership.get_absolute_url()).text
        for name in ("people", "record", "sent_messages"):
            shown = client.get(reverse(name, args=["seaweed"])).text
            assert "Uffe Outsider" not in shown
            assert "Pia Politician" not in shown
    client.logout()
    assert "2 people follow" in client.get(cast.partnership.get_absolute_url()).text
    assert not Entry.objects.filter(actor=cast.outsider.pk).exists()
    interface = client.get("/api/v1/partnerships/").text
    assert "follow" not in interface


def test_a_member_needs_no_following_and_joining_ends_it():
    cast = make_cast(join_policy="open")
    follow(cast, cast.outsider)
    follow(cast, cast.politician)
    actions.members.join_partnership(
        partnership=cast.partnership, sector="citizens", by=cast.outsider, at=timezone.now()
    )
    assert list(Follow.objects.values_list("person", flat=True)) == [cast.politician.pk]
    with pytest.raises(Refused):
        follow(cast, cast.outsider)


@pytest.mark.parametrize("visibility", ["members", "hidden"])
def test_it_ends_when_it_is_no_longer_for_everybody_to_read(visibility):
    cast = make_cast()
    follow(cast, cast.outsider)
    fields = {"partnership": cast.partnership, "by": cast.convener, "at": timezone.now()}
    actions.arenas.change_settings(**fields, **settings_of(cast.partnership, title="Another title"))
    assert Follow.objects.exists()
    actions.arenas.change_settings(**fields, **settings_of(cast.partnership, visibility=visibility))
    assert not Follow.objects.exists()
    actions.arenas.change_settings(**fields, **settings_of(cast.partnership, visibility="public"))
    assert not Follow.objects.exists()  # nobody is taken in again unasked


@pytest.mark.django_db(transaction=True)
def test_nobody_follows_what_is_hidden_at_the_same_moment():
    cast = make_cast()
    fields = {"partnership": cast.partnership, "by": cast.convener, "at": timezone.now()}
    hidden = settings_of(cast.partnership, visibility="hidden")
    followers = [cast.outsider, cast.politician, cast.secretary]
    at_once(
        lambda: actions.arenas.change_settings(**fields, **hidden),
        *[lambda who=who: follow(cast, who) for who in followers],
    )
    assert Partnership.objects.get(pk=cast.partnership.pk).visibility == "hidden"
    assert not Follow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_presses_follow_once_and_one_who_joins_does_not_follow():
    cast = make_cast(join_policy="open")
    assert at_once(*[lambda: follow(cast, cast.outsider)] * 4) == [None] * 4
    assert Follow.objects.count() == 1
    facts = {"partnership": cast.partnership, "by": cast.outsider, "at": timezone.now()}
    at_once(
        lambda: actions.members.join_partnership(sector="citizens", **facts),
        lambda: follow(cast, cast.outsider, ["plan"]),
    )
    assert not Follow.objects.exists()


def test_it_is_mine_to_take_and_gone_when_i_am(client):
    cast = make_cast()
    follow(cast, cast.outsider)
    actions.following.make_feed(by=cast.outsider, at=timezone.now())
    client.force_login(cast.outsider)
    kept = json.loads(client.post(reverse("take_my_data")).content)
    assert [row["partnership__title"] for row in kept["follows"]] == ["Seaweed on the beach"]
    assert [row["partnership__title"] for row in kept["calendars"]] == [None]
    forget_person(person=cast.outsider, by=cast.outsider, at=timezone.now())
    assert (Follow.objects.count(), CalendarFeed.objects.count()) == (0, 0)


def test_a_visitor_is_led_to_sign_in(client):
    cast = make_cast()
    shown = client.get(cast.partnership.get_absolute_url()).text
    (link,) = re.findall(r'href="([^"]+/follow/)"', shown)
    assert "/account/" in client.get(link).url
    assert client.get(reverse("follow", args=["no-such"])).status_code == 302
    client.force_login(cast.outsider)
    assert client.get(reverse("follow", args=["no-such"])).status_code == 404
