"""manage.py pause_notices: let no mail out."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from notices.actions import pause


class Command(BaseCommand):
    """Pause the dispatcher."""

    help = "Lets no mail out until `manage.py resume_notices`. What is owed waits."

    def handle(self, *args, **options):
        """Pause, and say how to go on."""
        pause(at=timezone.now())
        self.stdout.write("No mail goes out. What is owed waits until you run: manage.py resume_notices")
