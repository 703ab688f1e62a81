"""The rows of the table of indicators, drawn here and not in a template: they are most of a much visited page."""

from functools import lru_cache

from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import format_html, urlize
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .models import Direction, plain

ROW = (
    '<th scope="row">{} <span class="co-quiet">({}, {})</span></th>'
    '<td class="num" data-label="{}">{}</td><td class="num" data-label="{}">{}</td><td data-label="{}">{}</td>'
)
CHANGE = (
    '<td class="co-table__act"><a class="ds-link" href="{}">{}<span class="ds-sr-only"> {}</span></a></td>'
)
SHOWN = ("pk", "name", "unit", "direction", "baseline", "target", "source")
LONGEST_ADDRESS = 48  # characters of a web address that are shown


def _quiet(words):
    return format_html('<span class="co-quiet">{}</span>', words)


def _source(words):
    """Where a number comes from; a web address in it is a link."""
    linked = urlize(words, trim_url_limit=LONGEST_ADDRESS, nofollow=True, autoescape=True)
    return format_html('<span class="co-prose">{}</span>', mark_safe(linked))  # noqa: S308  urlize has escaped it


def rows(indicators, slug, may_change):
    """One row per indicator (its SHOWN fields); with the way to change it, for those who may."""

    def change(pk, name):
        if not may_change:
            return ""
        return format_html(CHANGE, reverse("change_indicator", args=[slug, pk]), _("Change"), name)

    language = get_language()
    drawn = [f"<tr>{_drawn(*shown, language)}{change(pk, shown[0])}</tr>" for pk, *shown in indicators]
    return mark_safe("\n".join(drawn))  # noqa: S308  both parts are escaped


@lru_cache(2048)  # what is measured alike looks alike
def _drawn(name, unit, direction, baseline, target, source, _language):
    today, goal = plain(baseline), plain(target)
    return format_html(
        ROW,
        *(name, unit, Direction(direction).label),
        *(_("Today"), _quiet(_("not known")) if today is None else localize(today)),
        *(_("Target"), _quiet(_("not set")) if goal is None else localize(goal)),
        *(_("Source"), _source(source) if source else _quiet(_("none named"))),
    )
