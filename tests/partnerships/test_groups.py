"""The map of groups: who draws it, what it asks, and how a group comes to its seats."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from partnerships import actions
from partnerships.models import Group, Invitation, JoinRequest, Mandate, Member, Seat
from partnerships.stages import Stage
from partnerships.views.groups import groups_of
from tests.cast import join, make_cast, partnership, person, who_may
from tests.partnerships.inviting import draft, send

pytestmark = pytest.mark.django_db
RATED = {"sector": "citizens", "affectedness": 3, "relevance": 2, "authority": 0, "resources": 1, "voice": 1}
TYPED = {"name": "Families by the beach", "seats": 2, **RATED}


def page_of(name, *more):
    return reverse(name, args=["seaweed", *more])


def added(cast, name="Families by the beach", *, seats=0, **facts):
    deed = {"partnership": cast.partnership, "by": cast.convener, "at": timezone.now(), "seats": seats}
    return actions.groups.add_group(name=name, **deed, **(RATED | facts))


def sentences(client):
    """What the page says and asks, as one text."""
    html = client.get(page_of("groups")).content.decode()
    return re.sub(r"<[^>]+>|\s+", " ", html.partition("<main")[2])


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_draw_the_map_when(stage):
    cast = make_cast(stage=stage)

    def adds(who):
        actions.groups.add_group(
            partnership=cast.partnership, by=who, at=timezone.now(), name="Farmers", seats=1, **RATED
        )

    assert who_may(cast, adds) == (set() if stage == Stage.CLOSED else {"convener"})


def test_a_group_is_added_with_its_seats_rated_again_and_taken_off(client, cast):
    client.force_login(cast.convener)
    answer = client.post(page_of("add_group"), TYPED | {"another": "yes"})
    assert (answer.status_code, answer.url) == (302, page_of("add_group"))
    group = Group.objects.get()
    assert (group.name, group.affectedness, group.power) == ("Families by the beach", 3, 2)
    assert [(seat.sector, seat.label) for seat in group.seats.all()] == [("citizens", group.name)] * 2
    change = page_of("change_group", group.pk)
    assert client.get(change).context["form"].initial["seats"] == 2
    typed = TYPED | {"name": "Families in the bay", "seats": 1, "voice": 3}
    assert client.post(change, typed).url == page_of("groups")
    group.refresh_from_db()
    assert (group.name, group.voice, [seat.label for seat in group.seats.all()]) == (
        "Families in the bay",
        3,
        ["Families in the bay"],
    )
    assert client.post(page_of("remove_group", group.pk)).status_code == 302
    assert not Group.objects.exists()
    assert not Seat.objects.exists()
    verbs = (
        Entry.objects.filter(scope=cast.partnership.pk).order_by("sequence").values_list("verb", flat=True)
    )
    assert list(verbs) == [
        *("group.added", "seats.added", "group.changed", "seat.removed"),
        *("group.removed",),
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"affectedness": "4"}, "4 is not one of the available choices"),
        ({"voice": "much"}, "much is not one of the available choices"),
        ({"seats": "-1"}, "greater than or equal to 0"),
        ({"seats": "51"}, "less than or equal to 50"),
        ({"seats": "0"}, "They are affected very much. Give them a seat, or write why they have none."),
        ({"name": "Farmers"}, "There is a group named “Farmers” already."),
    ],
)
def test_bad_input_is_said_and_kept(client, cast, wrong, sentence):
    added(cast, "Farmers")
    client.force_login(cast.convener)
    answer = client.post(page_of("add_group"), TYPED | {"brings": "They <b>see</b> it"} | wrong)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    assert "They &lt;b&gt;see&lt;/b&gt; it" in html
    assert Group.objects.count() == 1


def test_a_group_never_has_fewer_seats_than_people(client, cast):
    group = added(cast, seats=2)
    Seat.objects.filter(pk=group.seats.first().pk).update(holder=cast.member(cast.citizen))
    client.force_login(cast.convener)
    answer = client.post(page_of("change_group", group.pk), TYPED | {"seats": 0, "no_seat_reason": "Few"})
    assert answer.status_code == 422
    assert (
        "1 seats of this group are taken. It cannot have fewer. Type at least 1." in answer.content.decode()
    )
    assert group.seats.count() == 2
    assert client.post(page_of("remove_group", group.pk)).status_code == 403
    assert Group.objects.filter(pk=group.pk).exists()


def test_who_is_asked_for_a_group_sits_for_it(cast):
    """Open seats first; one more when all are taken."""
    group = added(cast, seats=1)
    for name in ("Maja", "Nils"):
        (row,) = draft(cast, f"{name.lower()}@example.net", name=name, group=group)
        send(cast)
        actions.invitations.accept_invitation(invitation=row, name=name, by=None, at=timezone.now())
    seated = Member.objects.filter(seat__group=group).values_list("person__name", flat=True)
    assert sorted(seated) == ["Maja", "Nils"]
    (shown,) = groups_of(cast.partnership)
    assert (shown.taken, shown.open_seats, shown.asked) == (2, 0, 0)


def test_the_map_asks_who_is_missing(client, cast):
    client.force_login(cast.convener)
    assert "No group is on the map yet." in sentences(client)
    group = added(cast, no_seat_reason="They were asked and have no time.")
    assert "“Families by the beach”: hit hardest, with little power, and nobody sits or speaks" in sentences(
        client
    )
    html = client.get(page_of("groups")).content.decode()
    assert "Somebody important is missing" in html
    assert html.count('class="missing"') == 2  # on the map, and in its key
    member = cast.member(cast.citizen)
    Group.objects.filter(pk=group.pk).update(advocate=member)
    assert "hit hardest, with little power" not in sentences(client)
    Member.objects.filter(pk=member.pk).update(left_at=timezone.now())
    assert "hit hardest, with little power" in sentences(client)
    Group.objects.filter(pk=group.pk).update(voice=2)
    assert "affected very much, and nobody sits or speaks for them yet" in sentences(client)
    Group.objects.filter(pk=group.pk).update(affectedness=1, relevance=3, no_seat_reason="")
    assert "the answer depends on them, and they are not at the table." in sentences(client)
    assert "No group is said to be affected very much." in sentences(client)


def test_the_map_asks_how_they_were_chosen(client, cast):
    client.force_login(cast.convener)
    everybody = "Everybody at the table was chosen by the organization"
    Member.objects.filter(partnership=cast.partnership).exclude(role="convener").delete()
    members = [join(cast.partnership, person(f"Member{n} Of Five")) for n in range(5)]
    assert everybody not in sentences(client)
    facts = {"partnership": cast.partnership, "invited_by": cast.convener, "state": Invitation.State.ACCEPTED}
    for number, member in enumerate(members, 100):
        Invitation.objects.create(number=number, nonce="n", member=member, expires_at=timezone.now(), **facts)
    assert everybody in sentences(client)
    JoinRequest.objects.create(
        partnership=cast.partnership, person=members[0].person, state=JoinRequest.State.ACCEPTED
    )
    assert everybody not in sentences(client)
    Mandate.objects.update(sponsor=None)
    assert everybody not in sentences(client)


def test_the_map_asks_whether_they_are_the_same_people(client, cast):
    client.force_login(cast.convener)
    others = partnership(cast.platform, slug="harbour", title="Harbour", by=cast.convener)
    members = [join(cast.partnership, person(f"Member{n} Of Four")) for n in range(2)]
    again = "sit in other partnerships here, too"
    assert Member.objects.present().filter(partnership=cast.partnership).exclude(role="convener").count() == 5
    for member in [*members, cast.member(cast.citizen)]:
        assert again not in sentences(client)
        join(others, member.person)
    assert f"3 of the members {again}" in sentences(client)


def test_everyone_sees_the_map_and_only_leaders_its_questions(client, cast):
    added(cast, "Farmers <script>", seats=1)
    for who in (None, cast.citizen, cast.convener):
        if who:
            client.force_login(who)
        html = client.get(page_of("groups")).content.decode()
        assert "Farmers &lt;script&gt;" in html
        assert ("Ask yourself" in html) == (who == cast.convener)
        assert ("Add a group" in html) == (who == cast.convener)
        assert client.get(page_of("add_group")).status_code == {None: 302, cast.citizen: 403}.get(who, 200)


def test_the_map_of_a_hidden_partnership_does_not_exist(client):
    cast = make_cast(visibility="hidden")
    group = added(cast)
    client.force_login(cast.outsider)
    for path in (page_of("groups"), page_of("add_group"), page_of("change_group", group.pk)):
        assert client.get(path).status_code == 404
    assert client.post(page_of("remove_group", group.pk)).status_code == 404
