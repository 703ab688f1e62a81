"""What must stand before Django's settings are read: loaded by pytest itself (`-p tests.servers` in pyproject.toml).

The controller starts one private PostgreSQL and one broker; the workers of pytest-xdist inherit their addresses and
each makes its own test database in it. With DATABASE_URL and REDIS_URL set, the suite runs against those instead.
"""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cocreate import embedded

PLAIN = {
    "SECRET_KEY": "only for tests, as long as a real one has to be: 0123456789abcdefghijklmnopqrstuvwxyz",
    "TESTING": "1",
    "SITE_URL": "http://localhost:8000",
    "ALLOWED_HOSTS": "testserver,localhost",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright runs an event loop in the thread of the test
    "MAIL_FROM": "Round Table <noreply@roundtable.example>",
}
# What a developer's shell may hold for `make run` says nothing about the tests.
FOREIGN = (
    "DEMO",
    "DEBUG",
    "OIDC_ISSUER",
    "SMTP_HOST",
    "SMTP_PORT",
    "SMTP_USER",
    "SMTP_PASSWORD",
    "SMTP_SECURITY",
)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    """Set the environment before pytest-django reads the settings."""
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(PLAIN)
    stack = contextlib.ExitStack()
    early_config.add_cleanup(stack.close)
    _start_what_is_missing(stack)
    _take_a_part_of_the_broker()
    return (yield)


def _start_what_is_missing(stack):
    if "DATA_DIR" not in os.environ or "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ["DATA_DIR"] = str(_folder(stack))
        (Path(os.environ["DATA_DIR"]) / "static").mkdir()  # WhiteNoise warns when it is missing
    if not os.environ.get("DATABASE_URL"):
        place = _folder(stack)
        os.environ["DATABASE_URL"] = stack.enter_context(embedded.database(place, forgetful=True))
        stack.callback(os.environ.pop, "DATABASE_URL")
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = stack.enter_context(embedded.broker())
        stack.callback(os.environ.pop, "REDIS_URL")


def _take_a_part_of_the_broker():
    """Each worker of pytest-xdist has a numbered database of the broker to itself, as it has one of PostgreSQL."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if number:
        address = urlsplit(os.environ["REDIS_URL"])
        os.environ["REDIS_URL"] = address._replace(path=f"/{int(number) % 15 + 1}").geturl()


def _folder(stack):
    folder = Path(tempfile.mkdtemp(prefix="cocreate-test-"))
    folder.chmod(0o755)
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder
