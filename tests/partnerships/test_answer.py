"""The answer page: no account needed, and looking changes nothing."""

import datetime
import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from actors.models import Organization, Person, SignInMail
from boundary.answer import Refused
from journal.models import Entry
from notices.actions import drain
from notices.models import Notice
from partnerships import actions
from partnerships.models import Invitation, Member, Seat
from partnerships.stages import Stage
from tests.cast import enter, make_cast
from tests.partnerships.answering import invited, page_of

State = Invitation.State


def everything():
    return [
        list(Invitation.objects.order_by("pk").values()),
        list(Member.objects.order_by("pk").values()),
        Entry.objects.count(),
        Person.objects.count(),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("basis", ["Task in the public interest (GDPR art. 6(1)(e)).", "Public task"])
def test_the_legal_basis_ends_with_one_full_stop(client, smtp_sink, basis):
    cast = make_cast()
    cast.platform.legal_basis = basis
    cast.platform.save()
    told = [client.get(page_of(invited(cast))).content.decode()]
    drain("bulk")
    mail = smtp_sink.to("maja@lind.dk")[-1]
    told += [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]
    ending = f"Legal basis: {basis.rstrip('.')}. "
    assert [ending in " ".join(words.split()) for words in told] == [True, True, True]


@pytest.mark.django_db
def test_looking_changes_nothing_and_shows_who_asks_and_why(client):
    cast = make_cast()
    row = invited(cast)
    before = everything()
    for _time in range(2):
        answer = client.get(page_of(row))
        client.head(page_of(row))
    assert everything() == before
    html = answer.content.decode()
    for words in (
        "Karen Convener from Solrød Municipality asks you",
        "How can the beach be clean",
        "You swim.",
        "+45 56 18 20 00",
    ):
        assert words in html
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_yes_makes_a_member_and_mails_a_code_that_lets_them_in(client, smtp_sink):
    cast = make_cast()
    (seat,) = actions.members.add_seats(
        partnership=cast.partnership, sector="citizens", label="Swimmers", by=cast.convener, at=timezone.now()
    )
    row = invited(cast, seat=seat)
    typed = {
        "answer": "yes",
        "name": "Maja Lind",
        "organization_name": "Bay Swimmers",
        "function": "Chair",
        "next": "/partnerships/seaweed/",
    }
    answer = client.post(page_of(row), typed)
    assert answer["Location"] == reverse("account_confirm_login_code") + "?next=/partnerships/seaweed/"
    row.refresh_from_db()
    member = row.member
    assert (row.state, member.person.name, member.person.email) == ("accepted", "Maja Lind", "maja@lind.dk")
    assert (member.organization.name, member.function, member.sector, member.side) == (
        "Bay Swimmers", "Chair", "citizens", "non_public",
    )  # fmt: skip
    assert Seat.objects.get().holder == member
    assert set(Notice.objects.filter(recipient=member.person.pk).values_list("kind", flat=True)) == {
        "membership_welcome"
    }
    drain("prompt")
    mail = next(m for m in smtp_sink.to("maja@lind.dk") if "partnerships" not in str(m["Subject"]))
    typed_code = re.search(
        r"\b[A-Z0-9]{3,4}-?[A-Z0-9]{2,4}\b", mail.get_body("plain").get_content().replace("\n", " \n ")
    )
    assert SignInMail.objects.get().next_path == "/partnerships/seaweed/"
    entered = client.post(answer["Location"], {"code": typed_code[0]})
    assert entered["Location"] == "/partnerships/seaweed/"
    assert client.session["_auth_user_id"] == str(member.person.pk)
    assert EmailAddress.objects.get(email="maja@lind.dk").verified is True
    again = client.get(page_of(row)).content.decode()
    assert "Go to the partnership" in again


@pytest.mark.django_db
def test_no_needs_no_reason_and_ends_it(client):
    cast = make_cast()
    row = invited(cast)
    answer = client.post(page_of(row), {"answer": "no", "reason": "<b>No time</b>"}, follow=True)
    assert "You said no on" in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, row.reason) == ("declined", "<b>No time</b>")
    client.post(page_of(row), {"answer": "yes", "name": "Maja"})
    row.refresh_from_db()
    assert row.state == State.DECLINED
    client.force_login(cast.convener)
    html = client.get(reverse("invitations", args=["seaweed"])).content.decode()
    assert "&lt;b&gt;No time&lt;/b&gt;" in html


