"""A platform's colour: whatever it is, everything can be read, and it says nothing of who uses it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.models import Partnership, Platform
from partnerships.theme import contrast, scale, sheet_name, stylesheet
from tests.cast import make_cast, partnership

SURFACES = [f"surface-{name}" for name in ("default", "tinted", "hover", "active")]
SURFACES += ["background-default", "background-tinted"]
HARD = [
    "#ffff00",
    "#ffffff",
    "#000000",
    "#ff0000",
    "#eeeeee",
    "#767676",
    "#f2c230",
    "#00ff00",
    "#0000ff",
    "#010101",
]
EVERY = [
    f"#{r:02x}{g:02x}{b:02x}" for r in range(0, 256, 51) for g in range(0, 256, 51) for b in range(0, 256, 51)
]


def blocks_of(css):
    """[{token: colour}] of light, dark, and dark by the reader's device, as the sheet says."""
    return [dict(re.findall(r"--([\w-]+):(#?\w+)", block)) for block in re.findall(r"\{(--[^}]+)\}", css)]


def too_weak(tokens):
    """What cannot be read or seen in a scale: (what, on what, how much)."""
    colour = {name.removeprefix("ds-color-accent-"): value for name, value in tokens.items()}
    pairs = [
        (f"base-contrast-{ink}", f"base-{state}", 4.5)
        for ink in ("default", "subtle")
        for state in ("default", "hover", "active")
    ]
    pairs += [(text, on, 4.5) for text in ("text-subtle", "text-default") for on in SURFACES]
    pairs += [(edge, on, 3) for edge in ("border-default", "border-strong") for on in SURFACES]
    found = [(one, on, contrast(colour[one], colour[on]), least) for one, on, least in pairs]
    edge = colour["co-solid-edge"]
    paper, base = colour["surface-default"], colour["base-default"]
    seen = max(contrast(base, paper), 0 if edge == "transparent" else contrast(edge, paper))
    return [one for one in [*found, ("button", "paper", seen, 3)] if one[2] < one[3]]


@pytest.mark.parametrize("accent", HARD)
def test_whatever_the_colour_all_can_be_read(accent):
    light, dark, by_device = blocks_of(stylesheet(accent))
    assert by_device == dark != light
    assert (too_weak(light), too_weak(dark)) == ([], [])
    assert contrast(light["ds-color-accent-base-default"], accent) < 1.3  # it is their colour still


def test_no_colour_is_left_out():
    weak = {
        accent: too_weak(block)
        for accent in EVERY
        for block in blocks_of(stylesheet(accent))
        if too_weak(block)
    }
    assert weak == {}


def test_a_weak_scale_would_be_found():
    light, _dark, _by_device = blocks_of(stylesheet("#f2c230"))
    assert too_weak(light | {"ds-color-accent-text-subtle": "#f2c230"})
    assert too_weak(light | {"co-solid-edge": "transparent"})


def test_the_states_of_a_button_differ():
    for accent in EVERY:
        for dark in (False, True):
            shades = scale(accent, dark=dark)
            assert len({shades[f"base-{state}"] for state in ("default", "hover", "active")}) == 3, accent


def test_only_the_accent_is_set():
    names = set(re.findall(r"--([\w-]+):", stylesheet("#ff0000")))
    assert {name for name in names if not name.startswith("ds-color-accent-")} == {"co-solid-edge"}


@pytest.mark.django_db
def test_the_sheet_is_a_file_of_our_own_that_lasts(client):
    name = sheet_name("#f2c230")
    answer = client.get(reverse("theme", args=[name]))
    assert answer.content.decode() == stylesheet("#f2c230")
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer["Cache-Control"]
    assert "Set-Cookie" not in answer
    for wrong in (
        name[:-1],
        "f2c230",
        "yellow-" + name[7:],
        sheet_name("#000000").replace("000000", "f2c230"),
    ):
        assert client.get(f"/themes/{wrong}.css").status_code == 404


@pytest.mark.django_db
def test_a_page_of_a_platform_wears_its_colour_and_others_do_not(client, django_assert_num_queries):
    """And it costs a visitor no query more."""
    cast = make_cast()
    partnership(cast.platform, slug="secret", visibility=Partnership.Visibility.HIDDEN)
    inside = [reverse("platform", args=["solrod"]), "/partnerships/seaweed/", "/partnerships/seaweed/people/"]
    outside = ["/", "/partnerships/", "/partnerships/secret/", "/platforms/none/"]
    pages = {path: client.get(path) for path in inside}
    with CaptureQueriesContext(connection) as plain:
        client.get("/partnerships/seaweed/")
    usual = len(plain)
    assert all('data-color-scheme="auto"' in page.content.decode() for page in pages.values())
    Platform.objects.update(accent="#f2c230", scheme="dark")
    sheet = f'<link rel="stylesheet" href="/themes/{sheet_name("#f2c230")}.css">'
    for path in inside:
        html = client.get(path).content.decode()
        assert (sheet in html, 'data-color-scheme="dark"' in html) == (True, True)
    with django_assert_num_queries(usual):
        client.get("/partnerships/seaweed/")
    for path in outside:
        html = client.get(path).content.decode()
        assert ("/themes/" in html, 'data-color-scheme="auto"' in html) == (False, True)
    client.force_login(cast.convener)
    assert sheet in client.get(reverse("templates", args=["solrod"])).content.decode()


# --- as a browser draws it --------------------------------------------------------------------------------------

MEASURE = """() => {
  const light = (text) => {
    const [r, g, b] = text.match(/[\\d.]+/g).map((one) => one / 255)
      .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const between = (one, other) => {
    const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const clear = (colour) => /^rgba.*, 0\\)$/.test(colour);
  const paper = (node) => {
    const colour = getComputedStyle(node).backgroundColor;
    return clear(colour) ? paper(node.parentElement) : colour;
  };
  const edge = (node) => {
    const drawn = getComputedStyle(node), around = paper(node.parentElement);
    return Math.max(between(drawn.backgroundColor, around),
      clear(drawn.borderTopColor) ? 1 : between(drawn.borderTopColor, around));
  };
  const button = document.querySelector(".ds-button:not([data-variant])"), drawn = getComputedStyle(button);
  return {
    ink: between(drawn.color, drawn.backgroundColor),
    edge: edge(button),
    box: edge(document.querySelector("input:checked")),
  };
}"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("accent", ["#ffff00", "#f4f4f4"])
def test_a_pale_colour_in_the_browser(new_page, accent):
    make_cast()
    Platform.objects.update(accent=accent)
    page = new_page(color_scheme="light")
    page.goto("/platforms/solrod/?open=yes")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        button = page.locator(".ds-button:not([data-variant])").first
        for pose in (lambda: None, button.hover, page.mouse.down):
            pose()
            page.evaluate("document.getAnimations().forEach((one) => one.finish())")
            found = page.evaluate(MEASURE)
            assert found["ink"] >= 4.5, (scheme, found)
            assert min(found["edge"], found["box"]) >= 3, (scheme, found)
        page.mouse.move(0, 0)
        page.mouse.up()
