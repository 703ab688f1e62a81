"""Messages about suggestions: made, for the authors; answered, for who made it."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import DAILY, Kind

from ..models import Suggestion
from .links import arena_context
from .readers import present


def _suggestions(notices):
    rows = Suggestion.objects.select_related("text__partnership__platform", "revision", "member__person")
    return {str(row.pk): row for row in rows.filter(pk__in=[n.ids["suggestion"] for n in notices])}


def context(notices):
    """{notice id: what the mail tells}: the suggestion, its text and its page."""
    rows = _suggestions(notices)
    return {
        notice.pk: arena_context(row.text.partnership, f"suggestions/{row.pk}/") | {"suggestion": row}
        for notice in notices
        if (row := rows.get(notice.ids["suggestion"]))
    }


def _true(notices, holds):
    rows = _suggestions(notices)
    found = {n.pk for n in notices if (row := rows.get(n.ids["suggestion"])) and holds(row)}
    return found & present(notices)


def waits(notices):
    """Notices whose suggestion still waits and is shown, for those who have not left."""
    return _true(notices, lambda row: row.is_open and not row.hidden_at)


def is_answered(notices):
    """Notices whose suggestion has its answer and is shown, for those who have not left."""
    return _true(notices, lambda row: row.answered_at and not row.hidden_at)


KINDS = [
    Kind(
        name="suggestion_made",
        label=_("When somebody suggests other words for a text you write"),
        why=_("You get this because you write this text, or convene or facilitate this partnership."),
        template="partnerships/mail/suggestion_made",
        context=context,
        still_true=waits,
        recipients=recipients,
        switchable=True,
        default=DAILY,
    ),
    Kind(
        name="suggestion_answered",
        label=_("When something you suggested is answered"),
        why=_("You get this because you suggested it."),
        template="partnerships/mail/suggestion_answered",
        context=context,
        still_true=is_answered,
        recipients=recipients,
        switchable=True,
    ),
]
