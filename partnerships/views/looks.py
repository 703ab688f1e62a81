"""A platform's colour as a style sheet and its logo as a picture: files whose address changes with what is in them."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from ..logos import TYPES
from ..models import Logo
from ..theme import HEX, sheet_name, stylesheet

FOR_EVER = "public, max-age=31536000, immutable"
# A picture that is opened by itself runs nothing, fetches nothing and is of no site.
NOTHING = "default-src 'none'; sandbox"


@require_safe
def theme(request, name):
    """The style sheet of one colour. It is made from the address alone: it says nothing of who uses it."""
    accent = f"#{name.partition('-')[0]}"
    if not HEX.fullmatch(accent) or name != sheet_name(accent):
        raise Http404
    return _file(stylesheet(accent), "text/css; charset=utf-8")


@require_safe
def logo(request, slug, name):
    """A platform's logo."""
    picture = get_object_or_404(Logo, platform__slug=slug, name=name)
    kind = name.rpartition(".")[2]
    return _file(bytes(picture.body), TYPES[kind], {"Content-Security-Policy": NOTHING})


def _file(body, kind, more=None):
    headers = {"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff", **(more or {})}
    return HttpResponse(body, content_type=kind, headers=headers)
