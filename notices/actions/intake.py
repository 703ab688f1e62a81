"""Taking in mail that machines write to this site: reports about our own mail, and what other apps know how to read."""

import logging
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from ..reports import MOST
from .returning import take_bounce

log = logging.getLogger(__name__)

AT_ONCE = 500  # messages of a folder that are taken in one go


@lru_cache(maxsize=8)
def _readers(path):
    return import_string(path)


def take_mail(*, data, at):
    """Take in one message; returns whether it proved to be about something of ours.

    data: its bytes, whatever they are. Reports are read here; then each reader that an app has put into MAIL_READERS
    is asked: (data, at) -> whether it was for it. What proves nothing changes nothing.
    """
    return take_bounce(data=data, at=at) or any(
        _read(reader, data, at) for reader in _readers(settings.MAIL_READERS)
    )


def _read(reader, data, at):
    try:
        return reader(data=data, at=at)
    except (
        Exception
    ):  # what somebody's program wrote breaks readers in ways of its own, and the next message waits
        log.exception("A message cannot be read.")
        return False


def take_bounces(*, folder, at):
    """Take in what is new in a Maildir; returns (messages looked at, those of them about something of ours).

    Such a message is removed when it is taken in. What is none is marked as seen and lies there for a person to read.
    Raises FileNotFoundError where there is no such folder.
    """
    new = Path(folder, "new")
    messages = sorted(path for path in new.iterdir() if path.is_file() and path.name[0] != ".")[:AT_ONCE]
    return len(messages), sum(_take_from(path, at) for path in messages)


def _take_from(path, at):
    try:
        with path.open("rb") as file:
            taken = take_mail(data=file.read(MOST), at=at)
        if taken:
            path.unlink()
        else:
            path.rename(path.parent.parent / "cur" / f"{path.name}:2,S")
    except FileNotFoundError:  # somebody else was faster
        return False
    return taken
