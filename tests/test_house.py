"""The ground of the tests holds: what should fail does fail, and a missing browser is never silent."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection
from django.template import engines
from django.template.loader import render_to_string

from cocreate import health
from tests.browser import assert_accessible, faults_as_it_looks, too_wide
from tests.conftest import SERVERS_DECIDE, UndefinedVariable

ROOT = Path(__file__).resolve().parent.parent


def test_a_name_nobody_gave_fails_in_our_templates():
    with pytest.raises(UndefinedVariable, match=r"row\.name is undefined"):
        render_to_string("cocreate/health.html", {"rows": [{}]})


def test_a_name_nobody_gave_is_empty_in_the_templates_of_libraries():
    assert engines["django"].from_string("[{{ nobody }}]").render({}) == "[]"


@pytest.mark.django_db(transaction=True)
def test_emptying_passes_the_triggers_that_forbid_it():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('session_replication_role')")
        assert cursor.fetchone() == ("origin",)


def test_mail_goes_through_a_real_server(smtp_sink):
    mail.send_mail("Hello", "Are you coming? Æ, ø, å.", "from@roundtable.example", ["to@roundtable.example"])
    (message,) = smtp_sink.to("to@roundtable.example")
    assert (message["Subject"], message.get_content().strip()) == ("Hello", "Are you coming? Æ, ø, å.")
    assert smtp_sink.to("other@roundtable.example") == []


@pytest.fixture
def well(db):
    """A site whose clock has just ticked."""
    health.mark_tick()


@pytest.mark.usefixtures("well")
def test_the_health_page_in_a_browser(page):
    page.goto("/health/")
    assert_accessible(page)


@pytest.mark.usefixtures("well")
@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("document.querySelector('main').innerHTML += '<img src=\"/static/x.png\">'", "image-alt"),
        ("console.error('something broke')", "something broke"),
        (
            "document.querySelector('main').innerHTML += '<p>&lt;a href=x&gt;Here&lt;/a&gt;</p>'",
            "shows <a href=x>",
        ),
        (
            "document.querySelector('main').innerHTML += '<p>' + 'x'.repeat(400) + '</p>'",
            "sticking out: <p>xxx",
        ),
        (
            "document.body.append(document.createElement('script')); document.scripts[0].text = '1'",
            "script-src",
        ),
    ],
)
def test_a_page_with_a_fault_is_found_out(page, fault, found):
    page.goto("/health/")
    page.evaluate(fault)
    page.wait_for_timeout(100)
    with pytest.raises(AssertionError, match=found):
        assert_accessible(page)


PALE = """document.adoptedStyleSheets = [new CSSStyleSheet()];
document.adoptedStyleSheets[0].replaceSync(`@media (prefers-color-scheme: dark) {
  p { color: #777 !important; background: #666 !important; transition: all 9s; } }`);
document.querySelector("main").innerHTML += "<p>Hardly to be read</p>";"""


@pytest.mark.usefixtures("well")
def test_a_look_that_a_page_changes_to_is_checked_as_it_ends_up(new_page):
    page = new_page(color_scheme="light")
    page.goto("/health/")
    page.evaluate(PALE)
    assert faults_as_it_looks(page) == []
    page.emulate_media(color_scheme="dark")
    assert any("color-contrast" in fault for fault in faults_as_it_looks(page))
    page.emulate_media(color_scheme="light")
    assert faults_as_it_looks(page) == []


@pytest.mark.usefixtures("well")
def test_the_window_gets_its_width_back(page):
    page.goto("/health/")
    assert too_wide(page) == []
    assert page.viewport_size["width"] == 1280


def test_what_is_run_on_other_servers_too_is_there():
    places = [str(path.relative_to(ROOT / "tests")) for path in (ROOT / "tests").rglob("test_*.py")]
    assert [start for start in SERVERS_DECIDE if not any(p.startswith(start) for p in places)] == []


@pytest.mark.parametrize(("workers", "ci", "code"), [("0", "", 5), ("2", "true", 1)])
def test_a_missing_browser_is_said_loudly_and_fails_in_ci(workers, ci, code):
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", workers, "tests/test_house.py", "-k", "in_a_browser"],
        cwd=ROOT,
        env={**os.environ, "CHROMIUM": "/no/such/browser", "CI": ci},
        capture_output=True,
        text=True,
    )
    assert "1 BROWSER TESTS DID NOT RUN: NO CHROMIUM FOUND" in run.stdout
    assert "not run  tests/test_house.py::test_the_health_page_in_a_browser" in run.stdout
    assert "apt-get install chromium" in run.stdout
    assert run.returncode == code, run.stdout + run.stderr
