"""Messages about open calls: to the conveners when one is over, to those who were not chosen."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import Call, Draw, Lot, Volunteer
from .links import arena_context
from .readers import AS_LEADER, present


def _calls(notices):
    rows = Call.objects.select_related("partnership__platform")
    rows = rows.filter(pk__in=[notice.ids["call"] for notice in notices])
    return {str(row.pk): row for row in rows}


def ended_context(notices):
    """{notice id: the partnership whose call is over, and the page of those who put themselves forward}."""
    rows = _calls(notices)
    return {
        n.pk: arena_context(row.partnership, "call/volunteers/")
        for n in notices
        if (row := rows.get(n.ids["call"]))
    }


def ended_is_true(notices):
    """Calls that ended at the time they were to end, for those who still lead."""
    rows, here = _calls(notices), present(notices, leading=True)
    return {
        n.pk
        for n in notices
        if n.pk in here
        and (row := rows.get(n.ids["call"]))
        and row.closed_at is None
        and row.closes_at == datetime.fromisoformat(n.ids["closes_at"])
    }


def _volunteers(notices):
    """{(partnership, person, when they had their answer): what they were thanked for}."""
    rows = Volunteer.objects.filter(
        call__partnership__in={notice.scope for notice in notices},
        person__in={notice.recipient for notice in notices},
        state=Volunteer.State.NOT_CHOSEN,
    )
    rows = rows.select_related("call__partnership__platform", "group")
    return {(row.call.partnership_id, row.person_id, row.answered_at): row for row in rows}


def _key(notice):
    return notice.scope, notice.recipient, datetime.fromisoformat(notice.ids["answered_at"])


def thanked_context(notices):
    """{notice id: the group, and the lot on the reserve list where lots were drawn}."""
    rows = _volunteers(notices)
    lots = Lot.objects.filter(volunteer__in=rows.values(), state=Lot.State.RESERVE).select_related("draw")
    reserve = {lot.volunteer_id: lot for lot in lots}
    return {n.pk: _thanks(row, reserve.get(row.pk)) for n in notices if (row := rows.get(_key(n)))}


def _thanks(row, lot):
    path = f"lots/{lot.draw_id}/" if lot else ""
    return arena_context(row.call.partnership, path) | {"volunteer": row, "lot": lot}


def thanked_is_true(notices):
    """Those who were not chosen, as it still is."""
    rows = _volunteers(notices)
    return {n.pk for n in notices if _key(n) in rows}


def _draws(notices):
    rows = Draw.objects.short().filter(pk__in=[notice.ids["draw"] for notice in notices])
    return {str(row.pk): row for row in rows.select_related("partnership__platform", "group")}


def free_context(notices):
    """{notice id: the draw with a free seat, and its page}."""
    rows = _draws(notices)
    return {
        n.pk: arena_context(row.partnership, f"lots/{row.pk}/") | {"draw": row}
        for n in notices
        if (row := rows.get(n.ids["draw"]))
    }


def free_is_true(notices):
    """Draws that still have a free seat and somebody to ask, for those who still lead."""
    rows, here = _draws(notices), present(notices, leading=True)
    return {n.pk for n in notices if n.pk in here and n.ids["draw"] in rows}


KINDS = [
    Kind(
        name="call_ended",
        label=_("When an open call of yours is over"),
        why=AS_LEADER,
        template="partnerships/mail/call_ended",
        context=ended_context,
        still_true=ended_is_true,
        recipients=recipients,
        switchable=True,
    ),
    Kind(
        name="lot_free",
        label=_("When somebody who was drawn by lot says no or leaves"),
        why=AS_LEADER,
        template="partnerships/mail/lot_free",
        context=free_context,
        still_true=free_is_true,
        recipients=recipients,
        switchable=True,
    ),
    Kind(
        name="volunteer_thanked",
        label=_("When you put yourself forward and were not chosen"),
        why=_("You get this because you put yourself forward."),
        template="partnerships/mail/volunteer_thanked",
        context=thanked_context,
        still_true=thanked_is_true,
        recipients=recipients,
    ),
]
