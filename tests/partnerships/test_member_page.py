"""A member's page: what they did here, as far as each reader may know."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from actors.models import Person
from partnerships import actions
from partnerships.models import Attendance, Decision, Leadership, Meeting, Member, Partnership, Position, Text
from tests.cast import make_cast
from tests.partnerships.promising import accepting, offer

pytestmark = pytest.mark.django_db
PARTS = ["said", "wrote", "decided", "promised", "attended", "carried", "thanks"]


def page(cast, who, query=""):
    return reverse("member", args=[cast.partnership.slug, cast.member(who).pk]) + query


def say(cast, who, body, **more):
    return actions.contributions.say(
        partnership=cast.partnership, kind="idea", body=body, by=who, at=timezone.now(), **more
    )


def settled(cast, *, closed):
    """A decision about a text by Bo, in which Bo objects."""
    now = timezone.now()
    text = actions.texts.start_text(
        partnership=cast.partnership, kind="charter", title="Ground rules", by=cast.citizen, at=now
    )
    revision = actions.texts.write_revision(
        text=text, body={"rules": "Listen."}, cites=[], note="", based_on=None, by=cast.citizen, at=now
    )
    decision = Decision.objects.create(
        partnership=cast.partnership,
        text=Text.objects.get(),
        revision=revision,
        question="Shall it be so?",
        quorum_public=1,
        quorum_non_public=1,
        opened_at=now - datetime.timedelta(days=2),
        opened_by=cast.convener,
        closes_at=now - datetime.timedelta(days=1),
        closed_at=now if closed else None,
        outcome="objected" if closed else "",
    )
    Position.objects.create(
        decision=decision,
        member=cast.member(cast.citizen),
        choice="object",
        reason="Too dear.",
        digest="0",
        at=now,
    )
    return decision


def everything(cast):
    """Something of each part, by Bo."""
    say(cast, cast.citizen, "Boats are slow.")
    settled(cast, closed=True)
    made = offer(cast, cast.citizen, "Ten evenings")
    accepting(made)(cast.convener)
    now = timezone.now()
    meeting = Meeting.objects.create(
        partnership=cast.partnership,
        title="On the pier",
        starts_at=now,
        ends_at=now + datetime.timedelta(hours=1),
        place="Pier",
        called_by=cast.convener,
    )
    bo = cast.member(cast.citizen)
    Attendance.objects.create(meeting=meeting, member=bo, attended=True)
    Leadership.objects.create(
        partnership=cast.partnership,
        member=bo,
        function="steward",
        state="held",
        offered_by=cast.convener,
        offered_at=now,
        answered_at=now,
    )


SHOWN = {
    "said": "Boats are slow.",
    "wrote": "Ground rules",
    "decided": "Too dear.",
    "promised": "Ten evenings",
    "attended": "On the pier",
    "carried": "Keeps to the question",
}


def test_each_part_has_its_address_and_a_count_in_words(client, django_assert_max_num_queries):
    cast = make_cast()
    everything(cast)
    client.force_login(cast.official)
    for part in PARTS:
        with django_assert_max_num_queries(12):
            html = client.get(page(cast, cast.citizen, f"?show={part}")).content.decode()
        assert {key for key, words in SHOWN.items() if words in html} == {part} - {"thanks"}
        assert (
            "1 contribution, 1 revision written, 1 position taken, 1 promise, 1 meeting, 1 function" in html
        )
    assert client.get(page(cast, cast.citizen, "?show=sauna")).status_code == 404
    assert client.get(page(cast, cast.citizen, "?page=2")).status_code == 404


def test_who_came_to_a_meeting_is_for_members(client):
    cast = make_cast()
    everything(cast)
    html = client.get(page(cast, cast.citizen)).content.decode()
    assert "1 promise, 1 function" in html
    assert client.get(page(cast, cast.citizen, "?show=attended")).status_code == 404


def test_positions_are_shown_where_their_decision_shows_them(client):
    cast = make_cast()
    decision = settled(cast, closed=False)
    client.force_login(cast.official)
    assert "Too dear." not in client.get(page(cast, cast.citizen, "?show=decided")).content.decode()
    Decision.objects.filter(pk=decision.pk).update(closed_at=timezone.now(), outcome="objected")
    assert "Too dear." in client.get(page(cast, cast.citizen, "?show=decided")).content.decode()
    bo = Member.objects.filter(person=cast.citizen)
    address = page(cast, cast.citizen, "?show=decided")
    bo.update(left_at=timezone.now() - datetime.timedelta(hours=1))
    assert "Too dear." not in client.get(address).content.decode()


def test_hidden_words_and_words_of_others_are_not_theirs(client):
    cast = make_cast()
    hidden = say(cast, cast.citizen, "Rude words")
    actions.moderation.hide_contribution(
        contribution=hidden, reason="Rude.", by=cast.convener, at=timezone.now()
    )
    say(cast, cast.convener, "Said in the room", on_behalf_of="A fisherman")
    html = client.get(page(cast, cast.citizen)).content.decode()
    assert "Rude words" not in html
    assert "Said in the room" not in client.get(page(cast, cast.convener)).content.decode()


def test_a_member_shown_by_function_stays_so_and_an_erased_one_has_no_name(client):
    cast = make_cast()
    everything(cast)
    Member.objects.filter(person=cast.citizen).update(shown_by_function=True)
    made = cast.member(cast.citizen).commitments.get()
    for part in PARTS[:4]:
        html = client.get(page(cast, cast.citizen, f"?show={part}")).content.decode()
        assert ("Lives by the beach" in html, "Bo Citizen" in html) == (True, False)
    html = client.get(reverse("commitment", args=[cast.partnership.slug, made.pk])).content.decode()
    assert ("Lives by the beach" in html, "Bo Citizen" in html) == (True, False)
    Member.objects.filter(person=cast.citizen).update(shown_by_function=False)
    Person.objects.filter(pk=cast.citizen.pk).update(name="")
    html = client.get(page(cast, cast.citizen)).content.decode()
    assert ("Erased person" in html, "Boats are slow." in html) == (True, True)


def test_who_left_is_still_there_with_the_day(client):
    cast = make_cast()
    say(cast, cast.citizen, "Boats are slow.")
    address = page(cast, cast.citizen)
    actions.members.leave(partnership=cast.partnership, reason="", by=cast.citizen, at=timezone.now())
    html = client.get(address).content.decode()
    assert ("Left on " in html, "Boats are slow." in html) == (True, True)
    assert address in client.get(reverse("people", args=[cast.partnership.slug])).content.decode()


def test_people_lead_to_it_and_strangers_get_nothing(client):
    cast = make_cast()
    say(cast, cast.citizen, "Boats are slow.")
    people = reverse("people", args=[cast.partnership.slug])
    address = page(cast, cast.citizen)
    for who in (None, cast.convener):
        client.logout()
        if who:
            client.force_login(who)
        assert f'href="{address}"' in client.get(people).content.decode()
    Partnership.objects.update(visibility=Partnership.Visibility.HIDDEN)
    client.force_login(cast.outsider)
    assert client.get(address).status_code == 404
    Partnership.objects.update(visibility=Partnership.Visibility.MEMBERS)
    answer = client.get(address)
    assert (answer.status_code, "Boats" in answer.content.decode()) == (403, False)
    other = Partnership.objects.create(slug="other", platform=cast.platform, title="Other", summary="Other")
    client.force_login(cast.convener)
    assert client.get(reverse("member", args=[other.slug, cast.member(cast.citizen).pk])).status_code == 404


def test_it_costs_the_same_with_few_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast()
    everything(cast)
    client.force_login(cast.official)
    costs = []
    for more in (0, 25):
        for number in range(more):
            say(cast, cast.citizen, f"Words {number}")
            offer(cast, cast.citizen, f"Offer {number}")
        spent = []
        for part in PARTS:
            with django_assert_max_num_queries(12) as queries:
                client.get(page(cast, cast.citizen, f"?show={part}"))
            spent.append(len(queries))
        costs.append(spent)
    assert costs[0] == costs[1]


def test_what_somebody_typed_in_without_a_name_is_not_their_own(client):
    cast = make_cast()
    say(cast, cast.convener, "I say so.")
    entries = [{"kind": "idea", "body": "Heard in the hall.", "way": "room"}]
    actions.contributions.record_contributions(
        partnership=cast.partnership, entries=entries, by=cast.convener, at=timezone.now()
    )
    html = client.get(page(cast, cast.convener)).content.decode()
    assert ("I say so." in html, "Heard in the hall." in html, "1 contribution" in html) == (
        True,
        False,
        True,
    )
