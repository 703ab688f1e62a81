"""The timeline: what is due in the coming weeks, a lane for each kind, a dot for each day. One SVG picture.

What it shows stands in words beside it; a dot grows with how much is due on its day.
"""

import datetime
from collections import Counter
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

WIDTH, LEFT, RIGHT = 520, 112, 508  # the drawing's own units; app.css says how large it is shown
TOP, LANE, FOOT = 10, 28, 26
SMALL, LARGE = 4, 10  # radius of the dot of one deadline, and of the largest

FRAME = '<svg class="co-ahead" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>'
MONTH = (
    '<line x1="{x}" x2="{x}" y1="{top}" y2="{bottom}" class="grid"/><text x="{x}" y="{foot}">{name}</text>'
)
LABEL = '<text x="0" y="{}">{}</text><line x1="{}" x2="{}" y1="{}" y2="{}" class="lane"/>'
DOT = '<circle cx="{}" cy="{}" r="{}" class="dot"/>'


def timeline(ahead, kinds):
    """The picture. ahead: what is due from .first to .last, as .deadlines; kinds: {kind: name} of the lanes, those
    in use are drawn. Nothing where nothing is due.
    """
    used = [kind for kind in kinds if any(one.kind == kind for one in ahead.deadlines)]
    if not used:
        return ""
    bottom = TOP + LANE * len(used)
    middles = {kind: TOP + LANE * at + LANE // 2 for at, kind in enumerate(used)}
    labels = ((middles[kind] + 5, kinds[kind], LEFT, RIGHT, middles[kind], middles[kind]) for kind in used)
    return format_html(
        FRAME,
        WIDTH,
        bottom + FOOT,
        in_words(ahead, kinds, used),
        _months(ahead, bottom),
        format_html_join("", LABEL, labels),
        format_html_join("", DOT, _dots(ahead, middles)),
    )


def _x(day, ahead):
    return round(LEFT + (RIGHT - LEFT) * (day - ahead.first).days / (ahead.last - ahead.first).days, 1)


def _dots(ahead, middles):
    for (kind, day), number in sorted(Counter((one.kind, one.on) for one in ahead.deadlines).items()):
        yield _x(day, ahead), middles[kind], min(LARGE, SMALL + number - 1)


def _months(ahead, bottom):
    """A line where each month begins, its name at the foot; a month with no room for its name has none."""
    starts, day = [ahead.first], ahead.first
    while (day := (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)) < ahead.last:
        starts.append(day)
    return format_html_join(
        "",
        "{}",
        (
            (
                format_html(
                    MONTH,
                    x=_x(start, ahead),
                    top=TOP,
                    bottom=bottom,
                    foot=bottom + 18,
                    name=date_format(start, "M") if (after - start).days > 10 else "",
                ),
            )
            for start, after in pairwise([*starts, ahead.last])
        ),
    )


def in_words(ahead, kinds, used):
    """The timeline as a sentence: until when, how much, of which kinds, and what comes first."""
    number = len(ahead.deadlines)
    told = ngettext("%(number)s date until %(day)s.", "%(number)s dates until %(day)s.", number) % {
        "number": number,
        "day": date_format(ahead.last, _("j F Y")),
    }
    counts = Counter(one.kind for one in ahead.deadlines)
    parts = ", ".join(f"{kinds[kind]}: {counts[kind]}" for kind in used)
    return f"{told} {parts}."
