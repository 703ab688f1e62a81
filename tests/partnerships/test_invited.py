"""Many invitations at once: seen on their way, found, taken out as a table, reminded, withdrawn, looked at oneself."""

import csv
import io
import re

import pytest
from django.utils import timezone

from boundary.answer import Conflict
from journal.models import Entry
from notices.actions import drain, take_bounce
from notices.models import Notice, Suppression
from partnerships import actions
from partnerships.models import Group, Invitation, Letter
from tests.cast import make_cast
from tests.notices.reporting import failed
from tests.partnerships.inviting import DAY, State, draft, page_of, send, sent_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(client):
    made = make_cast()
    client.force_login(made.convener)
    return made


def group(cast, name="Fishers"):
    return Group.objects.create(
        partnership=cast.partnership, name=name, sector="private", affectedness=3, relevance=2
    )


# --- on their way -------------------------------------------------------------------------------------------


def look(client, cast, **asked):
    """The part that renews itself."""
    return client.get(page_of(cast, "sending"), asked, headers={"HX-Request": "true"}).content.decode()


def numbers_in(html):
    return [int(number) for number in re.findall(r"<dd>(?:<a[^>]*>)?(\d+)", html)]


def test_sending_leads_to_a_page_that_renews_itself_until_all_have_left(client, cast, smtp_sink):
    draft(cast, *[f"p{n}@example.net" for n in range(8)])
    page = page_of(cast, "sending")
    assert client.post(page_of(cast, "send_invitations"))["Location"] == page
    html = client.get(page).content.decode()
    assert (numbers_in(html), "hx-get" in html) == ([8, 0, 0, 0, 0], True)
    assert '<p class="ds-sr-only" id="sending-said" role="status"></p>' in html
    assert f'<a class="ds-link" href="{page}">Look again</a>' in html  # without script
    now = look(client, cast, left=8)
    assert "<html" not in now
    assert ('hx-trigger="every 5s"' in now, "hx-swap-oob" in now) == (True, False)  # nothing moved
    Invitation.objects.filter(number__in=[1, 2, 3]).update(state=State.SENT)
    now = look(client, cast, left=8)
    assert (numbers_in(now), 'hx-trigger="every 2s"' in now) == ([5, 3, 0, 0, 0], True)
    assert "3 of 8 have left." in now
    assert "hx-swap-oob" not in look(client, cast, left=6)  # the same quarter is not said twice
    drain("bulk")
    Invitation.objects.filter(number=1).update(state=State.SEEN)
    Invitation.objects.filter(number=2).update(state=State.BOUNCED)
    now = look(client, cast, left=5)
    assert (numbers_in(now), "hx-get" in now, "All have left." in now) == ([0, 6, 1, 0, 1], False, True)
    for odd in ("", "x", "-1", "9" * 40):
        assert "hx-swap-oob" not in look(client, cast, left=odd)


def test_how_far_they_are_costs_one_query_more_than_any_page(client, cast, django_assert_max_num_queries):
    draft(cast, "a@example.net")
    send(cast)
    counts = []
    for more in (1, 60):
        draft(cast, *[f"p{more}-{n}@example.net" for n in range(more)])
        send(cast)
        with django_assert_max_num_queries(5) as seen:
            look(client, cast)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_only_conveners_see_how_far_they_are(client, cast):
    draft(cast, "a@example.net")
    send(cast)
    for who, status in ((cast.citizen, 403), (cast.outsider, 403), (cast.convener, 200)):
        client.force_login(who)
        assert client.get(page_of(cast, "sending")).status_code == status


def test_what_somebody_drafted_in_the_meantime_is_not_sent_along(cast):
    draft(cast, "a@example.net", "b@example.net")
    with pytest.raises(Conflict, match="in the meantime"):
        actions.invitations.send_invitations(
            partnership=cast.partnership, by=cast.convener, at=timezone.now(), number=1
        )
    assert not Notice.objects.exists()


# --- found --------------------------------------------------------------------------------------------------


