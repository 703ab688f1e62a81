"""People: who sits at the table, how one joins, asks, leaves, and who sits where."""

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Refused
from journal.models import Entry
from notices.actions import drain
from notices.models import Notice
from partnerships import actions
from partnerships.models import JoinRequest, Member, Partnership, Seat
from partnerships.stages import Stage
from tests.cast import join, make_cast, person
from tests.races import at_once

Policy = Partnership.JoinPolicy
CAST = ("convener", "citizen", "official", "observer", "politician", "outsider", "case_officer")


def page_of(name, *more):
    return reverse(name, args=["seaweed", *more])


def allowed_to(cast, deed):
    """Who of the cast may do it; what they did is undone."""
    names = set()
    for name in CAST:
        try:
            deed(getattr(cast, name))
            names.add(name)
        except Refused:
            pass
    return names


@pytest.mark.django_db
@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("policy", list(Policy))
def test_who_may_join_or_ask_when(stage, policy):
    cast = make_cast(stage=stage, join_policy=policy)

    def joins(who):
        actions.members.join_partnership(
            partnership=cast.partnership, sector="citizens", by=who, at=timezone.now()
        )

    def asks(who):
        actions.members.ask_to_join(
            partnership=cast.partnership, sector="citizens", message="Me!", by=who, at=timezone.now()
        )

    strangers = set() if stage == Stage.CLOSED else {"politician", "outsider", "case_officer"}
    assert allowed_to(cast, asks) == (strangers if policy == Policy.REQUEST else set())
    assert allowed_to(cast, joins) == (strangers if policy == Policy.OPEN else set())


@pytest.mark.django_db
def test_anyone_joins_an_open_partnership_at_once_and_is_welcomed(client, smtp_sink):
    cast = make_cast(join_policy=Policy.OPEN)
    seat = Seat.objects.create(partnership=cast.partnership, sector="civil_society", label="Clubs")
    assert "Join this partnership" in client.get(page_of("people")).content.decode()
    client.force_login(cast.outsider)
    assert client.post(page_of("join_partnership"), {"sector": "nobody"}).status_code == 422
    typed = {"sector": "civil_society", "organization_name": "Rowing <b>Club</b>", "function": "Chair"}
    assert client.post(page_of("join_partnership"), typed)["Location"] == "/partnerships/seaweed/"
    member = cast.member(cast.outsider)
    assert (member.organization.name, member.side, member.seat) == ("Rowing <b>Club</b>", "non_public", seat)
    assert client.get(page_of("join_partnership")).status_code == 302
    html = client.get(page_of("people")).content.decode()
    assert "Rowing &lt;b&gt;Club&lt;/b&gt;" in html
    drain("bulk")
    assert [mail["Subject"] for mail in smtp_sink.to("uffe@example.org")] == [
        "Welcome to Seaweed on the beach"
    ]
    assert Entry.objects.get(verb="member.joined").actor == cast.outsider.pk


@pytest.mark.django_db
def test_a_request_is_told_to_the_conveners_and_answered_with_a_reason(client, smtp_sink):
    cast = make_cast()
    client.force_login(cast.outsider)
    typed = {"message": "I row there <script>", "sector": "citizens"}
    assert client.post(page_of("ask_to_join"), {**typed, "message": ""}).status_code == 422
    assert client.post(page_of("ask_to_join"), typed).status_code == 302
    assert client.post(page_of("ask_to_join"), typed).status_code == 403
    html = client.get(page_of("ask_to_join")).content.decode()
    assert "You have asked to join." in html
    assert "Take my request back" in html
    assert list(Notice.objects.values_list("kind", "recipient")) == [("join_requested", cast.convener.pk)]
    asked = JoinRequest.objects.get()
    answer_page = page_of("answer_join_request", asked.pk)
    assert client.post(answer_page, {"accept": "yes"}).status_code == 403
    client.force_login(cast.convener)
    assert "I row there &lt;script&gt;" in client.get(page_of("join_requests")).content.decode()
    assert client.post(answer_page, {"accept": "no"}).status_code == 422
    assert client.post(answer_page, {"accept": "no", "reason": "The table is full."}).status_code == 302
    assert client.post(answer_page, {"accept": "yes"}).status_code == 403
    drain("bulk")
    (mail,) = smtp_sink.to("uffe@example.org")
    assert "The table is full." in mail.get_body("plain").get_content()
    assert not Member.objects.filter(person=cast.outsider).exists()


