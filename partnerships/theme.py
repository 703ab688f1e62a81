"""A platform's colour as a scale: every shade of the design system's accent, made from one colour so that all is read.

Contrast depends on luminance alone (WCAG 2.2, "relative luminance"). So each shade has a luminance that is right beside
the others, whatever the colour, and takes only its hue from the colour. Sectors, states and the focus ring are not
here: no municipality changes them.
"""

import re
from functools import lru_cache

from boundary.digest import digest

HEX = re.compile(r"#[0-9a-f]{6}")
TEXT, EDGE = 4.6, 3.1  # 4.5 and 3 are asked for; colours are rounded to whole steps
INK_ON_DARK, INK_ON_LIGHT = "#ffffff", "#000000"
# A colour lighter than white ink allows, but not by much, is taken a little darker: black on red looks like a warning.
DARKEST_UNDER_BLACK = 0.26
NEARLY_BLACK = 0.03
PALEST = 0.45  # tints are mixed from a colour no lighter than this, or a yellow page would glare

LIGHT = {
    "background-default": 1,
    "background-tinted": 0.9,
    "surface-default": 1,
    "surface-tinted": 0.81,
    "surface-hover": 0.7,
    "surface-active": 0.6,
    "border-subtle": 0.5,
    "border-default": 0.155,
    "border-strong": 0.085,
    "text-subtle": 0.085,
    "text-default": 0.026,
}
DARK = {
    "background-default": 0.0095,
    "background-tinted": 0.0145,
    "surface-default": 0.0215,
    "surface-tinted": 0.028,
    "surface-hover": 0.036,
    "surface-active": 0.045,
    "border-subtle": 0.083,
    "border-default": 0.26,
    "border-strong": 0.4,
    "text-subtle": 0.4,
    "text-default": 0.84,
}
LEAST_IN_THE_DARK = 0.35  # of a button, so that it stands out and black can be read on it


# --- colours ----------------------------------------------------------------------------------------------------


def linear_of(colour):
    """#rrggbb as three parts of light from 0 to 1."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def colour_of(linear):
    """Three parts of light as #rrggbb."""
    parts = (part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in linear)
    return "#" + "".join(f"{round(min(max(part, 0), 1) * 255):02x}" for part in parts)


def luminance(linear):
    """How light it looks: 0 for black, 1 for white."""
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, another):
    """The contrast of two colours (#rrggbb), from 1 to 21."""
    lighter, darker = sorted((luminance(linear_of(colour)) for colour in (one, another)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _with_luminance(linear, wanted):
    """The colour of the same hue that is so light: darker by less light, lighter by mixing in white."""
    now = luminance(linear)
    if now == wanted:
        return linear
    if now > wanted:
        return tuple(part * wanted / now for part in linear)
    mixed = (wanted - now) / (1 - now)
    return tuple(part + (1 - part) * mixed for part in linear)


def _shade(linear, wanted, vivid=1.0):
    """A shade of a colour: so light, and so vivid (0 is grey)."""
    pure = _with_luminance(_with_luminance(linear, min(luminance(linear), PALEST)), wanted)
    return colour_of(tuple(wanted + (part - wanted) * vivid for part in pure))


# --- the scale --------------------------------------------------------------------------------------------------


def _under_ink(linear, states, ink):
    """The colour of a button in its three states, each so light, and the two inks that are read on all of them."""
    colours = [colour_of(_with_luminance(linear, light)) for light in states]
    subtle = 0.85 if ink == INK_ON_DARK else 0.005
    quiet = colour_of((subtle, subtle, subtle))
    readable = all(contrast(quiet, colour) >= TEXT for colour in colours)
    names = ("base-default", "base-hover", "base-active", "base-contrast-subtle", "base-contrast-default")
    return dict(zip(names, (*colours, quiet if readable else ink, ink), strict=True))


def _light_button(linear):
    """The colour itself where an ink can be read on it; its states go away from the ink, or from black."""
    light = luminance(linear)
    if light > DARKEST_UNDER_BLACK:
        return _under_ink(linear, (light, light * 0.88, light * 0.77), INK_ON_LIGHT)
    light = min(light, 1.05 / TEXT - 0.05)
    if light < NEARLY_BLACK:
        return _under_ink(linear, (light, light + 0.02, light + 0.05), INK_ON_DARK)
    return _under_ink(linear, (light, light * 0.7, light * 0.45), INK_ON_DARK)


def _dark_button(linear):
    light = max(luminance(linear), LEAST_IN_THE_DARK)
    return _under_ink(linear, (light, light * 0.8, light * 0.62), INK_ON_LIGHT)


def scale(accent, *, dark=False):
    """{token: #rrggbb} of the accent scale for a colour (#rrggbb), in light or dark."""
    linear = linear_of(accent)
    if dark:
        vivid = {name: 0.35 if name.startswith(("background", "surface")) else 0.6 for name in DARK}
        return {name: _shade(linear, wanted, vivid[name]) for name, wanted in DARK.items()} | _dark_button(
            linear
        )
    return {name: _shade(linear, wanted) for name, wanted in LIGHT.items()} | _light_button(linear)


def _rules(shades, paper):
    edge = contrast(shades["base-default"], paper) < EDGE
    lines = [f"--ds-color-accent-{name}:{colour}" for name, colour in shades.items()]
    # A button as pale as the paper it lies on has an edge.
    lines.append(f"--co-solid-edge:{shades['border-default'] if edge else 'transparent'}")
    return ";".join(lines)


@lru_cache(512)
def stylesheet(accent):
    """The style sheet of a colour (#rrggbb): it sets the accent scale in light and dark, and nothing else."""
    light, dark = scale(accent), scale(accent, dark=True)
    in_light, in_dark = _rules(light, "#ffffff"), _rules(dark, dark["surface-default"])
    return (
        "@layer muni{"
        f":root,[data-color-scheme=light],[data-color-scheme=auto]{{{in_light}}}"
        f"[data-color-scheme=dark]{{{in_dark}}}"
        f"@media (prefers-color-scheme:dark){{[data-color-scheme=auto]{{{in_dark}}}}}"
        "}\n"
    )


@lru_cache(512)
def sheet_name(accent):
    """The name of a colour's style sheet: the colour, and a digest of what is in the sheet."""
    return f"{accent[1:]}-{digest(stylesheet(accent))[:12]}"
