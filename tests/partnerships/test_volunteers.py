"""Those who put themselves forward: chosen, seated, thanked; nobody is left without an answer."""

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from cocreate.export.frame import _pause
from cocreate.export.gathering import gathering
from cocreate.export.words import facts
from cocreate.forget import forget_person
from cocreate.my_data import everything
from notices.actions import drain
from partnerships import actions
from partnerships.models import Member, Partnership, Pause, Seat, Volunteer
from tests.cast import make_cast, partnership, told
from tests.partnerships.calling import (
    DAY,
    choose,
    close,
    crowd,
    draw,
    freeze,
    group,
    open_call,
    page_of,
    thank,
    volunteer,
)
from tests.partnerships.inviting import sent_ago

pytestmark = pytest.mark.django_db
State = Volunteer.State


def test_who_is_chosen_is_a_member_and_the_others_are_thanked(client, smtp_sink):
    cast = make_cast()
    families = group(cast)
    Seat.objects.create(partnership=cast.partnership, sector="citizens", label="Families", group=families)
    call = open_call(cast, {families: 2})
    first, second, third = crowd(call, families, 3)
    client.force_login(cast.convener)
    assert client.get(page_of("volunteers")).content.decode().count('name="people"') == 3
    answer = client.post(page_of("choose_volunteers"), {"people": [str(first.pk)]})
    assert answer.url == f"{page_of('volunteers')}?group={families.pk}"
    member = Member.objects.get(person=first.person)
    assert (member.role, member.sector, member.seat.group) == ("member", "citizens", families)
    first.refresh_from_db()
    assert (first.state, first.member) == (State.CHOSEN, member)
    call = close(cast, call)
    assert thank(call, families, cast.convener) == 2
    assert thank(call, families, cast.convener) == 0
    drain("bulk")
    assert [m["Subject"] for m in smtp_sink.to(first.person.email)] == ["Welcome to Seaweed on the beach"]
    for other in (second, third):
        (mail,) = smtp_sink.to(other.person.email)
        assert mail["Subject"] == "Thank you for putting yourself forward: Seaweed on the beach"
        assert "this time you were not chosen" in mail.get_body(("plain",)).get_content()
    client.force_login(second.person)
    assert "This time you were not chosen." in client.get(page_of("call")).content.decode()


def test_no_more_are_chosen_than_the_call_seeks(client):
    cast = make_cast()
    families = group(cast)
    call = open_call(cast, {families: 1})
    rows = crowd(call, families, 2)
    with pytest.raises(Refused, match="The call seeks 1 more for this group, and you chose 2"):
        choose(call, families, rows, cast.convener)
    (member,) = choose(call, families, rows[:1], cast.convener)
    with pytest.raises(Refused, match="The call seeks 0 more"):
        choose(call, families, rows[1:], cast.convener)
    Member.objects.filter(pk=member.pk).update(left_at=timezone.now())  # then the seat is free again
    assert len(choose(call, families, rows[1:], cast.convener)) == 1


def test_who_stepped_back_or_stands_for_another_group_is_not_chosen(client):
    cast = make_cast()
    families, fishers = group(cast), group(cast, "Fishers")
    call = open_call(cast, {families: 3, fishers: 1})
    stays, goes = crowd(call, families, 2)
    other = volunteer(call, fishers, cast.politician)
    actions.calls.step_back(volunteer=goes, by=goes.person, at=timezone.now())
    for wrong in (goes, other):
        with pytest.raises(Conflict, match="has stepped back or has an answer"):
            choose(call, families, [stays, wrong], cast.convener)
    client.force_login(cast.convener)
    for people in ([], ["nobody"], [str(goes.pk)], [str(stays.pk), str(other.pk)]):
        answer = client.post(f"{page_of('choose_volunteers')}?group={families.pk}", {"people": people})
        assert answer.status_code == 422, people
    assert " checked" in answer.content.decode()  # what was ticked is ticked still
    assert not Volunteer.objects.filter(state=State.CHOSEN).exists()
    for key in ("nobody", str(stays.pk)):
        assert client.get(f"{page_of('volunteers')}?group={key}").status_code == 404


def test_who_became_a_member_by_another_way_is_not_told_no():
    cast = make_cast()
    families = group(cast)
    call = open_call(cast, {families: 2})
    joined, other = crowd(call, families, 2)
    member = Member.objects.create(
        partnership=cast.partnership, person=joined.person, sector="citizens", side="non_public"
    )
    assert thank(close(cast, call), families, cast.convener) == 1
    joined.refresh_from_db()
    assert (joined.state, joined.member) == (State.CHOSEN, member)
    assert told("volunteer_thanked") == [other.person_id]


def test_a_group_with_volunteers_stays_in_the_call_and_on_the_map():
    cast = make_cast()
    families, fishers = group(cast), group(cast, "Fishers")
    call = open_call(cast, {families: 1, fishers: 1})
    volunteer(call, families, cast.outsider)
    with pytest.raises(Conflict, match="Families"):
        open_call(cast, {fishers: 1})
    with pytest.raises(Refused, match="The open call seeks people for this group"):
        actions.groups.remove_group(group=families, by=cast.convener, at=timezone.now())
    open_call(cast, {families: 2})
    actions.groups.remove_group(group=fishers, by=cast.convener, at=timezone.now())
    assert [(one.group, one.seats) for one in call.groups.all()] == [(families, 2)]
    with pytest.raises(Conflict, match="does not seek anybody for this group"):
        volunteer(call, fishers, cast.politician)


