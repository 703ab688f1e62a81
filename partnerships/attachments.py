"""A file beside somebody's words is taken in by a list, by its name and by what is in it.

Pictures are drawn anew by our own library, without what a camera wrote beside them. Documents stay as they are, and are
only ever handed out as files: no browser opens them as a page of ours.
"""

import hashlib
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MOST = 5  # files beside one contribution
LARGEST = 10 * 1024 * 1024  # bytes
MOST_PIXELS = 50_000_000  # width by height, asked before anything is drawn
KEPT, PREVIEW = (3000, 3000), (640, 480)  # pixels at most
LONGEST_NAME = 100
TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
PICTURES = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
ACCEPTED = ",".join(f".{kind}" for kind in (*TYPES, "jpeg"))
_MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_RUNS = re.compile(
    r"vbaproject|vbadata|macrosheets|activex|^basic/|^scripts/|meta-inf/manifest\.mf|\.(class|exe|dll|js|vbs)$"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_PAGE = re.compile(r"<(!doctype|html|svg|\?xml|script|head|body|iframe)", re.IGNORECASE)
UNPACKED = 300 * 1024 * 1024  # bytes of a document, before we believe that it is one


@dataclass(frozen=True)
class Taken:
    """A file that may stand beside somebody's words: cleaned name, kind (its ending), bytes, and a small picture."""

    name: str
    kind: str
    body: bytes
    preview: bytes | None = None
    width: int = 0
    height: int = 0

    @property
    def digest(self):
        return hashlib.sha256(self.body).hexdigest()


def _refuse(sentence, **params):
    raise ValidationError(sentence, params=params)


def clean_name(name):
    """(stem, ending) of a file's name: no path, no character that hides or turns others, not endless."""
    name = unicodedata.normalize("NFC", re.split(r"[\\/]", name)[-1])
    name = "".join(one for one in name if unicodedata.category(one)[0] != "C")
    stem, _dot, ending = name.rpartition(".")
    stem = " ".join(re.sub(r'["<>|:*?%;]', " ", stem).split()).strip(". ")
    return stem[:LONGEST_NAME] or _("file"), ending.lower()


def read_attachment(name, body):
    """The Taken of an uploaded file. Raises ValidationError with a sentence for what may not stand here."""
    stem, ending = clean_name(name)
    ending = "jpg" if ending == "jpeg" else ending
    if not body:
        _refuse(_("The file is empty. Choose another one."))
    if len(body) > LARGEST:
        _refuse(_("The file is too large: at most 10 MB."))
    if ending not in TYPES:
        _refuse(
            _(
                "Files of this kind are not taken. Choose a PNG, JPEG, WebP, PDF, OpenDocument, Office or text file."
            )
        )
    if ending in PICTURES:
        return _picture(stem, ending, body)
    look = {"pdf": _pdf, "txt": _text, "csv": _text}.get(ending, _office)
    return Taken(f"{stem}.{ending}", ending, look(ending, body))


# --- pictures ---------------------------------------------------------------------------------------------------


def _picture(stem, ending, body):
    """The picture drawn anew, upright, and its preview. Whatever else was in the file stays outside."""
    try:
        image = Image.open(io.BytesIO(body), formats=[*PICTURES.values()])
        if image.width * image.height <= MOST_PIXELS:
            if PICTURES[ending] != image.format:
                ending = next(kind for kind, known in PICTURES.items() if known == image.format)
            return _drawn(stem, ending, image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        pass  # it says so below
    except (OSError, SyntaxError, ValueError):
        _refuse(_("This is no picture, or a damaged one. Save it once more, and try again."))
    _refuse(_("The picture has too many pixels: at most 50 million. Make it smaller, and try again."))


def _drawn(stem, ending, image):
    image.draft("RGB", KEPT)  # a JPEG is read in the size that we keep: a tenth of the memory
    if image.mode not in ("L", "RGB", "RGBA"):
        image = image.convert("RGB" if ending == "jpg" else "RGBA")
    image.thumbnail(KEPT)  # before it is turned, which takes its size once more
    upright = ImageOps.exif_transpose(image).convert("RGB" if ending == "jpg" else "RGBA")
    body = _saved(upright, PICTURES[ending])
    small = upright.copy()
    small.thumbnail(PREVIEW)
    return Taken(f"{stem}.{ending}", ending, body, _saved(small, "WEBP"), *small.size)


def _saved(image, form):
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    written = io.BytesIO()
    bare.save(
        written, form, **{"JPEG": {"quality": 88}, "PNG": {}, "WEBP": {"quality": 82, "method": 2}}[form]
    )
    return written.getvalue()


# --- documents --------------------------------------------------------------------------------------------------


def _pdf(_ending, body):
    if not body.startswith(b"%PDF-") or b"%%EOF" not in body[-1024:]:
        _refuse(_("This is no PDF, or a damaged one. Save it once more, and try again."))
    if zipfile.is_zipfile(io.BytesIO(body)):
        _refuse(_("The file is two kinds of file at once. Save it once more, and try again."))
    return body


def _office(ending, body):
    """An OpenDocument or Office file as it is: one packet from its first byte to its last, with nothing that runs."""
    damaged = _("This is no such document, or a damaged one. Save it once more, and try again.")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packet:
            entries = packet.infolist()
            whole = body.startswith(b"PK\x03\x04") and body[-22:-18] == b"PK\x05\x06"
            if not whole or not _is_kind(ending, packet, entries):
                _refuse(damaged)
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, NotImplementedError, RuntimeError):
        _refuse(damaged)
    if sum(entry.file_size for entry in entries) > UNPACKED:
        _refuse(_("The document is too large when it is unpacked."))
    if any(_RUNS.search(entry.filename.lower()) for entry in entries):
        _refuse(_("The document holds macros or programs. Save it without them, and try again."))
    return body


def _is_kind(ending, packet, entries):
    if ending.startswith("o"):
        first = entries[0]
        said = first.filename == "mimetype" and first.file_size < 100 and packet.read(first)
        return said == TYPES[ending].encode()
    names = {entry.filename for entry in entries}
    contents = packet.getinfo("[Content_Types].xml")
    if _MAIN_PARTS[ending] not in names or contents.file_size > 1024 * 1024:
        return False
    if b"macroenabled" in packet.read(contents).lower():
        _refuse(_("The document holds macros or programs. Save it without them, and try again."))
    return True


def _text(_ending, body):
    """Plain text, written anew as UTF-8. What a browser could take for a page is refused."""
    words = _decoded(body)
    if words is None or _CONTROL.search(words):
        _refuse(_("This is no plain text. Save it as UTF-8, and try again."))
    if _PAGE.match(words.lstrip("\ufeff \t\r\n\f")):
        _refuse(_("This is a web page, not plain text. Save it as PDF, and try again."))
    if not words.strip("\ufeff \t\r\n\f"):
        _refuse(_("The file is empty. Choose another one."))
    return words.lstrip("\ufeff").encode()


def _decoded(body):
    encodings = ["utf-16"] if body[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
