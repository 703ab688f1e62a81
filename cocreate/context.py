"""What every page shows around itself: the site's name, the way around it, the reader, the languages."""

from collections import namedtuple
from functools import lru_cache
from urllib.parse import urlencode

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from .arena import url_of_arena

PROOFS = {"given", "token"}  # parts of an address that prove who opens it
PAGES = ("home", "accessibility", "privacy", "help", "settings", "choose_language", "mine", "my_notices")
PAGES += ("account_request_login_code", "account_logout", "demonstration", "api_reference")

Entry = namedtuple("Entry", "label url current")
Language = namedtuple("Language", "code name")
Urls = namedtuple("Urls", PAGES)


def url_of(name):
    """The address of a named page, or "" where this installation has no such page."""
    return _url_of(name, settings.ROOT_URLCONF)


@lru_cache(256)
def _url_of(name, _urlconf):
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def navigation(request):
    """The main menu for this reader: entries of label, url and current."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    entries = [("partnerships", _("Partnerships"))]
    if signed_in:
        entries.append(("mine", _("Waiting for me")))
    if signed_in and getattr(user, "is_politician_or_secretary", False):
        entries.append(("dossiers", _("For decision")))
    entries.append(("help", _("Help")))
    found = [(label, url_of(name)) for name, label in entries]
    desks = getattr(user, "desks", []) if signed_in else []
    if len(desks) == 1:  # of several, “Waiting for me” has the names
        found.insert(-1, (_("What needs doing"), url_of_arena("desk", desks[0]["slug"])))
    return tuple(Entry(label, url, is_here(request, url)) for label, url in found if url)


def is_here(request, url):
    """ "page" on the page itself, "true" anywhere below it, else ""."""
    if request.path == url:
        return "page"
    return "true" if request.path.startswith(url) else ""


@lru_cache
def languages_beside(here):
    """The languages to switch to from the one with this code: each code, and its name in itself."""
    codes = [code for code, _name in settings.LANGUAGES if code.split("-")[0] != here.split("-")[0]]
    return tuple(Language(code, get_language_info(code)["name_local"].capitalize()) for code in codes)


@lru_cache
def page_urls(_urlconf):
    """The addresses of the pages that every page may lead to."""
    return Urls(*map(url_of, PAGES))


def sign_in_url(request):
    """Where a visitor signs in, to come back to this page; an address that proves something is not handed on."""
    url, here = url_of("account_request_login_code"), request.resolver_match
    from_front = request.path == url_of("home") or request.path.startswith("/account/")
    if not url or from_front or request.method != "GET" or here is None or PROOFS & set(here.kwargs):
        return url
    return f"{url}?{urlencode({'next': request.get_full_path()})}"


def site(request):
    """Context processor of every page. Costs no query."""
    return {
        "site_name": settings.SITE_NAME,
        "reader_name": reader_name(getattr(request, "user", None)),
        "sign_in_url": sign_in_url(request),
        "page_urls": page_urls(settings.ROOT_URLCONF),
    }


def reader_name(user):
    """What the menu calls the signed-in person; "" for a visitor."""
    if not user or not user.is_authenticated:
        return ""
    return getattr(user, "name", "") or str(user)