def test_nothing_is_done_behind_a_frozen_list():
    cast = make_cast()
    families = group(cast)
    call = open_call(cast, {families: 1})
    rows = crowd(call, families, 2)
    with pytest.raises(Refused, match="still open"):
        freeze(cast, call, families)
    call = close(cast, call)
    frozen = freeze(cast, call, families)
    for deed in (
        lambda: choose(call, families, rows[:1], cast.convener),
        lambda: thank(call, families, cast.convener),
        lambda: open_call(cast, {families: 1}),
    ):
        with pytest.raises(Refused, match="frozen"):
            deed()
    draw(cast, frozen)
    assert open_call(cast, {families: 2}).is_open(timezone.now())


def test_the_conveners_are_told_when_its_time_is_over(smtp_sink):
    cast = make_cast()
    families = group(cast)
    then = timezone.now() - 2 * DAY
    call = open_call(cast, {families: 1}, days=1, at=then)
    drain("bulk")
    (mail,) = smtp_sink.to("karen@example.org")
    assert mail["Subject"] == "The call of Seaweed on the beach is over"
    open_call(cast, {families: 1}, days=3)
    close(cast, call)
    drain("bulk")
    assert len(smtp_sink.to("karen@example.org")) == 1  # who ends it early knows


def test_words_of_those_not_chosen_are_erased_after_the_platforms_months():
    cast = make_cast()
    families = group(cast)
    call = open_call(cast, {families: 1})
    rows = crowd(call, families, 2)
    choose(call, families, rows[:1], cast.convener)
    thank(close(cast, call), families, cast.convener)
    assert actions.calls.forget_words(at=timezone.now() + 179 * DAY) == 0
    assert actions.calls.forget_words(at=timezone.now() + 181 * DAY) == 1
    assert [one.words for one in Volunteer.objects.order_by("pk").filter(state=State.NOT_CHOSEN)] == [""]


@pytest.mark.parametrize("visibility", ["public", "members"])
def test_front_page_people_and_invite_page_lead_to_it(client, visibility):
    cast = make_cast(visibility=visibility)
    front = reverse("partnership", args=["seaweed"])
    pages = [front, page_of("people")] if visibility == "public" else [front]
    assert [page for page in pages if page_of("call") in client.get(page).content.decode()] == []
    call = open_call(cast, {group(cast): 1})
    assert [page for page in pages if page_of("call") in client.get(page).content.decode()] == pages
    client.force_login(cast.convener)
    html = client.get(page_of("invite")).content.decode()
    for name in ("upload_invitees", "invite_from_register", "volunteers"):
        assert page_of(name) in html
    close(cast, call)
    client.logout()
    assert [page for page in pages if page_of("call") in client.get(page).content.decode()] == []


def test_a_call_and_its_draw_are_in_the_case_and_in_my_data():
    cast = make_cast()
    families = group(cast)
    call = open_call(cast, {families: 1}, words="Come and help.")
    volunteer(call, families, cast.outsider, words="I rent here.")
    frozen = draw(cast, freeze(cast, close(cast, call), families))
    (document,) = gathering(cast.partnership)
    assert document.personal
    for words in (
        "Come and help.",
        "Families (1)",
        "Uffe Outsider",
        "I rent here.",
        frozen.seed,
        frozen.digest,
    ):
        assert words in document.body
    assert list(gathering(partnership(cast.platform, slug="other"))) == []
    mine = everything(cast.outsider)
    assert [row["words"] for row in mine["volunteered"]] == ["I rent here."]
    assert [row["state"] for row in mine["lots"]] == ["drawn"]
    forget_person(person=cast.outsider, by=cast.outsider, at=timezone.now())
    (document,) = gathering(cast.partnership)
    assert "Uffe" not in document.body
    assert "I rent here." not in document.body
    assert frozen.seed in document.body


def test_who_is_chosen_has_no_other_question_open(smtp_sink):
    cast = make_cast(join_policy="request")
    families = group(cast)
    call = open_call(cast, {families: 1})
    invited = sent_ago(cast, 8, address=cast.outsider.email)
    asked = actions.members.ask_to_join(
        partnership=cast.partnership, message="", sector="citizens", by=cast.outsider, at=timezone.now()
    )
    one = volunteer(call, families, cast.outsider)
    (member,) = choose(call, families, [one], cast.convener)
    invited.refresh_from_db()
    asked.refresh_from_db()
    assert (invited.state, invited.member) == ("accepted", member)
    assert (asked.state, asked.answered_by, asked.answered_at is None) == ("accepted", cast.convener, False)
    assert actions.invitations.remind_invitations(at=timezone.now()) == 0


@pytest.mark.parametrize(("visibility", "leads_to"), [("public", page_of), ("hidden", None)])
def test_one_can_step_back_also_when_the_partnership_is_hidden_by_then(client, visibility, leads_to):
    cast = make_cast()
    families = group(cast)
    one = volunteer(open_call(cast, {families: 1}), families, cast.outsider)
    Partnership.objects.update(visibility=visibility)
    client.force_login(cast.politician)
    assert client.post(page_of("step_back")).status_code == 404
    client.force_login(cast.outsider)
    answer = client.post(page_of("step_back"))
    assert answer.url == (leads_to("call") if leads_to else "/")
    assert client.get(answer.url).status_code == 200
    one.refresh_from_db()
    assert one.state == State.WITHDRAWN


def test_nobodys_words_are_a_heading_of_the_case():
    cast = make_cast()
    families = group(cast)
    volunteer(open_call(cast, {families: 1}), families, cast.outsider, words="Yes.\n# Decided")
    pause = Pause(since=timezone.now(), by=cast.convener, reason="Summer.\n# Decided")
    (document,) = gathering(cast.partnership)
    for body in (document.body, _pause(pause), facts([("Why", "Now.\n# Decided")])):
        assert "> # Decided\n" in body
        assert [line for line in body.splitlines() if line.startswith("# ")] == [
            line for line in ["# Open call and draws by lot"] if line in body
        ]
