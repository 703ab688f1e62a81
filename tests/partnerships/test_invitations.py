"""Invitations as conveners see them: paste, look, send, list, print on paper."""

import pytest
from django.utils import timezone

from boundary.answer import Conflict
from journal.models import Entry
from notices.actions import drain
from notices.models import Notice
from partnerships import actions
from partnerships.messages.invitations import link_of
from partnerships.models import Invitation, Member, Partnership, Platform
from partnerships.stages import Stage
from tests.cast import make_cast, who_may
from tests.partnerships.inviting import DAY, State, draft, page_of, send, sent_ago
from tests.races import at_once

PASTE = {"sector": "citizens", "role": "member", "language": "en", "why_you": "You live by the beach."}


@pytest.mark.django_db
@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_invite_when(stage):
    cast = make_cast(stage=stage)
    allowed = who_may(cast, lambda who: draft(cast, "somebody@elsewhere.org", by=who))
    assert allowed == (set() if stage == Stage.CLOSED else {"convener"})


@pytest.mark.django_db
def test_a_pasted_list_is_looked_at_then_sent_then_arrives(client, smtp_sink):
    cast = make_cast()
    client.force_login(cast.convener)
    pasted = "Maja Lind, maja@lind.dk\nkarim@haddad.dk\n"
    answer = client.post(page_of(cast, "invite"), {**PASTE, "pasted": pasted, "letters": "Else Brun\n"})
    assert answer["Location"] == page_of(cast, "send_invitations")
    assert set(Invitation.objects.values_list("name", "address", "state")) == {
        ("Maja Lind", "maja@lind.dk", "draft"),
        ("", "karim@haddad.dk", "draft"),
        ("Else Brun", "", "draft"),
    }
    html = client.get(page_of(cast, "send_invitations")).content.decode()
    for words in (
        "Send 3 invitations",
        "You live by the beach.",
        "How can the beach be clean",
        "/i/…",
        "art. 6(1)(e)",
    ):
        assert words in html
    maja = Invitation.objects.get(name="Maja Lind")
    assert link_of(maja) not in html
    assert client.post(page_of(cast, "send_invitations")).status_code == 302
    drain("bulk")
    (mail,) = smtp_sink.to("maja@lind.dk")
    assert mail["Subject"] == "Will you help with “Seaweed on the beach”?"
    plain = mail.get_body("plain").get_content()
    for words in (
        "Dear Maja Lind",
        "Karen Convener from Solrød Municipality asks",
        "How can the beach be clean and the bay healthy?",
        "You live by the beach.",
        "Karen Convener has typed it in",
        "Task in the public interest",
        "+45 56 18 20 00",
        "/privacy/",
        link_of(maja),
    ):
        assert words in plain
    assert link_of(maja) in mail.get_body("html").get_content()
    assert dict(Invitation.objects.values_list("name", "state")) == {
        "Maja Lind": "sent", "": "sent", "Else Brun": "queued",
    }  # fmt: skip
    drain("bulk")
    assert len(smtp_sink.messages) == 2
    sent = Entry.objects.get(verb="invitation.sent")
    assert sent.ids == {"count": 3}


@pytest.mark.django_db
def test_lines_with_errors_are_shown_and_nothing_is_written_until_they_are_left_out(client):
    cast = make_cast()
    draft(cast, "old@friend.dk")
    client.force_login(cast.convener)
    pasted = "maja@lind.dk\nkarim@gmial.com\nMAJA@lind.dk\nnonsense\nold@friend.dk\nbo@example.org"
    typed = {**PASTE, "pasted": pasted, "why_you": "<script>alert(1)</script>"}
    answer = client.post(page_of(cast, "invite"), typed)
    assert answer.status_code == 422
    html = answer.content.decode()
    for words in (
        "Line 2: “karim@gmial.com” looks mistyped. Did you mean karim@gmail.com?",
        "Line 3: MAJA@lind.dk is already in the list, on line 1.",
        "Line 4: “nonsense” has no @.",
        "Line 5: old@friend.dk is invited already.",
        "Line 6: bo@example.org is a member already.",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        pasted.split("\n")[1],
    ):
        assert words in html
    assert Invitation.objects.count() == 1
    assert client.post(page_of(cast, "invite"), {**typed, "leave_out": "on"}).status_code == 302
    assert set(Invitation.objects.values_list("address", flat=True)) == {"old@friend.dk", "maja@lind.dk"}
    nothing = client.post(page_of(cast, "invite"), {**PASTE, "pasted": "  \n"})
    assert nothing.status_code == 422


@pytest.mark.django_db
def test_two_people_may_share_an_address_but_nobody_is_invited_twice():
    cast = make_cast()
    draft(cast, "home@lind.dk", name="Maja")
    draft(cast, "HOME@lind.dk", name="Ole")
    with pytest.raises(Conflict, match=r"home@lind\.dk has been invited"):
        draft(cast, "new@lind.dk", "home@lind.dk", name="maja")
    assert Invitation.objects.count() == 2


@pytest.mark.django_db
def test_more_than_500_need_a_second_thought(client):
    cast = make_cast()
    draft(cast, *[f"p{number}@example.net" for number in range(501)])
    client.force_login(cast.convener)
    for typed in ({}, {"number": "500"}, {"number": "yes"}):
        answer = client.post(page_of(cast, "send_invitations"), typed)
        assert answer.status_code == 422
    assert "501 invitations wait to be sent. Type this number" in answer.content.decode()
    assert not Notice.objects.exists()
    assert client.post(page_of(cast, "send_invitations"), {"number": "501"}).status_code == 302
    assert Notice.objects.filter(kind="invitation").count() == 501