def test_the_list_is_found_by_state_answer_reason_group_and_language(client, cast):
    fishers = group(cast)
    rows = {
        "sent": sent_ago(cast, 1, "sent@example.net"),
        "no": sent_ago(cast, 1, "no@example.net"),
        "back": sent_ago(cast, 1, "back@example.net"),
        "shut": sent_ago(cast, 1, "shut@example.net"),
    }
    (rows["danish"],) = draft(cast, "danish@example.net", language="da", group=fishers)
    (rows["paper"],) = draft(cast, "", name="Paper")
    for name, facts in {
        "no": {"state": State.DECLINED, "reason": "I am ill"},
        "back": {"state": State.BOUNCED, "reason": "returned: 550 no"},
        "shut": {"state": State.BOUNCED, "reason": "suppressed"},
        "paper": {"state": State.SENT, "expires_at": timezone.now() + DAY},
    }.items():
        Invitation.objects.filter(pk=rows[name].pk).update(**facts)
    named = {row.pk: name for name, row in rows.items()}

    def found(**asked):
        answer = client.get(page_of(cast, "invitations"), asked)
        assert answer.status_code == 200
        return {named[row.pk] for row in answer.context["page"]}

    assert found(state="sent") == {"sent", "paper"}
    assert found(state="call") == {"back", "shut", "paper"}
    assert found(answered="yes") == {"no"}
    assert found(answered="no") == {"sent", "paper"}
    assert found(reason="returned") == {"back"}
    assert found(reason="suppressed") == {"shut"}
    assert found(reason="said") == {"no"}
    assert found(language="da") == {"danish"}
    assert found(group=str(fishers.pk)) == {"danish"}
    assert found(q="SENT@", state="sent") == {"sent"}
    for odd in ({"group": "x"}, {"language": "tlh"}, {"reason": "x"}, {"answered": "maybe"}, {"q": "\x00"}):
        assert found(**odd) == set(rows)


def test_another_partnerships_group_finds_nothing_of_it(client, cast):
    row = sent_ago(cast, 1)
    other = make_other(cast)
    assert client.get(page_of(cast, "invitations"), {"group": str(other.pk)}).context["page"][0] == row


def make_other(cast):
    arena = actions.arenas.convene(
        platform=cast.platform, title="Other", summary="s", question="q", by=cast.convener, at=timezone.now()
    )
    return Group.objects.create(
        partnership=arena, name="Theirs", sector="private", affectedness=1, relevance=1
    )


def test_the_list_costs_the_same_with_every_filter_and_many_rows(client, cast, django_assert_max_num_queries):
    fishers = group(cast)
    asked = {"group": str(fishers.pk), "language": "en", "answered": "no", "q": "example"}
    counts = []
    for number in (3, 300):
        rows = draft(cast, *[f"p{number}-{n}@example.net" for n in range(number)], group=fishers)
        Invitation.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=State.SENT, sent_at=timezone.now() - DAY, expires_at=timezone.now() + DAY
        )
        for page in ("invitations", "invitations_file"):
            with django_assert_max_num_queries(12) as seen:
                client.get(page_of(cast, page), asked)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


