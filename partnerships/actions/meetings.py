"""Meet: calling the arena together, changes, answers, who came, and the minutes."""

import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import Attendance, Meeting, Member, Partnership
from ..places import place_of
from ..rules import meetings as may
from ..stages import Stage
from .memory import remember

REMIND_BEFORE = datetime.timedelta(hours=24)  # (default)


def _members(partnership):
    return Member.objects.present().filter(partnership=partnership)


def _tell_members(kind, meeting, *, at, but=None, occurrence=None):
    """Tell every member, the one who did the deed excepted: calendars need each version once."""
    recipients = _members(meeting.partnership_id).values_list("person", flat=True)
    tell(
        kind=kind,
        recipients=[pk for pk in recipients if but is None or pk != but.pk],
        scope=meeting.partnership_id,
        occurrence=occurrence or f"{meeting.pk} {meeting.sequence}",
        ids={"meeting": str(meeting.pk), "sequence": meeting.sequence},
        at=at,
    )


@transaction.atomic
def call_meeting(*, partnership, title, starts_at, ends_at, time_zone, place, link, agenda, by, at):
    """Call the members together; each gets an invitation with a calendar file. Returns the Meeting."""
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
        agenda=agenda,
        created_at=at,
        called_by=by,
    )
    remember(partnership, "meeting.called", by=by, at=at, meeting=meeting.pk)
    if starts_at > at:
        _tell_members("meeting_called", meeting, at=at)
    return meeting


def _swap(meeting, expected, **fields):
    """Change the meeting if it still is the version that was shown, and count the change."""
    same = Meeting.objects.filter(pk=meeting.pk, sequence=expected, cancelled_at=None)
    if not same.update(sequence=F("sequence") + 1, **fields):
        raise Conflict(_("Somebody has changed or cancelled this meeting in the meantime."))
    return Meeting.objects.select_related("partnership__platform").get(pk=meeting.pk)


@transaction.atomic
def change_meeting(
    *, meeting, title, starts_at, ends_at, time_zone, place, link, agenda, by, at, expected=None
):
    """Change a meeting. Everybody is told, and asked again when its time moves. Returns the Meeting.

    expected: the sequence that was shown; raises Conflict when it is another by now.
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
    )
    if moved:
        meeting.attendances.exclude(answer="").update(answer="", answered_at=None)
    remember(partnership, "meeting.changed", by=by, at=at, meeting=meeting.pk, sequence=meeting.sequence)
    _tell_members("meeting_changed", meeting, at=at)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting, reason, by, at):
    """Cancel a meeting with a reason; everybody is told and their calendars too. Returns the Meeting."""
    partnership = Partnership.objects.locked(meeting.partnership_id)
    may.can_change_meeting(place_of(partnership, by), meeting, at).enforce()
    meeting = _swap(meeting, meeting.sequence, cancelled_at=at, cancelled_reason=reason)
    remember(partnership, "meeting.cancelled", by=by, at=at, meeting=meeting.pk)
    _tell_members("meeting_cancelled", meeting, at=at)
    return meeting


@transaction.atomic
def answer_meeting(*, meeting, answer, needs, by, at):
    """Say whether one comes, in the room or online, and what should be arranged. Returns the Attendance."""
    meeting = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("partnership__platform")
        .get(pk=meeting.pk)
    )
    place = place_of(meeting.partnership, by)
    may.can_answer_meeting(place, meeting, at).enforce()
    attendance, _new = Attendance.objects.update_or_create(
        meeting=meeting,
        member=place.member,
        defaults={"answer": answer, "needs": needs, "answered_at": at},
    )
    remember(meeting.partnership, "meeting.answered", by=by, at=at, audience="members", meeting=meeting.pk)
    return attendance


@transaction.atomic
def record_attendance(*, meeting, present, by, at):
    """Note which members came; the other members are noted as not there. Replaces what was noted before."""
    partnership = Partnership.objects.locked(meeting.partnership_id)
    may.can_record_attendance(place_of(partnership, by), meeting, at).enforce()
    came = {member.pk for member in present}
    members = Member.objects.filter(partnership=partnership)
    known = set(members.present().values_list("pk", flat=True))
    known |= set(members.filter(pk__in=came).values_list("pk", flat=True))
    rows = [Attendance(meeting=meeting, member_id=pk, attended=pk in came) for pk in known]
    Attendance.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["meeting", "member"], update_fields=["attended"]
    )
    remember(partnership, "meeting.attended", by=by, at=at, meeting=meeting.pk, came=len(came & known))
    return meeting


@transaction.atomic
def write_minutes(*, meeting, minutes, by, at):
    """Write the minutes, with who wrote them and when. Returns the Meeting."""
    partnership = Partnership.objects.locked(meeting.partnership_id)
    may.can_write_minutes(place_of(partnership, by), meeting, at).enforce()
    meeting.minutes, meeting.minutes_at, meeting.minutes_by = minutes, at, by
    meeting.save(update_fields=["minutes", "minutes_at", "minutes_by"])
    remember(partnership, "meeting.minuted", by=by, at=at, meeting=meeting.pk)
    return meeting


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
    recipients = _members(meeting.partnership_id).exclude(pk__in=away).values_list("person", flat=True)
    tell(
        kind="meeting_reminder",
        recipients=recipients,
        scope=meeting.partnership_id,
        occurrence=f"{meeting.pk} {meeting.starts_at.isoformat()}",
        ids={"meeting": str(meeting.pk), "starts_at": meeting.starts_at.isoformat()},
        at=at,
        belongs_to=meeting.starts_at - REMIND_BEFORE,
    )
