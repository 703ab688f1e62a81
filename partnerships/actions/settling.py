"""Invitations of somebody who has come in, by whichever door: none of them waits for an answer any more."""

from allauth.account.models import EmailAddress
from django.db.models.functions import Lower
from django.utils import translation
from django.utils.translation import gettext as _

from ..models import Invitation
from ..models.invitations import LIVE
from .memory import remember

State = Invitation.State


def settle_invitations(*, member, at):
    """End the invitations of somebody who has just come in: the one asked of them is a yes, others are needless.

    Only those to an address that they have proved to read, and under their name where several people share one.
    The partnership is locked.
    """
    said_yes = Invitation.objects.filter(member=member).exists()
    needless = _theirs(member, alone=not said_yes)
    if needless and needless[0].state != State.DRAFT and not said_yes:
        row = needless.pop(0)
        Invitation.objects.filter(pk=row.pk).update(state=State.ACCEPTED, answered_at=at, member=member)
        _remember("invitation.accepted", member, at, invitation=row.pk, member=member.pk)
    with translation.override(member.partnership.language):
        reason = _("Is a member already.")
    for row in needless:
        Invitation.objects.filter(pk=row.pk).update(state=State.WITHDRAWN, reason=reason)
        _remember("invitation.withdrawn", member, at, invitation=row.pk)


def _remember(verb, of, at, **ids):
    remember(of.partnership, verb, by=of.person, at=at, audience="conveners", **ids)


def _theirs(member, alone):
    """The live invitations of this member, the one that fits best first: sent before drafted, named before nameless.

    alone: whether one under another name counts where it is the only one to their address.
    """
    proved = EmailAddress.objects.filter(user=member.person_id, verified=True).values_list(Lower("email"))
    rows = Invitation.objects.filter(partnership=member.partnership_id, state__in=LIVE).exclude(address="")
    rows = list(rows.annotate(to=Lower("address")).filter(to__in=proved).select_for_update(of=("self",)))
    name = member.person.name.casefold()
    theirs = [row for row in rows if row.name.casefold() in ("", name)] or rows[: alone and len(rows) == 1]
    return sorted(theirs, key=lambda row: (row.state == State.DRAFT, row.name == "", row.number))
