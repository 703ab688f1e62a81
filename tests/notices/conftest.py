"""A mail server that does what a test tells it to, and kinds of message to send to it."""

import asyncio
import email
import email.policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.template import engines
from django.utils import timezone

from cocreate.embedded import free_port
from notices.actions import tell
from tests.notices.kinds import WORLD, address, person

HERE = Path(__file__).parent


class PostOffice:
    """An SMTP server's decisions, and what it accepted."""

    def __init__(self):
        self.accepted = []  # (address, message)
        self.connections = []  # the sessions that wrote: held, so that no other one is taken for one of them
        self.refuse_sender = self.refuse_body = ""
        self.refuse = {}  # address -> answer to RCPT
        self.break_after_body = (
            set()
        )  # addresses whose letter is accepted, but the line breaks before we say so
        self.hang = set()  # addresses whose letter is accepted, but the answer never comes
        self.per_connection = 0
        self.pipelining = False

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        """What we can."""
        session.host_name = hostname
        return [*responses[:-1], *(["250-PIPELINING"] if self.pipelining else []), responses[-1]]

    async def handle_MAIL(self, server, session, envelope, address, options):
        """Who writes."""
        if not any(session is known for known in self.connections):
            self.connections.append(session)
        session.written = getattr(session, "written", 0) + 1
        if self.per_connection and session.written > self.per_connection:
            return "421 4.7.0 Enough for one connection"
        envelope.mail_from, envelope.mail_options = address, options
        return self.refuse_sender or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        """To whom."""
        if address not in self.refuse:
            envelope.rcpt_tos.append(address)
        return self.refuse.get(address, "250 OK")

    async def handle_DATA(self, server, session, envelope):
        """What."""
        if self.refuse_body:
            return self.refuse_body
        (address,) = envelope.rcpt_tos
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.accepted.append((address, message))
        if address in self.break_after_body:
            server.transport.abort()
        while address in self.hang:
            await asyncio.sleep(0.02)
        return "250 OK"

    def addresses(self):
        """Whom it accepted letters for, in order."""
        return [address for address, _message in self.accepted]

    def message(self, number):
        """The one letter for somebody."""
        (message,) = [message for to, message in self.accepted if to == address(number)]
        return message


def pytest_generate_tests(metafunc):
    """Faults are met with servers of both kinds, the rest with one that takes the envelope in one breath."""
    if "post_office" in metafunc.fixturenames:
        kinds = [True, False] if metafunc.module.__name__.endswith("test_faults") else [True]
        metafunc.parametrize("post_office", kinds, indirect=True, ids="in one breath: {}".format)


@pytest.fixture
def post_office(settings, request):
    """A mail server that is up; .stop() and .start() take it down and up again."""
    office = PostOffice()
    office.pipelining = request.param
    port = free_port()

    def start():
        office.controller = Controller(office, hostname="127.0.0.1", port=port)
        office.controller.start()

    def stop():
        office.controller.stop()

    office.start, office.stop, office.port = start, stop, port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    start()
    yield office
    office.hang = set()
    stop()


@pytest.fixture(autouse=True)
def world(settings):
    """The kinds and their templates, and a world in which all is well."""
    settings.NOTICE_KINDS = "tests.notices.kinds.KINDS"
    folders = engines["django"].engine.dirs
    folders.append(HERE / "templates")
    WORLD.forget()
    yield WORLD
    WORLD.forget()
    folders.remove(HERE / "templates")


@pytest.fixture
def owe():
    """owe(3) owes a note to persons 1 to 3; owe([7], kind="code", …) to person 7."""

    def owe(who, kind="note", at=None, **more):
        numbers = range(1, who + 1) if isinstance(who, int) else who
        tell(kind=kind, recipients=[person(n) for n in numbers], at=at or timezone.now(), **more)

    return owe