@pytest.mark.django_db
def test_later_is_an_act_and_the_only_thing_that_makes_it_seen(client):
    cast = make_cast()
    row = invited(cast)
    client.post(page_of(row), {"answer": "later"})
    row.refresh_from_db()
    assert row.state == State.SEEN
    client.post(page_of(row), {"answer": "yes", "name": "Maja"})
    row.refresh_from_db()
    assert row.state == State.ACCEPTED


@pytest.mark.django_db
def test_a_forged_link_and_an_unknown_one_look_the_same(client):
    cast = make_cast()
    row = invited(cast)
    known = client.get(reverse("invitation", args=[row.pk, "x" * 43]))
    other = client.get(reverse("invitation", args=["00000000-0000-0000-0000-000000000000", "x" * 43]))
    assert (known.status_code, other.status_code) == (404, 404)
    hide = re.compile(r'(csrfmiddlewaretoken" value="[^"]*"|/i/[^"]*)')
    assert hide.sub("", known.content.decode()) == hide.sub("", other.content.decode())
    assert "Seaweed" not in known.content.decode()
    assert (
        client.post(
            reverse("invitation", args=[row.pk, "x" * 43]), {"answer": "yes", "name": "M"}
        ).status_code
        == 404
    )
    assert not Member.objects.filter(person__name="M").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"state": State.WITHDRAWN}, "This invitation has been withdrawn."),
        ({"state": State.EXPIRED}, "The time to answer ran out on"),
        ({"expires_at": timezone.now() - datetime.timedelta(minutes=1)}, "The time to answer ran out on"),
    ],
)
def test_what_has_ended_says_so_and_whom_to_call_through_every_path(client, fields, sentence):
    cast = make_cast()
    row = invited(cast)
    Invitation.objects.filter(pk=row.pk).update(**fields)
    members = Member.objects.count()
    answer = client.get(page_of(row))
    assert answer.status_code == 410
    assert sentence in answer.content.decode()
    assert "Call Karen Convener" in answer.content.decode()
    for act in (
        {"answer": "yes", "name": "Maja"},
        {"answer": "no"},
        {"answer": "later"},
        {"answer": "enter"},
    ):
        client.post(page_of(row), act)
    for deed in (
        lambda: actions.invitations.accept_invitation(invitation=row, name="M", by=None, at=timezone.now()),
        lambda: actions.invitations.decline_invitation(invitation=row, reason="", at=timezone.now()),
        lambda: actions.invitations.see_invitation(invitation=row, at=timezone.now()),
    ):
        with pytest.raises(Refused, match=sentence):
            deed()
    assert Member.objects.count() == members
    assert Invitation.objects.get(pk=row.pk).answered_at is None


@pytest.mark.django_db
@pytest.mark.parametrize(("visibility", "told"), [("hidden", False), ("members", False), ("public", True)])
def test_a_withdrawn_link_tells_nothing_of_what_outsiders_do_not_read(client, visibility, told):
    cast = make_cast(visibility=visibility)
    row = invited(cast)
    assert "How can the beach be clean" in client.get(page_of(row)).content.decode()
    actions.invitations.withdraw_invitation(invitation=row, reason="", by=cast.convener, at=timezone.now())
    html = client.get(page_of(row)).content.decode()
    assert "This invitation has been withdrawn." in html
    assert ("How can the beach be clean" in html) is told
    assert ("Seaweed" in html) is told
    assert ("You swim." in html) is told


