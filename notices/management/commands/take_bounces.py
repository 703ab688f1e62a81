"""manage.py take_bounces: take in mail that machines write: reports of failures, answers from calendars."""

import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from notices.actions import take_bounces, take_mail
from notices.reports import MOST


class Command(BaseCommand):
    """Take in one message, or a folder of them."""

    help = (
        "Takes in a report of a failure, or an answer from a calendar, from standard input (a pipe of Postfix or "
        "Exim), or those that are new in a Maildir."
    )

    def add_arguments(self, parser):
        """Where they lie."""
        parser.add_argument(
            "--maildir", help="a Maildir; without it, one message is read from standard input"
        )

    def handle(self, *args, maildir=None, **options):
        """Take in, and say what it was. A message that says nothing to us is no error: it must not come back."""
        if not (settings.BOUNCE_ADDRESS or settings.REPLY_ADDRESS):
            raise CommandError(
                "BOUNCE_ADDRESS is not set, nor is REPLY_ADDRESS: nothing could be told from what is forged."
            )
        if maildir is None:
            self._from_standard_input()
            return
        try:
            looked_at, taken = take_bounces(folder=maildir, at=timezone.now())
        except OSError as error:
            raise CommandError(f"{maildir} is no Maildir that can be read: {error}") from error
        self.stdout.write(f"{looked_at} messages looked at, {taken} of them about something of this site.")

    def _from_standard_input(self):
        source = sys.stdin.buffer
        taken = take_mail(data=source.read(MOST), at=timezone.now())
        while source.read(MOST):  # who pipes a longer one must not find the door shut
            pass
        self.stdout.write("Taken in." if taken else "Not about something of this site.")