@pytest.mark.django_db
def test_an_accepted_request_makes_a_member(client):
    cast = make_cast()
    asked = actions.members.ask_to_join(
        partnership=cast.partnership, sector="private", message="Me", by=cast.outsider, at=timezone.now()
    )
    client.force_login(cast.convener)
    assert client.post(page_of("answer_join_request", asked.pk), {"accept": "yes"}).status_code == 302
    assert cast.member(cast.outsider).sector == "private"
    assert Notice.objects.get(recipient=cast.outsider.pk).kind == "join_answered"


@pytest.mark.django_db
def test_a_request_is_taken_back_by_who_made_it_and_nobody_is_told_any_more(client, smtp_sink):
    cast = make_cast()
    asked = actions.members.ask_to_join(
        partnership=cast.partnership, sector="private", message="Me", by=cast.outsider, at=timezone.now()
    )
    page = page_of("withdraw_join_request", asked.pk)
    client.force_login(cast.politician)
    assert client.post(page).status_code == 404
    client.force_login(cast.outsider)
    assert client.post(page).status_code == 302
    assert client.post(page).status_code == 403
    drain("bulk")
    assert smtp_sink.messages == []
    assert client.post(page_of("ask_to_join"), {"message": "Again", "sector": "private"}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_conveners_answer_one_request_at_once_and_one_counts():
    cast = make_cast()
    second = person("Kirsten Convener")
    join(cast.partnership, second, role="convener")
    asked = actions.members.ask_to_join(
        partnership=cast.partnership, sector="private", message="Me", by=cast.outsider, at=timezone.now()
    )
    deeds = [
        lambda who=who, accept=accept: actions.members.answer_join_request(
            join_request=asked, accept=accept, reason="So it is.", by=who, at=timezone.now()
        )
        for who, accept in ((cast.convener, True), (second, False))
    ]
    lost = [error for error in at_once(*deeds) if error]
    assert len(lost) == 1
    accepted = JoinRequest.objects.get().state == "accepted"
    assert Member.objects.filter(person=cast.outsider).exists() == accepted


@pytest.mark.django_db
def test_leaving_ends_rights_at_once_and_opens_the_seat(client):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    seat = Seat.objects.create(
        partnership=cast.partnership, sector="citizens", holder=cast.member(cast.citizen)
    )
    client.force_login(cast.citizen)
    assert client.get(page_of("people")).status_code == 200
    assert client.post(page_of("leave"), {"reason": "I moved away."}).status_code == 302
    assert client.get(page_of("people")).status_code == 404
    seat.refresh_from_db()
    assert seat.holder is None
    gone = Member.objects.get(person=cast.citizen)
    assert gone.left_reason == "I moved away."
    client.force_login(cast.convener)
    html = client.get(page_of("people")).content.decode()
    assert "They took part before" in html
    assert "I moved away." not in html


@pytest.mark.django_db
def test_the_last_convener_hands_over_first(client):
    cast = make_cast()
    client.force_login(cast.convener)
    assert "You are the only convener here." in client.get(page_of("leave")).content.decode()
    assert client.post(page_of("leave"), {}).status_code == 403
    me, inge = cast.member(cast.convener), cast.member(cast.official)
    assert client.post(page_of("change_role", me.pk), {"role": "member"}).status_code == 403
    assert client.post(page_of("change_role", inge.pk), {"role": "emperor"}).status_code == 422
    assert client.post(page_of("change_role", inge.pk), {"role": "convener"}).status_code == 302
    assert client.post(page_of("leave"), {}).status_code == 302
    verbs = (
        Entry.objects.filter(scope=cast.partnership.pk).order_by("sequence").values_list("verb", flat=True)
    )
    assert list(verbs) == ["member.role_changed", "member.left"]


@pytest.mark.django_db(transaction=True)
def test_the_last_two_conveners_leave_at_once_and_one_stays():
    cast = make_cast()
    second = person("Kirsten Convener")
    join(cast.partnership, second, role="convener")
    deeds = [
        lambda who=who: actions.members.leave(
            partnership=cast.partnership, reason="", by=who, at=timezone.now()
        )
        for who in (cast.convener, second)
    ]
    lost = [error for error in at_once(*deeds) if error]
    assert len(lost) == 1
    assert Member.objects.present().filter(role="convener").count() == 1


@pytest.mark.django_db
def test_only_conveners_confirm_sector_and_side_and_the_record_keeps_it(client):
    cast = make_cast()
    bo = cast.member(cast.citizen)
    for name in ("citizen", "official", "observer", "outsider", "case_officer"):
        client.force_login(getattr(cast, name))
        assert (
            client.post(page_of("change_seat", bo.pk), {"sector": "public", "side": "public"}).status_code
            == 403
        )
    client.force_login(cast.convener)
    assert client.get(page_of("change_seat", bo.pk)).status_code == 200
    assert (
        client.post(page_of("change_seat", bo.pk), {"sector": "private", "side": "public"}).status_code == 302
    )
    bo.refresh_from_db()
    assert (bo.sector, bo.side) == ("private", "public")
    entry = Entry.objects.get(verb="member.seat_changed")
    assert (entry.audience, entry.ids["side"], entry.ids["sector"]) == ("public", "public", "private")


@pytest.mark.django_db
def test_a_member_is_shown_by_function_everywhere_on_the_page(client):
    cast = make_cast()
    client.force_login(cast.citizen)
    page = page_of("show_me_as")
    assert client.post(page, {"function": "", "shown_by_function": "on"}).status_code == 422
    assert (
        client.post(page, {"function": "Young <i>bather</i>", "shown_by_function": "on"}).status_code == 302
    )
    client.logout()
    html = client.get(page_of("people")).content.decode()
    assert "Young &lt;i&gt;bather&lt;/i&gt;" in html
    assert "Bo Citizen" not in html


@pytest.mark.django_db
def test_seats_are_set_and_open_ones_taken_away(client):
    cast = make_cast()
    client.force_login(cast.convener)
    assert client.post(page_of("add_seats"), {"sector": "citizens", "count": "51"}).status_code == 422
    typed = {"sector": "citizens", "label": "Young people", "count": "2"}
    assert client.post(page_of("add_seats"), typed).status_code == 302
    html = client.get(page_of("people")).content.decode()
    assert html.count("Young people") >= 2
    first, second = Seat.objects.all()
    Seat.objects.filter(pk=second.pk).update(holder=cast.member(cast.citizen))
    assert client.post(page_of("remove_seat", first.pk)).status_code == 302
    assert client.post(page_of("remove_seat", second.pk)).status_code == 403
    assert Seat.objects.count() == 1


@pytest.mark.django_db
def test_hidden_people_do_not_exist_and_members_only_is_refused_in_words(client):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    names = ("people", "join_partnership", "ask_to_join", "leave", "join_requests")
    client.force_login(cast.outsider)
    assert {client.get(page_of(name)).status_code for name in names} == {404}
    Partnership.objects.update(visibility=Partnership.Visibility.MEMBERS)
    refused = client.get(page_of("people"))
    assert refused.status_code == 403
    assert "Bo Citizen" not in refused.content.decode()
    assert client.get(page_of("ask_to_join")).status_code == 200


@pytest.mark.django_db
def test_the_page_costs_the_same_with_few_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast()
    client.force_login(cast.convener)
    with django_assert_max_num_queries(12) as few:
        client.get(page_of("people"))
    for number in range(30):
        join(cast.partnership, person(f"P{number} Person"), organization=cast.municipality)
        Seat.objects.create(partnership=cast.partnership, sector="private")
    with django_assert_max_num_queries(12) as many:
        answer = client.get(page_of("people"))
    assert len(few) == len(many)
    assert len(answer.context["page"]) == 20
    client.logout()
    with django_assert_max_num_queries(6):
        client.get(page_of("people"))
