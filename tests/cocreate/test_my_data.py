"""See, take away and erase what is kept about oneself."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from actors.models import Person
from boundary.answer import Refused
from cocreate.forget import forget_person
from cocreate.my_data import TABLES
from journal.models import Entry
from partnerships import actions
from partnerships.models import Commitment, Contribution, Member, Relief, ReliefOffer, Seat, Thanks
from solutions.models import PrivateNote
from tests.cast import make_cast

pytestmark = pytest.mark.django_db


def say(cast, who, body):
    return actions.contributions.say(
        partnership=cast.partnership, kind="idea", body=body, by=who, at=timezone.now()
    )


def test_the_page_counts_what_is_kept(client, django_assert_max_num_queries):
    cast = make_cast()
    say(cast, cast.citizen, "one")
    say(cast, cast.citizen, "two")
    client.force_login(cast.citizen)
    with django_assert_max_num_queries(12):
        html = client.get(reverse("my_data")).content.decode()
    assert "Bo Citizen" in html
    assert '<th scope="row">What I said</th><td class="num">2</td>' in html


def test_taking_it_along_gives_mine_and_nobody_elses(client):
    cast = make_cast()
    say(cast, cast.citizen, "my words")
    say(cast, cast.official, "words of somebody else")
    client.force_login(cast.citizen)
    kept = json.loads(client.post(reverse("take_my_data")).content)
    assert set(kept) == {"person", *(key for key, *_ in TABLES)}
    assert [row["body"] for row in kept["contributions"]] == ["my words"]
    assert "somebody else" not in json.dumps(kept)


def test_erasing_needs_to_be_sure(client):
    cast = make_cast()
    client.force_login(cast.citizen)
    assert client.post(reverse("erase_me")).status_code == 422
    cast.citizen.refresh_from_db()
    assert cast.citizen.erased_at is None


def test_erasing_empties_the_person_and_keeps_the_case(client):
    cast = make_cast()
    said = say(cast, cast.citizen, "The case keeps this.")
    client.force_login(cast.citizen)
    answer = client.post(reverse("erase_me"), {"sure": "yes"})
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session
    bo = Person.objects.get(pk=cast.citizen.pk)
    assert (bo.name, bo.email, bo.phone, bo.is_active) == ("", "", "", False)
    assert not EmailAddress.objects.filter(user=bo).exists()
    assert not Member.objects.present().filter(person=bo).exists()
    assert Contribution.objects.get(pk=said.pk).body == "The case keeps this."
    html = client.get(reverse("say", args=[cast.partnership.slug])).content.decode()
    assert "Bo Citizen" not in html
    assert Entry.objects.filter(verb="person.forgotten", scope=bo.pk).count() == 1


def test_nobody_erases_somebody_else():
    cast = make_cast()
    with pytest.raises(Refused):
        forget_person(person=cast.citizen, by=cast.convener, at=timezone.now())
    assert not PrivateNote.objects.exists()


def test_erasing_takes_what_was_between_two_and_leaves_what_others_read():
    cast = make_cast()
    now = timezone.now()
    made = actions.commitments.offer_commitment(
        partnership=cast.partnership, kind="hours", what="Cleaning", by=cast.citizen, at=now
    )
    actions.commitments.accept_commitment(commitment=made, by=cast.convener, at=now)
    bo = cast.member(cast.citizen)
    actions.relief.ask_relief(commitment=made, why="My heart.", openly=False, by=cast.citizen, at=now)
    actions.relief.offer_relief(member=bo, words="Shall I help?", by=cast.convener, at=now)
    said = say(cast, cast.citizen, "Boats")
    for who, shown in ((cast.official, None), (cast.convener, True)):
        given = actions.thanks.thank(to=bo, contribution=said, words=f"By {who}", by=who, at=now)
        Thanks.objects.filter(pk=given.pk).update(shown=shown)
    forget_person(person=cast.citizen, by=cast.citizen, at=now)
    assert Relief.objects.get().why == ReliefOffer.objects.get().words == ""
    assert list(Thanks.objects.values_list("words", flat=True)) == ["By Karen Convener"]
    assert Commitment.objects.standing().get().member.left_at == now


def test_whoever_is_erased_stands_in_for_nobody_and_their_seat_is_free_of_substitutes():
    cast, at = make_cast(), timezone.now()
    asked = actions.substitutes.name_substitute(
        partnership=cast.partnership, substitute=cast.member(cast.observer), by=cast.citizen, at=at
    )
    Seat.objects.create(partnership=cast.partnership, sector="citizens", holder=cast.member(cast.citizen))
    member = cast.member(cast.citizen)
    forget_person(person=cast.citizen, by=cast.citizen, at=at)
    asked.refresh_from_db()
    assert (asked.state, asked.ended_at) == ("ended", at)
    assert (Seat.objects.get().holder, Seat.objects.get().predecessor) == (None, member)
