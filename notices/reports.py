"""Reports about mail that was sent: not delivered after all (RFC 3464), or complained about by its reader (RFC 5965).

A report is written by anybody's server. What it says is believed only together with our own proof in its address.
"""

import email
import re
from dataclasses import dataclass
from email.policy import compat32

from flufl.bounce import all_failures

from .envelopes import senders_in
from .post import words

MOST = 1024 * 1024  # bytes of a report that are looked at; what it says stands in its first few thousand
CAME_BACK, COMPLAINT = "came back", "complaint"
DELIVERED_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
# The mailbox is there, but full; the letter is too long, or was taken for something it is not; time ran out.
_SOMEBODY_THERE = re.compile(r"^(?:[45]\.2\.[23]|[45]\.3\.4|[45]\.4\.7|[45]\.[67]\.\d+)$")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Report:
    """What a report says: of which mails, what, why, and whether nobody reads mail there."""

    senders: list  # (notice id, proof) as they stand in it
    says: str  # CAME_BACK, COMPLAINT or "" for anything else
    reason: str = ""  # as a notice keeps it
    nobody_there: bool = False
    addresses: frozenset = frozenset()  # where only a guess is possible: those it seems to be about
    guessed: bool = False


def read_report(data):
    """The Report in the bytes of a message; a delay, an answer while away, anything else says "".

    Raises whatever broken input makes its readers raise.
    """
    message = email.message_from_bytes(data[:MOST], policy=compat32)
    senders = _senders(message, DELIVERED_TO)
    for part in message.walk():
        if part.get_content_type() == "message/feedback-report":
            return _complaint(part, senders)
    _later, failed = all_failures(message)
    if not failed:
        return Report(senders, "")
    blocks = [block for block in _status_blocks(message) if _failed(block)]
    if blocks:
        return _came_back(blocks[0], senders)
    addresses = frozenset(address.decode("ascii", "replace").casefold() for address in failed)
    return Report(senders, CAME_BACK, "returned", nobody_there=True, addresses=addresses, guessed=True)


def _senders(message, headers):
    found = [str(value) for name in headers for value in message.get_all(name, [])]
    return senders_in("\n".join(found))


def _complaint(part, senders):
    """The reader pressed "this is spam"; other feedback (fraud in our name, a test) is no complaint about us."""
    if not part.is_multipart():
        return Report(senders, "")
    fields = part.get_payload(0)
    kind = str(fields.get("Feedback-Type", "")).strip().lower()
    senders = senders or _senders(fields, ("Original-Mail-From",))
    return Report(senders, COMPLAINT if kind == "abuse" else "")


def _status_blocks(message):
    """The groups of fields of its delivery status: about the message, then about each reader."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from part.get_payload()


def _failed(block):
    return str(block.get("Action", "")).strip().lower().startswith(("fail", "error"))


def _came_back(block, senders):
    status = _STATUS.search(str(block.get("Status", "")))
    status = status[0] if status else ""
    said = str(block.get("Diagnostic-Code", "")).partition(";")[2].encode("utf-8", "replace")
    reason = f"returned: {words(said) or status}" if said or status else "returned"
    return Report(senders, CAME_BACK, reason, nobody_there=not _SOMEBODY_THERE.match(status))
