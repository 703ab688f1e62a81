"""What follows when somebody proves another address: invitations that are still to come are sent there."""

from allauth.account.signals import email_changed
from django.utils import timezone

from partnerships.actions.asking import ask_at_new_address


def moved(user, **_facts):
    """The person is written to elsewhere from now on."""
    ask_at_new_address(person=user, at=timezone.now())


# The library's own place for it: it changes the address deep inside a request, and calls no adapter then.
email_changed.connect(moved)
