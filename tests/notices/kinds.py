"""Kinds of message for these tests, about people who exist only here."""

import uuid
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from notices.digests import digest_kind
from notices.kinds import Kind, Recipient


class World:
    """What the apps above would know: who is who, what is still true, and what went wrong."""

    def __init__(self):
        self.forget()

    def forget(self):
        """Everybody can be reached, everything is true."""
        self.people, self.unreachable, self.untrue, self.poison = {}, set(), set(), set()
        self.facts, self.broken_hook, self.until = {}, False, {}
        self.sent, self.failed, self.dropped = [], [], []


WORLD = World()


def person(number):
    """The id of somebody."""
    return uuid.UUID(int=number)


def address(number):
    """Where somebody is written to."""
    return f"p{number}@people.example"


def recipients(ids):
    """How to write to them."""
    return {
        pk: WORLD.people.get(pk) or Recipient(address(pk.int), f"Person {pk.int}", "en", "Europe/Copenhagen")
        for pk in ids
        if pk not in WORLD.unreachable
    }


def context(notices):
    """What a note says."""
    if any(notice.recipient in WORLD.poison for notice in notices):
        raise LookupError("something is wrong with what this is about")
    moment = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    return {
        notice.id: {"title": "Harbour & baths", "moment": moment, "secret": notice.unsealed()} | WORLD.facts
        for notice in notices
    }


def still_true(notices):
    """Those nobody took back."""
    return {notice.id for notice in notices if notice.recipient not in WORLD.untrue}


def on_sent(notices, at):
    """Remember who was written to."""
    if WORLD.broken_hook:
        raise LookupError("what follows is broken")
    WORLD.sent += [(notice.recipient.int, notice.kind) for notice in notices]


def on_dropped(notices, at):
    """Remember what was not needed any more."""
    WORLD.dropped += [(notice.recipient.int, notice.reason) for notice in notices]


def on_failed(notices, at):
    """Remember who was not."""
    WORLD.failed += [(notice.recipient.int, notice.reason) for notice in notices]


def attachments(notice):
    """A small file."""
    return [("meeting.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar")]


def kind(name, **more):
    """A kind that shows a note."""
    common = {
        "context": context,
        "still_true": still_true,
        "recipients": recipients,
        "template": "testing/mail/note",
    }
    return Kind(name=name, label=_("Notes"), **common | more)


def many(notices):
    """The same for everybody but for a link."""
    return {
        n.id: {"title": "Baths", "link": f"https://x.example/?a={n.recipient.int}&b"} | WORLD.facts
        for n in notices
    }


def places(scopes):
    """What the places of a digest are called."""
    return {scope: (f"Place {scope.int}", f"https://places.example/{scope.int}/") for scope in scopes}


KINDS = [
    digest_kind(recipients=recipients, places=places),
    kind(
        "brief", switchable=True, until=lambda notices: {n.id: WORLD.until.get(n.recipient) for n in notices}
    ),
    kind("weekly", switchable=True, default="weekly"),
    kind("many", template="testing/mail/many", context=many, merge=("link",), switchable=True),
    kind("note", switchable=True, on_sent=on_sent, on_failed=on_failed, on_dropped=on_dropped),
    kind("law"),
    kind("code", lane="prompt"),
    kind("once", on_ambiguous="hold"),
    kind("file", attachments=attachments),
]
