"""What is owed, to whom, once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from notices.actions import forget, tell
from notices.models import Notice, Preference, State
from tests.notices.kinds import person

pytestmark = pytest.mark.django_db


def owed():
    return sorted(n.recipient.int for n in Notice.objects.all())


def test_a_deed_owes_each_recipient_one_message(owe):
    owe(3, ids={"contribution": person(9)}, scope=person(5), occurrence="first")
    assert owed() == [1, 2, 3]
    notice = Notice.objects.get(recipient=person(1))
    assert (notice.state, notice.lane, notice.ids) == ("queued", "bulk", {"contribution": str(person(9))})
    assert notice.message_id == f"<{notice.id}@localhost>"


def test_nobody_is_told_the_same_thing_twice_and_the_first_one_wins(owe):
    for number in (1, 2):
        owe([1, 1, number], ids={"n": number})
    assert sorted((n.recipient.int, n.ids["n"]) for n in Notice.objects.all()) == [(1, 1), (2, 2)]
    owe(1, occurrence="again")
    owe(1, scope=person(5))
    owe(1, kind="law")
    assert owed() == [1, 1, 1, 1, 2]


def test_history_is_not_news(owe):
    now = timezone.now()
    owe([1], at=now - timedelta(hours=73))
    owe([2], at=now - timedelta(hours=71))
    assert owed() == [2]


def test_a_kind_that_nobody_declared_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        tell(kind="unheard-of", recipients=[person(1)], at=timezone.now())


def test_telling_five_thousand_costs_few_queries(owe, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        owe(5000)
    assert Notice.objects.count() == 5000


def test_a_secret_waits_sealed_and_cannot_outlive_its_notice(owe):
    owe(1, kind="code", secret={"code": "123456"})
    notice = Notice.objects.get()
    assert "123456" not in notice.secret
    assert notice.unsealed() == {"code": "123456"}
    with pytest.raises(IntegrityError, match="a_secret_ends_with_its_notice"), transaction.atomic():
        Notice.objects.update(state=State.SENT)


def test_a_person_who_is_erased_is_owed_nothing_any_more(owe):
    owe(2, secret={"code": "1"})
    Preference.objects.create(recipient=person(1), kind="note", choice="off")
    forget(recipient=person(1), at=timezone.now())
    told = {n.recipient.int: (n.state, n.reason, bool(n.secret)) for n in Notice.objects.all()}
    assert told == {1: ("dropped", "forgotten", False), 2: ("queued", "", True)}
    assert not Preference.objects.exists()
