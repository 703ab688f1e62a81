"""`manage.py load_case FILE`: a documented case becomes a partnership, marked as reconstructed."""

from django.core.management import BaseCommand, CommandError

from cocreate.cases.loading import LAST, AlreadyLoaded, load
from cocreate.cases.reading import BrokenCase, read
from partnerships.stages import ORDER


class Command(BaseCommand):
    """Loads one case file; a broken file changes nothing."""

    help = "Builds a partnership from a case file. A case that is loaded already is left as it is."

    def add_arguments(self, parser):
        """The file, how far to go, and on which platform."""
        stages = [str(stage) for stage in ORDER[: ORDER.index(LAST) + 1]]
        parser.add_argument("file")
        parser.add_argument("--until", choices=stages, default=str(LAST), help="the stage to stop in")
        parser.add_argument("--platform", default="", metavar="SLUG", help="the platform that hosts it")

    def handle(self, *, file, until, platform, **options):
        """Read, check, build."""
        try:
            partnership = load(read(file), platform=platform, until=until)
        except BrokenCase as error:
            raise CommandError(str(error)) from error
        except AlreadyLoaded as error:
            self.stdout.write(f"{error} is loaded already: nothing was changed.")
            return
        marks = partnership.provenance
        counted = ", ".join(
            f"{marks.filter(basis=basis).count()} {basis}" for basis in ("stated", "inferred", "added")
        )
        self.stdout.write(
            f"Loaded “{partnership}” in the stage “{partnership.get_stage_display()}”: {counted}.\n"
            f"/partnerships/{partnership.slug}/"
        )
