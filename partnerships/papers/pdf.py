"""A paper as PDF: tagged for screen readers (PDF/UA), with fonts of its own, set by Typst."""

import json
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path

import typst

from boundary.blocks import plain, rtl

HERE = Path(__file__).resolve().parent


@lru_cache(1)
def _fonts():
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[HERE / "fonts"])


def pdf(paper):
    """The bytes of a PDF/UA of a Paper. Where its shapes cannot be set, its words stand in plain paragraphs."""
    try:
        return _set(paper)
    except typst.TypstError:
        return _set(replace(paper, blocks=[*_plainly(paper.blocks)]))


def _set(paper):
    return typst.compile(
        HERE / "paper.typ",
        root=HERE,
        font_paths=_fonts(),
        sys_inputs={"paper": json.dumps(asdict(paper))},
        pdf_standards=["ua-1"],
    )


def _plainly(blocks):
    for block in blocks:
        inner = [*block.get("b", []), *(one for item in block.get("items", []) for one in item)]
        rows = [block["head"], *block["rows"]] if block["t"] == "table" else []
        words = [
            plain(block.get("c", [])) or block.get("s", ""),
            *(" | ".join(map(plain, row)) for row in rows),
        ]
        for line in filter(None, words):
            yield {"t": "p", "c": [{"t": "text", "s": line}], "rtl": rtl(line)}
        yield from _plainly(inner)
