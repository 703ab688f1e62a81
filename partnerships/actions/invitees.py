"""A file of people to invite: kept while it is looked at, drafted, and gone."""

import datetime

from django.db import transaction

from boundary.csv import text_of

from ..invitees import check
from ..models import InviteeList, Partnership
from ..places import place_of
from ..rules.invitations import can_invite
from .invitations import draft_invitations

KEPT = datetime.timedelta(days=1)  # addresses of people who may never be asked are not kept longer


@transaction.atomic
def upload_invitees(*, partnership, name, data, by, at):
    """Keep a file for a look before anything is drafted. Returns the InviteeList. Raises Unreadable."""
    can_invite(place_of(partnership, by)).enforce()
    text = text_of(data).replace("\x00", "")
    check(text, partnership)
    return InviteeList.objects.create(partnership=partnership, name=name[:120], text=text, by=by, at=at)


@transaction.atomic
def draft_invitees(*, invitees, by, at):
    """Draft an invitation for every row that is right; the file is gone then. Returns the Invitations."""
    partnership = Partnership.objects.locked(invitees.partnership_id)
    invitees = InviteeList.objects.select_for_update().get(pk=invitees.pk)
    drafted = draft_invitations(
        partnership=partnership, addresses=check(invitees.text, partnership).people, by=by, at=at
    )
    invitees.delete()
    return drafted


def forget_invitees(*, at):
    """Drop files that nobody drafted from within a day. Returns how many."""
    number, _each = InviteeList.objects.filter(at__lte=at - KEPT).delete()
    return number
