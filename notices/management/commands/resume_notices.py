"""manage.py resume_notices: let mail out again; after a restore, say first what is to become of the unsent."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from notices.actions import may_send, resume
from notices.models import Dispatcher, Notice

ASK = """This database was restored from a backup. {count} messages were unsent in the backup; they may have been sent
since it was taken. Choose:
  manage.py resume_notices --hold-unsent   hold them back, send only what is owed from now on
  manage.py resume_notices --send-unsent   send them, perhaps for the second time"""


class Command(BaseCommand):
    """Resume the dispatcher."""

    help = "Lets mail out again."

    def add_arguments(self, parser):
        """What becomes of messages that were unsent in a backup."""
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--hold-unsent", action="store_true", help="hold back what may have been sent")
        choice.add_argument("--send-unsent", action="store_true", help="send it, perhaps again")

    def handle(self, *args, hold_unsent=False, send_unsent=False, **options):
        """Resume, or ask what only a person can know."""
        now = timezone.now()
        may_send(now)
        dispatcher = Dispatcher.objects.get(id=1)
        if not dispatcher.paused:
            self.stdout.write("Mail was not paused.")
            return
        if dispatcher.why == Dispatcher.RESTORED and not hold_unsent and not send_unsent:
            unsent = Notice.objects.unsent().filter(
                created_at__lte=dispatcher.since, due_at__lte=dispatcher.since
            )
            raise CommandError(ASK.format(count=unsent.count()))
        held = resume(at=now, hold_unsent=hold_unsent)
        self.stdout.write(f"Mail goes out again. {held} messages are held back.")
