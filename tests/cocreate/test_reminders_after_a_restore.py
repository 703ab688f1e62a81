"""What the clocks owe anew in a restored copy, for moments before it, is held: it may have been sent already."""

import datetime

import pytest
from django.utils import timezone

from notices.models import Dispatcher, Notice
from partnerships import actions
from partnerships.models import Invitation, StageVisit
from partnerships.stages import Stage
from solutions.actions import remind_owed_reports
from tests.cast import make_cast
from tests.cocreate.test_pauses import owned_step
from tests.partnerships.resting import noon, pause
from tests.partnerships.writing import ask, start, write

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


def a_decision(cast):
    ask(cast, write(cast, start(cast)), closes_at=noon(5))
    return lambda: actions.decisions.remind_undecided(at=noon(5) - 23 * HOUR)


def a_meeting(cast):
    actions.meetings.call_meeting(
        partnership=cast.partnership, title="Meet", starts_at=noon(5), ends_at=noon(5) + HOUR, by=cast.convener,
        time_zone="Europe/Copenhagen", place="Here", link="", agenda="", at=timezone.now(),
    )  # fmt: skip
    return lambda: actions.meetings.remind_meetings(at=noon(5) - 23 * HOUR)


def a_pause(cast):
    pause(cast, look_again_on=noon(4).date())
    return lambda: actions.pauses.remind_to_look_again(at=noon(4))


def a_stage(cast):
    StageVisit.objects.filter(left_at=None).update(due_on=noon(4).date(), entered_at=noon(-30))
    return lambda: actions.stages.remind_stage_due(at=noon(4))


def a_step(cast):
    owned_step(cast, cast.citizen, noon(60).date())
    StageVisit.objects.filter(left_at=None).update(entered_at=noon(4) - 30 * DAY - HOUR)
    return lambda: remind_owed_reports(at=noon(4))


def an_invitation(cast):
    Invitation.objects.create(
        number=1, address="maja@example.net", state="sent", sent_at=noon(1) - HOUR, expires_at=noon(20),
        sector="citizens", side="non_public", partnership=cast.partnership, nonce="n", name="Maja",
        invited_by=cast.convener,
    )  # fmt: skip
    return lambda: actions.invitations.remind_invitations(at=noon(4))


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("decision_closing", a_decision),
        ("meeting_reminder", a_meeting),
        ("look_again", a_pause),
        ("stage_due", a_stage),
        ("report_owed", a_step),
        ("invitation_reminder", an_invitation),
    ],
)
@pytest.mark.parametrize(("restored", "state"), [(noon(5), "held"), (noon(3), "queued"), (None, "queued")])
def test_a_reminder_of_a_moment_before_the_restore_is_held(kind, about, restored, state):
    remind = about(make_cast(stage=Stage.IMPLEMENT if kind == "report_owed" else Stage.DEFINE))
    Dispatcher.objects.update_or_create(id=1, defaults={"fingerprint": "x", "restored_at": restored})
    remind()
    assert set(Notice.objects.filter(kind=kind).values_list("state", flat=True)) == {state}
