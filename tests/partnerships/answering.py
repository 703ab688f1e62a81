"""What tests of answering an invitation do all the time."""

from django.utils import timezone

from partnerships import actions
from partnerships.messages.invitations import link_of


def invited(cast, address="maja@lind.dk", name="Maja Lind", **fields):
    facts = {"name": name, "sector": "citizens", "role": "member", "why_you": "You swim.", "language": "en"}
    (row,) = actions.invitations.draft_invitations(
        partnership=cast.partnership,
        addresses=[facts | {"address": address} | fields],
        by=cast.convener,
        at=timezone.now(),
    )
    actions.invitations.send_invitations(partnership=cast.partnership, by=cast.convener, at=timezone.now())
    row.refresh_from_db()
    return row


def page_of(row):
    return link_of(row).removeprefix("http://localhost:8000")
