"""Whom a notice reaches, and how: address, name, language and time zone of people by their opaque ids."""

from notices.kinds import Recipient

from .models import Person


def recipients(ids):
    """{person id: Recipient} for the people who can be reached by e-mail; others are absent."""
    people = Person.objects.filter(pk__in=list(ids), is_active=True, erased_at=None).exclude(email="")
    return {
        person.pk: Recipient(
            address=person.email, name=person.name, language=person.language, time_zone=person.time_zone
        )
        for person in people
    }
