"""Header and footer of every page: drawn once for all who see the same, then what is this reader's own put in."""

import re
from functools import lru_cache

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from .context import languages_beside, navigation
from .noticed import numbers_of, shown
from .templatetags.once import once

# What stands in the drawn header for what is kept of nobody.
OWN = ("reader_name", "sign_in_url", "here", "csrf_token", "waits", "unread")
OWN = {name: f"\ufffd{name}\ufffd" for name in OWN}
PLACE = re.compile("\ufffd(" + "|".join(OWN) + ")\ufffd")


def header(context):
    """The header of a page for its reader, from the page's own template context."""
    request = context["request"]
    own = {"reader_name": context["reader_name"], "sign_in_url": context["sign_in_url"]}
    own["here"] = request.get_full_path()
    # A token is a cookie: none for somebody who only reads.
    own["csrf_token"] = context.get("csrf_token") if own["reader_name"] else ""
    own["waits"], own["unread"] = _numbers(request)
    drawn = once(
        "components/header.html",
        **{key: OWN[key] if value else "" for key, value in own.items()},
        **_shared(context),
        demo=settings.DEMO,
        navigation=navigation(request),
        languages=languages_beside(get_language() or settings.LANGUAGE_CODE),
    )
    words, names = _parts(drawn)
    filled = [words[0]]
    for name, following in zip(names, words[1:], strict=True):
        filled += [escape(own[name]), following]
    return mark_safe("".join(filled))  # noqa: S308  a template's own, and what was put in is escaped


def _numbers(request):
    """What waits for this reader and what they have not read, in figures; nothing of nobody."""
    user = getattr(request, "user", None)
    if not user or not user.is_authenticated:
        return "", ""
    return map(shown, numbers_of(user))


@lru_cache(1024)
def _parts(drawn):
    """(the texts around the places, whose places they are)."""
    parts = PLACE.split(drawn)
    return parts[::2], parts[1::2]


def footer(context):
    """The footer of a page: who answers for the site, and where to read about it."""
    return once("components/footer.html", **_shared(context))


def _shared(context):
    platform = context.get("platform")
    return {
        "platform": str(platform or ""),
        "logo": context["look"].logo,
        "site_name": context["site_name"],
        "page_urls": context["page_urls"],
    }
