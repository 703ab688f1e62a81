"""Markdown that people write, as HTML that can do no harm. Stored as written; turned into HTML when shown."""

import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *("a", "em", "strong", "s", "del", "code"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"https", "mailto"}
REL = "nofollow ugc noopener"
_PLAIN_LINK = re.compile(r"https://|mailto:|#|/(?![/\\])", re.IGNORECASE)
KEPT_LENGTH = 8_000  # longer texts are turned anew each time, so that a few of them cannot fill the memory

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
_parser.enable(["table", "strikethrough"]).disable("image")


def _below_the_page(state):
    """A text's first heading is the page's third: h1 and h2 belong to the page around it."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"


_parser.core.ruler.push("below_the_page", _below_the_page)


def _harmless(element, attribute, value):
    """Keep a link only when it is plain where it leads; //host looks like a path of ours, but leaves."""
    if attribute == "href" and not _PLAIN_LINK.match(value):
        return None
    return value


def parse(text):
    """The tokens of a Markdown text, as markdown-it-py has them: for papers, which are no HTML."""
    return _parser.parse(text)


def harmless_link(href):
    """An absolute address that a paper may lead to, or None."""
    return href if href.lower().startswith(tuple(f"{scheme}:" for scheme in SCHEMES)) else None


def _turn(text):
    html = _parser.render(text)
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_harmless,
        url_schemes=SCHEMES,
        link_rel=REL,
    )


_kept = lru_cache(maxsize=1024)(_turn)


def to_html(text) -> SafeString:
    """Safe HTML of a Markdown text: no raw HTML, no pictures, https and mailto links only."""
    text = str(text or "").replace("\x00", "")
    return mark_safe(_kept(text) if len(text) <= KEPT_LENGTH else _turn(text))  # noqa: S308  nh3 cleaned it


def to_plain(text) -> str:
    """The words of a Markdown text without its marks, for excerpts and plain mails."""
    from_html = nh3.clean(_parser.render(str(text or "")), tags=set(), link_rel=None)
    return " ".join(_unescape(from_html).split())


def _unescape(html):
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", " "), ("&amp;", "&")):
        html = html.replace(entity, character)
    return html
