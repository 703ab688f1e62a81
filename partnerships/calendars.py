"""A meeting as a calendar file that follows its changes (RFC 5545, RFC 5546)."""

import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from notices.replies import proves, reply_address

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
AROUND = datetime.timedelta(days=400)
NEEDS_ACTION = "NEEDS-ACTION"
PARTSTATS = {"room": "ACCEPTED", "online": "ACCEPTED", "maybe": "TENTATIVE", "no": "DECLINED"}


def meeting_url(meeting):
    """The absolute address of the meeting's page."""
    return f"{settings.SITE_URL}/partnerships/{meeting.partnership.slug}/meetings/{meeting.pk}/"


def uid_of(meeting):
    """The name of the meeting in every calendar, for ever."""
    return f"{meeting.pk}@{urlsplit(settings.SITE_URL).hostname}"


def reply_address_of(meeting, member, address):
    """Where the calendar of a member who reads at `address` answers; "" where the site takes no answers in."""
    return reply_address(member.pk, _about(meeting, member), address)


def is_reply_address_of(meeting, member, address, proof):
    """Whether `proof` stands in the address that was made for this member, meeting and address."""
    return proves(_about(meeting, member), address, proof)


def _about(meeting, member):
    return f"{meeting.pk} {member.pk}"


def calendar_of(
    meeting, *, method=PUBLISH, attendee=None, with_link=False, answer="", reply_to="", stamp=None
):
    """The calendar file as bytes: the same UID for ever, a SEQUENCE that grows, its time zone explained.

    method: REQUEST and CANCEL need the attendee (with .address and .name); PUBLISH is a copy without people.
    with_link: whether the link into the room is in it. answer: what the attendee has said. reply_to: where answers of
    calendars are taken in; without it none is asked for. stamp: when it is written, else when the meeting changed.
    """
    calendar = new_calendar(method)
    event = event_of(meeting, method=method, with_link=with_link, stamp=stamp)
    event.add("organizer", _organizer(meeting.partnership.platform, reply_to))
    if attendee:
        event.add("attendee", _attendee(attendee, answer, asked=bool(reply_to) and method == REQUEST))
    calendar.add_component(event)
    return written(calendar)


def new_calendar(method=PUBLISH):
    """An empty calendar of this site."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def written(calendar):
    """The calendar as bytes, with every time zone that its events name, for the years around them.

    The whole history of a zone is longer than the meeting, and some clients (ical.js) lose their way in it: in
    Greenland, where even winter time has moved, they showed summer meetings an hour late.
    """
    days = [event.start.date() for event in calendar.events]
    if days:
        first, last = min(days) - AROUND, max(days) + AROUND
        calendar.add_missing_timezones(first_date=first, last_date=last)
    return calendar.to_ical()


def event_of(meeting, *, method=PUBLISH, with_link=False, stamp=None):
    """The meeting as an icalendar.Event, without people: also for calendars that hold many."""
    starts, ends = _hours(meeting)
    cancelled = method == CANCEL or meeting.cancelled_at is not None
    event = Event()
    event.add("uid", uid_of(meeting))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", stamp or meeting.cancelled_at or meeting.changed_at or meeting.created_at)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", f"{meeting.title} ({meeting.partnership.title})")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("url", meeting_url(meeting))
    event.add("description", _description(meeting, with_link))
    event.add("location", _location(meeting, with_link))
    return event


def _hours(meeting):
    """When it starts and ends, on the clock of its place; in UTC in a night when that clock shows an hour twice.

    RFC 5545 says that the first is meant (3.3.5), and clients do not agree.
    """
    zone = ZoneInfo(meeting.time_zone)
    hours = [moment.astimezone(zone) for moment in (meeting.starts_at, meeting.ends_at)]
    if any(hour.utcoffset() != hour.replace(fold=not hour.fold).utcoffset() for hour in hours):
        return [hour.astimezone(datetime.UTC) for hour in hours]
    return hours


def _location(meeting, with_link):
    parts = [meeting.place, meeting.link if with_link else ""]
    return ", ".join(part for part in parts if part)


def _description(meeting, with_link):
    parts = ["\n".join(meeting.agenda_lines), meeting.agenda, meeting.access]
    parts += [meeting.link if with_link else "", meeting_url(meeting)]
    return "\n\n".join(part for part in parts if part)


def _organizer(platform, reply_to):
    """Where answers go, else who answers for the meeting: the platform's contact, or the site where it has none."""
    site = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    organizer = vCalAddress(f"MAILTO:{reply_to or platform.contact_email or site}")
    organizer.params["cn"] = vText(platform.from_name)
    return organizer


def _attendee(recipient, answer, asked):
    """Whether they come, as far as they have said so; an answer is asked for only where it is taken in."""
    attendee = vCalAddress(f"MAILTO:{recipient.address}")
    attendee.params["cn"] = vText(recipient.name)
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["partstat"] = vText(PARTSTATS.get(answer, NEEDS_ACTION))
    attendee.params["rsvp"] = vText(
        "TRUE" if asked else "FALSE"
    )  # else on the page, where needs are asked too
    return attendee
