"""The words of a letter: subject, plain text and HTML, rendered in the reader's language and time zone.

A letter to thousands differs in a name and a link. A kind that says so (`merge`) is rendered once per batch, language
and time zone, with marks where those stand, and the marks are filled in for each: a third of the work of a mail.
"""

import re
from dataclasses import dataclass, replace

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.html import conditional_escape

from boundary.local_time import zone_named

# What a kind's context may say for the frame around its words. Everything else is the kind's own.
FRAME = {
    "sender_name": "",  # the municipality: the name in From and under the letter
    "why": "",  # why the reader gets this, and in a first message where the address came from
    "contact_name": "",  # whom to call
    "contact_phone": "",
    "contact_email": "",  # also the address that answers go to
    "privacy_link": "",
    "accent": "#064d48",  # the municipality's colour
    "language": "",  # of the words, where it is not the reader's own
}
_MANY_LINES = re.compile(r"\s*\n(?:[ \t]*\n)+")
_LINE_ENDS = re.compile(r"[ \t]+\n")
_MARK = re.compile("\ue000(\\d+)\ue001")  # private-use characters: nobody types them


@dataclass(frozen=True)
class Words:
    """What a letter says, and what its headers need to know of it."""

    subject: str
    text: str
    html: str
    language: str
    sender_name: str
    contact_email: str


def words_for(kind, recipient, facts, unsubscribe_url="", shared=None):
    """The words for one reader. `shared` is a dict that lives as long as a batch, for kinds that merge."""
    with translation.override(recipient.language), timezone.override(zone_named(recipient.time_zone)):
        if kind.merge is None or shared is None:
            return _render(kind, recipient, facts, unsubscribe_url)
        return _merged(kind, recipient, facts, unsubscribe_url, shared)


# --- one by one ------------------------------------------------------------------------------------------------------


def _render(kind, recipient, facts, unsubscribe_url):
    context = _context(kind, facts) | {"recipient": recipient, "unsubscribe_url": unsubscribe_url}
    context["sender_name"] = one_line(context["sender_name"] or settings.SITE_NAME)
    subject, text, html = kind.templates
    context["subject"] = one_line(_plain(subject, context))
    return Words(
        subject=context["subject"],
        text=_tidy(_plain(text, context)),
        html=get_template(html).template.render(Context(context)),
        language=context["language"],
        sender_name=context["sender_name"],
        contact_email=str(context["contact_email"]),
    )


def _context(kind, facts):
    return {
        **FRAME,
        "why": kind.why,
        **facts,
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "language": translation.get_language(),
        "bidi": translation.get_language_bidi(),
    }


def subject_of(kind, facts):
    """A kind's subject about these facts, in the language and time zone that are set: its line in a digest."""
    return one_line(_plain(kind.templates[0], _context(kind, facts)))


def part_of(kind, facts, ending):
    """What a kind says in a digest as a part of its own, in the language and time zone that are set.

    ending: ".txt" or ".html".
    """
    context = _context(kind, facts)
    if ending == ".txt":
        return _plain(f"{kind.part}.txt", context)
    return get_template(f"{kind.part}.html").template.render(Context(context))


def _plain(name, context):
    """Nothing is escaped: nothing reads it as HTML."""
    return get_template(name).template.render(Context(context, autoescape=False))


def _tidy(text):
    return _MANY_LINES.sub("\n\n", _LINE_ENDS.sub("\n", text)).strip() + "\n"


def one_line(text):
    """The text with every run of white space as one space: nothing in it can begin a new header."""
    return " ".join(str(text).split())


# --- many at once -----------------------------------------------------------------------------------------------------


def _merged(kind, recipient, facts, unsubscribe_url, shared):
    own = {name: str(facts.get(name, "")) for name in kind.merge}
    values = [recipient.name, recipient.address, unsubscribe_url, *own.values()]
    common = {name: value for name, value in facts.items() if name not in own}
    # Same letter, same words: empty values too, because templates ask whether there is one.
    key = (kind.name, recipient.language, recipient.time_zone, *map(bool, values), *common.items())
    try:
        words = shared.get(key)
    except TypeError:  # a fact that cannot be compared: no two letters can be known to be the same
        return _render(kind, recipient, facts, unsubscribe_url)
    if words is None:
        name, address, link, *marks = (f"\ue000{i}\ue001" if value else "" for i, value in enumerate(values))
        marked = replace(recipient, name=name, address=address)
        words = _render(kind, marked, common | dict(zip(own, marks, strict=True)), link)
        shared[key] = words
    return _filled(words, values)


def _filled(words, values):
    escaped = [str(conditional_escape(value)) for value in values]
    return replace(
        words,
        subject=one_line(_MARK.sub(lambda mark: values[int(mark[1])], words.subject)),
        text=_MARK.sub(lambda mark: values[int(mark[1])], words.text),
        html=_MARK.sub(lambda mark: escaped[int(mark[1])], words.html),
    )
