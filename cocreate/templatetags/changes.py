"""What changed between two texts, word by word, said aloud as well as shown."""

import re
from difflib import SequenceMatcher

from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

# Beyond this many words in one changed passage, comparing word by word would make a reader wait: whole passages then.
LONGEST_PASSAGE = 1500


def word_diff(old, new):
    """The new text with <ins> and <del>; both texts are plain, and escaped."""
    return mark_safe("".join(_passages(old, new)))  # noqa: S308  each piece is escaped below


def _passages(old, new):
    """Compare line by line first, so that a long text with a small change is quick."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for what, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if what == "equal":
            yield escape("".join(after[c:d]))
        else:
            yield from _words("".join(before[a:b]), "".join(after[c:d]))


def _words(old, new):
    before, after = re.findall(r"\s+|\w+|[^\w\s]", old), re.findall(r"\s+|\w+|[^\w\s]", new)
    start, end = _alike(before, after)
    yield escape("".join(before[:start]))
    yield from _middle(before[start : len(before) - end], after[start : len(after) - end])
    yield escape("".join(before[len(before) - end :]))


def _alike(before, after):
    """How many words are the same at the beginning and, beyond those, at the end."""
    most = min(len(before), len(after))
    start = next((i for i in range(most) if before[i] != after[i]), most)
    end = next((i for i in range(most - start) if before[-1 - i] != after[-1 - i]), most - start)
    return start, end


def _middle(before, after):
    if len(before) + len(after) > LONGEST_PASSAGE:
        yield _marked("del", _("removed"), "".join(before))
        yield _marked("ins", _("added"), "".join(after))
        return
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield escape("".join(after[c:d]))
            continue
        yield _marked("del", _("removed"), "".join(before[a:b]))
        yield _marked("ins", _("added"), "".join(after[c:d]))


def _marked(tag, said, text):
    if not text:
        return ""
    return format_html(
        '<{0}><span class="ds-sr-only">[{1}: </span>{2}<span class="ds-sr-only">]</span></{0}>',
        tag,
        said,
        text,
    )
