"""Two versions of a text, section by section; and three, when two people wrote on the same one."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

PARAGRAPH = re.compile(r"[^\n]*\n+|[^\n]+")  # a line with the line ends behind it
MOST_PAIRS = (
    20_000  # equal pieces to weigh against each other: a tenth of a second at worst, then whole passages
)


def steps(before, after):
    """How one list of pieces becomes another: ("equal" | "replace", start, end, start, end), in bounded time."""
    start, end = _alike(before, after)
    a, b = before[start : len(before) - end], after[start : len(after) - end]
    if start:
        yield "equal", 0, start, 0, start
    if _pairs(a, b) > MOST_PAIRS:
        middle = [("replace", 0, len(a), 0, len(b))]
    else:
        middle = SequenceMatcher(None, a, b, autojunk=False).get_opcodes() if a or b else []
    for what, i, j, k, n in middle:
        what = "equal" if what == "equal" else "replace"
        yield what, start + i, start + j, start + k, start + n
    if end:
        yield "equal", len(before) - end, len(before), len(after) - end, len(after)


def _alike(before, after):
    """How many pieces are the same at the beginning and, beyond those, at the end."""
    most = min(len(before), len(after))
    start = next((i for i in range(most) if before[i] != after[i]), most)
    end = next((i for i in range(most - start) if before[-1 - i] != after[-1 - i]), most - start)
    return start, end


def _pairs(before, after):
    counted = Counter(after)
    return sum(counted[piece] for piece in before)


@dataclass(frozen=True)
class Compared:
    """One section in an older and a newer version. Templates mark the words that differ."""

    key: str
    heading: str
    old: str
    new: str

    @property
    def changed(self):
        return self.old != self.new


def compare(old, new, sections):
    """The sections that either version has, in order. `old` and `new`: {key: words}."""
    return [
        Compared(key, heading, old.get(key, ""), new.get(key, ""))
        for key, heading in sections.items()
        if old.get(key) or new.get(key)
    ]


@dataclass(frozen=True)
class Passage:
    """Paragraphs that two people changed from the same ones, differently."""

    base: str
    theirs: str
    yours: str


def join(base, theirs, yours):
    """(words, [Passage]): both sides' changes to `base` joined paragraph by paragraph.

    Where both changed the same paragraph, yours stands in the words and the passage is in the list.
    """
    if theirs in (yours, base):
        return yours, []
    if yours == base:
        return theirs, []
    if "" in (base, theirs, yours):  # the whole section was written or taken out: nothing to hold on to
        return yours, [Passage(base, theirs, yours)]
    words, clashes = [], []
    for passage in _passages(*([*PARAGRAPH.findall(text)] for text in (base, theirs, yours))):
        was, other, own = ("".join(part).rstrip("\n") for part in passage)
        ends = max(
            ("".join(part)[len(bare) :] for part, bare in zip(passage, (was, other, own), strict=True)),
            key=len,
        )
        if other in (own, was):
            words.append(own and own + ends)
        elif own == was:
            words.append(other and other + ends)
        else:
            words.append(own and own + ends)
            clashes.append(Passage(was, other, own))
    return _lined_up(words), clashes


def _lined_up(passages):
    """Passages one after the other; what was the last one and is not any more gets its line end."""
    parts = [part for part in passages if part]
    ended = [part if part.endswith("\n") else f"{part}\n\n" for part in parts[:-1]]
    return "".join([*ended, *parts[-1:]]).rstrip("\n")


def _passages(*texts):
    """(base, theirs, yours), each a list of paragraphs, of each passage between what all three have, and of that."""
    at = [0, 0, 0]
    for length, *starts in [*_common(*texts), (0, *map(len, texts))]:
        yield [text[a:b] for text, a, b in zip(texts, at, starts, strict=True)]
        at = [start + length for start in starts]
        same = [text[a:b] for text, a, b in zip(texts, starts, at, strict=True)]
        yield [max(same, key=lambda part: len("".join(part)))] * 3


def _common(base, theirs, yours):
    """(length, start in base, in theirs, in yours) of each run that all three have, in order.

    Runs of length 0 part what the one changed from what the other changed right behind it.
    """
    plain = [[paragraph.rstrip("\n") for paragraph in text] for text in (base, theirs, yours)]
    changes = [list(steps(plain[0], other)) for other in plain[1:]]
    inserted = {step[1] for found in changes for step in found if step[0] == "replace" and step[1] == step[2]}
    with_theirs, with_yours = ([*_held(found)] for found in changes)
    i = k = 0
    while i < len(with_theirs) and k < len(with_yours):
        (a, b, in_theirs, _), (c, d, in_yours, _) = with_theirs[i], with_yours[k]
        start, end = max(a, c), min(b, d)
        if start < end or (start == end and start not in inserted):
            yield end - start, start, in_theirs + start - a, in_yours + start - c
        if b <= d:
            i += 1
        else:
            k += 1


def _held(changes):
    """What stayed, as (start, end, start, end); and, of length 0, the places between as many rewritten paragraphs."""
    for what, a, b, c, d in changes:
        if what == "equal":
            yield a, b, c, d
        elif b - a == d - c:
            yield from ((a + n, a + n, c + n, c + n) for n in range(1, b - a))


@dataclass(frozen=True)
class Merged:
    """One section that two people started from: what each made of it, and what to go on from."""

    key: str
    heading: str
    base: str
    theirs: str
    yours: str
    words: str  # joined where that is possible; where both changed the same, yours
    passages: tuple  # where a person must choose

    @property
    def clash(self):
        """Both changed the same passage, and not to the same words: a person must choose."""
        return bool(self.passages)

    @property
    def joined(self):
        """Both changed it in different places."""
        return not self.clash and self.words not in (self.theirs, self.yours)


def merge(base, theirs, yours, sections):
    """Every section of three versions: what both started from, what is saved by now, what was typed."""
    return [_merged(key, heading, base, theirs, yours) for key, heading in sections.items()]


def _merged(key, heading, *versions):
    versions = [version.get(key, "") for version in versions]
    words, passages = join(*versions)
    return Merged(key, heading, *versions, words, tuple(passages))


def merge_ticks(base, theirs, yours):
    """Sets of citations: each side's additions are added, each side's removals removed."""
    return (base & theirs & yours) | (theirs - base) | (yours - base)
