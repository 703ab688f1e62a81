"""Messages about decisions: asked, closing soon, closed, and a position written down for somebody."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import Decision, Lengthening, Member, Position
from .links import arena_context
from .readers import WITH_A_SAY


def _decisions(notices):
    rows = Decision.objects.select_related("partnership__platform", "text", "revision", "reopening")
    return {str(row.pk): row for row in rows.filter(pk__in={n.ids["decision"] for n in notices})}


def context(notices):
    """{notice id: what the mail tells}: the decision, its words' number, and its page."""
    rows = _decisions(notices)
    return {
        notice.pk: arena_context(row.partnership, f"decisions/{row.pk}/") | {"decision": row}
        for notice in notices
        if (row := rows.get(notice.ids["decision"]))
    }


def recorded_context(notices):
    """{notice id: what the mail tells}: the decision, and the position that was written down."""
    rows = Position.objects.select_related("member__person", "substitute__substitute__person")
    found = rows.in_bulk([notice.ids["position"] for notice in notices])
    positions = {str(pk): position for pk, position in found.items()}
    told = context(notices)
    return {
        notice.pk: told[notice.pk] | {"position": position}
        for notice in notices
        if notice.pk in told and (position := positions.get(notice.ids["position"]))
    }


def lengthened_context(notices):
    """{notice id: what the mail tells}: the decision, and why there is more time."""
    told = context(notices)
    rows = Lengthening.objects.filter(
        decision__in={told[n.pk]["decision"].pk for n in notices if n.pk in told}
    )
    reasons = {(str(row.decision_id), row.closes_at.isoformat()): row.reason for row in rows}
    return {
        n.pk: told[n.pk] | {"reason": reasons.get((n.ids["decision"], n.ids["closes_at"]), "")}
        for n in notices
        if n.pk in told
    }


def _with_a_say(rows):
    """{(partnership id, person id)} of those who have a say in these decisions' partnerships."""
    partnerships = {row.partnership_id for row in rows.values()}
    members = Member.objects.deciding().filter(partnership__in=partnerships)
    return set(members.values_list("partnership", "person"))


def _runs(decision):
    return decision.is_open and decision.partnership.paused_at is None


def still_to_answer(notices):
    """Notices whose decision runs and closes when they say, to readers who have a say and have not answered."""
    rows = {key: row for key, row in _decisions(notices).items() if _runs(row)}
    answered = set(
        Position.objects.filter(decision__in=list(rows.values())).values_list("decision", "member__person")
    )
    deciders = _with_a_say(rows)
    return {
        notice.pk
        for notice in notices
        if (row := rows.get(notice.ids["decision"]))
        and (row.partnership_id, notice.recipient) in deciders
        and (row.pk, notice.recipient) not in answered
        and notice.ids.get("closes_at") in (None, row.closes_at.isoformat())
    }


def closes_at(notices):
    """{notice id: when its decision closes}: an answer after that comes too late."""
    rows = _decisions(notices)
    return {n.pk: row.closes_at for n in notices if (row := rows.get(n.ids["decision"]))}


def is_closed(notices):
    """Notices whose decision stands as it was closed, or is settled since, told to readers with a say there."""
    rows = {key: row for key, row in _decisions(notices).items() if row.closed_at}
    deciders = _with_a_say(rows)
    return {
        notice.pk
        for notice in notices
        if (row := rows.get(notice.ids["decision"]))
        and (row.partnership_id, notice.recipient) in deciders
        and notice.ids.get("outcome", row.outcome) == row.outcome
    }


def is_reopened(notices):
    """Notices whose decision is reopened, to readers who still have a say there."""
    rows = {key: row for key, row in _decisions(notices).items() if hasattr(row, "reopening")}
    deciders = _with_a_say(rows)
    return {
        n.pk
        for n in notices
        if (row := rows.get(n.ids["decision"])) and (row.partnership_id, n.recipient) in deciders
    }


def is_recorded(notices):
    """Notices whose position is still the one that somebody else wrote down, or took as a substitute."""
    by_others = Q(recorded_by__isnull=False) | Q(substitute__isnull=False)
    recorded = Position.objects.filter(by_others, pk__in=[notice.ids["position"] for notice in notices])
    pks = {str(pk) for pk in recorded.values_list("pk", flat=True)}
    return {notice.pk for notice in notices if notice.ids["position"] in pks}


def _kind(name, label, still_true, *, why=WITH_A_SAY, context=context, **options):
    return Kind(
        name=name,
        label=label,
        why=why,
        template=f"partnerships/mail/{name}",
        context=context,
        still_true=still_true,
        recipients=recipients,
        **options,
    )


KINDS = [
    _kind(
        "decision_opened",
        _("When you are asked to decide"),
        still_to_answer,
        switchable=True,
        until=closes_at,
    ),
    _kind(
        "decision_closing",
        _("When a decision closes soon and you have not answered"),
        still_to_answer,
        switchable=True,
        until=closes_at,
    ),
    _kind(
        "decision_lengthened",
        _("When there is more time to answer"),
        still_to_answer,
        switchable=True,
        until=closes_at,
        context=lengthened_context,
    ),
    _kind("decision_closed", _("When a decision is closed"), is_closed, switchable=True),
    _kind("decision_reopened", _("When a decision is reopened"), is_reopened, switchable=True),
    _kind(
        "position_recorded",
        _("When somebody writes down your position"),
        is_recorded,
        why=_("You get this because the position is yours."),
        context=recorded_context,
    ),
    _kind(
        "position_by_substitute",
        _("When your substitute answers for you"),
        is_recorded,
        why=_("You get this because the position is your seat’s."),
        context=recorded_context,
    ),
]
