"""A paper as PDF: tagged for screen readers (PDF/UA), with fonts of its own, set by Typst."""

import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import typst

HERE = Path(__file__).resolve().parent


@lru_cache(1)
def _fonts():
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[HERE / "fonts"])


def pdf(paper):
    """The bytes of a PDF of a Paper. Where something in it keeps it from being PDF/UA, a tagged PDF all the same."""
    facts = {"root": HERE, "font_paths": _fonts(), "sys_inputs": {"paper": json.dumps(asdict(paper))}}
    try:
        return typst.compile(HERE / "paper.typ", pdf_standards=["ua-1"], **facts)
    except typst.TypstError:
        return typst.compile(HERE / "paper.typ", **facts)
