"""`manage.py forget_person ID`: erase a person who asked for it on paper, by voice or by mail."""

import uuid

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from actors.models import Person
from cocreate.forget import forget_person
from partnerships.models import Member


class Command(BaseCommand):
    """Erases one person, named by the id that the operators' site shows; without --yes only says who it is."""

    help = "Erases a person; what they said and decided stays without their name. It cannot be undone."

    def add_arguments(self, parser):
        """Who, by whom, and whether it is meant."""
        parser.add_argument("person", metavar="ID", help="the person's id; the operators' site shows it")
        parser.add_argument("--by", required=True, metavar="ADDRESS", help="the operator who does it")
        parser.add_argument(
            "--yes", action="store_true", help="do it; without it, only see whom it would erase"
        )

    def handle(self, *, person, by, yes, **options):
        """Say who it is, or erase."""
        found = _person(person)
        operator = Person.objects.filter(
            emailaddress__email__iexact=by, emailaddress__verified=True, is_active=True, is_staff=True
        ).first()
        if operator is None:
            raise CommandError(f"{by} is no operator. `manage.py start_platform --operator` makes one.")
        if not yes:
            parts = Member.objects.filter(person=found, left_at=None).count()
            self.stdout.write(
                f"{found}, {found.email or 'no address'}, in {parts} partnerships. To erase them, add --yes."
            )
            return
        forget_person(person=found, by=operator, at=timezone.now())
        self.stdout.write("Erased.")


def _person(text):
    try:
        return Person.objects.get(pk=uuid.UUID(text), erased_at=None)
    except (ValueError, Person.DoesNotExist):
        raise CommandError(f"There is no person {text}, or they are erased already.") from None