@pytest.mark.django_db
def test_a_closed_partnership_takes_no_answers(client):
    cast = make_cast()
    row = invited(cast)
    enter(cast.partnership, Stage.CLOSED)
    assert "This partnership is closed." in client.get(page_of(row)).content.decode()
    with pytest.raises(Refused):
        actions.invitations.accept_invitation(invitation=row, name="M", by=None, at=timezone.now())


@pytest.mark.django_db
def test_somebody_elses_link_does_not_make_you_a_member(client):
    cast = make_cast()
    row = invited(cast)
    client.force_login(cast.outsider)
    html = client.get(page_of(row)).content.decode()
    assert "You are signed in as Uffe Outsider, and this invitation is for somebody else." in html
    assert "Yes, I will take part" not in html
    assert client.post(page_of(row), {"answer": "yes"}).status_code == 403
    row.refresh_from_db()
    assert row.state == State.QUEUED
    assert not Member.objects.filter(person=cast.outsider).exists()


@pytest.mark.django_db
def test_who_proved_the_address_before_is_the_member_at_once(client):
    cast = make_cast()
    row = invited(cast, address="UFFE@example.org", name="")
    client.force_login(cast.outsider)
    answer = client.post(page_of(row), {"answer": "yes"})
    assert answer["Location"] == "/partnerships/seaweed/"
    row.refresh_from_db()
    assert row.member.person == cast.outsider
    assert Person.objects.filter(email__iexact="uffe@example.org").count() == 1


@pytest.mark.django_db
def test_two_people_share_an_address():
    cast = make_cast()
    first = invited(cast, address="uffe@example.org", name="Uffe Outsider")
    second = invited(cast, address="uffe@example.org", name="Anna Outsider")
    for row, name in ((first, "Uffe Outsider"), (second, "Anna Outsider")):
        actions.invitations.accept_invitation(invitation=row, name=name, by=None, at=timezone.now())
    names = Member.objects.filter(person__email="uffe@example.org").values_list("person__name", flat=True)
    assert set(names) == {"Uffe Outsider", "Anna Outsider"}


@pytest.mark.django_db
def test_an_unproven_account_is_never_joined_by_its_address():
    cast = make_cast()
    squatter = Person.objects.create_user(
        email="maja@lind.dk", password="longlonglonglong1", name="Maja Lind"
    )
    EmailAddress.objects.create(user=squatter, email="maja@lind.dk", verified=False, primary=True)
    row = invited(cast)
    member = actions.invitations.accept_invitation(
        invitation=row, name="Maja Lind", by=None, at=timezone.now()
    )
    assert member.person != squatter


@pytest.mark.django_db
def test_the_same_person_in_a_second_partnership_is_one_person():
    cast = make_cast()
    first = actions.invitations.accept_invitation(
        invitation=invited(cast), name="Maja Lind", by=None, at=timezone.now()
    )
    other = actions.arenas.convene(
        platform=cast.platform, title="Other", summary="s", question="q", by=cast.convener, at=timezone.now()
    )
    cast.partnership = other
    row = invited(cast)
    second = actions.invitations.accept_invitation(
        invitation=row, name="maja lind", by=None, at=timezone.now()
    )
    assert first.person == second.person


@pytest.mark.django_db
def test_bad_input_keeps_what_was_typed(client):
    cast = make_cast()
    row = invited(cast)
    answer = client.post(
        page_of(row), {"answer": "yes", "name": "", "function": "f" * 121, "organization_name": "<b>Club</b>"}
    )
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "f" * 121 in html
    assert "&lt;b&gt;Club&lt;/b&gt;" in html
    assert not Organization.objects.filter(name="<b>Club</b>").exists()
    row.refresh_from_db()
    assert row.state == State.QUEUED


@pytest.mark.django_db
def test_the_page_costs_little(client, django_assert_max_num_queries):
    cast = make_cast()
    row = invited(cast)
    with django_assert_max_num_queries(3):
        client.get(page_of(row))
    client.force_login(cast.outsider)
    with django_assert_max_num_queries(12):
        client.get(page_of(row))
