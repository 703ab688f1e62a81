"""The section tabs of a partnership: they lead to pages of several apps, so they are put together here."""

from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

SECTIONS = [  # URL name, page word, for whom
    ("partnership", lambda: _("Overview"), "readers"),
    ("people", lambda: _("People"), "readers"),
    ("say", lambda: _("Conversation"), "readers"),
    ("problem", lambda: _("Problem"), "readers"),
    ("solutions", lambda: _("Solutions"), "readers"),
    ("decisions", lambda: _("Decisions"), "readers"),
    ("authorization", lambda: _("Authorization"), "readers"),
    ("implementation", lambda: _("Implementation"), "readers"),
    ("commitments", lambda: _("Commitments"), "readers"),
    ("meetings", lambda: _("Meetings"), "readers"),
    ("record", lambda: _("Record"), "readers"),
    ("manage", lambda: _("Manage"), "leaders"),
]


def url_of_arena(name, slug, *rest):
    """The address of a page of a partnership, or "" where no app offers it."""
    return _url_of_arena(settings.ROOT_URLCONF, name, slug, *rest)


@lru_cache(4096)  # looked up some twenty times on every page
def _url_of_arena(_urlconf, name, slug, *rest):
    try:
        return reverse(name, args=[slug, *rest])
    except NoReverseMatch:
        return ""


def tabs(request, place):
    """The sections this reader may open: [{label, url, current}]."""
    entries = []
    for name, label, readers in SECTIONS:
        url = url_of_arena(name, place.partnership.slug)
        allowed = place.leads or place.keeps_cases if readers == "leaders" else place.reads
        if url and allowed:
            here = request.path == url or (name != "partnership" and request.path.startswith(url))
            entries.append({"label": label(), "url": url, "current": here})
    return entries


def arena(request):
    """Context processor: tabs and platform wherever a page has opened an arena. Costs no query."""
    place = getattr(request, "place", None)
    if place is None:
        return {}
    return {
        "place": place,
        "partnership": place.partnership,
        "platform": place.partnership.platform,
        "arena_tabs": SimpleLazyObject(lambda: tabs(request, place)),
    }
