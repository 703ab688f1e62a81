"""Finding a browser for the tests that need one, and saying so loudly where there is none."""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NOT_RUN = pytest.StashKey[list[str]]()
# Headless, silent towards the outside. As root Chromium starts only without its sandbox.
FLAGS = (
    *(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-dev-shm-usage",
    ),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # A page that is looked at once never earns back what it costs to compile its scripts for speed.
    "--js-flags=--no-opt --no-maglev",
)


def find():
    """The path of a Chromium: CHROMIUM if set, else the first one on the PATH; None where there is none."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def remember(config, names):
    """Note the tests that were left out; a worker of pytest-xdist sends its note to the controller."""
    config.stash[NOT_RUN] = names
    if hasattr(config, "workeroutput"):
        config.workeroutput["not_run"] = names


def report(terminalreporter, config):
    """The loud summary; nothing when every test could run."""
    names = config.stash.get(NOT_RUN, [])
    if not names:
        return
    say = terminalreporter
    say.section(f"{len(names)} BROWSER TESTS DID NOT RUN: NO CHROMIUM FOUND", sep="!", red=True, bold=True)
    for name in names:
        say.line(f"not run  {name}")
    say.line("")
    say.line("Get one: `apt-get install chromium` (Debian, Ubuntu), `brew install chromium` (macOS),")
    say.line("or name an installed one: CHROMIUM=/path/to/chrome make test")


def hand_over(session):
    """With CI set, turn a run that left browser tests out into a failed one."""
    if session.config.stash.get(NOT_RUN, []) and os.environ.get("CI") and session.exitstatus in (0, 5):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
