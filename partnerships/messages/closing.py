"""Messages about the account that is owed at the end of a partnership."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import ClosingAccount
from .links import arena_context
from .readers import AS_MEMBER, convening, present


def _accounts(notices):
    rows = ClosingAccount.objects.select_related("visit__partnership__platform", "writer__person")
    return {str(row.pk): row for row in rows.filter(pk__in={notice.ids["account"] for notice in notices})}


def context(notices):
    """{notice id: what the mail tells}: the account, and its page."""
    rows = _accounts(notices)
    return {
        notice.pk: arena_context(row.visit.partnership, "account/") | {"account": row}
        for notice in notices
        if (row := rows.get(notice.ids["account"]))
    }


def is_owed(notices):
    """Whether the account is still owed, and its reader still takes part and writes it, or still convenes."""
    rows, here, convene = _accounts(notices), present(notices), convening(notices)
    return {
        n.pk
        for n in notices
        if (row := rows.get(n.ids["account"]))
        and (n.pk in convene or (n.pk in here and row.writer.person_id == n.recipient))
        and row.published_at is None
        and row.visit.left_at is None
    }


def is_published(notices):
    """Whether the account stands, and its reader still takes part."""
    rows, here = _accounts(notices), present(notices)
    return {
        n.pk for n in notices if n.pk in here and (row := rows.get(n.ids["account"])) and row.published_at
    }


def _kind(name, label, why, still_true):
    return Kind(
        name=name,
        label=label,
        why=why,
        template=f"partnerships/mail/{name}",
        context=context,
        still_true=still_true,
        recipients=recipients,
        switchable=True,
    )


KINDS = [
    _kind(
        "account_owed",
        _("When I owe an account at the end of a partnership"),
        _("You get this because you are to write this account, or convene the partnership."),
        is_owed,
    ),
    _kind("account_published", _("When a partnership tells what came of it"), AS_MEMBER, is_published),
]
