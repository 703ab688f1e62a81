"""Messages about meetings. Each carries the calendar file that puts the meeting where people look."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from .. import calendars
from ..models import Attendance, Meeting
from .links import arena_context
from .readers import AS_MEMBER, present


def _meetings(notices):
    rows = Meeting.objects.select_related("partnership__platform", "called_by").filter(
        pk__in=[notice.ids["meeting"] for notice in notices]
    )
    return {str(row.pk): row for row in rows}


def context(notices):
    """{notice id: what the mail tells}: the meeting, its page, and its time in the zone in which it is meant."""
    rows = _meetings(notices)
    return {
        notice.pk: arena_context(row.partnership, f"meetings/{row.pk}/") | {"meeting": row}
        for notice in notices
        if (row := rows.get(notice.ids["meeting"]))
    }


def _same_version(notices, *, cancelled):
    """Ids of the notices that tell of the meeting as it is now, to somebody who still takes part."""
    rows, here = _meetings(notices), present(notices)
    return {
        notice.pk
        for notice in notices
        if notice.pk in here
        and (row := rows.get(notice.ids["meeting"]))
        and row.sequence == notice.ids["sequence"]
        and bool(row.cancelled_at) == cancelled
    }


def called_is_true(notices):
    """A newer version or a cancellation is told instead."""
    return _same_version(notices, cancelled=False)


def cancelled_is_true(notices):
    return _same_version(notices, cancelled=True)


def starts_at(notices):
    """{notice id: when its meeting begins}: nobody is told of it afterwards."""
    rows = _meetings(notices)
    return {n.pk: row.starts_at for n in notices if (row := rows.get(n.ids["meeting"]))}


def reminder_is_true(notices):
    """The meeting still begins when the reminder says, and its reader has not said that they stay away."""
    rows, here = _meetings(notices), present(notices)
    away = set(
        Attendance.objects.filter(meeting__in=list(rows), answer=Attendance.Answer.NO).values_list(
            "meeting_id", "member__person_id"
        )
    )
    return {
        notice.pk
        for notice in notices
        if notice.pk in here
        and (row := rows.get(notice.ids["meeting"]))
        and row.cancelled_at is None
        and row.starts_at.isoformat() == notice.ids["starts_at"]
        and (row.pk, notice.recipient) not in away
    }


def _calendar_file(method):
    """The attachment of one notice: the meeting as a request, or its cancellation, addressed to its reader."""

    def attachments(notice):
        meeting = Meeting.objects.select_related("partnership__platform").get(pk=notice.ids["meeting"])
        reader = recipients([notice.recipient]).get(notice.recipient)
        file = calendars.calendar_of(meeting, method=method, attendee=reader, with_link=True)
        return [("meeting.ics", file, f"text/calendar; method={method}")]

    return attachments


def _kind(name, label, still_true, method=None):
    return Kind(
        name=name,
        label=label,
        why=AS_MEMBER,
        template=f"partnerships/mail/{name}",
        context=context,
        still_true=still_true,
        recipients=recipients,
        attachments=_calendar_file(method) if method else None,
        switchable=True,
        until=starts_at,
    )


KINDS = [
    _kind("meeting_called", _("When a meeting is called"), called_is_true, calendars.REQUEST),
    _kind("meeting_changed", _("When a meeting is changed"), called_is_true, calendars.REQUEST),
    _kind("meeting_cancelled", _("When a meeting is cancelled"), cancelled_is_true, calendars.CANCEL),
    _kind("meeting_reminder", _("The day before a meeting"), reminder_is_true),
]
