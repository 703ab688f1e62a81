"""What members' calendars answer to an invitation (RFC 5546, METHOD:REPLY), taken in as mail.

Believed is only an answer that comes to the address which was made for this member, this meeting and the address that
the invitation went to, and in which exactly that address answers: a forwarded invitation answers for nobody here.
"""

import datetime
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar

from actors.recipients import recipients
from notices.replies import read_reply

from .actions.attending import answer_from_calendar
from .calendars import is_reply_address_of
from .models import Meeting, Member

COMES = {"ACCEPTED": True, "DECLINED": False, "TENTATIVE": None}  # delegated, or anything else, is no answer
CALENDARS = ("text/calendar", "application/ics")


@dataclass(frozen=True)
class Reply:
    """What one calendar says about one event."""

    meeting: uuid.UUID
    sequence: int
    stamped_at: datetime.datetime
    answers: dict  # {address in lower case: PARTSTAT}


def take_reply(*, data, at):
    """Take in a message from somebody's calendar; returns whether it proved to be the answer of a member to a meeting.

    One that comes again, late, or to another time than the meeting has now, proves itself and changes nothing.
    """
    message, proofs = read_reply(data)
    if not proofs:
        return False
    replies = [reply for part in _calendars(message) for reply in _replies(part)]
    return True in {_take(reply, pk, proof, at) for reply in replies for pk, proof in proofs}


def _calendars(message):
    """The calendar in it. Programs send it as a way to read the letter and as a file: one is enough."""
    for part in message.walk():
        if part.get_content_type() in CALENDARS or str(part.get_filename() or "").lower().endswith(".ics"):
            yield part.get_payload(decode=True) or b""
            return


def _replies(data):
    calendar = Calendar.from_ical(data)
    if str(calendar.get("method", "")).upper() != "REPLY":
        return
    for event in calendar.walk("VEVENT"):
        if reply := _reply(event):
            yield reply


def _reply(event):
    key, _at, host = str(event.get("uid", "")).partition("@")
    stamp = getattr(event.get("dtstamp"), "dt", None)
    if host != urlsplit(settings.SITE_URL).hostname or not isinstance(stamp, datetime.datetime):
        return None
    attendees = event.get("attendee", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    answers = {_bare(one): str(one.params.get("PARTSTAT", "")).upper() for one in attendees}
    stamp = stamp if stamp.tzinfo else stamp.replace(tzinfo=datetime.UTC)
    try:
        return Reply(uuid.UUID(key), int(event.get("sequence", 0)), stamp, answers)
    except ValueError:
        return None


def _bare(attendee):
    return str(attendee).strip().casefold().removeprefix("mailto:")


def _take(reply, pk, proof, at):
    """Take one answer, if it is this member's own; whether it is."""
    member = Member.objects.present().filter(pk=pk).select_related("person").first()
    meeting = Meeting.objects.filter(pk=reply.meeting).first()
    if member is None or meeting is None or member.partnership_id != meeting.partnership_id:
        return False
    reader = recipients([member.person_id]).get(member.person_id)
    if reader is None or not is_reply_address_of(meeting, member, reader.address, proof):
        return False
    said = reply.answers.get(reader.address.strip().casefold())
    if said is None:
        return False
    if said in COMES:
        answer_from_calendar(
            meeting=meeting,
            comes=COMES[said],
            sequence=reply.sequence,
            stamped_at=reply.stamped_at,
            by=member.person,
            at=at,
        )
    return True
