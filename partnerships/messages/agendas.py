"""Messages about what members propose for an agenda, and what became of it."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import AgendaItem
from .links import arena_context
from .readers import AS_LEADER, AS_MEMBER, present


def _items(notices):
    rows = AgendaItem.objects.select_related("meeting__partnership__platform", "proposed_by__person")
    return {str(row.pk): row for row in rows.filter(pk__in=[notice.ids["item"] for notice in notices])}


def _context(page):
    def context(notices):
        """{notice id: what the mail tells}: the item, its meeting, and the page about it."""
        rows = _items(notices)
        return {
            notice.pk: arena_context(row.meeting.partnership, f"meetings/{row.meeting_id}/{page}")
            | {"item": row, "meeting": row.meeting}
            for notice in notices
            if (row := rows.get(notice.ids["item"]))
        }

    return context


def proposed_is_true(notices):
    """Nobody has answered it yet, the meeting is on, and its reader still leads."""
    rows, here = _items(notices), present(notices, leading=True)
    waits = {
        key for key, row in rows.items() if row.state == row.State.PROPOSED and not row.meeting.cancelled_at
    }
    return {notice.pk for notice in notices if notice.pk in here and notice.ids["item"] in waits}


def answered_is_true(notices):
    """The item is there, and whoever proposed it still takes part."""
    rows, here = _items(notices), present(notices)
    return {notice.pk for notice in notices if notice.pk in here and notice.ids["item"] in rows}


def starts_at(notices):
    """{notice id: when the meeting begins}: then it is too late to answer."""
    rows = _items(notices)
    return {n.pk: row.meeting.starts_at for n in notices if (row := rows.get(n.ids["item"]))}


def _kind(name, label, why, still_true, page):
    return Kind(
        name=name,
        label=label,
        why=why,
        template=f"partnerships/mail/{name}",
        context=_context(page),
        still_true=still_true,
        recipients=recipients,
        switchable=True,
        until=starts_at,
    )


KINDS = [
    _kind(
        "item_proposed",
        _("When somebody proposes an item for a meeting (for those who lead)"),
        AS_LEADER,
        proposed_is_true,
        "agenda/",
    ),
    _kind("item_answered", _("When an item that you proposed is answered"), AS_MEMBER, answered_is_true, ""),
]
