"""Notices on the site: what somebody was told, read and unread, asked anew when it is opened; nothing that proves."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notices.actions import choose, drain
from notices.kinds import all_kinds, choosable, on_site
from notices.models import Notice
from notices.themes import THEMES, by_theme, theme_of
from partnerships.models import Decision, Meeting, Member, Partnership
from tests.cast import join, make_cast, partnership
from tests.partnerships.meeting import call
from tests.partnerships.test_messages_and_calls import owe
from tests.partnerships.writing import ask, start, take, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def decision(cast):
    """One that three people are asked about."""
    return ask(cast, write(cast, start(cast)))


def page(client, who, query=""):
    client.force_login(who)
    answer = client.get(reverse("my_notices") + query)
    assert answer.status_code == 200
    return answer.text


def titles(client, who, query=""):
    """(title, whether it is new) of each notice shown."""
    row = r'co-rows__title" type="submit">([^<]+)</button></form>(.*?)</span>\s*<p'
    found = re.findall(row, page(client, who, query), re.S)
    return [(title, "New" in rest) for title, rest in found]


def unread(client, who):
    client.force_login(who)
    bell = r'href="/mine/notices/">.*?(?:<span class="co-count">([^<]+)</span>)?</a>'
    return re.search(bell, client.get("/help/").text)[1]


def about(decision):
    return f"“{decision.question}”"


# --- what is shown -------------------------------------------------------------------------------------------------


def test_what_was_told_stands_here_under_its_name_of_today(client, decision, cast):
    assert titles(client, cast.citizen) == [(about(decision), True)]
    Decision.objects.update(question="Shall we?")
    assert titles(client, cast.citizen) == [("“Shall we?”", True)]
    assert titles(client, cast.outsider) == []
    assert [unread(client, who) for who in (cast.citizen, cast.outsider)] == ["1", None]


@pytest.mark.parametrize(
    ("choice", "shown", "mail"), [("at_once", 1, 1), ("daily", 1, 0), ("off", 1, 0), ("nowhere", 0, 0)]
)
def test_without_mail_it_stands_here_unless_it_is_wanted_nowhere(
    client, cast, smtp_sink, choice, shown, mail
):
    choose(recipient=cast.citizen.pk, choices={"decision_opened": choice}, at=timezone.now())
    ask(cast, write(cast, start(cast)))
    drain("bulk")
    assert len(titles(client, cast.citizen)) == shown
    assert len(smtp_sink.to("bo@example.org")) == mail
    assert (unread(client, cast.citizen) or "0") == str(shown)
    if choice == "off":
        assert "The mail: Only on the site." in page(client, cast.citizen)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"state": "sent"}, True),
        ({"state": "failed", "reason": "no_address"}, True),
        ({"state": "gathered", "days": -3}, True),
        ({"state": "queued", "days": -1}, False),  # a reminder that is owed ahead
        ({"state": "dropped", "reason": "untrue"}, False),
        ({"state": "dropped", "reason": "off"}, True),
        ({"state": "dropped", "reason": "nowhere"}, False),
        ({"state": "sent", "kind": "invitation"}, False),
        ({"state": "sent", "kind": "security_news"}, False),
        ({"state": "sent", "kind": "digest"}, False),
        ({"state": "sent", "kind": "no_longer_declared"}, False),
    ],
)
def test_what_stands_here_by_its_state_and_kind(client, cast, fields, shown):
    owe(cast, cast.citizen, **fields)
    assert (len(titles(client, cast.citizen)), unread(client, cast.citizen)) == (
        shown,
        "1" if shown else None,
    )


def test_no_kind_with_a_proof_in_it_stands_on_the_site():
    proving = {
        name for name, kind in all_kinds().items() if kind.recipients.__module__ != "actors.recipients"
    }
    assert proving & {kind.name for kind in on_site()} == set()
    assert {"invitation", "sign_in_code", "invitee_answered"} <= proving


def test_what_i_may_no_longer_know_of_is_not_here_and_not_counted(client, cast):
    secret = partnership(cast.platform, slug="secret", title="The secret harbour", visibility="hidden")
    seat = join(secret, cast.citizen)
    meeting = call(cast, title="In secret")
    Meeting.objects.filter(pk=meeting.pk).update(partnership=secret)
    Notice.objects.all().delete()
    owe(cast, cast.citizen, arena=secret, kind="meeting_called")
    Notice.objects.update(ids={"meeting": str(meeting.pk), "sequence": 0})
    assert titles(client, cast.citizen) == [("“In secret”", True)]
    notice = Notice.objects.get()
    Member.objects.filter(pk=seat.pk).update(left_at=timezone.now())
    shown = page(client, cast.citizen)
    assert "In secret" not in shown
    assert "secret harbour" not in shown
    assert unread(client, cast.citizen) is None
    assert client.post(reverse("open_notice", args=[notice.pk])).status_code == 404


def test_of_members_only_partnerships_others_see_no_names(client, cast, decision):
    Partnership.objects.update(visibility="members")
    Member.objects.filter(person=cast.citizen).update(left_at=timezone.now())
    assert titles(client, cast.citizen) == [("When you are asked to decide", True)]
    assert decision.question not in page(client, cast.citizen)


# --- read and unread -----------------------------------------------------------------------------------------------


def test_opening_leads_to_the_thing_and_counts_as_read(client, cast, decision):
    notice = Notice.objects.get(recipient=cast.citizen.pk, kind="decision_opened")
    client.force_login(cast.citizen)
    answer = client.post(reverse("open_notice", args=[notice.pk]))
    assert answer.url == f"/partnerships/seaweed/decisions/{decision.pk}/"
    assert titles(client, cast.citizen) == [(about(decision), False)]
    assert unread(client, cast.citizen) is None


def test_what_no_longer_stands_says_so_when_it_is_opened(client, cast, decision):
    notice = Notice.objects.get(recipient=cast.citizen.pk, kind="decision_opened")
    take(decision, cast.citizen)
    client.force_login(cast.citizen)
    answer = client.post(reverse("open_notice", args=[notice.pk]), follow=True)
    assert "This no longer applies" in answer.text
    Decision.objects.update(closed_at=timezone.now(), outcome="adopted")
    assert "Over" in page(client, cast.citizen)


def test_reading_by_hand_and_all_at_once(client, cast, decision):
    owe(cast, cast.citizen)
    notice = Notice.objects.get(recipient=cast.citizen.pk, kind="decision_opened")
    client.force_login(cast.citizen)
    mark = reverse("mark_notice", args=[notice.pk])
    client.post(mark, {"read": "yes"})
    assert titles(client, cast.citizen, "?unread=on") == [("When a new stage opens", True)]
    client.post(mark, {"read": "no"})
    assert unread(client, cast.citizen) == "2"
    until = re.search(r'name="until" value="([^"]+)"', page(client, cast.citizen))[1]
    owe(cast, cast.citizen)
    client.post(reverse("mark_notices"), {"until": until})
    assert unread(client, cast.citizen) == "1"
    for nonsense in ("", "soon", "2026-99-01T00:00:00+00:00"):
        client.post(reverse("mark_notices"), {"until": nonsense})
    assert unread(client, cast.citizen) is None


def test_nobody_reads_for_somebody_else(client, cast, decision):
    theirs = Notice.objects.get(recipient=cast.citizen.pk, kind="decision_opened")
    client.force_login(cast.official)
    for name in ("open_notice", "mark_notice"):
        assert client.post(reverse(name, args=[theirs.pk])).status_code == 404
        assert client.get(reverse(name, args=[theirs.pk])).status_code == 405
    client.post(reverse("mark_notices"))
    theirs.refresh_from_db()
    assert theirs.read_at is None
    assert unread(client, cast.citizen) == "1"


# --- looking for some, and many ------------------------------------------------------------------------------------


def test_filters_live_in_the_address(client, cast, decision):
    other = partnership(cast.platform, slug="harbour", title="The harbour")
    join(other, cast.citizen)
    owe(cast, cast.citizen, arena=other)
    assert len(titles(client, cast.citizen)) == 2
    assert titles(client, cast.citizen, "?where=harbour") == [("When a new stage opens", True)]
    assert titles(client, cast.citizen, "?kind=decision_opened") == [(about(decision), True)]
    assert len(titles(client, cast.citizen, "?where=x&kind=y")) == 2


def test_it_costs_the_same_with_three_and_with_three_thousand(
    client, cast, decision, django_assert_max_num_queries
):
    kinds = [kind.name for kind in on_site()]
    client.force_login(cast.citizen)

    def add(numbers):
        now = timezone.now()
        rows = [
            Notice(scope=cast.partnership.pk, recipient=cast.citizen.pk, kind=kinds[n % len(kinds)], lane="bulk",
                   occurrence=f"{n}", state="sent", due_at=now, try_at=now, message_id=f"<{n}@x>",
                   created_at=now - timedelta(seconds=n), ids={"decision": str(decision.pk)})
            for n in numbers
        ]  # fmt: skip
        Notice.objects.bulk_create(rows)

    add(range(3))
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("my_notices"))
    add(range(3, 3000))
    with django_assert_max_num_queries(12) as many:
        assert client.get(reverse("my_notices")).status_code == 200
    assert len(few) == len(many)
    assert unread(client, cast.citizen) == "99+"


# --- choosing ------------------------------------------------------------------------------------------------------


def test_every_kind_has_a_theme_and_none_is_lost():
    assert {kind.name for _theme, _heading, kinds in by_theme() for kind in kinds} == {
        kind.name for kind in choosable()
    }
    assert {theme_of(kind) for kind in choosable()} <= set(THEMES) - {"other"}


def test_a_choice_for_a_theme_goes_for_its_kinds_but_those_chosen_by_themselves(client, cast):
    client.force_login(cast.citizen)
    wanted = {"theme-meet": "daily", "meeting_reminder": "at_once", "meeting_called": "off"}
    client.post(reverse("choose_messages"), wanted)
    client.post(reverse("choose_messages"), {"theme-decide": "weekly"})
    shown = client.get(reverse("settings")).text
    for kind, choice in {
        "meeting_reminder": "daily", "meeting_called": "off", "meeting_changed": "daily", "decision_opened": "weekly",
        "stage_opened": "at_once",
    }.items():  # fmt: skip
        select = re.search(rf'<select name="{kind}".*?</select>', shown, re.S)[0]
        assert f'<option value="{choice}" selected' in select
    assert "Different: see below" in re.search(r'<select name="theme-meet".*?</select>', shown, re.S)[0]


def test_what_was_chosen_for_one_partnership_is_taken_back_in_one_press(client, cast):
    choose(
        recipient=cast.citizen.pk,
        scope=cast.partnership.pk,
        choices={"stage_opened": "off"},
        at=timezone.now(),
    )
    assert "You chose otherwise here." in page(client, cast.citizen)
    client.post(reverse("choose_as_everywhere", args=["seaweed"]))
    assert "You chose otherwise here." not in page(client, cast.citizen)


def test_the_old_address_leads_here(client, cast):
    client.force_login(cast.citizen)
    assert client.get("/mine/messages/").url == reverse("my_notices")
