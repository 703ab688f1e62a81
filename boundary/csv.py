"""Tables out of the house: a cell never becomes a formula in somebody's spreadsheet."""

import csv
import io
import re
from decimal import Decimal

# Spaces of every kind and characters without width do not hide a formula from a spreadsheet, nor from us.
_HIDDEN = r"[\s\x00-\x1f\ufeff\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069]*"
_FORMULA = re.compile(_HIDDEN + r"[=+\-@|%＝＋－＠｜％]")


def safe_cell(value):
    """The value for a CSV cell; text that a spreadsheet would run gets a leading apostrophe."""
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal):
        return value  # a number that is a number stays one, also below zero
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def write(rows, delimiter=";") -> bytes:
    """Rows of cells as CSV: UTF-8 with a byte order mark and semicolons, as a Danish spreadsheet opens it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")
