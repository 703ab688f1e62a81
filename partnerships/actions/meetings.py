"""Meet: calling the arena together, changes, and who is told."""

import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import Attendance, Meeting, Partnership
from ..places import place_of
from ..rules import meetings as may
from ..stages import Stage
from .asking import members_of, tell_members
from .attending import answer_meeting, record_attendance
from .memory import remember
from .minutes import write_minutes

__all__ = [
    "answer_meeting",
    "call_meeting",
    "cancel_meeting",
    "change_meeting",
    "record_attendance",
    "remind_meetings",
    "send_agenda",
    "write_minutes",
]

REMIND_BEFORE = datetime.timedelta(hours=24)  # (default)


@transaction.atomic
def call_meeting(
    *,
    partnership,
    title,
    starts_at,
    ends_at,
    time_zone,
    place,
    link,
    agenda,
    by,
    at,
    access="",
    languages="",
    support=(),
    answers=None,
):
    """Call the members together; each gets an invitation with a calendar file. Returns the Meeting.

    answers: {Member: what they answered already, when they were asked about this time}.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_call_meeting(place_of(partnership, by)).enforce()
    meeting = Meeting.objects.create(
        partnership=partnership,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=time_zone,
        place=place,
        link=link,
        access=access,
        languages=languages,
        support=list(support),
        agenda=agenda,
        created_at=at,
        called_by=by,
    )
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, member=member, answer=answer, answered_at=at, way=Attendance.Way.POLL)
        for member, answer in (answers or {}).items()
    )
    remember(partnership, "meeting.called", by=by, at=at, meeting=meeting.pk)
    if starts_at > at:
        tell_members("meeting_called", meeting, at=at)
    return meeting


def _further(more):
    """The facts of a meeting that need not be given. Raises TypeError for one that there is not."""
    if unknown := set(more) - {"access", "languages", "support"}:
        raise TypeError(f"A meeting has no {', '.join(sorted(unknown))}.")
    return more


def _swap(meeting, expected, **fields):
    """Change the meeting if it still is the version that was shown, and count the change."""
    same = Meeting.objects.filter(pk=meeting.pk, sequence=expected, cancelled_at=None)
    if not same.update(sequence=F("sequence") + 1, **fields):
        raise Conflict(_("Somebody has changed or cancelled this meeting in the meantime."))
    return Meeting.objects.select_related("partnership__platform").get(pk=meeting.pk)


@transaction.atomic
def change_meeting(
    *, meeting, title, starts_at, ends_at, time_zone, place, link, agenda, by, at, expected=None, **more
):
    """Change a meeting. Everybody is told, and asked again when its time moves. Returns the Meeting.

    expected: the sequence that was shown; raises Conflict when it is another by now. more: access, languages,
    support; what is not given stays.
    """
    partnership = Partnership.objects.locked(meeting.partnership_id)
    may.can_change_meeting(place_of(partnership, by), meeting, at).enforce()
    moved = (meeting.starts_at, meeting.ends_at) != (starts_at, ends_at)
    meeting = _swap(
        meeting,
        meeting.sequence if expected is None else expected,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=time_zone,
        place=place,
        link=link,
        agenda=agenda,
        changed_at=at,
        **_further(more),
        **({"asked_since": F("sequence") + 1} if moved else {}),
    )
    if moved:
        meeting.attendances.exclude(answer="").update(answer="", answered_at=None)
    remember(partnership, "meeting.changed", by=by, at=at, meeting=meeting.pk, sequence=meeting.sequence)
    tell_members("meeting_changed", meeting, at=at)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting, reason, by, at):
    """Cancel a meeting with a reason; everybody is told and their calendars too. Returns the Meeting."""
    partnership = Partnership.objects.locked(meeting.partnership_id)
    may.can_change_meeting(place_of(partnership, by), meeting, at).enforce()
    meeting = _swap(meeting, meeting.sequence, cancelled_at=at, cancelled_reason=reason)
    remember(partnership, "meeting.cancelled", by=by, at=at, meeting=meeting.pk)
    tell_members("meeting_cancelled", meeting, at=at)
    return meeting


@transaction.atomic
def send_agenda(*, meeting, by, at):
    """Send the agenda as it stands now to every member, and into their calendars. Returns the Meeting."""
    partnership = Partnership.objects.locked(meeting.partnership_id)
    may.can_arrange_agenda(place_of(partnership, by), meeting, at).enforce()
    meeting = _swap(meeting, meeting.sequence, changed_at=at)
    remember(partnership, "agenda.sent", by=by, at=at, meeting=meeting.pk, sequence=meeting.sequence)
    tell_members("agenda_sent", meeting, at=at)
    return meeting


# --- reminding ---------------------------------------------------------------------------------------------------


@transaction.atomic
def remind_meetings(*, at):
    """Remind members a day before a meeting, unless they said that they do not come."""
    soon = Meeting.objects.filter(
        cancelled_at=None, starts_at__gt=at, starts_at__lte=at + REMIND_BEFORE
    ).exclude(partnership__stage=Stage.CLOSED)
    # Called or moved within the last day: the invitation itself is the reminder.
    fresh = F("starts_at") - REMIND_BEFORE
    soon = soon.filter(created_at__lt=fresh).exclude(changed_at__gte=fresh)
    for meeting in soon:
        _remind(meeting, at)


def _remind(meeting, at):
    away = Attendance.objects.filter(meeting=meeting, answer=Attendance.Answer.NO).values("member")
    recipients = members_of(meeting.partnership_id).exclude(pk__in=away).values_list("person", flat=True)
    tell(
        kind="meeting_reminder",
        recipients=recipients,
        scope=meeting.partnership_id,
        occurrence=f"{meeting.pk} {meeting.starts_at.isoformat()}",
        ids={"meeting": str(meeting.pk), "starts_at": meeting.starts_at.isoformat()},
        at=at,
        belongs_to=meeting.starts_at - REMIND_BEFORE,
    )
