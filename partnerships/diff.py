"""Two versions of a text, section by section; and three, when two people wrote on the same one."""

from dataclasses import dataclass


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
class Merged:
    """One section that two people started from: what each made of it, and what to go on from."""

    key: str
    heading: str
    base: str
    theirs: str
    yours: str

    @property
    def clash(self):
        """Both changed it, and not to the same words: a person must choose."""
        return self.base != self.theirs and self.base != self.yours and self.theirs != self.yours

    @property
    def words(self):
        """Whoever changed it alone is followed; where both did, yours stay in the window beside theirs."""
        return self.theirs if self.yours == self.base else self.yours


def merge(base, theirs, yours, sections):
    """Every section of three versions: what both started from, what is saved by now, what was typed."""
    return [
        Merged(key, heading, base.get(key, ""), theirs.get(key, ""), yours.get(key, ""))
        for key, heading in sections.items()
    ]


def merge_ticks(base, theirs, yours):
    """Sets of citations: each side's additions are added, each side's removals removed."""
    return (base & theirs & yours) | (theirs - base) | (yours - base)
