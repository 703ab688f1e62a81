"""Messages of thanks: gathered, once a day."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import DAILY, Kind

from ..models import Thanks
from .links import arena_context
from .readers import present


def _thanks(notices):
    related = ("partnership__platform", "by__person", "by__organization", "commitment", "meeting")
    rows = Thanks.objects.select_related(*related)
    return {str(row.pk): row for row in rows.filter(pk__in=[notice.ids["thanks"] for notice in notices])}


def context(notices):
    """{notice id: what the mail tells}: who says thank you, in which words, and the page of who is thanked."""
    rows = _thanks(notices)
    return {
        notice.pk: arena_context(row.partnership, f"people/{row.to_id}/?show=thanks") | {"thanks": row}
        for notice in notices
        if (row := rows.get(notice.ids["thanks"]))
    }


KINDS = [
    Kind(
        name="thanked",
        label=_("When somebody thanks you"),
        why=_("You get this because somebody thanked you."),
        template="partnerships/mail/thanked",
        context=context,
        still_true=lambda notices: present(notices) & context(notices).keys(),
        recipients=recipients,
        switchable=True,
        default=DAILY,
    )
]
