"""Files as people send them, and as people should not."""

import io
import struct
import zipfile
import zlib

from PIL import Image

from partnerships.attachments import TYPES

GPS = 0x8825


def picture(kind="JPEG", size=(80, 60), *, gps=True, mode="RGB"):
    """A picture, with the place where it was taken."""
    image, written = Image.new(mode, size, "teal"), io.BytesIO()
    exif = Image.Exif()
    if gps:
        exif.get_ifd(GPS)[1] = "N"
        exif[0x010F] = "SecretCamera"
    image.save(written, kind, exif=exif)
    return written.getvalue()


def huge_png(width=10_000, height=10_000):
    """A picture of a hundred million pixels in a few bytes: nothing but its head."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def packet(entries):
    """A ZIP file of {name: bytes}."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name, body in entries.items():
            file.writestr(name, body)
    return written.getvalue()


def office(kind="docx", **more):
    """An Office document, with more entries."""
    main = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}[kind]
    return packet({"[Content_Types].xml": b"<Types/>", main: b"<w/>"} | more)


def odf(kind="odt", **more):
    """An OpenDocument file, with more entries."""
    return packet({"mimetype": TYPES[kind].encode(), "content.xml": b"<office/>"} | more)


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
