"""Filters for people's words. Built in to every template, so no {% load %} is needed."""

from functools import lru_cache

from django import template
from django.utils.text import Truncator

from boundary.markdown import KEPT_LENGTH, to_html, to_plain

register = template.Library()


@register.filter
def markdown(text):
    """{{ contribution.body|markdown }}: safe HTML of what somebody wrote."""
    return to_html(text)


@register.filter
def excerpt(text, length=160):
    """{{ contribution.body|excerpt:120 }}: the first words of a Markdown text, without its marks."""
    text = str(text or "")
    return (
        _excerpt(text, int(length)) if len(text) <= KEPT_LENGTH else _excerpt.__wrapped__(text, int(length))
    )


@lru_cache(2048)  # of words, whoever may read them: a list asks for the same ones again and again
def _excerpt(text, length):
    return Truncator(to_plain(text)).chars(length)


@register.filter
def initials(name):
    """{{ person.name|initials }}: first letters of the first and the last name; "?" for nobody."""
    parts = [part for part in str(name or "").replace("-", " ").split() if part[0].isalnum()]
    letters = [parts[0][0], parts[-1][0]] if len(parts) > 1 else [part[0] for part in parts]
    return "".join(letters).upper() or "?"
