"""Saying something in tests, through the action or the form."""

from django.urls import reverse
from django.utils import timezone

from partnerships import actions


def say(cast, who, body="It smells.", **fields):
    """Something said. Returns the Contribution."""
    fields = {"kind": "experience", "at": timezone.now()} | fields
    return actions.contributions.say(partnership=cast.partnership, body=body, by=who, **fields)


def page_of(cast, name, thing=None, **kwargs):
    """The address of a page of the cast's partnership, or of a contribution in it."""
    return reverse(name, args=[cast.partnership.slug, *([thing.pk] if thing else []), *kwargs.values()])


def post(client, cast, who, body, *, to=None, **fields):
    """What the page answers to the form, sent by `who`."""
    client.force_login(who)
    page = page_of(cast, "contribution", to) if to else page_of(cast, "say")
    return client.post(page, {"kind": "idea", "body": body, **fields})


def html_of(answer):
    return answer.content.decode()
