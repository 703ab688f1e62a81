"""Open calls: who opens them, who puts themselves forward, who is chosen, and that nobody is left without an answer."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from notices.actions import drain
from partnerships import actions
from partnerships.models import Call, Letter, Member, Partnership, Seat, Volunteer
from partnerships.stages import Stage
from tests.cast import make_cast, told, who_may
from tests.partnerships.calling import (
    DAY,
    close,
    crowd,
    draw,
    freeze,
    group,
    open_call,
    page_of,
    volunteer,
)
from tests.partnerships.inviting import draft

pytestmark = pytest.mark.django_db
State = Volunteer.State
OUTSIDE = {"politician", "case_officer", "outsider"}


# --- rules --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_do_what_with_a_call_when(stage):
    cast = make_cast()
    families = group(cast)
    call = open_call(cast, {families: 2})
    one = volunteer(call, families, cast.outsider)
    Partnership.objects.update(stage=stage)
    working = stage != Stage.CLOSED
    if_working = {"convener"} if working else set()
    assert who_may(cast, lambda who: open_call(cast, {families: 1}, by=who)) == if_working
    assert who_may(cast, lambda who: volunteer(call, families, who)) == (OUTSIDE if working else set())
    assert who_may(cast, lambda who: choose(call, families, [one], who)) == if_working
    assert who_may(cast, lambda who: thank(call, families, who)) == set()  # it is still open
    assert who_may(cast, lambda who: close(cast, call, who)) == {"convener"}
    assert who_may(cast, lambda who: actions.calls.step_back(volunteer=one, by=who, at=timezone.now())) == {
        "outsider"
    }
    call = close(cast, call)
    assert who_may(cast, lambda who: volunteer(call, families, who)) == set()
    assert who_may(cast, lambda who: thank(call, families, who)) == {"convener"}
    assert who_may(cast, lambda who: freeze(cast, call, families, by=who)) == if_working


def choose(call, families, rows, by):
    people = [row.pk for row in rows]
    return actions.calls.choose_volunteers(call=call, group=families, people=people, by=by, at=timezone.now())


def thank(call, families, by):
    return actions.calls.decline_volunteers(call=call, group=families, by=by, at=timezone.now())


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        ({"visibility": "hidden"}, "This partnership is hidden."),
        ({"begun_at": None}, "This partnership is still being prepared."),
    ],
)
def test_nobody_calls_where_nobody_could_see_it(fact, sentence):
    cast = make_cast()
    Partnership.objects.update(**fact)
    with pytest.raises(Refused, match=sentence):
        open_call(cast, {group(cast): 1})


@pytest.mark.parametrize(("visibility", "seen"), [("public", 200), ("members", 200), ("hidden", 404)])
def test_who_finds_the_page(client, visibility, seen):
    cast = make_cast()
    assert client.get(page_of("call")).status_code == 404  # there is no call
    open_call(cast, {group(cast): 1})
    Partnership.objects.update(visibility=visibility)
    assert client.get(page_of("call")).status_code == seen
    client.force_login(cast.outsider)
    assert client.get(page_of("call")).status_code == seen
    assert client.post(page_of("volunteer"), {}).status_code == (422 if seen == 200 else 404)
    for name in ("write_call", "volunteers"):
        assert client.get(page_of(name)).status_code == (404 if visibility == "hidden" else 403)


# --- a citizen's way ----------------------------------------------------------------------------------------


def test_a_citizen_reads_puts_themselves_forward_and_steps_back(client):
    cast = make_cast()
    families, fishers = group(cast), group(cast, "Fishers", "private")
    group(cast, "Not sought")
    open_call(cast, {families: 2, fishers: 1}, words="You **need** no experience.")
    Letter.objects.create(
        partnership=cast.partnership, language="en", asks="Four evenings.", support=["childcare"]
    )
    html = client.get(page_of("call")).content.decode()
    for words in ("<strong>need</strong>", "Four evenings.", "Childcare", "2 people", "Fishers"):
        assert words in html
    assert "Not sought" not in html
    assert client.get(page_of("volunteer")).url.startswith("/account/")
    draft(cast, "uffe@example.org")  # a pending invitation stands in nobody's way
    client.force_login(cast.outsider)
    typed = {"group": str(fishers.pk), "words": "I have fished here for years."}
    assert client.post(page_of("volunteer"), typed).url == page_of("call")
    html = client.get(page_of("call")).content.decode()
    assert "You have put yourself forward" in html
    assert typed["words"] in html
    client.post(page_of("volunteer"), typed | {"group": str(families.pk)})  # changes it
    one = Volunteer.objects.get()
    assert (one.group, one.state) == (families, State.WAITING)
    assert client.post(page_of("step_back")).url == page_of("call")
    one.refresh_from_db()
    assert (one.state, one.words) == (State.WITHDRAWN, "")
    assert client.post(page_of("step_back")).status_code == 404
    assert client.post(page_of("volunteer"), typed).status_code == 302  # and comes back
    verbs = [*Entry.objects.exclude(verb__startswith="invitation").values_list("verb", "audience")]
    quiet = "conveners"
    assert verbs == [
        ("call.opened", "public"),
        ("volunteer.came", quiet),
        ("volunteer.changed", quiet),
        ("volunteer.stepped_back", quiet),
        ("volunteer.came", quiet),
    ]


def test_a_member_is_told_so(client):
    cast = make_cast()
    families = group(cast)
    call = open_call(cast, {families: 1})
    client.force_login(cast.citizen)
    assert "You take part" in client.get(page_of("call")).content.decode()
    with pytest.raises(Refused, match="You are a member here already"):
        volunteer(call, families, cast.citizen)


def test_after_its_end_nobody_comes_on_the_list_until_it_is_opened_again(client):
    cast = make_cast()
    families = group(cast)
    begun = timezone.now() - 8 * DAY
    call = open_call(cast, {families: 1}, days=7, at=begun)
    with pytest.raises(Refused, match="The call ended on"):
        volunteer(call, families, cast.outsider)
    assert volunteer(call, families, cast.outsider, at=begun + DAY).state == State.WAITING
    client.force_login(cast.convener)
    typed = {"words": "Again.", "language": "en", f"seats-{families.pk}": "3"}
    typed["until"] = str(timezone.localdate() + 3 * DAY)
    assert "Open the call again" in client.get(page_of("write_call")).content.decode()
    assert client.post(page_of("write_call"), typed).url == page_of("call")
    call = Call.objects.get()
    last = datetime.datetime.combine(timezone.localdate() + 4 * DAY, datetime.time())
    assert call.closes_at == timezone.make_aware(last)  # the day that was typed is part of it
    assert call.last_day == timezone.localdate() + 3 * DAY
    assert volunteer(call, families, cast.politician).state == State.WAITING
    assert list(Entry.objects.filter(verb__startswith="call.").values_list("verb", flat=True)) == [
        "call.opened",
        "call.reopened",
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"until": "2020-01-01"}, "This day is over."),
        ({"until": "2199-01-01"}, "more than a year away"),
        ({"until": "soon"}, "Enter a valid date."),
        ({"words": ""}, "This field is required."),
        ({"words": "a\x00b"}, "Null characters are not allowed."),
        ({"seats": ""}, "Type for one group at least how many you seek."),
        ({"seats": "-1"}, "greater than or equal to 0"),
        ({"seats": "many"}, "Enter a whole number."),
        ({"seats": "99999999999999999999"}, "less than or equal to 200"),
        ({"language": "tlh"}, "Select a valid choice."),
    ],
)
def test_a_call_with_something_wrong_comes_back_as_it_was_typed(client, wrong, sentence):
    cast = make_cast()
    families = group(cast)
    client.force_login(cast.convener)
    typed = {
        "words": "Keep me.",
        "until": str(timezone.localdate() + DAY),
        "language": "en",
        "seats": "2",
    } | wrong
    typed[f"seats-{families.pk}"] = typed.pop("seats")
    answer = client.post(page_of("write_call"), typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert ("Keep me." in answer.content.decode()) == ("words" not in wrong)
    assert not Call.objects.exists()


def test_without_a_group_there_is_nobody_to_seek(client):
    cast = make_cast()
    client.force_login(cast.convener)
    assert "Put a group on the map first" in client.get(page_of("write_call")).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"group": "nobody"}, {"group": ""}, {"words": ""}, {"words": "x" * 601}, {"group": "other"}]
)
def test_bad_input_of_a_volunteer_is_said(client, wrong):
    cast = make_cast()
    families, other = group(cast), group(cast, "Not sought")
    open_call(cast, {families: 1})
    client.force_login(cast.outsider)
    if wrong == {"group": "other"}:
        wrong = {"group": str(other.pk)}
    typed = {"group": str(families.pk), "words": "<b>Me</b>"} | wrong
    assert client.post(page_of("volunteer"), typed).status_code == 422
    assert not Volunteer.objects.exists()


# --- choosing -----------------------------------------------------------------------------------------------


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
        assert "others were chosen" in mail.get_body(("plain",)).get_content()
    client.force_login(second.person)
    assert "This time others were chosen." in client.get(page_of("call")).content.decode()


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
