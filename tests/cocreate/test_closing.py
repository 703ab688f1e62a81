"""The end of a partnership: what follows is said, an account is owed, reminded of, written and published once."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from cocreate import waiting
from cocreate.celery import app
from journal.models import Entry
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import ClosingAccount, Member, Partnership
from partnerships.settings.table import ACCOUNT_DAYS
from partnerships.stages import Stage
from partnerships.tasks.closing import remind_of_accounts
from partnerships.tasks.pauses import remind_to_look_again
from tests.cast import join, make_cast, told, who_may
from tests.cocreate.test_stages import advance, open_the_gate
from tests.partnerships.resting import noon

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
WORDS = {"aims": "A clean beach.", "results": "It is **clean**.", "not_done": "The pier.", "thanks": "Bo."}


def closed(cast, **fields):
    advance(cast, "closed", reason="Done.", **fields)
    return ClosingAccount.objects.select_related("visit").get(visit__left_at=None)


def write(account, by, expected=None, **words):
    return actions.closing.write_account(
        account=account,
        words=WORDS | words,
        expected=ClosingAccount.objects.get(pk=account.pk).version if expected is None else expected,
        by=by,
        at=timezone.now(),
    )


def publish(account, by, expected=None):
    expected = ClosingAccount.objects.get(pk=account.pk).version if expected is None else expected
    return actions.closing.publish_account(account=account, expected=expected, by=by, at=timezone.now())


def page(name, cast):
    return reverse(name, args=[cast.partnership.slug])


def words_of(answer):
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("stage", [Stage.DESIGN, Stage.EVALUATE])
def test_nothing_ends_before_it_is_said_what_follows(stage):
    cast = make_cast(stage=stage)
    open_the_gate(cast)
    with pytest.raises(Refused) as refused:
        advance(cast, "closed", reason="Done.", follows="")
    assert refused.value.answer.why_not == "It is not said what follows."
    assert not ClosingAccount.objects.exists()
    account = closed(cast, follows="scale")
    due = timezone.localdate() + ACCOUNT_DAYS.default * DAY
    assert (account.follows, account.writer, account.due_on) == ("scale", cast.member(cast.convener), due)
    owed = Entry.objects.get(verb="account.owed")
    assert (owed.ids["follows"], owed.audience) == ("scale", "public")


def test_somebody_else_can_owe_it_by_another_day():
    cast = make_cast(stage=Stage.DESIGN)
    fie = join(cast.partnership, cast.politician, role=Member.Role.FACILITATOR)
    day = datetime.date(2031, 5, 3)
    account = closed(cast, writer=fie, due_on=day)
    assert (account.writer, account.due_on, account.visit.due_on) == (fie, day, None)


def test_who_writes_and_who_publishes():
    cast = make_cast(stage=Stage.DESIGN)
    account = closed(cast, writer=join(cast.partnership, cast.politician, role=Member.Role.FACILITATOR))
    assert who_may(cast, lambda by: write(account, by)) == {"convener", "politician"}
    write(account, cast.politician)
    assert who_may(cast, lambda by: publish(account, by)) == {"convener"}
    publish(account, cast.convener)
    assert who_may(cast, lambda by: write(account, by)) == set()
    assert who_may(cast, lambda by: publish(account, by)) == set()


def test_who_began_from_older_words_is_told_and_loses_none():
    cast = make_cast(stage=Stage.DESIGN)
    account = closed(cast)
    write(account, cast.convener, expected=0)
    for deed in (
        lambda: write(account, cast.convener, expected=0),
        lambda: publish(account, cast.convener, 0),
    ):
        with pytest.raises(Conflict):
            deed()
    account.refresh_from_db()
    assert (account.version, account.published_at) == (1, None)


def test_it_is_owed_until_it_is_published_and_reminded_of_meanwhile():
    cast = make_cast(stage=Stage.DESIGN)
    account = closed(cast)
    due = noon().date() + 9 * DAY
    ClosingAccount.objects.update(due_on=due)
    join(cast.partnership, cast.politician, role=Member.Role.CONVENER)
    days = []
    for number in range(25):
        before = Notice.objects.filter(kind="account_owed").count()
        for _twice in range(2):
            actions.closing.remind_of_accounts(at=noon(number))
        days += [number] * (Notice.objects.filter(kind="account_owed").count() - before)
    assert days == [2, 2, 9, 9, 16, 16, 23, 23]
    assert set(told("account_owed")) == {cast.convener.pk, cast.politician.pk}
    notices = list(Notice.objects.filter(kind="account_owed"))
    assert kind_named("account_owed").still_true(notices) == {one.pk for one in notices}
    fie = Member.objects.filter(person=cast.politician)
    for role, readers in ((Member.Role.MEMBER, {cast.convener.pk}), (Member.Role.CONVENER, None)):
        fie.update(role=role)
        true = kind_named("account_owed").still_true(notices)
        assert true == {one.pk for one in notices if readers is None or one.recipient in readers}
    writer = Member.objects.filter(person=cast.convener)
    for change, true in (({"role": Member.Role.MEMBER}, True), ({"left_at": timezone.now()}, False)):
        writer.update(**change)
        still = kind_named("account_owed").still_true(notices)
        assert bool(still & {one.pk for one in notices if one.recipient == cast.convener.pk}) == true
    writer.update(role=Member.Role.CONVENER, left_at=None)
    for who, keys in ((cast.convener, ["accounts"]), (cast.citizen, [])):
        assert [group.key for group in waiting.waiting(who, noon(), noon().date())] == keys
    write(account, cast.convener)
    publish(account, cast.convener)
    assert kind_named("account_owed").still_true(notices) == set()
    assert waiting.waiting(cast.convener, noon(), noon().date()) == []
    assert ClosingAccount.objects.owed().count() == 0


def test_a_partnership_that_is_opened_again_owes_nothing_until_its_next_end():
    cast = make_cast(stage=Stage.DESIGN)
    closed(cast)
    advance(cast, "design", reason="A fund was found.")
    assert ClosingAccount.objects.owed().count() == 0
    account = closed(cast, follows="continue")
    assert ClosingAccount.objects.owed().get() == account
    assert ClosingAccount.objects.count() == 2


def test_everyone_who_takes_part_is_told_once_and_everyone_reads_it(client):
    cast = make_cast(stage=Stage.DESIGN)
    client.force_login(cast.convener)
    assert client.get(page("closing_account", cast)).status_code == 404
    answer = client.post(page("advance", cast), {"to": "closed", "expected": "0", "reason": "Done."})
    assert answer.status_code == 422
    typed = {"to": "closed", "expected": "0", "reason": "Done.", "follows": "stop"}
    assert client.post(page("advance", cast), typed).status_code == 302
    assert "An account is owed" in words_of(client.get(page("closing_account", cast)))
    answer = client.post(page("write_account", cast), WORDS | {"expected": "0", "not_done": ""})
    assert answer.status_code == 302
    answer = client.post(page("publish_account", cast), {"expected": "1"}, follow=True)
    assert "Something is still to be written before it is published." in words_of(answer)
    assert client.post(page("write_account", cast), WORDS | {"expected": "1"}).status_code == 302
    client.logout()
    html = words_of(client.get(page("closing_account", cast)))
    assert "Karen Convener owes an account to those who took part" in html
    assert "A clean beach." not in html
    for name in ("stages", "partnership"):
        assert "An account is owed by" in words_of(client.get(page(name, cast)))
    client.force_login(cast.convener)
    assert client.post(page("publish_account", cast), {"expected": "2"}).status_code == 302
    client.logout()
    html = words_of(client.get(page("closing_account", cast)))
    for part in (
        "It stops.",
        "A clean beach.",
        "<strong>clean</strong>",
        "The pier.",
        "Published by Karen Convener",
    ):
        assert part in html
    people = [cast.convener, cast.citizen, cast.official, cast.observer]
    assert told("account_published") == sorted(one.pk for one in people)
    Partnership.objects.update(visibility="members")
    assert client.get(page("closing_account", cast)).status_code == 403


def test_the_loser_of_two_writers_sees_both(client):
    cast = make_cast(stage=Stage.DESIGN)
    account = closed(cast)
    write(account, cast.convener, results="What the other wrote.")
    client.force_login(cast.convener)
    answer = client.post(page("write_account", cast), WORDS | {"expected": "0", "results": "What I wrote."})
    html = words_of(answer)
    assert answer.status_code == 409
    for part in ("What the other wrote.", 'name="expected" value="1"'):
        assert part in html
    typed = re.findall(r"<textarea[^>]*>(.*?)</textarea>", html)
    assert [words.strip() for words in typed] == ["A clean beach.", "What I wrote.", "The pier.", "Bo."]
    assert client.post(page("write_account", cast), WORDS | {"expected": "x"}).status_code == 422


def test_the_clock_reminds_of_accounts_and_pauses():
    tasks = {line["task"] for line in app.conf.beat_schedule.values()}
    assert {remind_of_accounts.name, remind_to_look_again.name} <= tasks
    remind_of_accounts()
    remind_to_look_again()
