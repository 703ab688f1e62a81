"""Every part of the look in a real browser: accessible, within the policy, at any width, light, dark and mirrored."""

import pytest

from tests.browser import assert_accessible, too_wide

pytestmark = [pytest.mark.urls("tests.gallery.urls"), pytest.mark.django_db(transaction=True)]

# What draws an edge that a reader needs to see, and what it stands on. axe does not measure borders.
EDGES = {
    "input": (".ds-field input.ds-input[type=email]", "borderTopColor"),
    "textarea": ("textarea.ds-input", "borderTopColor"),
    "select": ("form.co-form select.ds-input", "borderTopColor"),
    "radio": (".co-choices input[type=radio]:not(:checked)", "borderTopColor"),
    "stage ahead": (".co-step[data-state=todo] .co-step__knot", "borderTopColor"),
    "stage now": (".co-step[data-state=now] .co-step__knot", "borderTopColor"),
    "tab": (".co-tabs a[aria-current]", "borderBottomColor"),
    "progress": (".co-progress progress", "borderTopColor"),
    "empty": (".co-empty", "borderTopColor"),
    "secondary button": (".co-main .ds-button[data-variant=secondary]", "borderTopColor"),
}
CONTRAST = """([selector, property]) => {
  const probe = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgb = (colour) => { probe.clearRect(0, 0, 1, 1); probe.fillStyle = colour; probe.fillRect(0, 0, 1, 1);
    return [...probe.getImageData(0, 0, 1, 1).data]; };
  const light = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, w, i) => {
    const v = c[i] / 255; return sum + w * (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); }, 0);
  const element = document.querySelector(selector);
  let ground = element.parentElement;
  while (ground && rgb(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
  const a = light(rgb(getComputedStyle(element)[property]));
  const b = light(rgb(getComputedStyle(ground).backgroundColor));
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, summary")]
  .filter((e) => e.checkVisibility() && !e.closest("p, dd, td, .ds-skip-link"))
  .map((e) => [e.getBoundingClientRect(), e])
  .filter(([box]) => box.width && box.height < 24)
  .map(([, e]) => e.outerHTML.slice(0, 100))"""


# Each width and each scheme in every run; every pair of them in `make test-pages`.
EVERY_DAY = [(1280, "light"), (390, "dark"), (320, "light")]
REST = [(1280, "dark"), (390, "light"), (320, "dark")]
WINDOWS = [*EVERY_DAY, *(pytest.param(*window, marks=pytest.mark.pages) for window in REST)]


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_the_gallery_is_accessible(new_page, width, scheme):
    page = new_page(width=width, color_scheme=scheme)
    page.goto("/gallery/?signed-in&messages")
    assert_accessible(page)
    assert too_wide(page, width) == []


@pytest.mark.parametrize("width", [1280, pytest.param(390, marks=pytest.mark.pages)])
def test_a_form_with_mistakes_leads_to_them(new_page, width):
    page = new_page(width=width)
    assert page.goto("/gallery/?wrong").status == 422
    assert page.evaluate("document.activeElement.className") == "ds-error-summary"
    page.get_by_role("link", name="How many seats?").click()
    assert page.evaluate("document.activeElement.name") == "seats"
    assert page.input_value("[name=email]") == "maja.lind@"
    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_are_seen(new_page, scheme):
    page = new_page(color_scheme=scheme)
    page.goto("/gallery/")
    contrasts = {name: page.evaluate(CONTRAST, list(edge)) for name, edge in EDGES.items()}
    assert {name: contrast for name, contrast in contrasts.items() if contrast < 3} == {}


def test_targets_are_large_enough_to_hit(new_page):
    page = new_page(width=390)
    page.goto("/gallery/?signed-in&messages")
    assert page.evaluate(SMALL_TARGETS) == []
    heights = page.eval_on_selector_all(".ds-button", "all => all.map(b => b.getBoundingClientRect().height)")
    assert min(height for height in heights if height) >= 44


def test_a_page_mirrors_for_languages_written_from_right_to_left(new_page):
    page = new_page(width=390)
    page.goto("/gallery/?language=ar")
    assert page.get_attribute("html", "dir") == "rtl"
    assert_accessible(page)
    brand, tools = page.locator(".co-brand").bounding_box(), page.locator(".co-header__tools").bounding_box()
    assert brand["x"] > tools["x"]


def test_large_text_and_forced_colours_keep_everything_in_the_window(new_page):
    page = new_page(width=640, forced_colors="active", reduced_motion="reduce")
    page.goto("/gallery/")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert too_wide(page, 640) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_tab_we_are_on_is_in_sight(new_page, width):
    page = new_page(width=width)
    page.goto("/gallery/?at=Manage")
    box = page.locator(".co-tabs [aria-current]").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def test_the_menu_opens_by_keyboard_and_closes_with_escape(new_page):
    page = new_page()
    page.goto("/gallery/?signed-in")
    page.locator(".co-menu summary").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("button", name="Sign out").is_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    assert not page.get_by_role("button", name="Sign out").is_visible()


def test_the_gallery_works_without_script(new_page):
    page = new_page(java_script_enabled=False, width=390)
    page.goto("/gallery/?signed-in")
    page.locator(".co-menu summary").click()
    assert page.get_by_role("button", name="Sign out").is_visible()
    page.get_by_text("Report").first.click()
    assert page.get_by_label("What is wrong with it?").is_visible()


def test_the_reader_changes_the_language(new_page):
    page = new_page()
    page.goto("/gallery/?q=bath")
    page.get_by_role("button", name="Dansk").click()
    assert page.get_attribute("html", "lang") == "da"
    assert page.url.endswith("/gallery/?q=bath")
    assert page.get_by_role("button", name="English").is_visible()


def test_paper_holds_the_text_and_none_of_the_menus(new_page):
    page = new_page()
    page.goto("/letter/")
    assert_accessible(page)
    page.emulate_media(media="print")
    shown = {
        name: page.locator(name).first.is_visible()
        for name in (".co-nav", ".co-letter__code", "[data-print]")
    }
    assert shown == {".co-nav": False, ".co-letter__code": True, "[data-print]": False}
    assert page.pdf(format="A4").startswith(b"%PDF")
