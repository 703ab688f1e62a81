"""Somebody whom mail does not reach was called."""

from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict

from ..models import Partnership, PhoneCall
from ..places import place_of
from ..rules import phoning as may
from ..unreached import invitations_to_call, members_to_call
from .memory import remember


@transaction.atomic
def note_call(*, partnership, by, at, member=None, invitation=None):
    """Note that a member, or who was invited, is called: they leave the list. Returns the PhoneCall."""
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_note_call(place_of(partnership, by)).enforce()
    only = Partnership.objects.filter(pk=partnership.pk)
    waiting = members_to_call(only) if member else invitations_to_call(only)
    if not waiting.filter(pk=(member or invitation).pk).exists():
        raise Conflict(
            _("Somebody has called them in the meantime, or there is nothing to call about any more.")
        )
    call = PhoneCall.objects.create(
        partnership=partnership, member=member, invitation=invitation, by=by, at=at
    )
    facts = {"member": member.pk} if member else {"invitation": invitation.pk}
    remember(partnership, "phone.called", by=by, at=at, audience="conveners", **facts)
    return call
