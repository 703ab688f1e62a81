"""The ground tests stand on: templates refuse unknown names, tables are emptied with triggers on, mail is real."""

import contextlib
import email
import email.policy
import inspect
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db.backends.postgresql.creation import DatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations
from django.template import engines
from django.template.base import Node, VariableNode

from cocreate.embedded import free_port
from tests import chromium
from tests.browser import browser, new_page, page  # noqa: F401 - fixtures

ROOT = Path(__file__).resolve().parent.parent


# --- templates --------------------------------------------------------------------------------------------------


class UndefinedVariable(AssertionError):
    """A template of ours shows a name that nobody gave it."""


class Undefined:
    """Stands for an undefined variable: refused where a template of ours shows it, empty in those of libraries.

    Handed on ({% include %}, a tag's argument) it stays what it is: false in {% if %}, refused where it is shown.
    """

    def __init__(self, name="the result of a call"):
        self.name = name

    def __contains__(self, text):
        return True  # so that Django hands the name of the variable to __mod__

    def __bool__(self):
        # Django asks whether it is set at all, from a place where it goes by this name; everybody else hears "no".
        return "string_if_invalid" in inspect.currentframe().f_back.f_locals

    def __mod__(self, variable):
        named = Undefined(str(variable))
        return str(named) if isinstance(_node_being_rendered(), VariableNode) else named

    def __str__(self):
        node = _node_being_rendered()
        if node and _is_ours(node.origin.name):
            raise UndefinedVariable(f"{self.name} is undefined in {node.origin.name}: {node}")
        return ""


def _is_ours(template):
    return template.startswith(str(ROOT)) and ".venv" not in template


def _node_being_rendered():
    frame = inspect.currentframe()
    while frame:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return node
        frame = frame.f_back
    return None


@pytest.fixture(autouse=True, scope="session")
def _unknown_names_fail():
    engines["django"].engine.string_if_invalid = Undefined()


# --- static files -----------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True, scope="session")
def _static_files_are_found_when_asked_for():
    """Every Client is a whole site: reading all static files for each of them is a fifth of a plain test's time."""
    settings.WHITENOISE_AUTOREFRESH = True


# --- the database -----------------------------------------------------------------------------------------------


def pytest_configure():
    """Let the emptying between tests pass the triggers that forbid it, and only the emptying."""

    def sql_flush(self, _style, tables, **_options):
        """Only tables that hold rows are emptied, row by row: to truncate all of them takes half a second."""
        names = [self.quote_name(table) for table in tables]
        look = "SELECT %d WHERE EXISTS (SELECT FROM %s)"
        holds = " UNION ALL ".join(look % pair for pair in enumerate(names))
        with self.connection.cursor() as cursor:
            cursor.execute(holds)
            full = [names[number] for (number,) in cursor.fetchall()]
        emptied = ["DELETE FROM %s;" % name for name in full]  # noqa: UP031, S608  names of our own tables
        return ["SET LOCAL session_replication_role = replica;", *emptied] if full else []

    def destroy(self, name, _verbosity):
        """A thread of the live server may be at its last answer still: nobody needs what it asks for."""
        with self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(name)} WITH (FORCE)")

    DatabaseOperations.sql_flush = sql_flush
    DatabaseCreation._destroy_test_db = destroy


# --- mail ---------------------------------------------------------------------------------------------------------


class Sink:
    """Keeps every message an SMTP client really handed over, parsed, oldest first."""

    def __init__(self):
        self.messages = []
        self.envelopes = []

    async def handle_DATA(self, server, session, envelope):
        """Accept the message."""
        self.envelopes.append(envelope)
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def to(self, address):
        """The messages handed over for this address."""
        pairs = zip(self.envelopes, self.messages, strict=True)
        return [message for envelope, message in pairs if address in envelope.rcpt_tos]


@contextlib.contextmanager
def mail_server(sink):
    """A real SMTP server on this machine that hands its messages to `sink`."""
    server = Controller(sink, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def smtp_sink(settings):
    """A real SMTP server that the site under test sends to: .messages, .to(address)."""
    sink = Sink()
    with mail_server(sink) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield sink


# --- what a test needs --------------------------------------------------------------------------------------------

# Besides races: the chain and its triggers, leases, the broker, the outbox, order and search, the settings.
SERVERS_DECIDE = (
    *("journal/", "notices/", "boundary/test_kept.py", "actors/test_sign_in.py", "test_settings.py"),
    *("cocreate/test_health.py", "cocreate/test_api", "cocreate/test_home.py", "cocreate/test_record.py"),
    *("cocreate/test_stages.py", "partnerships/test_partnerships.py", "partnerships/test_conversation.py"),
)


def pytest_itemcollected(item):
    """Mark what needs a browser, and what another PostgreSQL or broker might answer otherwise."""
    place = str(item.path.relative_to(ROOT / "tests"))
    in_browser = "browser" in item.fixturenames
    if in_browser:
        item.add_marker("browser")
    transaction = any(mark.kwargs.get("transaction") for mark in item.iter_markers("django_db"))
    if place.startswith(SERVERS_DECIDE) or (transaction and not in_browser):
        item.add_marker("servers")


# --- tests that need a browser --------------------------------------------------------------------------------------


@pytest.hookimpl(trylast=True)  # after -k and -m have chosen
def pytest_collection_modifyitems(config, items):
    """Where there is no browser, the tests that need one do not run, and are named loudly at the end."""
    if chromium.find():
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
        chromium.remember(config, [item.nodeid for item in left_out])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Take over what a worker of pytest-xdist could not run."""
    if node.workeroutput.get("not_run"):
        node.config.stash[chromium.NOT_RUN] = node.workeroutput["not_run"]


def pytest_terminal_summary(terminalreporter, config):
    """Say loudly which tests could not run, and how to make them run."""
    chromium.report(terminalreporter, config)


def pytest_sessionfinish(session):
    """In CI, a browser test that did not run is a failure; elsewhere it is only said."""
    chromium.hand_over(session)
