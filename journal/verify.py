"""Find any tampering with a record, with nothing but Python: `python verify.py journal.jsonl [--head DIGEST]`.

One JSON object per line, as `journal.export.lines` writes it. Every entry's digest is computed anew (SHA-256 of
its canonical JSON) and must be what the next entry calls `previous`; sequences run from 1 without a gap. A tail
that was cut off cannot be seen from within: compare with a head that was published elsewhere (--head).
"""

import argparse
import hashlib
import json
import sys

CONTENT = ("scope", "sequence", "at", "audience", "actor", "verb", "ids", "previous")


def digest_of(entry):
    """SHA-256 of the canonical JSON (UTF-8, sorted keys, no spaces) of what an entry says."""
    content = {name: entry[name] for name in CONTENT}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Chain:
    """One scope's entries, checked as they come."""

    def __init__(self):
        self.sequence, self.digest = 0, ""

    def add(self, entry):
        """What is wrong with the next entry; it becomes the end of the chain either way."""
        found = []
        if entry["sequence"] != self.sequence + 1:
            found.append(f"entry {entry['sequence']} follows entry {self.sequence}")
        if entry["previous"] != self.digest:
            found.append(f"entry {entry['sequence']} does not continue the entry before it")
        if not entry.get("withheld") and digest_of(entry) != entry["digest"]:
            found.append(f"entry {entry['sequence']} was changed")
        self.sequence, self.digest = entry["sequence"], entry["digest"]
        return found


def verify(entries, heads=None):
    """Every tampering found, as sentences; an empty list when the record is whole.

    entries: mappings in order; heads: {scope: digest} published outside, "" as scope when there is only one.
    """
    chains, findings = {}, []
    for entry in entries:
        chain = chains.setdefault(entry["scope"], Chain())
        findings += [f"{entry['scope']}: {what}" for what in chain.add(entry)]
    for scope, digest in (heads or {}).items():
        findings += _compare(chains, scope, digest)
    return findings


def _compare(chains, scope, digest):
    if not scope and len(chains) != 1:
        return [f"a head without a scope fits one record, but there are {len(chains)}"]
    chain = chains[scope] if scope in chains else next(iter(chains.values()), None) if not scope else None
    if chain and chain.digest == digest:
        return []
    return [f"{scope or next(iter(chains))}: the record does not end with the published head {digest[:12]}"]


def read(lines):
    """The entries of a file of JSON lines. Raises ValueError naming the line that is none."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            entry = _entry(line, number)
            missing = [name for name in ("scope", "sequence", "previous", "digest") if name not in entry]
            if not entry.get("withheld"):
                missing += [name for name in CONTENT if name not in entry and name not in missing]
            if missing:
                raise ValueError(f"line {number} has no {', '.join(missing)}")
            yield entry


def _entry(line, number):
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise ValueError(f"line {number} is not JSON: {error}") from error
    if not isinstance(entry, dict):
        raise ValueError(f"line {number} is not an entry")
    return entry


def main(arguments=None):
    """Check the file named on the command line; exit code 0 when whole, 1 when tampered with, 2 when unreadable."""
    parser = argparse.ArgumentParser(description="Find tampering with a partnership's record.")
    parser.add_argument("file", help="JSON lines, one entry each")
    parser.add_argument("--head", action="append", default=[], help="published digest, or SCOPE:DIGEST")
    options = parser.parse_args(arguments)
    heads = {
        scope: digest.strip().lower() for scope, _colon, digest in (h.rpartition(":") for h in options.head)
    }
    count = 0

    def counted(entries):
        nonlocal count
        for entry in entries:
            count += 1
            yield entry

    try:
        with open(options.file, encoding="utf-8") as lines:
            findings = verify(counted(read(lines)), heads)
    except (OSError, ValueError) as error:
        print(f"The record cannot be read: {error}", file=sys.stderr)  # noqa: T201
        return 2
    print("\n".join(findings) if findings else f"The record is whole: {count} entries.")  # noqa: T201
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
