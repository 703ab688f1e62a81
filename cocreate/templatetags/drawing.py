"""Small pictures that the server draws: icons, sectors, the ring of seats.

A sign that looks the same for everybody is drawn once per process: a list of members costs a look-up per row.
"""

import math
import re
from functools import lru_cache
from html import escape  # Django's own does the same to a text, at several times the cost of a row

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from boundary.templatetags.words import excerpt
from partnerships.models.contributions import ContributionKind
from partnerships.models.members import Role

# key -> (class in app.css, name). The order is the order around the table.
SECTORS = {
    "citizens": ("residents", gettext_lazy("Residents")),
    "civil_society": ("civil", gettext_lazy("Civil society")),
    "private": ("business", gettext_lazy("Business")),
    "public": ("public", gettext_lazy("Public agencies")),
    "academia": ("knowledge", gettext_lazy("Research and education")),
    "political": ("elected", gettext_lazy("Elected members")),
}
UNKNOWN = ("none", gettext_lazy("No sector yet"))


@lru_cache(1)
def sprite():
    """The address of the file that holds all icons and shapes."""
    return static("img/icons.svg")


def unmarked(text):
    """The text as plain str: a cached sign escapes every text, also one that a template marked as safe."""
    return str(text) + ""


def icon(name, label=""):
    """An icon of the sprite as SVG."""
    return _icon(name, unmarked(label))


@lru_cache(1024)
def _icon(name, label):
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="ic" {} focusable="false"><use href="{}#{}"/></svg>', said, sprite(), name)


def sector_class(key):
    """The part of a CSS class that stands for a sector."""
    return SECTORS.get(str(key), UNKNOWN)[0]


def sector_name(key):
    """A sector's name, in the language it is shown in."""
    return SECTORS.get(str(key), UNKNOWN)[1]


def sector(key, label=""):
    """Shape, colour and name of a sector."""
    return _sector(str(key), unmarked(label), get_language())


@lru_cache(1024)
def _sector(key, label, _language):
    kind = sector_class(key)
    return format_html(
        '<span class="co-sector sec-{}"><svg class="co-glyph" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"/></svg>{}</span>',
        kind,
        sprite(),
        "circle" if kind == "none" else f"s-{kind}",
        label or sector_name(key),
    )


def initials(name):
    """First and last initial: "Maja Lind Holm" is MH. A name in one word gives one letter."""
    letters = [word[0] for word in str(name or "").split() if word[0].isalpha()]
    return "".join(letters[:1] + letters[1:][-1:]).upper() or "?"


def avatar(name, sector_key=""):
    """Initials on the sector's shape."""
    return _avatar(initials(name), sector_class(sector_key))


@lru_cache(4096)
def _avatar(letters, kind):
    return format_html(
        '<span class="co-member__seat sec-{}" aria-hidden="true"><svg class="co-seat" focusable="false">'
        '<use href="{}#s-{}"/></svg><b>{}</b></span>',
        kind,
        sprite(),
        "residents" if kind == "none" else kind,
        letters,
    )


def inline(svg):
    """The text of an SVG file without its XML declaration and fixed size, so that it fits where it stands."""
    body = re.sub(r"<\?xml[^>]*\?>", "", str(svg)).strip()
    head, rest = body.split(">", 1)
    return mark_safe(re.sub(r'\s(?:width|height)="[^"]*"', "", head) + ">" + rest)  # noqa: S308  see the filter


def member(one, language="", within=""):
    """A Member or Line: initials on the sector's shape, name, role and function, sector. A name is never kept.

    within: the address of the partnership, where the name leads to the member's page.
    """
    return mark_safe(_row(one, language or get_language(), within))  # noqa: S308  all is escaped


def table(members, within=""):
    """Members or Lines as the rows of a list."""
    language = get_language()
    rows = [f'<li class="co-member" id="m-{one.pk}">{_row(one, language, within)}</li>' for one in members]
    return mark_safe("\n".join(rows))  # noqa: S308  a key, and what is escaped


def _row(one, language, within):
    name = one.shown_name
    before, after = _member(initials(name), one.sector, one.role, one.shown_function, language)
    if within:
        return f'{before}<a class="co-plainlink" href="{escape(within)}people/{one.pk}/">{escape(name)}</a>{after}'
    return before + escape(name) + after


@lru_cache(4096)
def _member(letters, key, role, function, _language):
    title = str(Role(role).label) if role != Role.MEMBER else ""
    said = ", ".join(part for part in (title, function) if part)
    sign = _avatar(letters, sector_class(key))
    return (
        format_html('{}<div class="co-member__who"><span class="co-member__name">', sign),
        format_html('</span><span class="co-member__role">{}</span></div>{}', said, sector(key)),
    )


# --- lists that many pages show -------------------------------------------------------------------------------


def tabs(entries, label):
    """Links to the parts of one thing; the part shown is marked."""
    links = format_html_join("", TAB, (_tab(**entry) for entry in entries))
    return format_html('<nav class="co-tabs" aria-label="{}"><ul class="co-wrap">{}</ul></nav>', label, links)


TAB = '<li><a href="{}"{}>{}{}</a></li>'
CURRENT = mark_safe(' aria-current="page"')


def _tab(label, url, current=False, count=0):
    number = format_html(' <span class="co-count">{}</span>', count) if count else ""
    return url, CURRENT if current else "", label, number


