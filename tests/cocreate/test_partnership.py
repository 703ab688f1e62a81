"""The overview: what it tells, to whom, and what it costs."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from actors.models import Sector
from partnerships import actions
from partnerships.models import Mandate, Meeting, Partnership, Seat, StageVisit
from partnerships.stages import Stage
from tests.cast import join, make_cast, person

pytestmark = pytest.mark.django_db


def page_of(cast):
    return reverse("partnership", args=[cast.partnership.slug])


def html(client, cast, who=None):
    client.logout()
    if who:
        client.force_login(who)
    return client.get(page_of(cast)).content.decode()


def meeting(cast, **fields):
    soon = timezone.now() + datetime.timedelta(days=3)
    return Meeting.objects.create(
        partnership=cast.partnership,
        title="At the beach",
        starts_at=soon,
        place="Library",
        ends_at=soon + datetime.timedelta(hours=2),
        called_by=cast.convener,
        **fields,
    )


def test_anyone_reads_what_it_is_about_and_whom_to_call(client):
    cast = make_cast()
    Seat.objects.create(partnership=cast.partnership, sector=Sector.PRIVATE)
    told = html(client, cast)
    assert "What to do about rotting seaweed." in told
    assert "How can the beach be clean and the bay healthy?" in told
    assert "Not yet promised" in told
    assert "+45 56 18 20 00" in told
    assert "3 of 4 seats taken" in told
    assert "Bo Citizen" in told


def test_a_given_promise_names_who_and_where(client):
    cast = make_cast()
    Mandate.objects.update(
        promise_state="given",
        promise_kind="consider_and_reply",
        promise_by="Solrød Council",
        promise_minute="item 12",
        promise_on=datetime.date(2026, 3, 1),
    )
    assert "Given by Solrød Council: item 12, 1 March 2026" in html(client, cast)


def test_the_stage_says_when_it_is_due_and_when_it_is_late(client):
    cast = make_cast()
    StageVisit.objects.filter(left_at=None).update(due_on=datetime.date(2040, 2, 18))
    assert "Planned to be done by 18 February 2040." in html(client, cast)
    StageVisit.objects.filter(left_at=None).update(due_on=datetime.date(2020, 2, 18))
    assert "It was planned to be done by 18 February 2020." in html(client, cast)


@pytest.mark.parametrize(
    ("policy", "told"),
    [("open", "Join this partnership"), ("request", "Ask to join"), ("invitation", "by invitation only")],
)
def test_the_way_in_follows_the_policy(client, policy, told):
    cast = make_cast(join_policy=policy)
    for who in (None, cast.outsider):
        assert told in html(client, cast, who)
    assert told not in html(client, cast, cast.citizen)


def test_an_ended_partnership_takes_nobody_in(client):
    cast = make_cast(stage=Stage.CLOSED, join_policy="open")
    told = html(client, cast, cast.outsider)
    assert "Join this partnership" not in told
    assert "This partnership is closed. It can be read, not changed." in told


def test_members_only_shows_its_name_and_the_door(client):
    cast = make_cast(visibility=Partnership.Visibility.MEMBERS)
    told = html(client, cast, cast.outsider)
    assert "What to do about rotting seaweed." in told
    assert "Only members can read this partnership" in told
    assert "Bo Citizen" not in told
    assert "How can the beach be clean" not in told
    assert "Bo Citizen" in html(client, cast, cast.citizen)


def test_hidden_does_not_exist(client):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    assert client.get(page_of(cast)).status_code == 404
    client.force_login(cast.citizen)
    assert client.get(page_of(cast)).status_code == 200


def test_who_is_heard_counts_words_against_seats(client):
    cast = make_cast()
    assert "Too little has been said so far" in html(client, cast)
    for _ in range(9):
        actions.contributions.say(
            partnership=cast.partnership, kind="idea", body="Nets.", by=cast.official, at=timezone.now()
        )
    actions.contributions.say(
        partnership=cast.partnership, kind="idea", body="No nets.", by=cast.citizen, at=timezone.now()
    )
    assert "Residents: 10 % of the contributions from 33 % of the seats." in html(client, cast)


def test_members_answer_the_next_meeting_and_others_only_see_it(client):
    cast = make_cast()
    held = meeting(cast)
    answer = reverse("answer_meeting", args=[cast.partnership.slug, held.pk])
    assert answer in html(client, cast, cast.citizen)
    assert answer not in html(client, cast, cast.outsider)
    assert "At the beach" in html(client, cast)


def test_the_page_costs_the_same_with_few_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast(stage=Stage.IMPLEMENT)
    meeting(cast)
    client.force_login(cast.citizen)
    with django_assert_max_num_queries(12) as few:
        client.get(page_of(cast))
    for number in range(30):
        join(cast.partnership, person(f"Resident{number} Beach"))
        actions.contributions.say(
            partnership=cast.partnership, kind="idea", body="Nets.", by=cast.citizen, at=timezone.now()
        )
    with django_assert_max_num_queries(12) as many:
        client.get(page_of(cast))
    assert len(few) == len(many)


def test_html_in_the_title_is_text(client):
    cast = make_cast(title="<script>alert(1)</script>")
    assert "<script>alert" not in html(client, cast)
