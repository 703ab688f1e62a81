"""Invitations as conveners see them: paste, look, send, remind, again, withdraw, on paper; and the outbox."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from notices.actions import drain, suppress
from notices.models import Notice
from partnerships import actions
from partnerships.messages.invitations import link_of
from partnerships.models import Invitation, Member, Partnership, Platform
from partnerships.stages import Stage
from tests.cast import make_cast
from tests.races import at_once

State = Invitation.State
DAY = datetime.timedelta(days=1)


def draft(cast, *addresses, by=None, **shared):
    facts = {
        "name": "",
        "sector": "citizens",
        "role": "member",
        "why_you": "You live there.",
        "language": "en",
    }
    return actions.invitations.draft_invitations(
        partnership=cast.partnership,
        addresses=[{**facts, "address": address, **shared} for address in addresses],
        by=by or cast.convener,
        at=timezone.now(),
    )


def send(cast, at=None):
    return actions.invitations.send_invitations(
        partnership=cast.partnership, by=cast.convener, at=at or timezone.now()
    )


def page_of(cast, name, *more):
    return reverse(name, args=[cast.partnership.slug, *more])


PASTE = {"sector": "citizens", "role": "member", "language": "en", "why_you": "You live by the beach."}


@pytest.mark.django_db
@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_invite_when(stage):
    cast = make_cast(stage=stage)
    allowed = set()
    for name in ("convener", "citizen", "official", "observer", "politician", "outsider", "case_officer"):
        try:
            draft(cast, f"{name}@elsewhere.org", by=getattr(cast, name))
            allowed.add(name)
        except Refused:
            pass
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
    first = client.post(page_of(cast, "send_invitations"))
    assert first.status_code == 422
    assert "That is many. Tick that you mean it." in first.content.decode()
    assert not Notice.objects.exists()
    assert client.post(page_of(cast, "send_invitations"), {"sure": "on"}).status_code == 302
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


# --- reminders, expiry, again -------------------------------------------------------------------------------


def sent_ago(cast, days, address="maja@lind.dk", state=State.SENT):
    (row,) = draft(cast, address)
    at = timezone.now() - days * DAY
    Invitation.objects.filter(pk=row.pk).update(
        state=state, queued_at=at, sent_at=at, expires_at=at + 30 * DAY
    )
    return Invitation.objects.get(pk=row.pk)


@pytest.mark.django_db
def test_reminders_come_on_day_three_and_seven_once_and_never_after_an_answer(smtp_sink):
    cast = make_cast()
    maja = sent_ago(cast, 3)
    sent_ago(cast, 7, "seven@example.net", State.SEEN)
    sent_ago(cast, 2, "two@example.net")
    sent_ago(cast, 15, "long@example.net")
    declined = sent_ago(cast, 3, "no@example.net")
    Invitation.objects.filter(pk=declined.pk).update(state=State.DECLINED)
    now = timezone.now()
    assert actions.invitations.remind_invitations(at=now) == 2
    assert actions.invitations.remind_invitations(at=now) == 0
    told = set(Notice.objects.values_list("kind", "occurrence"))
    assert told == {("invitation_reminder", "day-3"), ("invitation_reminder", "day-7")}
    actions.invitations.decline_invitation(
        invitation=maja, reason="", at=now
    )  # answered before the mail went
    drain("bulk")
    assert [message["To"] for message in smtp_sink.messages] == ["seven@example.net"]
    assert smtp_sink.messages[0]["Subject"] == "Have you seen this? “Seaweed on the beach”"
    assert dict(Notice.objects.values_list("occurrence", "state")) == {"day-3": "dropped", "day-7": "sent"}


@pytest.mark.django_db
def test_expiry_ends_what_waits_and_only_that():
    cast = make_cast()
    old, new = sent_ago(cast, 31), sent_ago(cast, 29, "new@example.net")
    answered = sent_ago(cast, 31, "no@example.net")
    Invitation.objects.filter(pk=answered.pk).update(state=State.DECLINED)
    assert actions.invitations.expire_invitations(at=timezone.now()) == 1
    assert [Invitation.objects.get(pk=row.pk).state for row in (old, new, answered)] == [
        "expired",
        "sent",
        "declined",
    ]
    assert Entry.objects.get(verb="invitation.expired").ids == {"count": 1}


@pytest.mark.django_db
def test_a_mail_that_comes_back_is_shown_with_its_reason_and_sent_again_to_the_right_address(
    client, smtp_sink
):
    cast = make_cast()

    async def nobody_there(server, session, envelope, address, options):
        if address.startswith("mia@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    smtp_sink.handle_RCPT = nobody_there
    draft(cast, "mia@lind.dk")
    send(cast)
    drain("bulk")
    row = Invitation.objects.get()
    assert row.state == State.BOUNCED
    assert "no such mailbox" in row.reason
    client.force_login(cast.convener)
    html = client.get(page_of(cast, "invitations")).content.decode()
    assert "Did not arrive" in html
    assert "Call" in html
    before = link_of(row)
    assert client.post(page_of(cast, "resend_invitation", row.pk), {"address": "mia@lind"}).status_code == 422
    assert (
        client.post(page_of(cast, "resend_invitation", row.pk), {"address": "maja@lind.dk"}).status_code
        == 302
    )
    drain("bulk")
    row.refresh_from_db()
    assert (row.state, row.address, row.reason) == ("sent", "maja@lind.dk", "")
    (mail,) = smtp_sink.to("maja@lind.dk")
    assert link_of(row) in mail.get_body("plain").get_content()
    assert link_of(row) != before
    assert client.get(before.removeprefix("http://localhost:8000")).status_code == 404


@pytest.mark.django_db
def test_what_is_withdrawn_is_not_sent_and_says_so(client, smtp_sink):
    cast = make_cast()
    draft(cast, "maja@lind.dk")
    send(cast)
    row = Invitation.objects.get()
    client.force_login(cast.convener)
    assert (
        client.post(page_of(cast, "withdraw_invitation", row.pk), {"reason": "Wrong person"}).status_code
        == 302
    )
    drain("bulk")
    assert smtp_sink.messages == []
    assert client.post(page_of(cast, "withdraw_invitation", row.pk), {}).status_code == 403
    row.refresh_from_db()
    assert (row.state, row.reason) == ("withdrawn", "Wrong person")


@pytest.mark.django_db
def test_a_reminder_by_hand_goes_once_a_day(client):
    cast = make_cast()
    row = sent_ago(cast, 1)
    client.force_login(cast.convener)
    page = page_of(cast, "remind_invitation", row.pk)
    assert client.post(page).status_code == 302
    assert client.post(page).status_code == 409
    assert Notice.objects.filter(kind="invitation_reminder").count() == 1


@pytest.mark.django_db
def test_who_did_not_join_is_forgotten_after_the_months_that_were_promised(client):
    cast = make_cast()
    gone, kept = sent_ago(cast, 215), sent_ago(cast, 200, "kept@example.net")
    said_no, said_yes = sent_ago(cast, 215, "no@example.net"), sent_ago(cast, 215, "yes@example.net")
    now = timezone.now()
    Invitation.objects.filter(pk__in=[gone.pk, kept.pk]).update(state=State.EXPIRED)
    Invitation.objects.filter(pk=said_no.pk).update(
        state=State.DECLINED, answered_at=now - 190 * DAY, reason="I am ill"
    )
    member = cast.member(cast.citizen)
    Invitation.objects.filter(pk=said_yes.pk).update(
        state=State.ACCEPTED, answered_at=now - 190 * DAY, member=member
    )
    links = [link_of(gone), link_of(said_no)]
    assert actions.invitations.forget_unanswered(at=now) == 2
    assert actions.invitations.forget_unanswered(at=now) == 0
    rows = set(Invitation.objects.values_list("address", "reason", "state"))
    assert rows == {
        ("", "", "expired"),
        ("", "", "declined"),
        ("kept@example.net", "", "expired"),
        ("yes@example.net", "", "accepted"),
    }
    assert {client.get(link.removeprefix("http://localhost:8000")).status_code for link in links} == {404}
    assert Entry.objects.get(verb="invitation.forgotten").ids == {"count": 2}
    client.force_login(cast.convener)
    assert client.get(page_of(cast, "invitations")).status_code == 200


@pytest.mark.django_db
def test_an_address_that_sent_mail_back_before_is_shown_to_call(client, smtp_sink):
    cast = make_cast()
    suppress(address="maja@lind.dk", reason="bounced", at=timezone.now())
    draft(cast, "maja@lind.dk")
    send(cast)
    drain("bulk")
    row = Invitation.objects.get()
    assert (row.state, smtp_sink.messages) == (State.BOUNCED, [])
    client.force_login(cast.convener)
    html = client.get(page_of(cast, "invitations"), {"state": "call"}).content.decode()
    assert "Mail to this address came back before. Check the address, or call instead." in html
    actions.invitations.resend_invitation(
        invitation=row, address="maja@lind.dk", by=cast.convener, at=timezone.now()
    )
    drain("bulk")
    assert Invitation.objects.get().state == State.SENT


@pytest.mark.django_db
def test_html_in_every_field_is_text_in_the_mail(smtp_sink):
    bad = "<script>alert(1)</script><img src=x onerror=y>"
    cast = make_cast(title=bad)
    Partnership.objects.update(summary=bad)
    cast.partnership.mandate.question = bad
    cast.partnership.mandate.save()
    draft(cast, "maja@lind.dk", name=bad, why_you=bad)
    send(cast)
    drain("bulk")
    (mail,) = smtp_sink.to("maja@lind.dk")
    html = mail.get_body("html").get_content()
    assert "<script>" not in html
    assert "<img" not in html
    assert html.count("&lt;script&gt;alert(1)") >= 3
    assert bad in mail.get_body("plain").get_content()


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
