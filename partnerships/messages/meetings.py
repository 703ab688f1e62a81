"""Messages about meetings. Each carries the calendar file that puts the meeting where people look."""

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from .. import calendars
from ..models import Attendance, Meeting, Minutes
from .links import arena_context
from .readers import AS_MEMBER, present


def _meetings(notices):
    rows = Meeting.objects.select_related("partnership__platform", "called_by").filter(
        pk__in=[notice.ids["meeting"] for notice in notices]
    )
    return {str(row.pk): row for row in rows}


def _answered_in_poll(rows):
    """{(meeting id, person id): their answer, to be put into words} of those who were asked about the time before."""
    told = Attendance.objects.filter(meeting__in=list(rows), way=Attendance.Way.POLL).exclude(answer="")
    return {
        (one.meeting_id, one.member.person_id): one.get_answer_display
        for one in told.select_related("member")
    }


def context(notices):
    """{notice id: what the mail tells}: the meeting, its page, and its time in the zone in which it is meant."""
    rows = _meetings(notices)
    own = _answered_in_poll(rows)
    return {
        notice.pk: arena_context(row.partnership, f"meetings/{row.pk}/")
        | {"meeting": row, "again": notice.ids.get("number", 1) > 1}
        | {"own": own.get((row.pk, notice.recipient), "")}
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


def minutes_are_true(notices):
    """Minutes stay true until a correction is published, which is told of its own."""
    rows, here = _meetings(notices), present(notices)
    last = Minutes.objects.filter(meeting__in=list(rows)).exclude(published_at=None).order_by("number")
    newest = {str(meeting): number for meeting, number in last.values_list("meeting", "number")}
    return {
        notice.pk
        for notice in notices
        if notice.pk in here and newest.get(notice.ids["meeting"]) == notice.ids["number"]
    }


def left_is_true(notices):
    """Who is no longer here, to a meeting that still is to come."""
    rows, here, now = _meetings(notices), present(notices), timezone.now()
    coming = {key for key, row in rows.items() if row.cancelled_at is None and row.starts_at > now}
    return {n.pk for n in notices if n.pk not in here and n.ids["meeting"] in coming}


def _calendar_file(method):
    """The meeting as a request, or its cancellation, addressed to its reader: for their calendar, and as a file."""

    def attachments(notice):
        meeting = Meeting.objects.select_related("partnership__platform").get(pk=notice.ids["meeting"])
        reader = recipients([notice.recipient]).get(notice.recipient)
        member = meeting.partnership.members.filter(person=notice.recipient).order_by("-joined_at").first()
        own = Attendance.objects.filter(meeting=meeting, member=member).first()
        with translation.override(reader.language):
            file = calendars.calendar_of(
                meeting,
                method=method,
                attendee=reader,
                with_link=member.left_at is None,
                answer=own.answer if own else "",
                reply_to=calendars.reply_address_of(meeting, member, reader.address),
                stamp=notice.created_at,
            )
        # Gmail and Outlook look for a calendar among the ways to read a letter, others for a file.
        return [("", file, f"text/calendar; method={method}"), ("invite.ics", file, "application/ics")]

    return attachments


def _kind(name, label, still_true, method=None, why=AS_MEMBER, until=starts_at):
    return Kind(
        name=name,
        label=label,
        why=why,
        template=f"partnerships/mail/{name}",
        context=context,
        still_true=still_true,
        recipients=recipients,
        attachments=_calendar_file(method) if method else None,
        switchable=True,
        until=until,
    )


KINDS = [
    _kind("meeting_called", _("When a meeting is called"), called_is_true, calendars.REQUEST),
    _kind("meeting_changed", _("When a meeting is changed"), called_is_true, calendars.REQUEST),
    _kind("agenda_sent", _("When the agenda of a meeting is sent"), called_is_true, calendars.REQUEST),
    _kind("meeting_cancelled", _("When a meeting is cancelled"), cancelled_is_true, calendars.CANCEL),
    _kind(
        "meeting_left",
        _("When I leave a partnership that has a meeting to come"),
        left_is_true,
        calendars.CANCEL,
        _("You get this because you were a member of this partnership."),
    ),
    _kind("meeting_reminder", _("The day before a meeting"), reminder_is_true),
    _kind("minutes_published", _("When minutes are published"), minutes_are_true, until=None),
]
