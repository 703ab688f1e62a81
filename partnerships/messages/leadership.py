"""Messages about functions that are offered."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import Leadership
from ..models.leadership import WHAT, Function
from .links import arena_context
from .readers import present


def _rows(notices):
    rows = Leadership.objects.select_related("partnership__platform").filter(
        pk__in=[notice.ids["leadership"] for notice in notices]
    )
    return {str(row.pk): row for row in rows}


def context(notices):
    """{notice id: the function, what it asks, and the page to answer on}."""
    rows = _rows(notices)
    return {
        n.pk: arena_context(row.partnership, "people/leadership/")
        | {"leadership": row, "what": WHAT[Function(row.function)]}
        for n in notices
        if (row := rows.get(n.ids["leadership"]))
    }


def is_true(notices):
    """Offers that wait for an answer of somebody who is still there."""
    rows, here = _rows(notices), present(notices)
    return {
        n.pk
        for n in notices
        if n.pk in here and (row := rows.get(n.ids["leadership"])) and row.state == Leadership.State.OFFERED
    }


KINDS = [
    Kind(
        name="leadership_offered",
        label=_("When you are asked to carry a function"),
        template="partnerships/mail/leadership_offered",
        context=context,
        still_true=is_true,
        recipients=recipients,
        switchable=True,
    ),
]
