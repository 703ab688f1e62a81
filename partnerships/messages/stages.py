"""Messages about the stages of a partnership."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import StageVisit
from .links import arena_context
from .readers import AS_LEADER, AS_MEMBER, present, while_due


def _visits(notices):
    rows = StageVisit.objects.select_related("partnership__platform").filter(
        pk__in=[notice.ids["visit"] for notice in notices]
    )
    return {str(row.pk): row for row in rows}


def _context(page):
    def context(notices):
        """{notice id: what the mail tells}: the visit of the stage, and the page to act on."""
        rows = _visits(notices)
        return {
            notice.pk: arena_context(row.partnership, page) | {"visit": row}
            for notice in notices
            if (row := rows.get(notice.ids["visit"]))
        }

    return context


def opened_is_true(notices):
    """The partnership is still in this visit, and the reader still takes part."""
    rows, here = _visits(notices), present(notices)
    return {
        n.pk for n in notices if n.pk in here and (row := rows.get(n.ids["visit"])) and row.left_at is None
    }


def due_is_true(notices):
    """The stage is still open, not paused, still due that day, and the reader still leads."""
    rows, here = _visits(notices), present(notices, leading=True)
    return {
        n.pk
        for n in notices
        if n.pk in here
        and (row := rows.get(n.ids["visit"]))
        and row.left_at is None
        and row.partnership.paused_at is None
        and str(row.due_on) == n.ids["due_on"]
    }


def due_until(notices):
    """{notice id: the end of the day on which its stage is due, or None once it is overdue}."""
    rows = _visits(notices)
    return while_due(notices, {n.pk: rows.get(n.ids["visit"]) for n in notices})


KINDS = [
    Kind(
        name="stage_opened",
        label=_("When a new stage opens"),
        why=AS_MEMBER,
        template="partnerships/mail/stage_opened",
        context=_context(""),
        still_true=opened_is_true,
        recipients=recipients,
        switchable=True,
    ),
    Kind(
        name="stage_due",
        label=_("When a stage is due (for conveners and facilitators)"),
        why=AS_LEADER,
        template="partnerships/mail/stage_due",
        context=_context("manage/"),
        still_true=due_is_true,
        recipients=recipients,
        switchable=True,
        until=due_until,
    ),
]
