"""Messages about what is promised."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import DAILY, Kind

from ..models import Commitment
from .links import arena_context
from .readers import AS_LEADER, present, while_due

State = Commitment.State


def _commitments(notices):
    related = ("partnership__platform", "member__person", "member__organization")
    rows = Commitment.objects.select_related(*related).filter(
        pk__in=[notice.ids["commitment"] for notice in notices]
    )
    return {str(row.pk): row for row in rows}


def context(notices):
    """{notice id: what the mail tells}: the commitment and its page."""
    rows = _commitments(notices)
    return {
        notice.pk: arena_context(row.partnership, f"commitments/{row.pk}/") | {"commitment": row}
        for notice in notices
        if (row := rows.get(notice.ids["commitment"]))
    }


def while_in(*states):
    """Whether the commitment is still in one of these states, due as the mail says, and its reader still takes part.

    In a pause nothing is due.
    """

    def still_true(notices):
        rows, here = _commitments(notices), present(notices)
        return {
            notice.pk
            for notice in notices
            if notice.pk in here
            and (row := rows.get(notice.ids["commitment"]))
            and row.state in states
            and not ("due_on" in notice.ids and (row.partnership.paused_at or _changed_hands(row, notice)))
            and notice.ids.get("due_on", str(row.due_on)) == str(row.due_on)
        }

    return still_true


def _changed_hands(commitment, notice):
    """Whether the promise is not its reader's any more: only its owner is reminded of it."""
    return commitment.member.person_id != notice.recipient


def due_until(notices):
    """{notice id: the end of the day on which its commitment is due, or None once it is overdue}."""
    rows = _commitments(notices)
    return while_due(notices, {n.pk: rows.get(n.ids["commitment"]) for n in notices})


def _kind(name, label, why, *states, **options):
    return Kind(
        name=name,
        label=label,
        why=why,
        template=f"partnerships/mail/{name}",
        context=context,
        still_true=while_in(*states),
        recipients=recipients,
        switchable=True,
        **options,
    )


STANDING = (State.ACCEPTED, State.RENEGOTIATED)
SETTLED = (State.KEPT, State.PARTLY, State.MISSED, State.WITHDRAWN)

KINDS = [
    _kind(
        "commitment_asked",
        _("When you are asked to promise something"),
        _("You get this because you are asked to promise it."),
        State.ASKED,
    ),
    _kind("commitment_offered", _("When a member offers something"), AS_LEADER, State.OFFERED),
    _kind(
        "commitment_answered",
        _("When an offer or a request is answered"),
        _("You get this because you offered it or asked for it."),
        *STANDING,
        *SETTLED,
        State.DECLINED,
    ),
    _kind(
        "commitment_changed",
        _("When a commitment is settled or changed"),
        _("You get this because you promised it, or convene the partnership."),
        *STANDING,
        *SETTLED,
        default=DAILY,
    ),
    _kind(
        "commitment_due",
        _("When something you promised is due"),
        _("You get this because you promised it."),
        *STANDING,
        until=due_until,
    ),
]
