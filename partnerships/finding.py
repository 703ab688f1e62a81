"""Finding contributions by their words: every word, from its beginning, in any case and with or without accents."""

import re
import unicodedata

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func

# Letters that people type in more than one way, and the one that stands for them. The index is built with these: a
# change needs a migration that builds it anew.
ALIKE = {
    "a": "àáâãäåāăą",
    "c": "çćč",
    "d": "ďđ",
    "e": "èéêëēėęě",
    "g": "ğģ",
    "i": "ìíîïīįı",
    "l": "ľł",
    "n": "ñńňņ",
    "o": "òóôõöøōő",
    "r": "ŕř",
    "s": "śšşș",
    "t": "ťțţ",
    "u": "ùúûüūůűų",
    "y": "ýÿ",
    "z": "źżž",
}
FROM = "".join(ALIKE.values())
TO = "".join(letter * len(others) for letter, others in ALIKE.items())
FOLDED = str.maketrans(FROM, TO)
MOST_WORDS = 12  # of one search


class Found(Func):
    """The words of a text as PostgreSQL finds them. Without parameters, so that the index is recognised."""

    template = f"to_tsvector('simple', translate(lower(normalize(%(expressions)s)), '{FROM}', '{TO}'))"
    arity = 1
    output_field = SearchVectorField()


def folded(words):
    """Words as the index knows them: one case, no accents."""
    return unicodedata.normalize("NFC", words).lower().translate(FOLDED)


def search_for(words):
    """What asks the index for all these words, each from its beginning; None where there is no word to ask for."""
    parts = [part for part in folded(words).split() if re.search(r"\w", part)]
    asked = [re.sub(r"['\\]", " ", part).strip() for part in parts[:MOST_WORDS]]
    asked = [part for part in asked if re.search(r"\w", part)]
    if not asked:
        return None
    return SearchQuery(" & ".join(f"'{part}':*" for part in asked), config="simple", search_type="raw")


def having(rows, words):
    """Those of the contributions that hold all these words; all of them where there is no word to ask for."""
    asked = search_for(words)
    return rows.alias(found=Found("body")).filter(found=asked) if asked else rows