def test_what_is_found_is_taken_out_as_a_table_without_formulas(client, cast):
    draft(cast, "a@example.net", name="=1+1")
    sent_ago(cast, 1, "maja@lind.dk")
    answer = client.get(page_of(cast, "invitations_file"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Number", "Name", "E-mail"]
    assert [row[1:3] for row in rows[1:]] == [["", "maja@lind.dk"], ["'=1+1", "a@example.net"]]
    only = client.get(page_of(cast, "invitations_file"), {"state": "sent"}).content.decode()
    assert ("maja@lind.dk" in only, "a@example.net" in only) == (True, False)
    for who in (cast.citizen, cast.case_officer):
        client.force_login(who)
        assert client.get(page_of(cast, "invitations_file")).status_code == 403


# --- many at once -------------------------------------------------------------------------------------------


def test_all_who_have_not_answered_are_reminded_once_a_day(client, cast, smtp_sink):
    waiting = sent_ago(cast, 1, "waits@example.net")
    sent_ago(cast, 3, "clock@example.net")
    sent_ago(cast, 0, "today@example.net")
    sent_ago(cast, 1, "no@example.net", State.DECLINED)
    hand = sent_ago(cast, 1, "hand@example.net")
    actions.invitations.remind_invitations(at=timezone.now())
    actions.invitations.remind_invitation(invitation=hand, by=cast.convener, at=timezone.now())
    page = page_of(cast, "remind_unanswered")
    assert client.post(page, {"number": 3}).status_code == 302
    assert client.post(page, {"number": 3}).status_code == 302
    drain("bulk")
    assert sorted(message["To"] for message in smtp_sink.messages) == [
        "clock@example.net", "hand@example.net", "waits@example.net",
    ]  # fmt: skip
    assert Entry.objects.filter(verb="invitation.reminded", ids={"count": 1}).count() == 1
    for again in (waiting, hand):
        with pytest.raises(Conflict, match="A reminder has gone out today"):
            actions.invitations.remind_invitation(invitation=again, by=cast.convener, at=timezone.now())


def test_the_clock_waits_a_day_after_a_reminder_by_hand(cast):
    row, now = sent_ago(cast, 3), timezone.now()
    actions.invitations.remind_invitation(invitation=row, by=cast.convener, at=now)
    assert actions.invitations.remind_invitations(at=now) == 0
    assert actions.invitations.remind_invitations(at=now + DAY) == 1


def test_only_those_who_are_found_are_reminded(client, cast):
    fishers = group(cast)
    row = sent_ago(cast, 1, "a@example.net")
    sent_ago(cast, 1, "b@example.net")
    Invitation.objects.filter(pk=row.pk).update(group=fishers)
    client.post(page_of(cast, "remind_unanswered") + f"?group={fishers.pk}", {"number": 1})
    assert [notice.recipient for notice in Notice.objects.filter(kind="invitation_reminder")] == [row.pk]


def test_drafts_that_are_found_are_withdrawn_at_once(client, cast):
    draft(cast, "a@example.net", language="da")
    draft(cast, "b@example.net")
    sent = sent_ago(cast, 1, "c@example.net")
    client.post(page_of(cast, "withdraw_drafts") + "?language=da", {"number": 1})
    assert dict(Invitation.objects.values_list("address", "state")) == {
        "a@example.net": "withdrawn", "b@example.net": "draft", sent.address: "sent",
    }  # fmt: skip
    assert Entry.objects.get(verb="invitation.drafts_withdrawn").ids == {"count": 1}


@pytest.mark.parametrize("name", ["remind_unanswered", "withdraw_drafts"])
def test_a_filter_that_is_gone_or_a_number_that_has_grown_does_nothing_to_anybody(client, cast, name):
    gone, page = group(cast), page_of(cast, name)
    for address in ("a@example.net", "b@example.net"):
        sent_ago(cast, 1, address)
        draft(cast, f"draft-{address}")
    html = client.get(page_of(cast, "invitations")).content.decode()
    assert html.count('<input type="hidden" name="number" value="2">') == 2
    gone_pk = gone.pk
    gone.delete()
    for query, typed in (
        (f"?group={gone_pk}", {"number": 2}),
        ("?language=tlh", {"number": 2}),
        ("", {"number": 1}),
        ("", {"number": "x"}),
        ("", {}),
    ):
        answer = client.post(page + query, typed)
        assert (answer.status_code, "once more" in answer.content.decode()) == (409, True), (query, typed)
    assert (Notice.objects.count(), Invitation.objects.filter(state=State.DRAFT).count()) == (0, 2)
    assert client.post(page, {"number": 2}).status_code == 302
    assert (Notice.objects.count(), Invitation.objects.filter(state=State.DRAFT).count()) in [(2, 2), (0, 0)]


def test_only_conveners_do_it(client, cast):
    sent_ago(cast, 1)
    draft(cast, "b@example.net")
    for who in (cast.citizen, cast.outsider, cast.case_officer):
        client.force_login(who)
        for page in ("remind_unanswered", "withdraw_drafts", "preview_invitation"):
            assert client.post(page_of(cast, page)).status_code == 403
    assert (Notice.objects.count(), Invitation.objects.filter(state=State.DRAFT).count()) == (0, 1)


# --- to oneself ---------------------------------------------------------------------------------------------


def choices(client, cast):
    html = client.get(page_of(cast, "send_invitations")).content.decode()
    return html, client.get(page_of(cast, "send_invitations")).context["to_me"].fields["letter"].choices


def test_the_convener_mails_the_invitation_to_themselves(client, cast, smtp_sink):
    (row,) = draft(cast, "maja@lind.dk", name="Maja Lind")
    html, letters = choices(client, cast)
    assert ("Mail it to me" in html, "Which letter?" in html, len(letters)) == (True, False, 1)
    typed = {"letter": str(row.pk)}
    assert client.post(page_of(cast, "preview_invitation"), typed).status_code == 302
    drain("prompt")
    (mail,) = smtp_sink.messages
    assert (mail["To"].addresses[0].addr_spec, mail["Subject"]) == (
        "karen@example.org", "Preview: Will you help with “Seaweed on the beach”?",
    )  # fmt: skip
    plain = mail.get_body("plain").get_content()
    assert "You live there." in plain
    assert "http://localhost:8000/partnerships/seaweed/invite/send/" in plain
    assert "/i/" not in plain + mail.get_body("html").get_content()
    assert Invitation.objects.get().state == State.DRAFT
    for _press in range(19):
        client.post(page_of(cast, "preview_invitation"), typed)
    assert client.post(page_of(cast, "preview_invitation"), typed).status_code == 409
    assert Notice.objects.filter(kind="invitation_preview").count() == 20


def test_of_several_letters_one_is_chosen_and_comes_in_its_language(client, cast, smtp_sink):
    fishers = group(cast)
    Letter.objects.create(partnership=cast.partnership, group=fishers, language="da", opening="Kære fisker.")
    draft(cast, "a@example.net", "b@example.net")
    draft(cast, "c@example.net", "d@example.net", group=fishers, language="da")
    html, letters = choices(client, cast)
    assert "Which letter?" in html
    assert [label for _pk, label in letters] == ["Fishers, Danish", "All others, English"]
    client.post(page_of(cast, "preview_invitation"), {"letter": letters[0][0]})
    drain("prompt")
    (mail,) = smtp_sink.messages
    assert "Kære fisker." in mail.get_body("plain").get_content()
    assert mail["Content-Language"] == "da"
    for odd in ({}, {"letter": "x"}, {"letter": str(cast.partnership.pk)}):
        assert client.post(page_of(cast, "preview_invitation"), odd).status_code == 302
    assert Notice.objects.filter(kind="invitation_preview").count() == 1


# --- what comes back later ------------------------------------------------------------------------------------


@pytest.fixture
def _reports_come(settings):
    settings.BOUNCE_ADDRESS = "bounces@dialog.example.org"


def returned(smtp_sink, number=-1, about="maja@lind.dk"):
    take_bounce(data=failed(smtp_sink.envelopes[number].mail_from, about), at=timezone.now())


@pytest.mark.usefixtures("_reports_come")
@pytest.mark.parametrize("state", [State.SENT, State.SEEN, State.DECLINED, State.ACCEPTED, State.WITHDRAWN])
def test_a_mail_that_comes_back_later_is_shown_to_call_and_an_answer_stands(client, cast, smtp_sink, state):
    draft(cast, "maja@lind.dk")
    send(cast)
    drain("bulk")
    member = cast.member(cast.citizen) if state == State.ACCEPTED else None
    Invitation.objects.update(state=state, member=member)
    returned(smtp_sink)
    row = Invitation.objects.get()
    assert row.state == (State.BOUNCED if state == State.SENT else state)
    assert Suppression.objects.count() == 1
    if state == State.SENT:
        html = client.get(page_of(cast, "invitations"), {"state": "call"}).content.decode()
        assert "The mail came back: 550 5.1.1 …: no such user" in html


@pytest.mark.usefixtures("_reports_come")
def test_after_a_corrected_address_the_old_mail_may_come_back(cast, smtp_sink):
    draft(cast, "mia@lind.dk")
    send(cast)
    drain("bulk")
    row = Invitation.objects.get()
    actions.invitations.resend_invitation(
        invitation=row, address="maja@lind.dk", by=cast.convener, at=timezone.now()
    )
    drain("bulk")
    returned(smtp_sink, 0, "mia@lind.dk")
    assert (Invitation.objects.get().state, Suppression.objects.count()) == (State.SENT, 0)


@pytest.mark.usefixtures("_reports_come")
def test_a_reminder_that_comes_back_says_so_too(cast, smtp_sink):
    row = sent_ago(cast, 3)
    actions.invitations.remind_invitations(at=timezone.now())
    drain("bulk")
    returned(smtp_sink)
    row.refresh_from_db()
    assert (row.state, row.reason) == (State.BOUNCED, "returned: 550 5.1.1 …: no such user")
