"""manage.py verify_journal: is the record whole?"""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from journal.export import as_line
from journal.models import Entry, Head
from journal.verify import verify

GUARDS = """
    SELECT count(*) FROM pg_trigger
    WHERE tgrelid = 'journal_entry'::regclass AND tgname LIKE 'journal_entry_only_grows%%' AND tgenabled = 'O'
"""


class Command(BaseCommand):
    """Compute every chain anew and compare it with its head; say what was tampered with."""

    help = "Checks that no journal entry was changed, removed or added outside its place."

    def add_arguments(self, parser):
        """One scope, or the heads to publish outside."""
        parser.add_argument("--scope", help="only the record of this partnership or platform")
        parser.add_argument(
            "--heads", action="store_true", help="print each head as SCOPE:DIGEST, to be published elsewhere"
        )

    def handle(self, *args, scope=None, heads=False, **options):
        """Print that the record is whole, or fail with each finding."""
        chosen = Head.objects.filter(scope=scope) if scope else Head.objects.all()
        known = {str(head.scope): head for head in chosen}
        if heads:
            for head in known.values():
                self.stdout.write(f"{head.scope}:{head.digest}")
            return
        entries = Entry.objects.filter(scope=scope) if scope else Entry.objects.all()
        findings = guard_findings() + verify(
            (as_line(entry) for entry in entries.order_by("scope", "sequence").iterator()),
            {key: head.digest for key, head in known.items()},
        )
        if findings:
            raise CommandError("\n".join(findings))
        total = sum(head.sequence for head in known.values())
        self.stdout.write(f"The record is whole: {total} entries in {len(known)} chains.")


def guard_findings():
    """Whether the table still refuses to change what is written."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDS)
        (count,) = cursor.fetchone()
    return [] if count == 2 else ["the triggers that forbid changing entries are missing or switched off"]
