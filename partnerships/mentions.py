"""Whom words name with an @: by the whole name that is shown here, or by the first one where nobody shares it."""

import re
import unicodedata
from dataclasses import dataclass

MOST = 20  # members that one contribution may name
AT = re.compile(r"(?<![\w@./])@(?=\w)")
FIRST = re.compile(r"[\w'’-]+")


@dataclass(frozen=True)
class Named:
    """What was found behind the @s of some words.

    found: keys, in the order of the words; unclear: {what was written: the keys it may mean}; unknown: what nobody
    here is called.
    """

    found: list
    unclear: dict
    unknown: list


def _plain(words):
    return unicodedata.normalize("NFC", words).lower()


def _begins(rest, name):
    """Whether the words go on with this name, as a whole."""
    return bool(name) and rest.startswith(name) and not re.match(r"\w", rest[len(name) :])


def _meant(rest, names):
    """(what was written, the keys it may mean)."""
    whole = [(name, key) for key, name in names if _begins(rest, name)]
    if whole:
        longest = max(len(name) for name, _key in whole)
        return rest[:longest], [key for name, key in whole if len(name) == longest]
    first = FIRST.match(rest)[0]
    return first, [key for key, name in names if name.split(" ")[0] == first]


def named_in(words, names):
    """Whom these words name. names: pairs of a key and the name that is shown."""
    words, names = _plain(words), [(key, _plain(name)) for key, name in names]
    found, unclear, unknown = {}, {}, {}
    for at in AT.finditer(words):
        written, keys = _meant(words[at.end() :], names)
        if len(keys) > 1:
            unclear[written] = keys
        elif keys:
            found[keys[0]] = True
        else:
            unknown[written] = True
    return Named(list(found), unclear, list(unknown))
