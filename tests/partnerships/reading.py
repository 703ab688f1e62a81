"""What tests of the pages of texts do all the time."""

import html as html_escapes

from django.urls import reverse


def address(name, cast, *args):
    return reverse(name, args=[cast.partnership.slug, *args])


def typed(what="It smells.", base=None, **more):
    """What a browser sends from the page to write a problem definition on."""
    return {"section_what": what, "base": str(base.pk) if base else "", "note": "", **more}


def read(answer):
    """The page as text, with its entities resolved."""
    return html_escapes.unescape(answer.content.decode())
