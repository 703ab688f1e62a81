"""Links that prove something without the database holding the proof: an HMAC over purpose, id and nonce.

The worker can render a token and the web can check it; the row keeps only the nonce, and a new nonce revokes.
Source: RFC 2104 (HMAC) with SHA-256, key from SECRET_KEY.
"""

import base64
import hmac

from django.utils.crypto import get_random_string, salted_hmac

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: read aloud over the phone without doubt


def new_nonce():
    """Sixteen random characters to keep in the row."""
    return get_random_string(16)


def _mac(purpose, subject, nonce):
    return salted_hmac(f"boundary.tokens.{purpose}", f"{subject}:{nonce}", algorithm="sha256").digest()


def token(purpose, subject, nonce):
    """43 URL-safe characters that only this site can make for this purpose, subject and nonce."""
    return base64.urlsafe_b64encode(_mac(purpose, subject, nonce)).rstrip(b"=").decode()


def matches(purpose, subject, nonce, given):
    """Whether `given` is the token for this purpose, subject and nonce (constant time)."""
    return bool(nonce) and hmac.compare_digest(token(purpose, subject, nonce).encode(), str(given).encode())


def code(purpose, subject, nonce, length=8):
    """A short code for paper and telephone, `length` characters of 30 each (8: about 39 bits)."""
    number = int.from_bytes(_mac(purpose, subject, nonce))
    characters = []
    for _ in range(length):
        number, index = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[index])
    return "".join(characters)


def code_matches(purpose, subject, nonce, given, length=8):
    """Whether `given`, as a person typed it, is the short code (constant time; case and spaces forgiven)."""
    typed = "".join(str(given).upper().replace("-", "").split())
    return bool(nonce) and hmac.compare_digest(code(purpose, subject, nonce, length).encode(), typed.encode())
