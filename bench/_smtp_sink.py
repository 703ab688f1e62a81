"""A local mail server that accepts everything and writes down what: `python bench/_smtp_sink.py FILE [--port N]`.

One line per accepted message, "<seconds since the epoch> <Message-ID> <recipient>", written before the server says
250: a message counted here was accepted, a message not counted here was not. Prints its port when it listens.

    --pause-after N   wait before answering the N-th message, so that a client can be killed inside the dialogue
    --pause S         for so many seconds
"""

import argparse
import asyncio
import logging
import re
import signal
import time

from aiosmtpd.smtp import SMTP

MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class Sink:
    """Writes down what it accepts; makes a client wait for the answer where it was asked to."""

    def __init__(self, file, pause_after, pause):
        self.file, self.pause_after, self.pause = file, set(pause_after), pause
        self.accepted = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        """Offer what every mail server in use offers: the envelope in one breath (RFC 2920)."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_DATA(self, server, session, envelope):
        """Accept the message."""
        found = MESSAGE_ID.search(envelope.original_content)
        recipient = envelope.rcpt_tos[0].encode()
        self.file.write(b"%f %s %s\n" % (time.time(), found[1] if found else b"?", recipient))
        self.accepted += 1
        if self.accepted in self.pause_after:
            await asyncio.sleep(self.pause)
        return "250 OK"


async def main():
    """Listen until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--pause-after", type=int, action="append", default=[])
    parser.add_argument("--pause", type=float, default=2.0)
    options = parser.parse_args()
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    with open(options.file, "ab", buffering=0) as file:
        sink = Sink(file, options.pause_after, options.pause)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(sink, hostname="sink", enable_SMTPUTF8=True), "127.0.0.1", options.port
        )
        print(server.sockets[0].getsockname()[1], flush=True)
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await stop.wait()
        server.close()


if __name__ == "__main__":
    asyncio.run(main())
