"""Markdown that people write, as plain blocks for papers: the same reading of it as on a page, and nothing of HTML."""

import re
import unicodedata

from markdown_it.tree import SyntaxTreeNode

from .markdown import harmless_link, parse

# What no XML and no page can hold: control characters and halves of characters.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
DEEPEST = (
    5  # lists and quotations in one another; what lies deeper stands on that level, as no page is wide enough
)
LISTS = {"bullet_list": "ul", "ordered_list": "ol"}
MARKS = {"strong": "strong", "em": "em", "s": "s"}


def printable(text):
    """The text without characters that no paper can hold."""
    return UNPRINTABLE.sub("", str(text))


def rtl(text):
    """Whether a text begins with a letter that is written from right to left."""
    for character in text:
        way = unicodedata.bidirectional(character)
        if way in ("L", "R", "AL"):
            return way != "L"
    return False


def blocks(text, level=3):
    """[{"t": kind, …}] of a Markdown text; `level` is that of its own highest heading.

    p: c (inline), rtl · h: level, c, rtl · ul, ol: items (lists of blocks), start · quote: b (blocks) · code: s ·
    hr · table: columns, head, rows (cells are inline). Inline: text: s · strong, em, s: c · code: s · a: href, c · br.
    Headings never skip a level, whatever their writer did: readers of papers are lost otherwise.
    """
    found = _children(SyntaxTreeNode(parse(printable(text))))
    deepest = level - 1
    for block in found:
        if block["t"] == "h":
            block["level"] = deepest = min(max(block["level"], level), deepest + 1, level + 3)
    return found


def _children(node, depth=0):
    found = []
    for child in node.children:
        if child.type == "list_item" or (depth >= DEEPEST and child.type in {*LISTS, "blockquote"}):
            found += _children(child, depth)
        elif block := _block(child, depth + 1):
            found.append(block)
    return found


def _block(node, depth):
    if node.type in ("paragraph", "heading"):
        parts = _inline(node.children[0].children if node.children else [])
        facts = {"c": parts, "rtl": rtl(plain(parts))}
        return (
            {"t": "p", **facts}
            if node.type == "paragraph"
            else {"t": "h", "level": int(node.tag[1]), **facts}
        )
    if node.type in LISTS:
        items = [[_no_heading(block) for block in _children(item, depth)] for item in node.children]
        return {"t": LISTS[node.type], "items": items, "start": int(node.attrs.get("start", 1))}
    if node.type == "blockquote":
        return {"t": "quote", "b": [_no_heading(block) for block in _children(node, depth)]}
    if node.type in ("fence", "code_block"):
        return {"t": "code", "s": node.content.rstrip("\n")}
    if node.type == "table":
        return _table(node)
    return {"t": "hr"} if node.type == "hr" else None


def _no_heading(block):
    """A heading within a quotation or a list is a strong line: it heads nothing of the paper."""
    if block["t"] != "h":
        return block
    return {"t": "p", "c": [{"t": "strong", "c": block["c"]}], "rtl": block["rtl"]}


def _table(node):
    rows = [[_cell(cell) for cell in row.children] for part in node.children for row in part.children]
    return {"t": "table", "columns": len(rows[0]), "head": rows[0], "rows": rows[1:]}


def _cell(node):
    return _inline(node.children[0].children if node.children else [])


def _inline(nodes):
    found = []
    for node in nodes:
        if node.type in MARKS:
            found.append({"t": MARKS[node.type], "c": _inline(node.children)})
        elif node.type == "link":
            parts, href = _inline(node.children), harmless_link(node.attrs["href"])
            found += [{"t": "a", "href": href, "c": parts}] if href and plain(parts) else parts
        elif node.type == "code_inline":
            found.append({"t": "code", "s": node.content})
        elif node.type == "hardbreak":
            found.append({"t": "br"})
        else:
            found.append({"t": "text", "s": " " if node.type == "softbreak" else node.content})
    return found


def plain(parts):
    """The words of inline parts."""
    return "".join(part.get("s", "") if "c" not in part else plain(part["c"]) for part in parts)
