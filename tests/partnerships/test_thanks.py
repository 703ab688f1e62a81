"""Thanks: once for a thing, told once a day, and shown when whoever is thanked agrees."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from notices.actions import drain
from notices.models import Notice
from partnerships import actions
from partnerships.models import Thanks
from tests.cast import make_cast, told, who_may
from tests.partnerships.promising import accepting, deeds, offer

pytestmark = pytest.mark.django_db


def kept(cast):
    made = offer(cast, cast.citizen)
    accepting(made)(cast.convener)
    made.refresh_from_db()
    return deeds.settle_commitment(commitment=made, state="kept", note="", by=cast.citizen, at=timezone.now())


def thank(cast, who, to=None, words="You saved the day.", **thing):
    return actions.thanks.thank(
        to=cast.member(to or cast.citizen), words=words, by=who, at=timezone.now(), **thing
    )


def page(name, cast, *args):
    return reverse(name, args=[cast.partnership.slug, *args])


def test_members_thank_for_what_was_kept_and_never_themselves():
    cast = make_cast()
    made = offer(cast, cast.citizen)
    accepting(made)(cast.convener)
    made.refresh_from_db()
    assert who_may(cast, lambda who: thank(cast, who, commitment=made)) == set()
    deeds.settle_commitment(commitment=made, state="kept", note="", by=cast.citizen, at=timezone.now())
    everyone_else = {"convener", "official", "observer"}
    assert who_may(cast, lambda who: thank(cast, who, commitment=made)) == everyone_else
    said = actions.contributions.say(
        partnership=cast.partnership, kind="idea", body="Boats", by=cast.citizen, at=timezone.now()
    )
    assert who_may(cast, lambda who: thank(cast, who, contribution=said)) == everyone_else


def test_it_is_said_once_for_a_thing_and_gathered():
    cast = make_cast()
    made = kept(cast)
    thank(cast, cast.official, commitment=made)
    with pytest.raises(Conflict):
        thank(cast, cast.official, commitment=made)
    thank(cast, cast.convener, commitment=made)
    assert told("thanked") == [cast.citizen.pk] * 2
    drain("bulk")
    assert set(Notice.objects.filter(kind="thanked").values_list("state", flat=True)) == {"gathered"}
    assert set(Entry.objects.filter(verb="thanks.given").values_list("audience", flat=True)) == {"conveners"}


def test_others_read_it_when_its_receiver_agrees(client):
    cast = make_cast()
    made = kept(cast)
    given = thank(cast, cast.official, commitment=made)
    addresses = [
        page("commitment", cast, made.pk),
        page("member", cast, given.to_id) + "?show=thanks",
    ]

    def readers():
        found = set()
        for name in (None, "citizen", "official", "convener", "case_officer"):
            client.logout()
            if name:
                client.force_login(getattr(cast, name))
            pages = [client.get(address).content.decode() for address in addresses]
            assert len({"You saved the day." in html for html in pages}) == 1
            found |= {name} if "You saved the day." in pages[0] else set()
        return found

    assert readers() == {"citizen", "official"}
    assert who_may(
        cast,
        lambda who: actions.thanks.answer_thanks(
            thanks=Thanks.objects.get(), shown=True, by=who, at=timezone.now()
        ),
    ) == {"citizen"}
    client.force_login(cast.citizen)
    client.post(page("answer_thanks", cast, given.pk), {"shown": "yes"})
    assert readers() == {None, "citizen", "official", "convener", "case_officer"}
    client.force_login(cast.citizen)
    client.post(page("answer_thanks", cast, given.pk), {"shown": "no"})
    assert readers() == {"citizen", "official"}
    client.force_login(cast.convener)
    assert client.post(page("answer_thanks", cast, given.pk), {"shown": "yes"}).status_code == 404


def test_through_the_page_for_a_promise_a_contribution_and_a_meeting(client):
    cast = make_cast()
    made = kept(cast)
    said = actions.contributions.say(
        partnership=cast.partnership, kind="idea", body="Boats", by=cast.citizen, at=timezone.now()
    )
    meeting = actions.meetings.call_meeting(
        partnership=cast.partnership,
        title="On the beach",
        starts_at=timezone.now(),
        ends_at=timezone.now() + datetime.timedelta(hours=1),
        place="The pier",
        link="",
        agenda="",
        time_zone="Europe/Copenhagen",
        by=cast.convener,
        at=timezone.now(),
    )
    bo = cast.member(cast.citizen).pk
    client.force_login(cast.official)
    things = {"commitment": made.pk, "contribution": said.pk, "meeting": meeting.pk}
    for kind, pk in things.items():
        address = page("thank", cast, bo, kind, pk)
        assert client.get(address).status_code == 200
        assert client.post(address, {"words": ""}).status_code == 422
        assert client.post(address, {"words": f"For the {kind}"}).status_code == 302
        assert client.get(address).status_code == 403
    assert Thanks.objects.count() == 3
    inge = cast.member(cast.official).pk
    client.force_login(cast.convener)
    assert client.get(page("thank", cast, inge, "commitment", made.pk)).status_code == 404
    assert client.get(page("thank", cast, bo, "sauna", made.pk)).status_code == 404
    with pytest.raises(Refused):
        thank(cast, cast.outsider, meeting=meeting)
