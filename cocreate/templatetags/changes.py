"""What changed between two texts, word by word, said aloud as well as shown."""

import re

from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from partnerships.diff import PARAGRAPH, steps

# A word with the spaces after it, or one mark. Only these marks part words, so that emoji made of several signs, and
# letters with signs above or below them, are never cut in two.
MARK = r"!-/:-@\[-^`{-~\u00ab\u00bb\u2013-\u2027\u060c\u061b\u061f\u05be"
PIECE = re.compile(rf"[^\s{MARK}]+\s*|[{MARK}]\s*|\s+")


def word_diff(old, new):
    """The new text with <ins> and <del>; both texts are plain, and escaped."""
    return mark_safe("".join(_passages(old, new)))  # noqa: S308  each piece is escaped below


def _passages(old, new):
    """Compare paragraph by paragraph first, so that a long text with a small change is quick."""
    before, after = PARAGRAPH.findall(old), PARAGRAPH.findall(new)
    for what, a, b, c, d in steps(before, after):
        if what == "equal":
            yield escape("".join(after[c:d]))
        else:
            yield from _words("".join(before[a:b]), "".join(after[c:d]))


def _words(old, new):
    before, after = PIECE.findall(old), PIECE.findall(new)
    for what, a, b, c, d in steps(before, after):
        if what == "equal":
            yield escape("".join(after[c:d]))
            continue
        removed, added = "".join(before[a:b]), "".join(after[c:d])
        space = min((part[len(part.rstrip()) :] for part in (removed, added)), key=len)
        space = (
            space if removed.endswith(space) and added.endswith(space) else ""
        )  # behind both: it did not change
        yield _marked("del", _("removed"), removed.removesuffix(space))
        yield _marked("ins", _("added"), added.removesuffix(space))
        yield escape(space)


def _marked(tag, said, text):
    """A passage with what happened to it said aloud. What is said has a direction of its own (dir)."""
    if not text:
        return ""
    return format_html(
        '<{0}><span class="ds-sr-only" dir="auto">[{1}: </span>{2}<span class="ds-sr-only" dir="auto">]</span></{0}>',
        tag,
        said,
        text,
    )
