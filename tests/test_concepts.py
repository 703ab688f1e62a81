"""docs/concepts.md and docs/glossary.csv say the same words."""

import csv
import re
from pathlib import Path

from partnerships.stages import Stage

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = (DOCS / "concepts.md").read_text()


def glossary():
    with (DOCS / "glossary.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_glossary_is_whole():
    rows = glossary()
    assert all(set(row) == {"word", "english", "danish", "note"} for row in rows)
    assert all(row["word"] and row["english"] and row["danish"] for row in rows)
    words = [(row["word"], row["english"]) for row in rows]
    assert len(words) == len(set(words))


def test_each_page_word_of_the_concepts_is_in_the_glossary():
    known = {(row["english"], row["danish"]) for row in glossary()}
    rows = re.findall(r"^\| [\w -]+ \| [^|]+ \| ([^|]+) \| ([^|]+) \|", PAGE, re.MULTILINE)
    written = {pair for pair in rows if not pair[0].startswith("page word")}
    assert len(written) > 40
    assert written <= known


def test_every_stage_has_its_page_words():
    assert {str(stage.label) for stage in Stage} <= {
        row["english"] for row in glossary() if row["word"] == "stage"
    }