@pytest.mark.django_db
def test_two_thousand_are_queued_in_a_few_statements(django_assert_max_num_queries):
    cast = make_cast()
    with django_assert_max_num_queries(60):
        draft(cast, *[f"p{number}@example.net" for number in range(2000)])
        assert send(cast) == 2000
    assert Invitation.objects.filter(state=State.QUEUED).count() == 2000
    assert Entry.objects.filter(verb="invitation.sent").count() == 1


@pytest.mark.django_db
def test_the_daily_cap_holds():
    cast = make_cast()
    Platform.objects.update(convener_daily_invitations=3)
    draft(cast, "a@example.net", "b@example.net")
    send(cast)
    draft(cast, "c@example.net", "d@example.net")
    with pytest.raises(Conflict, match="1 are left today"):
        send(cast)
    assert Invitation.objects.filter(state=State.DRAFT).count() == 2
    assert send(cast, timezone.now() + DAY) == 2


@pytest.mark.django_db(transaction=True)
def test_the_daily_cap_holds_when_two_send_at_once():
    cast = make_cast()
    Platform.objects.update(convener_daily_invitations=2)
    draft(cast, "a@example.net", "b@example.net", "c@example.net", "d@example.net")
    rows = list(Invitation.objects.order_by("number"))
    deeds = [
        lambda part=part: actions.invitations.send_invitations(
            partnership=cast.partnership, invitations=part, by=cast.convener, at=timezone.now()
        )
        for part in (rows[:2], rows[2:])
    ]
    refused = [error for error in at_once(*deeds) if error]
    assert len(refused) == 1
    assert Invitation.objects.filter(state=State.QUEUED).count() == 2


# --- pages --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_conveners_see_invitations(client):
    cast = make_cast()
    row = sent_ago(cast, 1)
    pages = [
        *("invite", "send_invitations", "invitations", "letters", "register_person"),
    ]
    addresses = [page_of(cast, name) for name in pages]
    one = ("resend_invitation", "withdraw_invitation", "letter", "letter_qr")
    addresses += [page_of(cast, name, row.pk) for name in one]
    for who, status in (
        (cast.convener, 200),
        (cast.citizen, 403),
        (cast.outsider, 403),
        (cast.case_officer, 403),
    ):
        client.force_login(who)
        answers = {address: client.get(address) for address in addresses}
        assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(
            addresses, status
        )
        shows = any("maja@lind.dk" in answer.content.decode() for answer in answers.values())
        assert shows == (status == 200)
    Partnership.objects.update(visibility="hidden")
    client.force_login(cast.outsider)
    assert {client.get(address).status_code for address in addresses} == {404}


@pytest.mark.django_db
def test_the_list_filters_searches_and_costs_the_same_with_many(client, django_assert_max_num_queries):
    cast = make_cast()
    sent_ago(cast, 1)
    client.force_login(cast.convener)
    page = page_of(cast, "invitations")
    with django_assert_max_num_queries(12) as few:
        client.get(page)
    draft(cast, *[f"p{number}@example.net" for number in range(40)])
    with django_assert_max_num_queries(12) as many:
        answer = client.get(page)
    assert len(few) == len(many)
    assert len(answer.context["page"]) == 20
    found = client.get(page, {"state": "sent"})
    assert [row.address for row in found.context["page"]] == ["maja@lind.dk"]
    assert [row.address for row in client.get(page, {"q": "p39@"}).context["page"]] == ["p39@example.net"]
    assert client.get(page, {"state": "nonsense", "q": "\x00"}).status_code == 200


@pytest.mark.django_db
def test_letters_are_printed_with_a_code_and_a_picture_then_posted(client):
    cast = make_cast()
    draft(cast, "", name="Else <b>Brun</b>")
    send(cast)
    row = Invitation.objects.get()
    client.force_login(cast.convener)
    html = client.get(page_of(cast, "letters")).content.decode()
    assert "Else &lt;b&gt;Brun&lt;/b&gt;" in html
    assert "data:image" not in html
    assert f"{row.number}-" in html
    picture = client.get(page_of(cast, "letter_qr", row.pk))
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<svg" in picture.content
    assert "To call" in client.get(page_of(cast, "invitations")).content.decode()
    client.post(page_of(cast, "post_letters"))
    row.refresh_from_db()
    assert row.state == State.SENT
    assert row.sent_at is not None
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_somebody_without_mail_is_registered_with_their_agreement(client):
    cast = make_cast()
    client.force_login(cast.convener)
    typed = {
        "name": "Else <i>Brun</i>",
        "phone": "+45 12 34 56 78",
        "sector": "citizens",
        "function": "Winter bather",
    }
    without = client.post(page_of(cast, "register_person"), typed)
    assert without.status_code == 422
    assert "Ask them first." in without.content.decode()
    assert client.post(page_of(cast, "register_person"), {**typed, "agreed": "on"}).status_code == 302
    member = Member.objects.get(person__phone="+45 12 34 56 78")
    assert (member.person.name, member.function, member.side) == (
        "Else <i>Brun</i>",
        "Winter bather",
        "non_public",
    )
    html = client.get(page_of(cast, "people")).content.decode()
    assert "Else &lt;i&gt;Brun&lt;/i&gt;" in html
    assert "+45 12 34 56 78" in html
    client.logout()
    assert "+45 12 34 56 78" not in client.get(page_of(cast, "people")).content.decode()
    client.force_login(cast.convener)
    taken = client.post(
        page_of(cast, "register_person"), {**typed, "email": "Uffe@example.org", "agreed": "on"}
    )
    assert taken.status_code == 409
