"""What a platform may set, and how each setting is read, kept and put back to its default.

A Threshold is copied into a partnership when it is convened (a template's goes before its platform's), so that a later
change moves nobody who is under way: rules and criteria read `QUORUM_SHARE.of(partnership)`. A new one is one entry in
the table of the app that uses it; the pages, the check of what is typed and the command know it from there.
"""

from . import table, together
from .kinds import SETTINGS, Setting, copied, mark_of, otherwise, parts_of, soft, threshold, values_of
from .parts import PARTS

__all__ = [
    "PARTS",
    "SETTINGS",
    "Setting",
    "copied",
    "mark_of",
    "otherwise",
    "parts_of",
    "saying",
    "soft",
    "table",
    "threshold",
    "together",
    "values_of",
]
