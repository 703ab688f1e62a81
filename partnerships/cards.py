"""Partnerships as cards. Drawn here and not in a template, because lists of them are the most visited pages."""

from django.db.models import Count
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from boundary.kept import kept

from .models import Member, Partnership
from .stages import Stage

# What a card shows, and no more: a platform's row is wide, and twenty of them take longer than the rest of the page.
ON_CARDS = (
    *("slug", "title", "summary", "stage", "visibility", "join_policy", "language", "reconstructed_from"),
    "platform__name",
)
TAG = '<span class="ds-tag" data-color="{}">{}</span>'
CARD = """<li class="co-cardlink"><div class="co-tags">{tags}</div>
<h{level} class="co-cardlink__title"><a href="{url}" lang="{lang}">{title}</a></h{level}>
<p lang="{lang}">{summary}</p>
<p class="co-cardlink__foot"><span>{platform}</span><span>{members}</span></p></li>
"""


@kept
def _members_of(*partnerships):
    present = Member.objects.present().filter(partnership__in=partnerships)
    return present.values_list("partnership").annotate(Count("pk")).order_by()


def cards(partnerships, level=2, *, hosts=None, counts=None):
    """The cards of a page of partnerships as HTML; one query for all of them, each word translated once.

    hosts: whether each says its platform (a platform's own page has said it: by default only at level 2);
    counts: {id: members} where the caller has fetched them with the rows.
    """
    hosts = level == 2 if hosts is None else hosts
    counts = dict(_members_of(*(row.pk for row in partnerships))) if counts is None else counts
    words, drawn = _words(), {}
    return format_html_join(
        "", "{}", ((_card(row, counts, words, drawn, level, hosts),) for row in partnerships)
    )


def _card(row, counts, words, drawn, level, hosts):
    number, keys = counts.get(row.pk, 0), _keys(row)
    if keys not in drawn:
        drawn[keys] = format_html_join("", TAG, (words[key] for key in keys))
    return format_html(
        CARD,
        tags=drawn[keys],
        level=level,
        url=row.get_absolute_url(),
        lang=row.language,
        title=row.title,
        summary=row.summary,
        platform=row.platform.name if hosts else mark_safe(""),
        members=ngettext("%(number)s member", "%(number)s members", number) % {"number": number},
    )


def _words():
    """The words on cards, in the reader's language: key -> (colour, word)."""
    return {value: ("info", str(label)) for value, label in Stage.choices} | {
        "open": ("success", _("Open to join")),
        Partnership.Visibility.MEMBERS.value: ("neutral", _("For members")),
        Partnership.Visibility.HIDDEN.value: ("warning", _("Hidden")),
        "reconstructed": ("neutral", _("Reconstructed")),
    }


def _keys(row):
    """What stands out about a partnership."""
    keys = [row.stage]
    if row.join_policy == "open" and row.stage != "closed":
        keys.append("open")
    if row.visibility != "public":
        keys.append(row.visibility)
    if row.reconstructed_from:
        keys.append("reconstructed")
    return tuple(keys)
