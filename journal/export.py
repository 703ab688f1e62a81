"""The record as a file that anyone can check with verify.py."""

import json

from journal.models import Audience, Entry


def lines(scope, audience=Audience.CONVENERS):
    """JSON lines of a scope's entries, oldest first.

    Entries that this audience may not read are withheld: only their place in the chain is shown, so that a public
    record can be checked although not all of it is public.
    """
    readable = set(Audience.values[: Audience.values.index(audience) + 1])
    for entry in Entry.objects.of(scope).iterator():
        yield json.dumps(as_line(entry, readable), ensure_ascii=False, sort_keys=True)


def as_line(entry, readable=frozenset(Audience.values)):
    """One entry as verify.py reads it."""
    if entry.audience in readable:
        return {**entry.content(), "digest": entry.digest}
    return {
        "scope": str(entry.scope),
        "sequence": entry.sequence,
        "previous": entry.previous,
        "digest": entry.digest,
        "withheld": True,
    }
