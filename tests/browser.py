"""A real browser in front of the site, and what every page must keep: no accessibility violation, no broken policy,
no error in the console, no sideways scroll."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests import chromium

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
# Waits in every page as one unread function: cheaper by far than sending half a megabyte whenever a page is checked.
HAVE_AXE_READY = f"window.__loadAxe = () => {{ {AXE} }};"
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# What another colour scheme can break in a page that keeps all rules in this window: axe-core's rules about colour.
COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# Colours on their way to another scheme arrive first, or axe would measure those in between.
RUN_AXE = """async (rules) => {
  if (!window.axe) window.__loadAxe();
  document.getAnimations().filter((one) => one instanceof CSSTransition).forEach((one) => one.finish());
  const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"], preload: false});
  return found.violations.flatMap(({id, help, nodes}) => nodes.map(({html, failureSummary}) =>
    `${id} (${help}): ${html.slice(0, 200)} ${failureSummary.slice(0, 300)}`));
}"""
# Where scripts are switched off no timer ever rings, and axe would wait for one for ever.
DO_NOT_WAIT = (
    "() => { window.setTimeout = (deed, _wait, ...rest) => { Promise.resolve().then(() => deed(...rest)); } }"
)
NOTE_VIOLATIONS = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.__violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
WIDER_THAN_THE_WINDOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const wide = (element) => element.getBoundingClientRect().right > width + 0.5 || element.scrollWidth > width;
  return [...document.querySelectorAll("body, body *")]
    .filter(wide)
    .slice(-5)
    .map((element) => element.outerHTML.slice(0, 120));
}"""

# Markup that was escaped twice, and what stands in a drawing for what should have been put in.
NOT_FOR_READERS = """() => [...document.body.innerText.matchAll(
  /<\\/?(?:a|b|br|div|em|li|p|span|strong|svg|ul)\\b[^>]*>|\\ufffd/g)].map(([found]) => found)"""


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the whole session, with a profile of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser, live_server):
    """Opens further visitors, each with their own cookies: new_page(width=390, color_scheme="dark", locale="da-DK")."""
    contexts = []

    def open_page(*, width=1280, height=900, **options):
        viewport = {"width": width, "height": height}
        contexts.append(browser.new_context(base_url=live_server.url, viewport=viewport, **options))
        contexts[-1].set_default_timeout(10_000)
        return watch(contexts[-1].new_page(), scripted=options.get("java_script_enabled", True))

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    """A visitor's page at desktop width; paths are relative to the site: page.goto("/")."""
    return new_page()


def watch(page, scripted=True):
    """Have the page note what goes wrong in it: `page.faults`, a list of sentences."""
    page.faults, page.scripted = [], scripted
    page.on("pageerror", lambda error: page.faults.append(f"{page.url} threw: {error}"))
    page.on("console", lambda message: _note_message(page, message))
    page.add_init_script(NOTE_VIOLATIONS + HAVE_AXE_READY)
    return page


def _note_message(page, message):
    # An answer 4xx is the site's own word and stands in the page; the browser repeats it in the console.
    if (
        message.type == "error"
        and "Failed to load resource: the server responded with a status of 4" not in message.text
    ):
        page.faults.append(f"{page.url} says in the console: {message.text}")


def assert_accessible(page):
    """Nothing on this page breaks WCAG 2.2 AA by axe-core, our policy, the console, or a window of 320 px."""
    faults = [*faults_as_it_looks(page), *too_narrow_for(page)]
    assert not faults, "\n".join(faults)


def faults_as_it_looks(page, rules=RULES):
    """What breaks WCAG 2.2 AA by axe-core, our policy or the console, or is no text, in this window: sentences.

    rules: RULES; COLOUR_RULES where only the colours differ from a look that kept all of them; None where nothing
    does that axe-core looks at.
    """
    if not page.scripted:
        page.evaluate(AXE)
        page.evaluate(DO_NOT_WAIT)
    broken = [f"{page.url}: {fault}" for fault in (page.evaluate(RUN_AXE, rules) if rules else ())]
    broken += [f"{page.url} shows {markup}" for markup in page.evaluate(NOT_FOR_READERS)]
    return [*broken, *page.evaluate("window.__violations"), *page.faults]


def too_narrow_for(page, width=320):
    """What sticks out in a window of this width, as sentences."""
    return [f"{page.url} at {width} px, sticking out: {element}" for element in too_wide(page, width)]


def too_wide(page, width=320):
    """What sticks out to the right in a window of this width; the window gets its own width back."""
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": before["height"]})
    sticking_out = page.evaluate(WIDER_THAN_THE_WINDOW)
    page.set_viewport_size(before)
    return sticking_out
