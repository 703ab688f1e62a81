"""A whole partnership as numbered, readable documents: for access to documents, for archives, for redaction.

Everything is in it, hidden matter and every revision included and marked as such. What a politician noted privately
is not: it was never part of the case. Addresses and telephone numbers are only for who keeps the case.
"""

import hashlib
import inspect
import io
import zipfile

from django.db import transaction
from django.utils import timezone, translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from boundary.answer import YES, no
from boundary.csv import write
from journal import verify
from journal.export import lines
from partnerships.actions.memory import remember
from partnerships.models import Partnership
from partnerships.places import place_of

from . import deeds, frame, meetings, talk
from .gathering import gathering
from .rooms import rooms
from .words import when, yes


def can_export(place):
    """Conveners and the platform's case officers take out a case."""
    if place.convenes or place.keeps_cases:
        return YES
    return no(
        _("Only a convener or the platform's case officer can take out the whole case."),
        _(
            "Everyone who can read this partnership can download its record. "
            "Ask the contact person for access to documents."
        ),
    )


@transaction.atomic
def export_partnership(*, partnership, by, at):
    """Journal that the case is taken out. Returns the chunks of a ZIP, made as they are read."""
    partnership = Partnership.objects.select_related("platform__owner", "mandate").get(pk=partnership.pk)
    place = place_of(partnership, by)
    can_export(place).enforce()
    remember(partnership, "partnership.exported", by=by, at=at, audience="conveners")
    return zipped(partnership, contacts=place.keeps_cases, language=by.language, at=at)


# --- the file ------------------------------------------------------------------------------------------


class _Outlet(io.RawIOBase):
    """Where the ZIP is written to, and read from while it is still being written."""

    def __init__(self):
        self.waiting = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.waiting += data
        return len(data)

    def take(self):
        data, self.waiting = bytes(self.waiting), bytearray()
        return data


def zipped(partnership, *, contacts, language, at):
    """The ZIP of a partnership, chunk by chunk: never more than one document in memory."""
    outlet, index = _Outlet(), []
    with (
        translation.override(language),
        timezone.override(partnership.time_zone),
        zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as file,
    ):
        for number, document in enumerate(documents(partnership, contacts=contacts), 1):
            name = f"{number:03d}-{document.name}"
            data = document.body if isinstance(document.body, bytes) else document.body.encode()
            index.append((number, name, document, hashlib.sha256(data).hexdigest()))
            file.writestr(_entry(name, at), data)
            yield outlet.take()
        file.writestr(_entry("journal.jsonl", at), "".join(line + "\n" for line in lines(partnership.pk)))
        file.writestr(_entry("verify.py", at), inspect.getsource(verify))
        file.writestr(_entry("index.csv", at), index_of(index))
        file.writestr(_entry("README.md", at), readme(partnership, contacts, at))
    yield outlet.take()


def _entry(name, at):
    entry = zipfile.ZipInfo(name, localtime(at).timetuple()[:6])
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    return entry


def index_of(entries):
    """The list of documents for a spreadsheet: what may have to be redacted is told in columns."""
    head = [_("Number"), _("File"), _("Title"), _("Personal data"), _("Hidden content"), "SHA-256"]
    rows = [
        [number, name, document.title, yes(document.personal), yes(document.hidden), digest]
        for number, name, document, digest in entries
    ]
    return write([head, *rows])


def readme(partnership, contacts, at):
    """What is in the file, and what to mind before it is handed on."""
    told = [
        _("Taken out on %(when)s. Case number: %(number)s.")
        % {"when": when(at), "number": partnership.case_number or _("none")},
        _(
            "Each document is numbered and stands alone, so that parts of it can be blacked out, or all of it left "
            "out. index.csv tells which of them hold personal data or something that was hidden on the site."
        ),
        _("“Hidden” means: not shown on the site. It may still have to be disclosed by law."),
        _(
            "journal.jsonl is the record of everything that was done. Check it with: python verify.py journal.jsonl"
        ),
        _("Addresses and telephone numbers of members are included, because you keep the case.")
        if contacts
        else _("Addresses and telephone numbers of members are left out; the case officer can include them."),
        _("Private notes of those who decide are not part of the case and not in this file."),
    ]
    return f"# {partnership.title}\n\n" + "\n\n".join(told) + "\n"


def documents(partnership, *, contacts):
    """Every Document of a partnership, in the order of a case."""
    yield frame.mandate(partnership)
    yield frame.members(partnership, contacts)
    yield frame.groups(partnership)
    yield frame.invitations(partnership)
    yield from gathering(partnership)
    yield talk.contributions(partnership)
    yield from talk.attachments(partnership)
    yield from talk.revisions(partnership)
    yield talk.suggestions(partnership)
    yield from talk.decisions(partnership)
    yield deeds.needs(partnership)
    yield from talk.moderation(partnership)
    yield deeds.commitments(partnership)
    yield from meetings.polls(partnership)
    yield from meetings.meetings(partnership)
    yield from rooms(partnership)
    yield from deeds.authorizations(partnership)
    yield deeds.plan(partnership)
    yield deeds.measures(partnership)
    yield frame.account(partnership)
    if partnership.reconstructed_from:
        yield deeds.provenance(partnership)
