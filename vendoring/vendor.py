"""Copy the pinned packages into static/ and tests/vendor/. Nothing of this is needed to run or to develop the service.

In this folder: npm install --ignore-scripts, then
  npx designsystemet tokens create --clean && npx designsystemet tokens build -o build    (only for a new theme)
  python3 vendor.py

Every data:image/svg+xml in the style sheets becomes a file, so that the policy can stay img-src 'self'.
"""

import hashlib
import re
import shutil
import sys
import urllib.parse
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = HERE / "node_modules"
STATIC = HERE.parent / "static"
TESTS = HERE.parent / "tests" / "vendor"

# The names are lucide's. Add one to the file, run again, and {% icon "name" %} draws it.
ICONS = (HERE / "icons.txt").read_text().split()

# Sectors: shape + colour + name, never colour alone. "-o" is the open seat.
GLYPHS = {
    "s-residents": '<circle cx="12" cy="12" r="9"/>',
    "s-civil": '<path d="M12 2 22 12 12 22 2 12Z"/>',
    "s-business": '<path d="M12 3 22 21H2Z"/>',
    "s-public": '<rect x="3.5" y="3.5" width="17" height="17" rx="1.5"/>',
    "s-elected": '<path d="M12 2 22 9.6 18.2 21H5.8L2 9.6Z"/>',
    "s-knowledge": '<path d="M7 3h10l5 9-5 9H7l-5-9Z"/>',
}

LICENCES = {
    "designsystemet": "@digdir/designsystemet-css/LICENSE",
    "source-sans-3": "@fontsource-variable/source-sans-3/LICENSE",
    "source-serif-4": "@fontsource-variable/source-serif-4/LICENSE",
    "htmx": "htmx.org/LICENSE",
    "lucide": "lucide-static/LICENSE",
}


def place(*parts, root=STATIC):
    """The path of a file to write, its folder made first."""
    path = root.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def without_data_uris(css):
    """The style sheet with each embedded picture moved into a file of its own."""

    def to_file(match):
        svg = urllib.parse.unquote(match.group(2).split(",", 1)[1]).encode()
        name = hashlib.sha256(svg).hexdigest()[:10] + ".svg"
        place("vendor", "ds", "img", name).write_bytes(svg)
        return f'url("img/{name}")'

    css = re.sub(r"url\((')(data:image/svg\+xml[^']+)'\)", to_file, css)
    css = re.sub(r'url\((")(data:image/svg\+xml[^"]+)"\)', to_file, css)
    if "url(data:" in css or 'url("data:' in css:
        sys.exit("a data: URI is left in the style sheet")
    return css


def symbol(icon):
    """One icon of the set as a symbol of the sprite."""
    source = PACKAGES / "lucide-static/icons" / f"{icon}.svg"
    if not source.exists():
        sys.exit(f"no such icon in lucide-static: {icon}")
    inner = re.search(r"<svg[^>]*>(.*)</svg>", source.read_text(), re.S).group(1)
    inner = re.sub(r">\s+<", "><", inner).strip()
    return (
        f'<symbol id="{icon}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
        f'stroke-linecap="round" stroke-linejoin="round">{inner}</symbol>'
    )


def glyph(name, shape):
    """A sector's shape, filled for a taken seat and dashed for an open one."""
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="currentColor">{shape}</symbol>'
        f'<symbol id="{name}-o" viewBox="-1 -1 26 26" fill="none" stroke="currentColor" stroke-width="2" '
        f'stroke-dasharray="3 2.6">{shape}</symbol>'
    )


def sprite():
    parts = [symbol(icon) for icon in ICONS] + [glyph(*item) for item in GLYPHS.items()]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(parts) + "\n</svg>\n"


def main():
    shutil.rmtree(STATIC / "vendor/ds/img", ignore_errors=True)
    styles = (PACKAGES / "@digdir/designsystemet-css/dist/src/index.css").read_text()
    place("vendor", "ds", "designsystemet.css").write_text(without_data_uris(styles))
    theme = HERE / "build/platform.css"
    if theme.exists():
        shutil.copy(theme, place("vendor", "ds", "platform.theme.css"))
    shutil.copy(PACKAGES / "htmx.org/dist/htmx.min.js", place("js", "htmx-4.0.1.min.js"))
    for family in ("source-sans-3", "source-serif-4"):
        for subset in ("latin", "latin-ext"):
            name = f"{family}-{subset}-wght-normal.woff2"
            shutil.copy(PACKAGES / "@fontsource-variable" / family / "files" / name, place("fonts", name))
    place("img", "icons.svg").write_text(sprite())
    for name, source in LICENCES.items():
        shutil.copy(PACKAGES / source, place("licenses", f"{name}.txt"))
    shutil.copy(PACKAGES / "axe-core/axe.min.js", place("axe.min.js", root=TESTS))
    shutil.copy(PACKAGES / "axe-core/LICENSE", place("axe-LICENSE.txt", root=TESTS))
    shutil.copy(PACKAGES / "ical.js/dist/ical.es5.min.cjs", place("ical.es5.min.cjs", root=TESTS))
    shutil.copy(PACKAGES / "ical.js/LICENSE", place("ical-LICENSE.txt", root=TESTS))


if __name__ == "__main__":
    main()
