"""An address for what a reader's own program answers, as calendars do: one for each reader and thing.

It proves itself: it names one row by its id, and carries an HMAC over whatever the answer is about and the address that
the mail went to. Who never got that mail cannot make it, and once the reader has another address it fits no more.
"""

import email
import re
from email.policy import compat32
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from boundary.tokens import code, code_matches

from .reports import DELIVERED_TO, MOST

PURPOSE, LENGTH = "reply", 16  # 16 of 30 characters: 78 bits


def reply_address(pk, about, address):
    """The address for answers of who is written to at `address` about `about`; "" where the site takes none in."""
    if not settings.REPLY_ADDRESS:
        return ""
    name, domain = settings.REPLY_ADDRESS.rsplit("@", 1)
    return f"{name}+{pk.hex}.{code(PURPOSE, about, _nonce(address), LENGTH).lower()}@{domain}"


def proves(about, address, given):
    """Whether `given` is the proof in the address that was made for this."""
    return code_matches(PURPOSE, about, _nonce(address), given, LENGTH)


def read_reply(data):
    """(the message, [(id, proof)] of each address of this shape that it came to); nothing of what a machine sent alone.

    An answer is somebody's own: what says that it was submitted by itself (RFC 3834) came from nobody.
    """
    message = email.message_from_bytes(data[:MOST], policy=compat32)
    by_itself = str(message.get("Auto-Submitted", "no")).strip().lower() != "no"
    if by_itself or not settings.REPLY_ADDRESS:
        return message, []
    headers = [str(value) for name in (*DELIVERED_TO, "Cc") for value in message.get_all(name, [])]
    found = _shape(settings.REPLY_ADDRESS).finditer("\n".join(headers))
    return message, list(dict.fromkeys((UUID(hex=one[1]), one[2].lower()) for one in found))


@lru_cache(maxsize=8)
def _shape(configured):
    """Mail servers keep the letters of an address and not always their case."""
    name, domain = (re.escape(part) for part in configured.rsplit("@", 1))
    return re.compile(rf"\b{name}\+([0-9a-f]{{32}})\.([0-9a-z]{{{LENGTH}}})@{domain}\b", re.IGNORECASE)


def _nonce(address):
    return address.strip().casefold()
