"""`manage.py prepare`: what must have happened before the site is opened. Safe to run again at any time."""

from io import StringIO

from django.conf import settings
from django.core.management import BaseCommand, call_command, get_commands


class Command(BaseCommand):
    """Bring the tables and the static files up to date, and in the demonstration load its partnerships."""

    help = (
        "Migrates, collects static files and, in the demonstration, loads its partnerships. Can be repeated."
    )

    def handle(self, **options):
        """Migrate, collect, then load."""
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_templates", stdout=StringIO())
        if not settings.WHITENOISE_USE_FINDERS:  # which serves them from where they lie
            call_command("collectstatic", verbosity=0, interactive=False)
        if settings.DEMO and "load_demonstration" in get_commands():
            call_command("load_demonstration", verbosity=options["verbosity"])
