"""Header and footer of every page: drawn once for all who see the same, then what is this reader's own put in."""

import re

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from . import context
from .templatetags.drawing import once

# What stands in the drawn header for what is kept of nobody.
OWN = {name: f"\ufffd{name}\ufffd" for name in ("reader_name", "sign_in_url", "here", "csrf_token")}
PLACE = re.compile("\ufffd([a-z_]+)\ufffd")


def header(request, platform, csrf_token):
    """The header for this reader. platform: a Platform or its name, "" away from any."""
    name, sign_in = context.reader_name(getattr(request, "user", None)), context.sign_in_url(request)
    own = {"reader_name": name, "sign_in_url": sign_in, "here": request.get_full_path()}
    own["csrf_token"] = csrf_token if name else ""  # a token is a cookie: none for somebody who only reads
    drawn = once(
        "components/header.html",
        **{key: OWN[key] if value else "" for key, value in own.items()},
        demo=settings.DEMO,
        platform=str(platform or ""),
        site_name=settings.SITE_NAME,
        navigation=context.navigation(request),
        languages=context.languages_beside(get_language() or settings.LANGUAGE_CODE),
        page_urls=context.page_urls(settings.ROOT_URLCONF),
    )
    filled = PLACE.sub(lambda place: escape(own[place[1]]), drawn)
    return mark_safe(filled)  # noqa: S308  a template's own, and what was put in is escaped


def footer(platform):
    """The footer: who answers for the site, and where to read about it."""
    return once(
        "components/footer.html",
        platform=str(platform or ""),
        site_name=settings.SITE_NAME,
        page_urls=context.page_urls(settings.ROOT_URLCONF),
    )
