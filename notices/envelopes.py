"""An envelope sender for each mail, so that a report which comes back later says which mail it is about.

The address proves itself: an HMAC over the notice and the address it went to. A forged report fits no notice, and one
about an address that has been corrected since fits no more.
"""

import re
from email.utils import parseaddr
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from boundary.tokens import code, code_matches

PURPOSE, LENGTH = "bounce", 16  # 16 of 30 characters: 78 bits


def sender_of(notice, address):
    """The envelope sender of a notice's mail to `address`."""
    if not settings.BOUNCE_ADDRESS:
        return our_address(settings.DEFAULT_FROM_EMAIL)
    name, domain = settings.BOUNCE_ADDRESS.rsplit("@", 1)
    proof = code(PURPOSE, notice.id, _nonce(address), LENGTH).lower()
    return f"{name}+{notice.id.hex}.{proof}@{domain}"


def is_sender_of(notice, address, given):
    """Whether `given` is the proof of a mail of this notice to this address."""
    return code_matches(PURPOSE, notice.id, _nonce(address), given, LENGTH)


def senders_in(text):
    """(notice id, proof) of every envelope sender of this shape in a text: true or forged."""
    if not settings.BOUNCE_ADDRESS:
        return []
    return [(UUID(hex=found[1]), found[2]) for found in _shape(settings.BOUNCE_ADDRESS).finditer(text)]


@lru_cache(maxsize=8)
def our_address(configured):
    """The bare address of a configured sender."""
    return parseaddr(configured)[1]


@lru_cache(maxsize=8)
def _shape(configured):
    """Mail servers keep the letters of an address and not always their case."""
    name, domain = (re.escape(part) for part in configured.rsplit("@", 1))
    return re.compile(rf"\b{name}\+([0-9a-f]{{32}})\.([0-9a-z]{{{LENGTH}}})@{domain}\b", re.IGNORECASE)


def _nonce(address):
    return address.strip().casefold()
