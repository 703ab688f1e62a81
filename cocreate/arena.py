"""The section tabs of a partnership: they lead to pages of several apps, so they are put together here."""

from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partnerships.looks import PLAIN, look_of

from .templatetags import drawing

SECTIONS = [  # URL name, page word, for whom
    ("prepare", lambda: _("Prepare"), "preparing"),
    ("partnership", lambda: _("Overview"), "readers"),
    ("people", lambda: _("People"), "readers"),
    ("say", lambda: _("Conversation"), "readers"),
    ("problem", lambda: _("Problem"), "readers"),
    ("solutions", lambda: _("Solutions"), "readers"),
    ("texts", lambda: _("Texts"), "readers"),
    ("decisions", lambda: _("Decisions"), "readers"),
    ("authorization", lambda: _("Authorization"), "readers"),
    ("implementation", lambda: _("Implementation"), "readers"),
    ("commitments", lambda: _("Commitments"), "readers"),
    ("meetings", lambda: _("Meetings"), "readers"),
    ("record", lambda: _("Record"), "readers"),
    ("manage", lambda: _("Manage"), "leaders"),
]


# First part of an address -> that of the section where its pages belong.
WITHIN = {
    "answers": "say",
    "moderation": "say",
    "suggestions": "texts",
    "charter": "texts",
    "soundings": "decisions",
    "workshops": "meetings",
    "themes": "meetings",
}
PREPARING = {"prepare", "people", "manage"}  # what there is to do before anybody else sees a partnership


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
    """The sections this reader may open, as the row of links under the partnership's name."""
    slug = place.partnership.slug
    front = url_of_arena("partnership", slug)
    here = request.path.removeprefix(front).split("/")[0] if request.path.startswith(front) else None
    here = WITHIN.get(here, here)
    leads = place.leads or place.keeps_cases
    preparing = place.convenes and place.partnership.begun_at is None
    return _tabs(settings.ROOT_URLCONF, slug, here, place.reads, leads, preparing, get_language())


@lru_cache(1024)  # the same for all who may open the same sections
def _tabs(_urlconf, slug, here, reads, leads, preparing, _language):
    front = url_of_arena("partnership", slug)
    entries = []
    for name, label, readers in SECTIONS:
        url = url_of_arena(name, slug)
        if preparing and name not in PREPARING:
            continue
        if url and {"readers": reads, "leaders": leads, "preparing": preparing}[readers]:
            section = url.removeprefix(front).split("/")[0]
            entries.append({"label": label(), "url": url, "current": section == here})
    return drawing.tabs(entries, _("Sections of this partnership"))


def arena(request):
    """Context processor: tabs, platform and its look wherever a page has opened an arena or a platform. No query."""
    place = getattr(request, "place", None)
    if place is None:
        host = getattr(request, "platform", None)
        return {"platform": host, "look": look_of(host)} if host else {"look": PLAIN}
    return {
        "place": place,
        "partnership": place.partnership,
        "platform": place.partnership.platform,
        "look": look_of(place.partnership.platform),
        "arena_tabs": SimpleLazyObject(lambda: tabs(request, place)),
    }
