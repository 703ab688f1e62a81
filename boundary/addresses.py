"""Addresses as people paste them, from a mail, a spreadsheet or memory; errors are said line by line."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

LONGEST = 254  # RFC 5321, section 4.5.3.1.3
HEADINGS = {"name", "navn", "e-mail", "email", "mail", "address", "adresse", "e-mailadresse", "mailadresse"}
# What fingers make of the largest mail hosts.
MISTYPED = {
    "gmial.com": "gmail.com",
    "gmal.com": "gmail.com",
    "gmai.com": "gmail.com",
    "gamil.com": "gmail.com",
    "gmali.com": "gmail.com",
    "gnail.com": "gmail.com",
    "gmaill.com": "gmail.com",
    "gmail.co": "gmail.com",
    "gmail.cm": "gmail.com",
    "gmail.dk": "gmail.com",
    "hotmial.com": "hotmail.com",
    "hotmal.com": "hotmail.com",
    "hotmai.com": "hotmail.com",
    "homail.com": "hotmail.com",
    "outlok.com": "outlook.com",
    "outlook.dk": "outlook.com",
    "yaho.com": "yahoo.com",
    "yahooo.com": "yahoo.com",
    "iclod.com": "icloud.com",
    "icloud.dk": "icloud.com",
}
MISTYPED_ENDS = {".con": ".com", ".cmo": ".com", ".ocm": ".com", ".comm": ".com", ".dkk": ".dk", ".kd": ".dk"}
_IN_BRACKETS = re.compile(r"([^<>]*)<([^<>]*)>?")
_INVISIBLE = re.compile(r"[\ufeff\u200b-\u200f\u2060\u00ad]")


@dataclass(frozen=True)
class Address:
    """One person to write to. The name may be empty."""

    name: str
    email: str


@dataclass(frozen=True)
class Problem:
    """What is wrong on one line (counted from 1), as a sentence that says what to type."""

    line_number: int
    text: str
    sentence: str


@dataclass
class Pasted:
    """What was understood of a pasted list, and what was not."""

    addresses: list[Address] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_addresses(text) -> Pasted:
    """Read a pasted list; every entry ends up either among the addresses or among the problems."""
    pasted, seen = Pasted(), {}
    for line_number, line in enumerate(_clean(text).split("\n"), start=1):
        for name, email in entries(line):
            sentence = what_is_wrong(email) or _twice(seen, name, email, line_number)
            if sentence:
                pasted.problems.append(Problem(line_number, email or name, sentence))
            else:
                pasted.addresses.append(Address(name, _normal(email)))
    return pasted


def _clean(text):
    text = _INVISIBLE.sub("", str(text or "")).replace("\xa0", " ").replace("\x00", "")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _normal(email):
    local, _at, domain = email.rpartition("@")
    return f"{local}@{domain.lower()}"


def _twice(seen, name, email, line_number):
    """The sentence for an entry already in the list. Two names may share one address."""
    names = seen.setdefault(email.casefold(), {})
    key = name.casefold()
    first = names.get(key) or (next(iter(names.values()), None) if not key else names.get(""))
    if first:
        return _("%(email)s is already in the list, on line %(line)s. Delete one of them.") % {
            "email": email,
            "line": first,
        }
    names[key] = line_number
    return ""


# --- from a line to entries (name, email) ------------------------------------------------------------------


def entries(line):
    """The (name, email) pairs of one line. What holds no address comes back as ("", what was typed)."""
    line = line.strip().strip(",;").strip()
    if not line or _is_heading(line):
        return []
    if "<" in line:
        return list(_in_brackets(line))
    if "\t" in line:
        return list(_in_columns(line.split("\t")))
    return list(_in_columns(_mended(re.split(r"[;,]", line))))


def _is_heading(line):
    cells = [cell.strip().strip('"').casefold() for cell in re.split(r"[\t;,]", line) if cell.strip()]
    return all(cell in HEADINGS for cell in cells)


def _in_brackets(line):
    """Name <a@b>, also several; a comma inside a name ("Lind, Maja <a@b>") belongs to the name."""
    end = 0
    for match in _IN_BRACKETS.finditer(line):
        before = [part.strip() for part in re.split(r"[;,]", match[1])]
        while before and ("@" in before[0] or not before[0]):
            first = before.pop(0)
            if first:
                yield from _words(first)
        yield _name(", ".join(part for part in before if part)), _bare(match[2])
        end = match.end()
    if line[end:].strip(" ,;"):
        yield from _in_columns(re.split(r"[;,]", line[end:]))


def _in_columns(cells):
    """Cells of a row: a name belongs to the address that follows, or to the only address of the row."""
    cells = [cell.strip() for cell in cells if cell.strip(" \"'")]
    with_address = [cell for cell in cells if "@" in cell]
    if len(with_address) == 1 and len(cells) > 1:
        ((name, email),) = list(_words(with_address[0]))[:1] or [("", with_address[0])]
        yield name or _joined([cell for cell in cells if "@" not in cell]), email
        return
    waiting = ""
    for cell in cells:
        if "@" not in cell and with_address:
            if waiting:
                yield "", waiting
            waiting = _name(cell)
            continue
        for name, email in _words(cell):
            yield name or waiting, email
            waiting = ""
    if waiting:
        yield "", waiting


def _words(cell):
    """Maja Lind maja@lind.dk, or several addresses with spaces between, or one thing that is no address."""
    words = cell.split()
    if not any("@" in word for word in words) or _spaced_at(words):
        yield "", _bare(cell)
        return
    name = []
    for word in words:
        if "@" in word:
            yield _name(" ".join(name)), _bare(word)
            name = []
        else:
            name.append(word)
    if name:
        yield "", " ".join(name)


def _spaced_at(words):
    """maja @ lind.dk: a space beside the @ is a mistake to be told, not an address."""
    return any(word == "@" or word.startswith("@") or word.endswith("@") for word in words)


def _mended(cells):
    """Put maja@lind,dk together again, so that its comma can be told as what it is."""
    mended = []
    for cell in cells:
        before = mended[-1].split("@") if mended else []
        if len(before) == 2 and "." not in before[1] and re.fullmatch(r"\s*[a-z]{2,3}\s*", cell):
            mended[-1] = f"{mended[-1].strip()},{cell.strip()}"
        else:
            mended.append(cell)
    return mended


def _joined(cells):
    """Maja;Lind are one name; in Maja Lind;Harbour club the first cell is the name."""
    names = [_name(cell) for cell in cells if _name(cell)]
    if len(names) == 2 and not any(" " in name for name in names):
        return " ".join(names)
    return names[0] if names else ""


def _name(text):
    return " ".join(text.strip().strip("\"'").split())


def _bare(text):
    text = re.sub(r"^mailto:", "", text.strip().strip("\"'()[]"), flags=re.IGNORECASE)
    return text.strip().strip("\"'()[]<>:;,").rstrip(".")


# --- from an address to what is wrong with it --------------------------------------------------------------


def what_is_wrong(email):
    """A sentence that says what to type instead, or "" for an address that can be written to."""
    values = {"email": email}
    local, _at, domain = email.rpartition("@")
    if "@" not in email:
        return _("“%(email)s” has no @. Type an address like maja@example.org.") % values
    if not local or not domain or re.search(r"\s", email):
        return _("“%(email)s” has a space or a gap beside the @. Type it as one word.") % values
    if email.count("@") > 1:
        return _("“%(email)s” has more than one @. Type one address, with one @.") % values
    if "," in domain:
        return _("“%(email)s” has a comma. Type a full stop instead.") % values
    if not local.isascii():
        return _("“%(email)s” has a letter before the @ that mail cannot carry, such as æ, ø or å.") % values
    if "." not in domain:
        return _("“%(email)s” ends too early. Type all of it, with .dk, .org or so at the end.") % values
    if ".." in email or local.startswith(".") or local.endswith(".") or domain.startswith("."):
        return _("“%(email)s” has a full stop too many.") % values
    return _mistyped(local, domain) or _invalid(email)


def _mistyped(local, domain):
    meant = MISTYPED.get(domain.lower())
    for wrong, right in MISTYPED_ENDS.items():
        if not meant and domain.lower().endswith(wrong):
            meant = domain[: -len(wrong)] + right
    if not meant:
        return ""
    return _("“%(email)s” looks mistyped. Did you mean %(meant)s?") % {
        "email": f"{local}@{domain}",
        "meant": f"{local}@{meant}",
    }


def _invalid(email):
    try:
        if len(email) <= LONGEST:
            validate_email(email)
            return ""
    except ValidationError:
        pass
    return _("“%(email)s” is not an e-mail address. Type one like maja@example.org.") % {"email": email}