def cited(contributions, address, knows):
    """Contributions in a line each: first words, who said it, the sector, the kind. Of those that are hidden or taken
    back no word, of nobody a name that is kept, and for members' eyes only where the reader `knows` them."""
    rows, language = [], get_language()
    for one in contributions:
        words = None if one.gone else excerpt(one.body, 140)
        before, after = _cited(
            f"{address}{one.pk}/#c-{one.pk}", words, one.gone, one.sector, one.kind, language
        )
        who = one.who if knows or not one.anonymous else _("A member")
        rows += [before, escape(who), after]
    return mark_safe("".join(rows))  # noqa: S308  every part is escaped


SAID = '<li><a class="co-rows__title co-plainlink" dir="auto" href="{}">{}</a><p class="co-rows__meta"><span>'
GONE = '<li><span class="co-hidden">{}</span><p class="co-rows__meta"><span>'


@lru_cache(4096)
def _cited(url, words, gone, key, kind, _language):
    """What stands before and after the name."""
    why = {"hidden": _("Hidden by the ground rules"), "retracted": _("Taken back by who said it")}.get(gone)
    before = format_html(GONE, why) if words is None else format_html(SAID, url, words)
    return before, format_html(
        "</span> {} <span>{}</span></p></li>", sector(key) if key else "", ContributionKind(kind).label
    )


def names(members):
    """Members or Lines in a sentence, each with the sector."""
    language = get_language()
    said = (f"{escape(one.shown_name)} {_in_brackets(one.sector, language)}" for one in members)
    return mark_safe(", ".join(said))  # noqa: S308  both parts are escaped


@lru_cache(64)
def _in_brackets(key, _language):
    return format_html("({})", sector_name(key))


REFUSAL = '<div class="co-refusal">{}<p>{}{}</p></div>'


def refusal(answer):
    """Why something may not be done, and what would help."""
    help_text = answer.what_would_help
    helps = format_html(' <span class="co-refusal__help">{}</span>', help_text) if help_text else ""
    return format_html(REFUSAL, icon("lock"), answer.why_not, helps)


CRUMBS = '<nav class="co-crumbs" aria-label="{}"><ol>{}</ol></nav>'


def crumbs(trail):
    """The way here: pairs of a name and an address."""
    links = format_html_join("", '<li><a href="{}">{}</a></li>', ((url, name) for name, url in trail))
    return format_html(CRUMBS, _("You are here"), links)


# --- around the table ----------------------------------------------------------------------------------------

RING = 240  # the drawing's own units; app.css says how large it is shown


def around(count, centre, radius, size):
    """Corners of `count` glyphs on a circle, clockwise from the top."""
    for i in range(count):
        angle = 2 * math.pi * i / count
        x, y = centre + radius * math.sin(angle), centre - radius * math.cos(angle)
        yield f"{x - size / 2:.1f}", f"{y - size / 2:.1f}"


def glyphs(seats, places, size):
    """The seats as SVG uses; an open seat is dashed."""
    rows = (
        (sprite(), sector_class(key), "" if taken else "-o", x, y, size, size, sector_class(key))
        for (key, taken), (x, y) in zip(seats, places, strict=True)
    )
    use = '<use href="{}#s-{}{}" x="{}" y="{}" width="{}" height="{}" class="sec-{} m"/>'
    return format_html_join("", use, rows)


@lru_cache(1)
def brand_mark():
    """Six seats, one of each sector."""
    drawn = glyphs([(key, True) for key in SECTORS], around(6, 20, 15, 11), 11)
    return format_html(
        '<svg class="co-mark" viewBox="0 0 40 40" aria-hidden="true" focusable="false">{}</svg>', drawn
    )


def in_order(seats):
    """The seats sector by sector, the taken ones first; what has no sector has no seat."""
    order = list(SECTORS)
    known = [(str(key), bool(taken)) for key, taken in seats if str(key) in SECTORS]
    return sorted(known, key=lambda seat: (order.index(seat[0]), not seat[1]))


def seat_ring(seats):
    """The ring of seats, read out as a sentence; nothing where there is no seat."""
    seats = in_order(seats)
    if not seats:
        return ""
    size = round(min(22, max(7, 2 * math.pi * 92 / len(seats) * 0.72)), 1)
    taken = sum(is_taken for _key, is_taken in seats)
    return format_html(
        '<svg class="co-ring" viewBox="0 0 240 240" role="img" aria-label="{}">'
        '<circle cx="120" cy="120" r="120" class="top"/><circle cx="120" cy="120" r="64" class="edge"/>{}'
        '<text x="120" y="122" text-anchor="middle" class="n">{}</text>'
        '<text x="120" y="145" text-anchor="middle" class="t">{}</text></svg>',
        in_words(seats, taken),
        glyphs(seats, around(len(seats), RING / 2, 92, size), size),
        f"{taken}/{len(seats)}" if taken < len(seats) else taken,
        ngettext("seat taken", "seats taken", taken),
    )


def in_words(seats, taken):
    """The ring as a sentence: "14 of 18 seats taken: 4 Residents, 2 Business. Open seats: 1 Business." """
    who = counted(key for key, is_taken in seats if is_taken) or _("nobody")
    facts = {"taken": taken, "all": len(seats), "who": who}
    sentence = _("%(taken)s of %(all)s seats taken: %(who)s.") % facts
    still_open = counted(key for key, is_taken in seats if not is_taken)
    if still_open:
        sentence += " " + _("Open seats: %(who)s.") % {"who": still_open}
    return sentence


def counted(keys):
    """How many of each sector: "4 Residents, 2 Business"."""
    keys = list(keys)
    return ", ".join(f"{keys.count(key)} {sector_name(key)}" for key in SECTORS if key in keys)
