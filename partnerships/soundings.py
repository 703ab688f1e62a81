"""What a sounding comes to: counts for everybody and for each side, the finding in a sentence, where the sides differ.

Dots are added up. Places give points: five for the first, four for the second, down to one; a line that somebody did
not rank gets none from them. Source: J.-C. de Borda, Mémoire sur les élections au scrutin, 1781, for lists that need
not be ranked to their end. A sounding informs, so no line wins.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from actors.models import Side

from .models import Sounding, SoundingMark, SoundingVoter
from .models.soundings import PLACES
from .settings.together import FEWEST_OF_A_SIDE

Method = Sounding.Method
MOST_NAMED = 3  # lines that a sentence names


def shuffled(options, voter):
    """The options in an order of their own for each voter (any id), so that the end of a long list is heard too."""
    return sorted(options, key=lambda one: hashlib.sha256(f"{voter} {one.pk}".encode()).digest())


def dots_on(clusters):
    """{id of a theme: its dots in the latest round}; nothing where the room has given none. clusters: ids."""
    rounds = Sounding.objects.filter(options__cluster__in=list(clusters), method=Method.DOTS)
    latest = rounds.exclude(workshop=None).order_by("-opened_at").first()
    if latest is None:
        return {}
    found = dict.fromkeys(latest.options.values_list("cluster", flat=True), 0)
    marks = SoundingMark.objects.filter(option__sounding=latest).values("option__cluster")
    return found | dict(marks.annotate(dots=Sum("value")).values_list("option__cluster", "dots"))


@dataclass(frozen=True)
class Part:
    """What some voters said about one line. marks: {value: how many}; voters: how many they are, in all."""

    method: str
    marks: dict
    voters: int

    @property
    def agree(self):
        return self.marks.get(1, 0)

    @property
    def passed(self):
        return self.marks.get(0, 0)

    @property
    def disagree(self):
        return self.marks.get(-1, 0)

    @property
    def answered(self):
        return sum(self.marks.values())

    @property
    def firsts(self):
        return self.marks.get(1, 0)

    @property
    def points(self):
        return sum((PLACES + 1 - place) * count for place, count in self.marks.items())

    @property
    def mean_place(self):
        """The mean place among those who ranked it, or None."""
        if not self.answered:
            return None
        return sum(place * count for place, count in self.marks.items()) / self.answered

    @property
    def dots(self):
        return sum(value * count for value, count in self.marks.items())

    @property
    def score(self):
        """What lines are put in order by: those who agree, dots, or points."""
        return {Method.AGREE: self.agree, Method.DOTS: self.dots, Method.RANKING: self.points}[self.method]

    @property
    def share(self):
        """How much of what they could give they gave, 0 to 100, so that sides of different size can be compared."""
        most = self.answered if self.method == Method.AGREE else self.voters
        of = {Method.AGREE: 1, Method.DOTS: 1, Method.RANKING: PLACES}[self.method]
        return round(100 * self.score / (most * of)) if most else 0


@dataclass(frozen=True)
class Line:
    """One option with what everybody said, and each side where the sides are shown apart."""

    option: object
    whole: Part
    sides: dict  # Side -> Part; empty where too few have answered
    bar: str  # width beside the line with the most, in per cent

    @property
    def apart(self):
        """The sides as pairs of name and Part."""
        return [(Side(side).label, part) for side, part in self.sides.items()]

    @property
    def gap(self):
        """How far the sides are from each other, 0 to 100."""
        shares = [part.share for part in self.sides.values()]
        return max(shares) - min(shares) if len(shares) > 1 else 0


@dataclass(frozen=True)
class Result:
    """All lines, those with the most first; how many answered, and how many of each side."""

    method: str
    lines: list
    voters: int
    sides: dict  # Side -> number; empty where too few have answered
    fewest: int

    @property
    def split(self):
        """The sides as pairs of name and number."""
        return [(Side(side).label, number) for side, number in self.sides.items()]

    @property
    def finding(self):
        """What it comes to, in a sentence."""
        best = self.lines[0].whole.score if self.lines else 0
        if not self.voters or not best:
            return _("Nobody has answered yet.") if not self.voters else _("No line stands out.")
        first = [line for line in self.lines if line.whole.score == best]
        if len(first) > MOST_NAMED:
            return _("%(number)s lines have the most, and the same.") % {"number": len(first)}
        named = {
            "lines": _("” and “").join(line.option.shown_words for line in first),
            "number": best,
            "of": self.voters,
        }
        return _SENTENCES[self.method](named)

    @property
    def differ(self):
        """The line on which the sides are furthest apart, or None."""
        widest = max(self.lines, key=lambda line: line.gap, default=None) if self.sides else None
        return widest if widest and widest.gap else None

    @property
    def meet(self):
        """The line that has the most from the side that likes it least, or None."""
        if not self.sides or not self.lines:
            return None
        best = max(self.lines, key=_least)
        return best if _least(best) else None


def _least(line):
    return min((part.share for part in line.sides.values()), default=0)


_SENTENCES = {
    Method.AGREE: lambda told: _("Most agree with “%(lines)s”: %(number)s of %(of)s who answered.") % told,
    Method.DOTS: lambda told: _("Most dots: “%(lines)s”, %(number)s.") % told,
    Method.RANKING: lambda told: _("Most points: “%(lines)s”, %(number)s.") % told,
}


def result_of(sounding):
    """The Result of a sounding as it is now: three queries."""
    voters = SoundingVoter.objects.filter(sounding=sounding).order_by().values_list("side")
    number = dict(voters.annotate(number=Count("pk")))
    fewest = FEWEST_OF_A_SIDE.of(sounding.partnership)
    # With one small side shown by its whole less the others, all sides would be shown.
    told = (
        {side: number[side] for side in Side if side in number}
        if min(number.values(), default=0) >= fewest
        else {}
    )
    sides = told if len(told) > 1 else {}
    whole, of_side = _marks(sounding)
    options, everybody = list(sounding.options.told()), sum(number.values())
    parts = {one.pk: Part(sounding.method, whole[one.pk], everybody) for one in options}
    most = max((part.score for part in parts.values()), default=0)
    lines = [
        Line(
            one,
            parts[one.pk],
            {side: Part(sounding.method, of_side[one.pk, side], count) for side, count in sides.items()},
            f"{100 * parts[one.pk].score / most:.1f}%" if most else "0%",
        )
        for one in options
    ]
    lines.sort(key=lambda line: (-line.whole.score, line.whole.disagree, line.option.number))
    return Result(sounding.method, lines, everybody, sides, fewest)


def _marks(sounding):
    """({id of an option: {value: how many}}, the same by (id, side))."""
    rows = SoundingMark.objects.filter(voter__sounding=sounding).order_by()
    whole, of_side = defaultdict(lambda: defaultdict(int)), defaultdict(lambda: defaultdict(int))
    for option, side, value, number in rows.values_list("option", "voter__side", "value").annotate(
        number=Count("pk")
    ):
        whole[option][value] += number
        of_side[option, side][value] += number
    return whole, of_side
