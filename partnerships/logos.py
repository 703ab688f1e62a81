"""A logo is taken in as a picture and nothing else: SVG by a list of what may stand in it, PNG and JPEG drawn anew."""

import hashlib
import io
import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LARGEST = 1024 * 1024  # bytes
WIDEST = 4000  # pixels of a side; more is a photograph
SHOWN = (960, 240)  # pixels at most: three times what pages show, for sharp screens
MOST_PARTS, DEEPEST = 2000, 40
SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
HREFS = {"href", f"{{{XLINK}}}href"}
TYPES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg"}

PARTS = {"svg", "g", "defs", "symbol", "use", "clipPath", "linearGradient", "radialGradient", "stop"}
PARTS |= {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
SAYS_NOTHING = {"title", "desc", "metadata"}  # left out: the words beside the picture say it
PAINT = {"fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap"}
PAINT |= {"stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "opacity", "color"}
PAINT |= {"stop-color", "stop-opacity", "clip-path", "clip-rule", "display", "visibility", "vector-effect"}
PLACE = {
    "id",
    "d",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "fx",
    "fy",
    "width",
    "height",
}
PLACE |= {
    "points",
    "transform",
    "viewBox",
    "preserveAspectRatio",
    "offset",
    "gradientUnits",
    "gradientTransform",
}
PLACE |= {"clipPathUnits", "spreadMethod", "pathLength"}
PLAIN = re.compile(r"[\w\s#%.,()+-]*")
OWN = re.compile(r"#[\w.-]+")
OWN_URL = re.compile(r"url\(\s*[\"']?#[\w.-]+[\"']?\s*\)")
NUMBER = re.compile(r"\s*(\d{1,6}(?:\.\d*)?)(?:px|pt|mm)?\s*")


@dataclass(frozen=True)
class Picture:
    """A cleaned picture: what is in the file, its kind (svg, png, jpg), and its width and height."""

    body: bytes
    kind: str
    width: int
    height: int

    @property
    def name(self):
        """The name of its file, which changes with what is in it."""
        return f"{hashlib.sha256(self.body).hexdigest()[:20]}.{self.kind}"


def read_logo(body):
    """The Picture of an uploaded file. Raises ValidationError with a sentence for what is no logo."""
    if len(body) > LARGEST:
        raise ValidationError(_("The file is too large: at most 1 MB."))
    if body.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        return _drawn_anew(body)
    if b"<" in body[:1000]:
        return _svg(body)
    raise ValidationError(_("This is no picture that we know. Choose an SVG, PNG or JPEG file."))


# --- PNG and JPEG -----------------------------------------------------------------------------------------------


def _drawn_anew(body):
    """The picture as our own library draws it, small, without what a camera wrote beside it."""
    try:
        image = Image.open(io.BytesIO(body), formats=["PNG", "JPEG"])
        if max(image.size) <= WIDEST:
            return _saved(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        pass  # it says so below
    except (OSError, SyntaxError, ValueError):
        raise ValidationError(_("The picture is damaged. Save it once more, and try again.")) from None
    raise ValidationError(
        _("The picture is too large: at most %(most)s pixels wide and high."), params={"most": WIDEST}
    )


def _saved(image):
    kind, options = ("jpg", {"quality": 90}) if image.format == "JPEG" else ("png", {"optimize": True})
    upright = ImageOps.exif_transpose(image)
    upright = upright.convert("RGB" if kind == "jpg" else "RGBA")
    upright.thumbnail(SHOWN)
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    written = io.BytesIO()
    bare.save(written, "JPEG" if kind == "jpg" else "PNG", **options)
    return Picture(written.getvalue(), kind, *bare.size)


# --- SVG --------------------------------------------------------------------------------------------------------


def _refuse(what):
    raise ValidationError(
        _(
            "A logo may not contain “%(what)s”. Save it as plain SVG with letters turned into shapes, or as PNG."
        ),
        params={"what": what[:40]},
    )


def _svg(body):
    """The picture with only what is on the list. What would be lost by leaving it out is refused instead."""
    try:
        root = fromstring(body, forbid_dtd=False)
    except DefusedXmlException:
        _refuse("<!ENTITY>")
    except (ParseError, ValueError, LookupError):
        raise ValidationError(_("The picture is damaged. Save it once more, and try again.")) from None
    if root.tag != f"{{{SVG}}}svg":
        raise ValidationError(_("This is no picture that we know. Choose an SVG, PNG or JPEG file."))
    if sum(1 for _part in root.iter()) > MOST_PARTS:
        raise ValidationError(_("The picture has too many parts for a logo. Save it as PNG."))
    width, height, box = _size(root)
    # The space is written by hand: how ElementTree names one is for the whole process, and other libraries set it.
    shape = {"xmlns": SVG, "viewBox": box, "width": str(width), "height": str(height)}
    clean = Element("svg", _attributes(root) | shape)
    _copy(root, clean, 1)
    _no_echo(clean)
    return Picture(tostring(clean, encoding="utf-8"), "svg", width, height)


def _copy(old, new, depth):
    if depth > DEEPEST:
        raise ValidationError(_("The picture has too many parts for a logo. Save it as PNG."))
    for part in old:
        if not isinstance(part.tag, str):
            continue  # a comment, or an instruction
        space, _brace, name = part.tag.removeprefix("{").rpartition("}")
        if space != SVG or name in SAYS_NOTHING:
            if space != SVG and name.lower() in ("script", "style", "foreignobject", "iframe", "object"):
                _refuse(f"<{name}>")
            continue  # what a drawing program keeps for itself
        if name not in PARTS:
            _refuse(f"<{name}>")
        _copy(part, SubElement(new, name, _attributes(part)), depth + 1)


def _attributes(part):
    """The attributes that may stand there; a style attribute becomes the attributes that it stands for."""
    kept = {}
    for name, value in part.attrib.items():
        if name in HREFS:
            if not OWN.fullmatch(value.strip()):
                _refuse(f"{name.rpartition('}')[2]}={value}")
            kept["href"] = value.strip()
        elif name.lower().startswith("on"):
            _refuse(name)
        elif name == "style":
            kept |= {key: value for key, value in _painted(value) if _is_plain(key, value)}
        elif name in PAINT | PLACE and _is_plain(name, value):
            kept.setdefault(name, value)
    return kept


def _painted(style):
    """The (property, value) of a style attribute that are about paint."""
    for one in style.split(";"):
        name, _colon, value = one.partition(":")
        if name.strip() in PAINT:
            yield name.strip(), value.strip()


def _is_plain(name, value):
    if "url" in value.lower():
        if not OWN_URL.fullmatch(value.strip()):
            _refuse(f"{name}={value}")
        return True
    return PLAIN.fullmatch(value) is not None


def _size(root):
    """(width, height, viewBox): whole numbers, in the proportions that it is drawn in."""
    box = [float(one) for one in re.findall(r"-?\d{1,9}(?:\.\d{1,9})?", root.get("viewBox", ""))]
    sides = [NUMBER.fullmatch(root.get(side, "")) for side in ("width", "height")]
    if len(box) != 4 and all(sides):
        box = [0.0, 0.0, float(sides[0][1]), float(sides[1][1])]
    if len(box) != 4 or not 0 < box[2] <= 1e6 or not 0 < box[3] <= 1e6:
        raise ValidationError(
            _("The picture does not say how large it is. Save it once more, and try again.")
        )
    factor = SHOWN[1] / box[3]
    width, height = max(1, round(box[2] * factor)), SHOWN[1]
    return min(width, 32_000), height, " ".join(f"{one:g}" for one in box)


def _no_echo(root):
    """Refuse what is drawn by drawing others that are drawn by others: few lines can become millions of shapes."""
    drawn = {part.get("href") for part in root.iter("use")}
    for part in root.iter():
        if f"#{part.get('id')}" in drawn and next(part.iter("use"), None) is not None:
            _refuse("<use>")
        if part.tag == "clipPath" and any(inner.get("clip-path") for inner in part.iter()):
            _refuse("<clipPath>")
