"""The timeline: what is due in the coming weeks, a lane for each kind, a dot for each week. One SVG picture.

What it shows stands in words beside it, with its day; a dot says how much is due in its week where it is more than one.
"""

import datetime
from collections import Counter
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

WIDTH, LEFT, RIGHT = 520, 130, 508  # the drawing's own units; app.css says how large it is shown
TOP, LANE, FOOT = 10, 28, 26
SMALL, LARGE = 5, 11  # radius of the dot of one deadline, and of one with a number in it
WEEK = 7

FRAME = '<svg class="co-ahead" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>'
MONTH = (
    '<line x1="{x}" x2="{x}" y1="{top}" y2="{bottom}" class="grid"/><text x="{x}" y="{foot}">{name}</text>'
)
LABEL = '<text x="0" y="{}">{}</text><line x1="{}" x2="{}" y1="{}" y2="{}" class="lane"/>'
DOT = '<circle cx="{}" cy="{}" r="{}" class="dot"/>'
NUMBER = '<text x="{}" y="{}" text-anchor="middle" class="n">{}</text>'
MANY = 99  # a number of three digits has no room


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
        format_html_join("", "{}{}", _dots(ahead, middles)),
    )


def _x(day, ahead):
    return round(LEFT + (RIGHT - LEFT) * (day - ahead.first).days / (ahead.last - ahead.first).days, 1)


def _dots(ahead, middles):
    weeks = Counter((one.kind, (one.on - ahead.first).days // WEEK) for one in ahead.deadlines)
    for (kind, week), number in sorted(weeks.items()):
        middle = ahead.first + datetime.timedelta(days=week * WEEK + WEEK // 2)
        x, y = min(_x(middle, ahead), RIGHT), middles[kind]
        told = f"{MANY}+" if number > MANY else number
        yield (
            format_html(DOT, x, y, SMALL if number == 1 else LARGE),
            format_html(NUMBER, x, y + 4, told) if number > 1 else "",
        )


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
