"""Messages about the ground rules at work: to who reported, whose words or writing it is about, and who decides."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import Appeal, Contribution, ContributionReport, Intervention, Office
from ..models.moderation import Ground
from .links import arena_context
from .readers import AS_LEADER, present


def _by(name, rows):
    """notices -> {their id of this name as text: row}."""

    def found(notices):
        return {str(row.pk): row for row in rows.filter(pk__in={notice.ids[name] for notice in notices})}

    return found


_contributions = _by("contribution", Contribution.objects.select_related("partnership__platform"))
_reports = _by("report", ContributionReport.objects.select_related("contribution__partnership__platform"))
_interventions = _by(
    "intervention", Intervention.objects.select_related("partnership__platform", "member", "appeal")
)
_appeals = _by("appeal", Appeal.objects.select_related("intervention__partnership__platform"))


def _each(found, name, told):
    """notices -> {notice id: what its row tells}."""

    def context(notices):
        rows = found(notices)
        return {notice.pk: told(row) for notice in notices if (row := rows.get(notice.ids[name]))}

    return context


def _true(found, name, holds):
    """notices -> the ids of those whose row still is as it says; holds: (notice, row) -> bool."""

    def still_true(notices):
        rows = found(notices)
        return {n.pk for n in notices if (row := rows.get(n.ids[name])) and holds(n, row)}

    return still_true


def _words(row):
    return arena_context(row.partnership, f"say/{row.pk}/") | {"contribution": row}


def _report(row):
    contribution = row.contribution
    return arena_context(contribution.partnership, f"say/{contribution.pk}/") | {"report": row}


def _intervention(row):
    return arena_context(row.partnership, f"moderation/{row.pk}/") | {
        "intervention": row,
        "ground": Ground(row.ground).label,
    }


def _appeal(row):
    partnership = row.intervention.partnership
    return arena_context(partnership, f"moderation/{row.intervention_id}/") | {
        "appeal": row,
        "stands": row.state == Appeal.State.STANDS,
    }


def reported_is_true(notices):
    """Notices whose contribution still has an unsettled report, for those who still lead."""
    waiting = Contribution.objects.filter(
        pk__in=[n.ids["contribution"] for n in notices], reports__settled_at=None, reports__isnull=False
    )
    pks = {str(pk) for pk in waiting.values_list("pk", flat=True)}
    return {n.pk for n in notices if n.ids["contribution"] in pks} & present(notices, leading=True)


def settled_is_true(notices):
    """Notices about settled reports, for those who may still read the partnership."""
    rows, here = _reports(notices), present(notices)
    return {
        n.pk
        for n in notices
        if (row := rows.get(n.ids["report"]))
        and row.settled_at
        and (n.pk in here or row.contribution.partnership.is_public)
    }


def made_is_true(notices):
    """Notices about appeals that still wait, for those who can still decide them."""
    rows, here = _appeals(notices), present(notices, leading=True)
    offices = set(
        Office.objects.filter(until=None, person__in={n.recipient for n in notices}).values_list(
            "platform", "person"
        )
    )
    return {
        n.pk
        for n in notices
        if (row := rows.get(n.ids["appeal"]))
        and row.state == Appeal.State.OPEN
        and (n.pk in here or (row.intervention.partnership.platform_id, n.recipient) in offices)
    }


def _kind(name, label, why, context, still_true, *, switchable=False):
    return Kind(
        name=name,
        label=label,
        why=why,
        template=f"partnerships/mail/{name}",
        context=context,
        still_true=still_true,
        recipients=recipients,
        switchable=switchable,
    )


SAID_IT = _("You get this because you said it.")
KINDS = [
    _kind(
        "contribution_reported",
        _("When a contribution is reported"),
        AS_LEADER,
        _each(_contributions, "contribution", _words),
        reported_is_true,
        switchable=True,
    ),
    _kind(
        "report_settled",
        _("When something you reported is settled"),
        _("You get this because you reported it."),
        _each(_reports, "report", _report),
        settled_is_true,
        switchable=True,
    ),
    _kind(
        "contribution_hidden",
        _("When something you said is hidden"),
        SAID_IT,
        _each(_contributions, "contribution", _words),
        _true(_contributions, "contribution", lambda _n, row: bool(row.hidden_at)),
    ),
    _kind(
        "writing_paused",
        _("When your writing is paused by the ground rules"),
        _("You get this because it is about you."),
        _each(_interventions, "intervention", _intervention),
        _true(_interventions, "intervention", lambda _n, row: row.ended_at is None),
    ),
    _kind(
        "appeal_made",
        _("When somebody appeals (for those who decide)"),
        _("You get this because you can decide it: you did not do what the appeal is about."),
        _each(_appeals, "appeal", _appeal),
        made_is_true,
        switchable=True,
    ),
    _kind(
        "appeal_decided",
        _("When an appeal of yours, or about what you did, is decided"),
        _("You get this because you appealed, or did what the appeal was about."),
        _each(_appeals, "appeal", _appeal),
        _true(_appeals, "appeal", lambda _n, row: row.state != Appeal.State.OPEN),
    ),
]
