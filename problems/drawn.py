"""The rows of the table of indicators, drawn here and not in a template: they are most of a much visited page."""

from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join, urlize
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from .models import Direction

ROW = (
    '<tr><th scope="row">{} <span class="co-quiet">({}, {})</span></th>'
    '<td class="num" data-label="{}">{}</td><td class="num" data-label="{}">{}</td><td data-label="{}">{}</td>{}</tr>'
)
CHANGE = (
    '<td class="co-table__act"><a class="ds-link" href="{}">{}<span class="ds-sr-only"> {}</span></a></td>'
)
LONGEST_ADDRESS = 48  # characters of a web address that are shown


def _quiet(words):
    return format_html('<span class="co-quiet">{}</span>', words)


def _source(indicator):
    """Where the number comes from; a web address in it is a link."""
    linked = urlize(indicator.source, trim_url_limit=LONGEST_ADDRESS, nofollow=True, autoescape=True)
    return format_html('<span class="co-prose">{}</span>', mark_safe(linked))  # noqa: S308  urlize has escaped it


def rows(indicators, slug, may_change):
    """One row per Indicator; with the way to change it, for those who may."""
    today, target, source = _("Today"), _("Target"), _("Source")
    unknown, unset, nameless = _quiet(_("not known")), _quiet(_("not set")), _quiet(_("none named"))
    better = {value: str(label) for value, label in Direction.choices}

    def change(indicator):
        if not may_change:
            return ""
        return format_html(
            CHANGE, reverse("change_indicator", args=[slug, indicator.pk]), _("Change"), indicator.name
        )

    cells = (
        (
            *(one.name, one.unit, better[one.direction]),
            *(today, unknown if one.today is None else localize(one.today)),
            *(target, unset if one.goal is None else localize(one.goal)),
            *(source, _source(one) if one.source else nameless),
            change(one),
        )
        for one in indicators
    )
    return format_html_join("\n", ROW, cells)
