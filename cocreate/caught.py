"""What the local mail catcher of the demonstration keeps, read for a page: text and links, nothing that runs."""

import email
import email.policy
import re
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from django.conf import settings

KEY = re.compile(r"[\w.,:=+-]{1,200}")
LINK = re.compile(r"https?://[^\s<>\"')\]]+")
LONGEST = 200_000  # characters of a letter that are shown


@dataclass(frozen=True)
class Letter:
    """One caught mail."""

    key: str
    subject: str
    sender: str
    to: str
    at: object
    text: str = ""
    links: list = field(default_factory=list)
    attachments: list = field(default_factory=list)


def _parsed(path):
    with open(path, "rb") as file:
        return email.message_from_binary_file(file, policy=email.policy.default)


def _headers(key, message):
    try:
        at = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        at = None
    to = message["X-Recipients"] or message["To"] or ""
    return {
        "key": key,
        "subject": str(message["Subject"] or ""),
        "sender": str(message["From"] or ""),
        "to": str(to),
        "at": at,
    }


def _paths():
    """(key, path) of every caught mail, newest first."""
    folders = [settings.DATA_DIR / "mail" / part for part in ("new", "cur")]
    files = [path for folder in folders if folder.is_dir() for path in folder.iterdir() if path.is_file()]
    found = [(path.name.partition(":")[0], path) for path in files]
    return sorted(found, key=lambda pair: pair[1].stat().st_mtime, reverse=True)


class Letters:
    """The caught mails as a list that a paginator cuts: only what is shown is read."""

    def __init__(self, to=""):
        self.paths = _paths()
        if to:
            self.paths = [pair for pair in self.paths if to in _headers(pair[0], _parsed(pair[1]))["to"]]

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, part):
        return [Letter(**_headers(key, _parsed(path))) for key, path in self.paths[part]]


def letter(key):
    """The Letter of this key with its words, or None."""
    path = next((path for name, path in _paths() if name == key), None) if KEY.fullmatch(key) else None
    if path is None:
        return None
    message = _parsed(path)
    plain = message.get_body(preferencelist=("plain",))
    text = plain.get_content()[:LONGEST] if plain else ""
    attachments = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    links = list(dict.fromkeys(link.rstrip(".,;") for link in LINK.findall(text)))
    return Letter(text=text, links=links, attachments=attachments, **_headers(key, message))
