"""How documents of a case are written: Markdown that anyone can read, one fact a line."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Document:
    """One file of the case. personal: names living people or their addresses; hidden: holds hidden matter."""

    name: str
    title: str
    body: str | bytes  # of a file that somebody added, its bytes
    personal: bool = False
    hidden: bool = False


def yes(value):
    """Yes or no, in words."""
    return _("yes") if value else _("no")


def when(moment):
    """A moment in the partnership's time zone; "" for none."""
    return date_format(localtime(moment), _("j F Y, H:i")) if moment else ""


def day(date):
    return date_format(date, _("j F Y")) if date else ""


def facts(pairs):
    """Label and value, one per line, those without a value left out; several lines are quoted below their label."""
    lines = (f"- **{label}:**{_told(value)}" for label, value in pairs if value not in (None, "", False))
    return "\n".join(lines) + "\n"


def _told(value):
    """Nobody's words look like a heading of the case."""
    lines = str(value).splitlines()
    return f" {value}" if len(lines) < 2 else "".join(f"\n  > {line}" for line in lines)


def in_one_line(words):
    """Words that stand within a line of ours."""
    return " ".join(words.split())


def section(title, *parts, level=2):
    return f"{'#' * level} {title}\n\n" + "\n".join(part for part in parts if part) + "\n"


def quoted(words):
    return "".join(f"> {line}\n" for line in words.splitlines())
