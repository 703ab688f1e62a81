"""Short-lived secrets that must wait in a row, like a sign-in code until its mail is sent: sealed.

Source: Fernet (AES-128-CBC with HMAC-SHA-256) from the cryptography library; key from SECRET_KEY. What was
sealed under one of SECRET_KEY_FALLBACKS still opens, so that changing the key loses no waiting mail.
"""

import base64
import hashlib
import json

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def _fernet():
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key):
    return base64.urlsafe_b64encode(hashlib.sha256(b"boundary.secrets:" + key.encode()).digest())


def seal(facts: dict) -> str:
    """Text that only this site can open again."""
    return _fernet().encrypt(json.dumps(facts).encode()).decode()


def unseal(sealed: str) -> dict:
    """What was sealed. Raises cryptography.fernet.InvalidToken for anything this site did not seal."""
    return json.loads(_fernet().decrypt(sealed.encode()))
