"""Messages about somebody who has left, to those who convene."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import DAILY, Kind

from ..models import Commitment, Member
from .links import arena_context
from .readers import AS_CONVENER, convening


def _members(notices):
    rows = Member.objects.select_related("partnership__platform", "person", "organization")
    rows = rows.filter(pk__in=[notice.ids["member"] for notice in notices], left_at__isnull=False)
    return {str(row.pk): row for row in rows}


def context(notices):
    """{notice id: what the mail tells}: who left, why where they said so, and how much they left open."""
    rows = _members(notices)
    standing = Commitment.objects.standing().filter(member__in=list(rows.values()))
    still_open = [str(pk) for pk in standing.values_list("member", flat=True)]
    return {
        notice.pk: arena_context(row.partnership, "commitments/?whose=left")
        | {"member": row, "still_open": still_open.count(str(row.pk))}
        for notice in notices
        if (row := rows.get(notice.ids["member"]))
    }


KINDS = [
    Kind(
        name="member_left",
        label=_("When a member leaves (for conveners)"),
        why=AS_CONVENER,
        template="partnerships/mail/member_left",
        context=context,
        still_true=lambda notices: convening(notices) & context(notices).keys(),
        recipients=recipients,
        switchable=True,
        default=DAILY,
    )
]
