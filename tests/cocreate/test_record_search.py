"""Looking for something in the record, and the lasting address of each entry."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from partnerships import actions
from partnerships.models import Partnership, StageVisit
from tests.cast import make_cast
from tests.partnerships.promising import accepting, offer

pytestmark = pytest.mark.django_db


def page(cast, query="", name="record", *args):
    return reverse(name, args=[cast.partnership.slug, *args]) + query


def say(cast, who, at=None, body="It smells."):
    return actions.contributions.say(
        partnership=cast.partnership, kind="experience", body=body, by=who, at=at or timezone.now()
    )


SAID, OFFERED, ACCEPTED = "Inge Official said something.", "Bo Citizen offered: Ten boats", "accepted: Ten"


@pytest.fixture
def told():
    """Inge said something long ago; Bo offered ten boats, and Karen took them."""
    cast = make_cast()
    say(cast, cast.official, at=timezone.now() - datetime.timedelta(days=30))
    accepting(offer(cast, cast.citizen, "Ten boats"))(cast.convener)
    return cast


def found(client, cast, query):
    html = client.get(page(cast, query)).content.decode()
    return {words for words in (SAID, OFFERED, ACCEPTED) if words in html}


def test_each_filter_shows_what_it_says(client, told):
    everything = {SAID, OFFERED, ACCEPTED}
    day = timezone.localdate()
    bo = told.member(told.citizen).pk
    number = StageVisit.objects.get(left_at=None).number
    shows = {
        "": everything,
        "?kind=words": {SAID},
        "?kind=deeds": {OFFERED, ACCEPTED},
        "?verb=commitment.accepted": {ACCEPTED},
        "?who=inge": {SAID},
        f"?who={bo}": {OFFERED},
        "?side=public": {SAID, ACCEPTED},
        "?sector=citizens": {OFFERED},
        "?side=public&kind=deeds": {ACCEPTED},
        f"?since={day}": {OFFERED, ACCEPTED},
        f"?until={day - datetime.timedelta(days=10)}": {SAID},
        f"?stage={number}": everything,
        "?stage=1": set(),
        "?q=ten+BOATS": {OFFERED, ACCEPTED},
        "?q=said+something": {SAID},
        "?q=karen": {ACCEPTED},
        "?q=sauna": set(),
        "?order=oldest": everything,
        "?kind=nonsense&stage=99&since=soon&order=up": everything,
        "?q=%25(who)s": set(),
    }
    for query, expected in shows.items():
        assert found(client, told, query) == expected, query


def test_the_order_turns_round(client, told):
    html = client.get(page(told)).content.decode()
    assert html.index(ACCEPTED) < html.index(SAID)
    html = client.get(page(told, "?order=oldest")).content.decode()
    assert html.index(SAID) < html.index(ACCEPTED)


def test_who_is_shown_by_function_is_never_found_by_name(client, told):
    told.partnership.members.filter(person=told.citizen).update(shown_by_function=True)
    for query in ("?who=bo", "?q=citizen", "?who=citizen"):
        html = client.get(page(told, query)).content.decode()
        assert "Ten boats" not in html
    assert "Ten boats" in client.get(page(told, "?who=beach")).content.decode()


def test_what_conveners_alone_read_is_in_no_list_of_others(client, told):
    said = say(told, told.citizen)
    actions.moderation.report_contribution(
        contribution=said, reason="Rude.", by=told.outsider, at=timezone.now()
    )
    for who, knows in ((told.citizen, False), (told.convener, True)):
        client.force_login(who)
        html = client.get(page(told)).content.decode()
        assert ("reported a contribution" in html, 'value="contribution.reported"' in html) == (knows, knows)
        html = client.get(page(told, "?verb=contribution.reported")).content.decode()
        assert ("reported a contribution" in html) is knows


def test_it_costs_the_same_with_few_and_with_many(client, told, django_assert_max_num_queries):
    client.force_login(told.convener)
    costs = []
    for more in (0, 25):
        for number in range(more):
            accepting(offer(told, told.citizen, f"Ten boats {number}"))(told.convener)
        for query in ("", "?q=boats&who=bo&side=non_public"):
            with django_assert_max_num_queries(12) as spent:
                client.get(page(told, query))
            costs.append(len(spent))
    assert costs[:2] == costs[2:]


# --- the lasting address ---------------------------------------------------------------------------------------------


def test_an_entry_has_a_lasting_address_with_its_place_in_the_chain(client, told):
    entry = Entry.objects.get(verb="commitment.accepted")
    address = page(told, "", "record_entry", entry.sequence)
    assert f'href="{address}"' in client.get(page(told)).content.decode()
    html = client.get(address).content.decode()
    assert ACCEPTED in html
    assert entry.digest in html
    assert entry.previous in html
    assert page(told, "", "commitment", entry.ids["commitment"]) in html
    first = client.get(page(told, "", "record_entry", 1)).content.decode()
    assert "It is the first entry." in first


def test_what_a_reader_may_not_see_is_as_if_it_were_not(client, told):
    said = say(told, told.citizen)
    actions.moderation.report_contribution(
        contribution=said, reason="Rude.", by=told.outsider, at=timezone.now()
    )
    entry = Entry.objects.get(verb="contribution.reported")
    secret = page(told, "", "record_entry", entry.sequence)
    missing = page(told, "", "record_entry", 9999)
    for who, status in ((None, 404), (told.citizen, 404), (told.convener, 200), (told.case_officer, 200)):
        client.logout()
        if who:
            client.force_login(who)
        answer = client.get(secret)
        assert answer.status_code == status
        if status == 404:
            pages = [
                client.get(address).content.decode().replace(f"record%2F{number}%2F", "")
                for address, number in ((secret, entry.sequence), (missing, 9999))
            ]
            bodies = [html.partition("<main")[2].partition("</main>")[0] for html in pages]
            assert bodies[0]
            assert bodies[0] == bodies[1]
    Partnership.objects.update(visibility=Partnership.Visibility.HIDDEN)
    client.force_login(told.outsider)
    assert client.get(page(told, "", "record_entry", 1)).status_code == 404
    Partnership.objects.update(visibility=Partnership.Visibility.MEMBERS)
    assert client.get(page(told, "", "record_entry", 1)).status_code == 403
