"""Partnerships as cards. Drawn here and not in a template, because lists of them are the most visited pages.

Partnerships that look the same are drawn once per process and language: a page of twenty costs twenty look-ups.
"""

from functools import lru_cache

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from .models import Member, Partnership
from .stages import Stage

# What a card shows, and no more: a row of a partnership and its platform is wide.
SHOWN = (
    *("slug", "title", "summary", "stage", "visibility", "join_policy", "language"),
    *("reconstructed_from", "paused_at"),
)
TAG = '<span class="ds-tag" data-color="{}">{}</span>'
CARD = """<li class="co-cardlink"><div class="co-tags">{tags}</div>
<h{level} class="co-cardlink__title"><a href="{url}" lang="{lang}">{title}</a></h{level}>
<p lang="{lang}">{summary}</p>
<p class="co-cardlink__foot"><span>{platform}</span><span>{members}</span></p></li>
"""


def on_cards(partnerships):
    """A queryset of partnerships as rows for cards(): what is shown of each, its platform, how many take part."""
    present = Member.objects.present().filter(partnership=OuterRef("pk")).order_by().values("partnership")
    members = Coalesce(Subquery(present.annotate(number=Count("pk")).values("number")), 0)
    return partnerships.annotate(n_members=members).values_list(
        *SHOWN, "platform__name", "n_members", named=True
    )


def cards(rows, level=2, *, hosts=None):
    """The rows of on_cards() as HTML.

    hosts: whether each says its platform (a platform's own page has said it: by default only at level 2).
    """
    hosts, language = level == 2 if hosts is None else hosts, get_language()
    return mark_safe("".join(_card(row, level, hosts, language) for row in rows))  # noqa: S308  each is escaped


@lru_cache(2048)
def _card(row, level, hosts, _language):
    members = ngettext("%(number)s member", "%(number)s members", row.n_members)
    return format_html(
        CARD,
        tags=format_html_join("", TAG, _tags(row)),
        level=level,
        url=Partnership(slug=row.slug).get_absolute_url(),
        lang=row.language,
        title=row.title,
        summary=row.summary,
        platform=row.platform__name if hosts else "",
        members=members % {"number": row.n_members},
    )


def _tags(row):
    """What stands out about a partnership: (colour, word)."""
    yield "info", Stage(row.stage).label
    if row.paused_at:
        yield "warning", _("Paused")
    if row.join_policy == Partnership.JoinPolicy.OPEN and row.stage != Stage.CLOSED:
        yield "success", _("Open to join")
    if row.visibility == Partnership.Visibility.MEMBERS:
        yield "neutral", _("For members")
    if row.visibility == Partnership.Visibility.HIDDEN:
        yield "warning", _("Hidden")
    if row.reconstructed_from:
        yield "neutral", _("Reconstructed")
