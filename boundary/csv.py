"""Tables out of the house, where no cell becomes a formula in somebody’s spreadsheet, and tables into it."""

import codecs
import csv
import io
import re
from decimal import Decimal

from django.utils.translation import gettext as _

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


def stream(rows, delimiter=";"):
    """The same as write, a row at a time as bytes, for a table that nobody wants to hold at once."""
    yield codecs.BOM_UTF8
    for row in rows:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerow(
            [safe_cell(cell) for cell in row]
        )
        yield out.getvalue().encode()


# --- tables into the house -----------------------------------------------------------------------------------


class Unreadable(Exception):
    """A file that is no table. Carries the sentence for the person who chose it."""

    def __init__(self, sentence):
        super().__init__(str(sentence))
        self.sentence = sentence


def text_of(data):
    """The text of a file as spreadsheets save it: UTF-8 or UTF-16 with a mark, UTF-8 without, else Windows-1252.

    Raises Unreadable for what is no text, such as a spreadsheet that was not saved as CSV.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0", b"%PDF")) or b"\x00" in data:
        raise Unreadable(_("This is not a CSV file. Save the sheet as “CSV”, and choose that file."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read(text):
    """The rows of a table as (line number, cells), whichever of ; , tab or | stands between; empty rows left out.

    Raises Unreadable where a quotation mark is never closed, or a cell has no end.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";,\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise Unreadable(
            _("Line %(line)s cannot be read. Is there a quotation mark that is never closed?")
            % {"line": reader.line_num}
        ) from error
    return rows


def looks_like_formula(cell):
    """Whether a spreadsheet would run this text; a number with a sign, such as +45 12 34, is none."""
    return bool(_FORMULA.match(cell)) and not re.fullmatch(r"[+\-]?[\d\s().,/-]+", cell.strip())
