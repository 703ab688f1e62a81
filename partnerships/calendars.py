"""A meeting as a calendar file that follows its changes (RFC 5545, RFC 5546)."""

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


def meeting_url(meeting):
    """The absolute address of the meeting's page."""
    return f"{settings.SITE_URL}/partnerships/{meeting.partnership.slug}/meetings/{meeting.pk}/"


def calendar_of(meeting, *, method=PUBLISH, attendee=None, with_link=False):
    """The calendar file as bytes: the same UID for ever, a SEQUENCE that grows, its time zone explained.

    method: REQUEST and CANCEL need the attendee (with .address and .name); PUBLISH is a copy without people.
    with_link: whether the link into the room is in it.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_event(meeting, method, attendee, with_link))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(meeting, method, attendee, with_link):
    zone = ZoneInfo(meeting.time_zone)
    cancelled = method == CANCEL or meeting.cancelled_at is not None
    event = Event()
    event.add("uid", f"{meeting.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.cancelled_at or meeting.changed_at or meeting.created_at)
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    event.add("summary", f"{meeting.title} ({meeting.partnership.title})")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("url", meeting_url(meeting))
    event.add("description", _description(meeting, with_link))
    event.add("location", _location(meeting, with_link))
    event.add("organizer", _organizer(meeting.partnership.platform))
    if attendee:
        event.add("attendee", _attendee(attendee))
    return event


def event_of(meeting, *, with_link=False):
    """The meeting as an Event for a calendar of many: the same UID as in the mail that invited to it."""
    return _event(meeting, PUBLISH, None, with_link)


def _location(meeting, with_link):
    parts = [meeting.place, meeting.link if with_link else ""]
    return ", ".join(part for part in parts if part)


def _description(meeting, with_link):
    parts = [meeting.agenda, meeting.link if with_link else "", meeting_url(meeting)]
    return "\n\n".join(part for part in parts if part)


def _organizer(platform):
    """Who answers for the meeting: the platform's contact, or the site where it has no address."""
    address = platform.contact_email or settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    organizer = vCalAddress(f"MAILTO:{address}")
    organizer.params["cn"] = vText(platform.from_name)
    return organizer


def _attendee(recipient):
    attendee = vCalAddress(f"MAILTO:{recipient.address}")
    attendee.params["cn"] = vText(recipient.name)
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["partstat"] = vText("NEEDS-ACTION")
    attendee.params["rsvp"] = vText("FALSE")  # the answer is given on the page, where needs are asked too
    return attendee
