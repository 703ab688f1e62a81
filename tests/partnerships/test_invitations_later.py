"""What becomes of an invitation that was sent: reminders, expiry, mail that comes back, again, withdrawn, forgotten."""

import pytest
from django.utils import timezone

from journal.models import Entry
from notices.actions import drain, suppress
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.messages.invitations import link_of
from partnerships.models import Invitation, Partnership
from tests.cast import make_cast
from tests.partnerships.inviting import DAY, State, draft, page_of, send, sent_ago


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


@pytest.mark.django_db
def test_whether_reminders_are_still_true_costs_one_query_for_a_batch(django_assert_num_queries):
    cast = make_cast()
    sent = [sent_ago(cast, 3, f"p{number}@example.net") for number in (1, 2, 3)]
    kind = kind_named("invitation_reminder")
    notices = [Notice(recipient=one.pk, kind=kind.name) for one in sent]
    with django_assert_num_queries(1):
        assert kind.still_true(notices) == {notice.pk for notice in notices}
