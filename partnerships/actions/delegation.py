"""Pass an invitation on to a colleague: it ends, and the colleague gets one of their own."""

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from boundary.tokens import new_nonce
from notices.actions import tell

from ..models import Invitation
from ..rules import invitations as may
from .answers import end_invitation, waiting_invitation
from .invitations import expiry_of, refuse_twice, take_from_cap
from .memory import remember

TAKEN_OVER = ("group", "seat", "organization", "sector", "side", "role", "why_you", "language", "invited_by")


@transaction.atomic
def delegate_invitation(*, invitation, name, address, by, at):
    """Ask a colleague instead of oneself, once. by: the signed-in addressee, or None. Returns the new Invitation.

    It counts as one more of the convener who invited. Raises Conflict when the colleague is invited here already.
    """
    partnership, invitation = waiting_invitation(invitation, at)
    (may.can_answer_as(invitation, by) and may.can_delegate_invitation(invitation)).enforce()
    with translation.override(partnership.language):
        reason = _("Passed on to a colleague.")
    end_invitation(invitation, at, state=Invitation.State.DECLINED, reason=reason)
    last = Invitation.objects.filter(partnership=partnership).aggregate(last=Max("number"))["last"]
    colleague = Invitation(
        partnership=partnership,
        number=last + 1,
        name=name,
        address=address,
        delegated_from=invitation,
        nonce=new_nonce(),
        state=Invitation.State.QUEUED,
        created_at=at,
        queued_at=at,
        expires_at=expiry_of(partnership.platform, at),
        **{field: getattr(invitation, field) for field in TAKEN_OVER},
    )
    refuse_twice(partnership, [colleague])
    take_from_cap(partnership.platform, invitation.invited_by, 1, at)
    colleague.save(force_insert=True)
    remember(partnership, "invitation.delegated", by=by, at=at, audience="conveners", invitation=colleague.pk)
    tell(kind="invitation", recipients=[colleague.pk], scope=partnership.pk, at=at)
    return colleague
