"""Messages about what is needed of everyone."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import DAILY, Kind

from ..models import Need
from .links import arena_context
from .readers import WITH_A_SAY, present


def _needs(notices):
    rows = Need.objects.select_related("partnership__platform")
    return {str(row.pk): row for row in rows.filter(pk__in=[notice.ids["need"] for notice in notices])}


def context(notices):
    """{notice id: what the mail tells}: what is needed, and the page to answer on."""
    rows = _needs(notices)
    return {
        notice.pk: arena_context(row.partnership, f"commitments/needs/{row.pk}/") | {"need": row}
        for notice in notices
        if (row := rows.get(notice.ids["need"]))
    }


def is_open(notices):
    """Needs that are still open, told to those who are still there; in a pause nobody is asked."""
    rows, here = _needs(notices), present(notices)
    return {
        notice.pk
        for notice in notices
        if notice.pk in here
        and (row := rows.get(notice.ids["need"]))
        and row.closed_at is None
        and row.partnership.paused_at is None
    }


KINDS = [
    Kind(
        name="need_asked",
        label=_("When a partnership needs something that you might have"),
        why=WITH_A_SAY,
        template="partnerships/mail/need_asked",
        context=context,
        still_true=is_open,
        recipients=recipients,
        switchable=True,
        default=DAILY,
    )
]
