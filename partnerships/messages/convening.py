"""Messages to those who lead: what nobody carries, ground rules that are missing, an answer that is overdue."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import DAILY, Kind

from ..models import Leadership, Mandate, StageVisit, Text
from ..models.leadership import LEADERSHIPS, TASKS
from .links import arena_context
from .readers import AS_LEADER, present


def _visits(notices):
    rows = StageVisit.objects.select_related("partnership__platform").filter(
        pk__in=[notice.ids["visit"] for notice in notices]
    )
    return {str(row.pk): row for row in rows}


def _open(notices):
    """{notice id: its visit} of those still in that visit, not paused, due as they say, to readers who still lead."""
    rows, here = _visits(notices), present(notices, leading=True)
    return {
        n.pk: row
        for n in notices
        if n.pk in here
        and (row := rows.get(n.ids["visit"]))
        and row.left_at is None
        and row.partnership.paused_at is None
        and str(row.due_on) == n.ids["due_on"]
    }


def _not_carried(partnerships):
    """{partnership id: the functions that nobody carries}."""
    held = Leadership.objects.held().filter(partnership__in=partnerships)
    held = set(held.values_list("partnership", "function"))
    return {pk: [f for f in (*TASKS, *LEADERSHIPS) if (pk, f) not in held] for pk in partnerships}


def leaderships_context(notices):
    """{notice id: what the mail tells}: the visit, and the functions that nobody carries."""
    rows = _visits(notices)
    missing = _not_carried({row.partnership_id for row in rows.values()})
    return {
        n.pk: arena_context(row.partnership, "people/leadership/")
        | {"visit": row, "functions": [function.label for function in missing[row.partnership_id]]}
        for n in notices
        if (row := rows.get(n.ids["visit"]))
    }


def leaderships_are_missing(notices):
    """Notices whose stage is still open and lacks somebody for a function."""
    rows = _open(notices)
    missing = _not_carried({row.partnership_id for row in rows.values()})
    return {pk for pk, row in rows.items() if missing[row.partnership_id]}


def charter_context(notices):
    """{notice id: what the mail tells}: the visit, and the page of the ground rules."""
    rows = _visits(notices)
    return {
        n.pk: arena_context(row.partnership, "charter/") | {"visit": row}
        for n in notices
        if (row := rows.get(n.ids["visit"]))
    }


def charter_is_missing(notices):
    """Notices whose stage is still open without adopted ground rules."""
    rows = _open(notices)
    adopted = Text.objects.filter(kind=Text.Kind.CHARTER, adopted_revision__isnull=False)
    adopted = adopted.filter(partnership__in={row.partnership_id for row in rows.values()})
    done = set(adopted.values_list("partnership", flat=True))
    return {pk for pk, row in rows.items() if row.partnership_id not in done}


def _mandates(notices):
    rows = Mandate.objects.select_related("partnership__platform")
    return rows.in_bulk({notice.scope for notice in notices})


def promise_context(notices):
    """{notice id: what the mail tells}: the promise, and the page where its answer is written down."""
    rows = _mandates(notices)
    return {
        n.pk: arena_context(row.partnership, "mandate/") | {"mandate": row}
        for n in notices
        if (row := rows.get(n.scope))
    }


def promise_is_overdue(notices):
    """Notices about an answer that is still owed since the day they say, to readers who still lead."""
    rows, here = _mandates(notices), present(notices, leading=True)
    return {
        n.pk
        for n in notices
        if n.pk in here
        and (row := rows.get(n.scope))
        and row.promise_owed_on
        and row.promise_owed_on.isoformat() == n.ids["owed_on"]
    }


def _kind(name, label, context, still_true, **options):
    return Kind(
        name=name,
        label=label,
        why=AS_LEADER,
        template=f"partnerships/mail/{name}",
        context=context,
        still_true=still_true,
        recipients=recipients,
        switchable=True,
        **options,
    )


KINDS = [
    _kind(
        "leaderships_missing",
        _("When half the time to gather is over and functions are open (for conveners and facilitators)"),
        leaderships_context,
        leaderships_are_missing,
        default=DAILY,
    ),
    _kind(
        "charter_missing",
        _("When the time to gather is over without ground rules (for conveners and facilitators)"),
        charter_context,
        charter_is_missing,
        default=DAILY,
    ),
    _kind(
        "promise_overdue",
        _("When a promised answer is overdue (for conveners and facilitators)"),
        promise_context,
        promise_is_overdue,
    ),
]
