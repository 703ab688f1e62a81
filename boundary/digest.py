"""Canonical JSON and its SHA-256, so that equal content has an equal digest on every machine."""

import hashlib
import json


def canonical(value):
    """UTF-8 bytes of `value` as JSON with sorted keys and no spaces. Times and UUIDs must come as text."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(value):
    """Lower-case hexadecimal SHA-256 (64 characters) of the canonical JSON of `value`."""
    return hashlib.sha256(canonical(value)).hexdigest()
