"""`manage.py load_demonstration`: the cast and their partnerships, where they are not there yet."""

from django.core.management import BaseCommand

from cocreate.demonstration import CAST, prepare


class Command(BaseCommand):
    """Loads the demonstration; what visitors have done in it stays."""

    help = "Loads the demonstration. Can be repeated: what is there stays as visitors left it."

    def handle(self, **options):
        """Load what is missing."""
        prepare()
        if options["verbosity"]:
            self.stdout.write(f"The demonstration is loaded; {len(CAST)} people of its cast can sign in.")
