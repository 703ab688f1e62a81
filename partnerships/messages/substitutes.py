"""Messages about substitutes: asked, answered, and a decision in which they can answer for a seat."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import Position, Substitution
from .decisions import closes_at
from .decisions import context as decision_context
from .links import arena_context
from .readers import present

State = Substitution.State


def _rows(notices):
    rows = Substitution.objects.select_related(
        *("partnership__platform", "member__person", "substitute__person", "decision")
    )
    found = rows.in_bulk([n.ids["substitution"] for n in notices])
    return {str(pk): row for pk, row in found.items()}


def context(notices):
    """{notice id: who stands in for whom, and the page to answer on}."""
    rows = _rows(notices)
    return {
        n.pk: arena_context(row.partnership, "people/substitutes/") | {"substitution": row}
        for n in notices
        if (row := rows.get(n.ids["substitution"]))
    }


def _in_state(notices, *states):
    rows, here = _rows(notices), present(notices)
    return {
        n.pk
        for n in notices
        if n.pk in here and (row := rows.get(n.ids["substitution"])) and row.state in states
    }


def is_asked(notices):
    """Those that wait for the answer of somebody who is still there."""
    return _in_state(notices, State.ASKED)


def is_answered(notices):
    """Those that were answered and have not ended, to members who are still there."""
    return _in_state(notices, State.ACCEPTED, State.DECLINED)


def seat_context(notices):
    """{notice id: the decision, and for whom its reader stands in}."""
    rows, told = _rows(notices), decision_context(notices)
    return {
        n.pk: told[n.pk] | {"substitution": row}
        for n in notices
        if n.pk in told and (row := rows.get(n.ids["substitution"]))
    }


def seat_is_unanswered(notices):
    """Those whose decision runs and whose seat has not answered, while its reader stands in for it."""
    told, here = seat_context(notices), _in_state(notices, State.ACCEPTED)
    answered = set(
        Position.objects.filter(
            decision__in=[row["decision"].pk for row in told.values()],
            member__in=[row["substitution"].member_id for row in told.values()],
        ).values_list("decision", "member")
    )
    return {
        pk
        for pk, row in told.items()
        if pk in here
        and row["decision"].is_open
        and row["decision"].partnership.paused_at is None
        and (row["decision"].pk, row["substitution"].member_id) not in answered
    }


def _kind(name, label, why, still_true, *, context=context, **options):
    return Kind(
        name=name,
        label=label,
        why=why,
        template=f"partnerships/mail/{name}",
        context=context,
        still_true=still_true,
        recipients=recipients,
        switchable=True,
        **options,
    )


AS_SUBSTITUTE = _("You get this because you are asked to stand in for a member, or do so.")
KINDS = [
    _kind("substitute_asked", _("When somebody asks you to stand in for them"), AS_SUBSTITUTE, is_asked),
    _kind(
        "substitute_answered",
        _("When your substitute has answered you"),
        _("You get this because you asked for a substitute."),
        is_answered,
    ),
    _kind(
        "decision_for_seat",
        _("When you can answer for somebody whom you stand in for"),
        AS_SUBSTITUTE,
        seat_is_unanswered,
        context=seat_context,
        until=closes_at,
    ),
]
