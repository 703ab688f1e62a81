"""A paper as OpenDocument text, to go on working with in any word processor."""

import io

from odfdo import Document, Element, Header, Link, List, ListItem, Paragraph, Span, Style, Table

MARKS = {"strong": "Strong", "em": "Emphasis", "s": "Struck", "code": "Code"}
PROPERTIES = {  # text style -> what it looks like
    "Strong": {"fo:font-weight": "bold"},
    "Emphasis": {"fo:font-style": "italic"},
    "Struck": {"style:text-line-through-style": "solid"},
    "Code": {"style:font-name": "monospace"},
}


def odt(paper):
    """The bytes of an ODT of a Paper."""
    document = Document("text")
    _styles(document)
    document.meta.title, document.meta.language = paper.title, paper.lang
    document.meta.creator = ", ".join(paper.authors)
    body = document.body
    body.clear()
    body.append(Paragraph(paper.above))
    body.append(_header(1, paper.title))
    for label, value in paper.facts:
        line = Paragraph("")
        line.append(Span(f"{label}: ", style="Strong"))
        line.append(Span(value))
        body.append(line)
    for element in _elements(paper.blocks):
        body.append(element)
    body.append(Paragraph(paper.foot))
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _styles(document):
    for name, properties in PROPERTIES.items():
        style = Style("text", name=name)
        style.set_properties(properties, area="text")
        document.insert_style(style)
    for name, properties in {
        "Quotation": {"fo:margin-left": "1cm", "fo:margin-right": "1cm"},
        "RightToLeft": {"style:writing-mode": "rl-tb", "fo:text-align": "start"},
        "Rule": {"fo:border-bottom": "0.5pt solid #999999"},
    }.items():
        style = Style("paragraph", name=name)
        style.set_properties(properties, area="paragraph")
        document.insert_style(style)


def _elements(blocks, style=None):
    for block in blocks:
        kind = block["t"]
        if kind == "p":
            yield _filled(Paragraph(style="RightToLeft" if block["rtl"] else style), block["c"])
        elif kind == "h":
            yield _filled(_header(block["level"]), block["c"])
        elif kind in ("ul", "ol"):
            yield _list(block)
        elif kind == "quote":
            yield from _elements(block["b"], "Quotation")
        elif kind == "code":
            for line in block["s"].split("\n"):
                yield Paragraph(line, style="Preformatted_20_Text")
        elif kind == "table":
            yield _table(block)
        else:
            yield Paragraph("", style="Rule")


def _header(level, text=""):
    made = Header(level, text)
    made.style = f"Heading_20_{level}"  # the library takes none when it makes one
    return made


def _list(block):
    """A list. A numbered one writes its numbers, which every word processor then shows alike."""
    made = List()
    for number, blocks in enumerate(block["items"], block["start"]):
        item = ListItem()
        if block["t"] == "ol":
            blocks = _numbered(blocks, f"{number}. ")
        for element in _elements(blocks):
            item.append(element)
        made.append(item)
    return made


def _numbered(blocks, number):
    first = {"t": "text", "s": number}
    if blocks and blocks[0]["t"] == "p":
        return [{**blocks[0], "c": [first, *blocks[0]["c"]]}, *blocks[1:]]
    return [{"t": "p", "rtl": False, "c": [first]}, *blocks]


def _table(block):
    made = Table("table", width=block["columns"], height=0)
    values = [["".join(_plain(cell)) for cell in row] for row in [block["head"], *block["rows"]]]
    made.set_values(values)
    return made


def _plain(parts):
    for part in parts:
        yield from _plain(part["c"]) if "c" in part else [part.get("s", " ")]


def _filled(element, parts):
    """The element with inline parts put into it, one after the other."""
    for part in parts:
        if part["t"] == "text":
            element.append_plain_text(part["s"])
        elif part["t"] == "br":
            element.append(Element.from_tag("text:line-break"))
        elif part["t"] == "a":
            element.append(Link(part["href"], text="".join(_plain(part["c"]))))
        elif part["t"] == "code":
            element.append(Span(part["s"], style=MARKS["code"]))
        else:
            element.append(_filled(Span(style=MARKS[part["t"]]), part["c"]))
    return element
