"""How a platform looks on the pages: its scheme, the style sheet of its colour, its logo."""

from collections import namedtuple
from functools import lru_cache

from django.urls import reverse
from django.utils.html import format_html

from .theme import sheet_name

LINK = '<link rel="stylesheet" href="{}">'
LOGO = '<img class="co-logo" src="{}" alt="{}" width="{}" height="{}">'

Look = namedtuple("Look", "scheme sheet logo")
PLAIN = Look("auto", "", "")  # of the site itself


def look_of(platform):
    """The Look of a platform, from the row that a page has fetched anyway."""
    logo = (platform.logo, platform.logo_alt, platform.logo_width, platform.logo_height)
    return _look(platform.slug, platform.accent, platform.scheme, logo if platform.logo else None)


@lru_cache(512)
def _look(slug, accent, scheme, logo):
    sheet = format_html(LINK, reverse("theme", args=[sheet_name(accent)])) if accent else ""
    return Look(scheme, sheet, _image(slug, *logo) if logo else "")


def _image(slug, name, alt, width, height):
    return format_html(LOGO, reverse("logo", args=[slug, name]), alt, width, height)
