"""Conveners learn once, in the morning, that a stage has all it takes."""

import datetime

import pytest
from django.utils import timezone

from boundary.local_time import first_moment
from cocreate import stages
from cocreate.tasks import tell_open_gates
from notices.actions import drain
from notices.kinds import all_kinds
from notices.models import Notice
from partnerships.models import Mandate, Member, StageVisit, Waiver
from partnerships.stages import Stage
from tests.cast import join, make_cast, told

pytestmark = pytest.mark.django_db
MORNING = datetime.time(8)


@pytest.fixture
def ready():
    """The first stage, with all it takes but for one thing, which is set aside."""
    cast = make_cast(stage=Stage.INITIATE)
    join(cast.partnership, cast.politician, role=Member.Role.FACILITATOR)
    Mandate.objects.update(promise_kind="advice_only", promise_state="asked", names_no_solution=True)
    visit = StageVisit.objects.get(left_at=None)
    for one in stages.gate(cast.partnership).open_criteria:
        Waiver.objects.create(
            visit=visit, criterion=one.key, reason="Later.", by=cast.convener, at=timezone.now()
        )
    cast.partnership.refresh_from_db()
    return cast


def test_it_is_told_to_conveners_once_for_each_visit_in_their_morning(ready):
    at = timezone.now()
    for _tick in range(2):
        stages.tell_open_gates(at=at)
    tell_open_gates()
    assert told("gate_open") == [ready.convener.pk]
    due = Notice.objects.get().due_at
    today = at.astimezone(datetime.UTC).date()
    mornings = [
        first_moment(today + datetime.timedelta(days=n), MORNING, "Europe/Copenhagen") for n in (0, 1, 2)
    ]
    assert due == next(morning for morning in mornings if morning >= at)


def test_it_is_not_told_while_something_is_missing(ready):
    waiver = Waiver.objects.first()
    facts = {
        "visit": waiver.visit,
        "criterion": waiver.criterion,
        "reason": "x",
        "by": waiver.by,
        "at": waiver.at,
    }
    waiver.delete()
    stages.tell_open_gates(at=timezone.now())
    assert told("gate_open") == []
    Waiver.objects.create(**facts)
    stages.tell_open_gates(at=timezone.now())
    assert told("gate_open") == [ready.convener.pk]
    still_true, notices = all_kinds()["gate_open"].still_true, list(Notice.objects.all())
    assert len(still_true(notices)) == 1
    Waiver.objects.first().delete()
    assert still_true(notices) == set()


def test_the_mail_names_both_stages(ready, smtp_sink):
    stages.tell_open_gates(at=timezone.now())
    drain("bulk", at=Notice.objects.get().due_at)
    (mail,) = smtp_sink.to("karen@example.org")
    words = mail.get_body(("plain",)).get_content()
    assert "Take the initiative" in words or "Initiate" in words
    assert "/partnerships/seaweed/manage/" in words
    assert "You get this because you convene this partnership." in words
