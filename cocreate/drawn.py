"""Rows of a partnership's front page, drawn here and not in a template: it is the most visited page of all.

What looks the same for everybody is drawn once per process; a name is never kept.
"""

from functools import lru_cache

from django.utils.html import format_html_join
from django.utils.translation import get_language

from .templatetags.drawing import seat_ring, sector_class, sprite

BAR = (
    '<div class="bal__row sec-{0}"><span class="bal__l"><svg class="co-glyph"><use href="{1}#s-{0}"/></svg>'
    '{2}</span><span class="bal__v">{3} %</span><svg class="bal__bar" width="100%" height="20">'
    '<rect y="4" width="100%" height="12" rx="2" class="trk"/><rect y="4" width="{4}" height="12" rx="2" class="bar"/>'
    '<line x1="{5}" x2="{5}" y1="0" y2="20" class="halo"/><line x1="{5}" x2="{5}" y1="0" y2="20" class="tick"/>'
    "</svg></div>"
)
NUMBERS = '<tr><th scope="row">{}</th><td class="num">{} ({} %)</td><td class="num">{} ({} %)</td></tr>'


def ring(balance):
    """One glyph per seat around the table."""
    return _ring(balance, get_language())


@lru_cache(512)  # the words read out depend on the language
def _ring(balance, _language):
    return seat_ring(balance.ring)


def bars(balance):
    """Each sector's share of the words as a bar, of the seats as a tick."""
    rows = (
        (sector_class(row.sector), sprite(), row.name, row.said_share, row.bar, row.tick)
        for row in balance.rows
    )
    return format_html_join("", BAR, rows)


def numbers(balance):
    """The same as rows of a table."""
    return format_html_join(
        "",
        NUMBERS,
        ((row.name, row.seats, row.seats_share, row.said, row.said_share) for row in balance.rows),
    )
