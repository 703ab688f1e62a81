"""The map of groups: how much each is affected, how much power it has, and whether it has a seat. One SVG picture.

Across: power, the three sources together, 0 to 9. Upwards: how much a group is affected, 1 to 3. The glyph says the
sector; dashed where nobody sits, with a thick ring where those hit hardest are absent. The number leads to the table.
"""

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .drawing import sector_class, sprite

WIDTH, HEIGHT = 520, 420
LEFT, TOP, ACROSS, DOWN = 110, 20, 390, 330  # the field, in the drawing's own units
MOST_POWER, LEVELS = 9, 3
GLYPH, ASIDE, BELOW = 22, 34, 46  # size of a sign, and the distance between two that would hide each other
SHOWN = 60  # more would hide each other; the table has them all

FRAME = (
    '<svg class="co-map" viewBox="0 0 {} {}" role="img" aria-label="{}">'
    '<rect x="{}" y="{}" width="{}" height="{}" class="corner"/>{}{}{}</svg>'
)
LINE = '<line x1="{}" x2="{}" y1="{}" y2="{}" class="grid"/>'
SIDE = '<text x="{}" y="{}" text-anchor="end">{}</text>'
FOOT = '<text x="{}" y="{}" text-anchor="{}">{}</text>'
SIGN = (
    '<g class="sec-{kind}">{ring}<use href="{sprite}#s-{kind}{empty}" x="{x}" y="{y}" width="{size}" height="{size}" '
    'class="m"/><text x="{tx}" y="{ty}" text-anchor="middle" class="n">{number}</text></g>'
)
RING = '<circle cx="{}" cy="{}" r="{}" class="missing"/>'


def group_map(groups):
    """The picture. groups: what table and map share, each with number, sector, affectedness, power, taken, unheard."""
    groups = list(groups)[:SHOWN]
    levels = [_("A little"), _("Somewhat"), _("Very much")]
    rows = [(_row(level), label) for level, label in enumerate(levels, 1)]
    lines = format_html_join("", LINE, ((LEFT, LEFT + ACROSS, y, y) for y, _label in rows))
    words = format_html_join("", SIDE, ((LEFT - 12, y + 5, label) for y, label in rows))
    foot = [(LEFT, "start", _("Little power")), (LEFT + ACROSS, "end", _("Much power"))]
    words += format_html_join("", FOOT, ((x, TOP + DOWN + 36, anchor, label) for x, anchor, label in foot))
    corner = (LEFT, TOP, ACROSS / 3, DOWN / LEVELS)  # hit hardest, with little power
    return format_html(FRAME, WIDTH, HEIGHT, in_words(groups), *corner, lines, words, _signs(groups))


def _row(level):
    return TOP + DOWN - (level - 0.5) * DOWN / LEVELS


def _column(power):
    return LEFT + GLYPH + power * (ACROSS - 2 * GLYPH) / MOST_POWER


def _places(groups):
    """Each group with its place; those that would hide each other stand in rows around theirs."""
    crowds = {}
    for group in groups:
        crowds.setdefault((group.affectedness, group.power), []).append(group)
    for (level, power), crowd in crowds.items():
        for at, group in enumerate(crowd):
            column, row = at % 2, at // 2
            dx = (column - (min(len(crowd), 2) - 1) / 2) * ASIDE
            dy = (row - ((len(crowd) + 1) // 2 - 1) / 2) * BELOW
            yield group, _column(power) + dx, _row(level) + dy


def _signs(groups):
    return format_html_join("", "{}", ((_sign(group, x, y),) for group, x, y in _places(groups)))


def _sign(group, x, y):
    kind = sector_class(group.sector)
    return format_html(
        SIGN,
        kind=kind,
        sprite=sprite(),
        empty="" if group.taken else "-o",
        ring=format_html(RING, x, y, GLYPH * 0.75) if group.unheard else "",
        x=x - GLYPH / 2,
        y=y - GLYPH / 2,
        size=GLYPH,
        tx=x,
        ty=y + GLYPH * 1.5,
        number=group.number,
    )


def in_words(groups):
    """The map as a sentence: how many groups, how many at the table, who of those hit hardest is missing."""
    if not groups:
        return _("No group is on the map yet.")
    seated = sum(1 for group in groups if group.taken)
    said = ngettext(
        "%(all)s group, %(seated)s of them with somebody at the table.",
        "%(all)s groups, %(seated)s of them with somebody at the table.",
        len(groups),
    ) % {"all": len(groups), "seated": seated}
    missing = ", ".join(group.name for group in groups if group.unheard)
    if missing:
        said += " " + _("Hit hardest, with little power, and missing: %(groups)s.") % {"groups": missing}
    return said
