"""`manage.py load_templates`: the three kinds of partnership that come with the software. Can be repeated."""

from django.core.management import BaseCommand
from django.utils import timezone

from partnerships.actions.templates import load_templates


class Command(BaseCommand):
    """Loads the shipped templates, or brings them up to date; a platform's own are left alone."""

    help = "Loads the templates that come with the software. Safe to run at every upgrade."

    def handle(self, **options):
        """Load, and say what there is."""
        for template in load_templates(at=timezone.now()):
            self.stdout.write(f"{template.key}: {template.name}")
