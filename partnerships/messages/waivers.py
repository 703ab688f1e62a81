"""Messages about a hard criterion that two sides may set aside together."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import Waiver
from ..signers import signers, with_signers
from .links import arena_context
from .readers import present


def _waivers(notices):
    rows = with_signers(Waiver.objects.select_related("visit__partnership__platform"))
    return {str(row.pk): row for row in rows.filter(pk__in={notice.ids["waiver"] for notice in notices})}


def context(notices):
    """{notice id: what the mail tells}: that a second signature is asked for, and the page to read about it."""
    rows = _waivers(notices)
    return {
        notice.pk: arena_context(row.visit.partnership, f"stages/set-aside/{row.criterion}/")
        | {"signer": signers(row)[0], "waiver": row}
        for notice in notices
        if (row := rows.get(notice.ids["waiver"]))
    }


def still_asked(notices):
    """Whether the second signature is still missing, and its reader still takes part."""
    rows, here = _waivers(notices), present(notices)
    return {
        n.pk
        for n in notices
        if n.pk in here
        and (row := rows.get(n.ids["waiver"]))
        and not (row.seconded_by_id or row.withdrawn_at or row.visit.left_at)
    }


KINDS = [
    Kind(
        name="waiver_proposed",
        label=_("When somebody wants to set something required aside together with me"),
        why=_("You get this because yours can be the second signature."),
        template="partnerships/mail/waiver_proposed",
        context=context,
        still_true=still_asked,
        recipients=recipients,
        switchable=True,
    )
]
