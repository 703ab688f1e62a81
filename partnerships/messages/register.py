"""Messages to people in a platform's register."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import Willingness
from .links import platform_context


def _entries(notices):
    rows = Willingness.objects.standing(timezone.now()).select_related("platform")
    rows = rows.filter(pk__in=[notice.ids["entry"] for notice in notices])
    return {str(row.pk): row for row in rows}


def lapsing_context(notices):
    """{notice id: the entry, and the page to say yes or no on}."""
    rows = _entries(notices)
    return {
        n.pk: platform_context(row.platform, f"{settings.SITE_URL}/platforms/{row.platform.slug}/register/")
        | {"entry": row}
        for n in notices
        if (row := rows.get(n.ids["entry"]))
    }


def lapsing_is_true(notices):
    """Entries that still stand, and that nobody has renewed since they were reminded of."""
    rows = _entries(notices)
    return {
        n.pk
        for n in notices
        if (row := rows.get(n.ids["entry"])) and row.lapses_at.isoformat() == n.occurrence
    }


KINDS = [
    Kind(
        name="register_lapsing",
        label=_("Whether I may still be asked, before my entry in a register ends"),
        why=_("You get this because you have put yourself in this register."),
        template="partnerships/mail/register_lapsing",
        context=lapsing_context,
        still_true=lapsing_is_true,
        recipients=recipients,
        switchable=True,
    ),
]
