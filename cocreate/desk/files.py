"""The desk and its deadlines as files to take along: CSV rows, and a calendar of whole days."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.timezone import get_current_timezone, localtime
from django.utils.timezone import override as in_zone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from partnerships.stages import Stage

from .rows import rows_of

AT_ONCE = 100  # partnerships whose gates are judged together


def desk_rows(cases, at):
    """Rows of cells, the heading first, in the reader's language: a generator that judges a hundred gates at a time."""
    language, zone = get_language(), get_current_timezone()
    with override(language):
        yield [
            *(
                _("Partnership"),
                _("Address"),
                _("How it is doing"),
                _("Stage"),
                _("Days in the stage"),
                _("Due"),
            ),
            *(_("Criteria met or set aside"), _("Criteria"), _("Missing first"), _("Who can do it")),
            *(
                _("Seats taken"),
                _("Seats open"),
                _("Invitations out"),
                _("Not answered"),
                _("Did not arrive"),
            ),
            *(
                _("Questions from people invited"),
                _("Requests to join"),
                _("Answers owed"),
                _("Open decisions"),
            ),
            *(_("Last deed"), _("What needs doing")),
        ]
    for start in range(0, len(cases), AT_ONCE):
        with override(language), in_zone(zone):
            rows = [_cells(row) for row in rows_of(cases[start : start + AT_ONCE], at)]
        yield from rows


def _cells(row):
    one, gate = row.facts, row.gate
    missing = row.missing or {"label": "", "who": ""}
    full = one.is_full
    counted = [one.seats_taken, one.seats_open, one.invited, one.unanswered, one.bounced]
    counted += [one.questions, one.requests, one.owed, one.decisions]
    return [
        *(one.title, f"{settings.SITE_URL}/partnerships/{one.slug}/", row.health[0], Stage(one.stage).label),
        *(row.days, one.due_on),
        len(gate.criteria) - len(gate.open_criteria) if gate else None,
        len(gate.criteria) if gate else None,
        *(missing["label"], missing["who"]),
        *(counted if full else [None] * len(counted)),
        localtime(one.last_deed_at).date() if one.last_deed_at else None,
        "; ".join(sentence for sentence, _url in row.needs),
    ]


def deadline_rows(deadlines):
    """Rows of cells, the heading first, in the reader's language."""
    rows = [[_("Date"), _("Kind"), _("What"), _("Partnership"), _("Address")]]
    rows += [
        [one.on, one.kind_name, one.what, one.where, f"{settings.SITE_URL}{one.url}"] for one in deadlines
    ]
    return rows


def calendar_of_days(deadlines, at):
    """The deadlines as a calendar file (RFC 5545): each a whole day with the same UID for ever, as bytes."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for one in deadlines:
        event = Event()
        event.add("uid", f"{one.uid}@{urlsplit(settings.SITE_URL).hostname}")
        event.add("dtstamp", at)
        event.add("dtstart", one.on)
        event.add("summary", f"{one.what} ({one.where})")
        event.add("url", f"{settings.SITE_URL}{one.url}")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()
