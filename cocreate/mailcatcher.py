"""The local mail catcher of `make run`: an SMTP server that delivers nothing and keeps everything in DATA_DIR/mail.

    python -m cocreate.mailcatcher

The messages lie in a Maildir, which any mail program can open; the demonstration shows them as a page.
"""

import asyncio
import mailbox
import os
import signal
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Keeper:
    """Accepts every message and keeps it, with the addresses it was really sent to."""

    def __init__(self, folder):
        self.maildir = mailbox.Maildir(folder, create=True)

    async def handle_DATA(self, server, session, envelope):
        """Keep the message; the recipients' header is ours, a Bcc shows nowhere else."""
        message = mailbox.MaildirMessage(envelope.content)
        message["X-Recipients"] = ", ".join(envelope.rcpt_tos)
        self.maildir.add(message)
        return "250 OK"


async def serve(folder, host, port):
    """Catch mail until told to stop."""
    keeper, loop, stop = Keeper(folder), asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(lambda: SMTP(keeper, enable_SMTPUTF8=True), host, port)
    sys.stdout.write(f"keeping all mail in {folder}\n")
    sys.stdout.flush()
    async with server:
        await stop.wait()


if __name__ == "__main__":
    data_dir = Path(os.environ.get("DATA_DIR") or Path(__file__).resolve().parent.parent / "var")
    address = (os.environ.get("SMTP_HOST", "127.0.0.1"), int(os.environ.get("SMTP_PORT", "1025")))
    asyncio.run(serve(data_dir / "mail", *address))
