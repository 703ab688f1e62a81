"""Say: what became of contributions, and what breaks the ground rules. What is said itself: saying.py."""

from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import Contribution, ContributionReport, Member, Partnership, Response
from ..places import place_of
from ..rules import contributions as may
from ..rules.standing import leaders_only
from .memory import remember
from .saying import (
    change_contribution,
    record_contributions,
    remove_attachment,
    retract_contribution,
    say,
)

__all__ = [
    "change_contribution",
    "dismiss_reports",
    "hide_contribution",
    "record_contributions",
    "remove_attachment",
    "report_contribution",
    "respond",
    "retract_contribution",
    "say",
    "show_contribution",
]


@transaction.atomic
def respond(*, contribution, outcome, reason, by, at):
    """Answer what became of a contribution, with a reason; its author is told. Returns the Response."""
    partnership = Partnership.objects.locked(contribution.partnership_id)
    may.can_respond(place_of(partnership, by)).enforce()
    response, created = Response.objects.get_or_create(
        contribution=contribution, defaults={"outcome": outcome, "reason": reason, "by": by, "at": at}
    )
    if not created:
        raise Conflict(_("Somebody else has answered this in the meantime."))
    remember(
        partnership, "contribution.answered", by=by, at=at, contribution=contribution.pk, outcome=outcome
    )
    tell(
        kind="contribution_answered",
        recipients=[contribution.member.person_id],
        scope=partnership.pk,
        occurrence=str(contribution.pk),
        ids={"contribution": str(contribution.pk)},
        at=at,
    )
    return response


@transaction.atomic
def report_contribution(*, contribution, reason, by, at):
    """Say that a contribution breaks the ground rules; the conveners are told. Returns the ContributionReport."""
    partnership = contribution.partnership
    may.can_report_contribution(place_of(partnership, by)).enforce()
    report, created = ContributionReport.objects.get_or_create(
        contribution=contribution, by=by, defaults={"reason": reason, "at": at}
    )
    if not created:
        raise Conflict(_("You have reported this already. The conveners have been told."))
    remember(
        partnership, "contribution.reported", by=by, at=at, audience="conveners", contribution=contribution.pk
    )
    tell(
        kind="contribution_reported",
        recipients=Member.objects.leading().filter(partnership=partnership).values_list("person", flat=True),
        scope=partnership.pk,
        occurrence=str(report.pk),
        ids={"contribution": str(contribution.pk)},
        at=at,
    )
    return report


def _settle_reports(contribution, *, upheld, by, at):
    contribution.reports.filter(settled_at=None).update(settled_at=at, settled_by=by, upheld=upheld)


@transaction.atomic
def hide_contribution(*, contribution, reason, by, at):
    """Hide a contribution by the ground rules. Its place and the reason stay public, its words do not."""
    partnership = Partnership.objects.locked(contribution.partnership_id)
    contribution = Contribution.objects.select_for_update().get(pk=contribution.pk)
    may.can_hide_contribution(place_of(partnership, by), contribution).enforce()
    contribution.hidden_at, contribution.hidden_by, contribution.hidden_reason = at, by, reason
    contribution.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    _settle_reports(contribution, upheld=True, by=by, at=at)
    remember(partnership, "contribution.hidden", by=by, at=at, contribution=contribution.pk)
    tell(
        kind="contribution_hidden",
        recipients=[contribution.member.person_id],
        scope=partnership.pk,
        occurrence=f"{contribution.pk} {at.isoformat()}",
        ids={"contribution": str(contribution.pk)},
        at=at,
    )
    return contribution


@transaction.atomic
def show_contribution(*, contribution, by, at):
    """Show a hidden contribution again."""
    partnership = Partnership.objects.locked(contribution.partnership_id)
    contribution = Contribution.objects.select_for_update().get(pk=contribution.pk)
    may.can_show_contribution(place_of(partnership, by), contribution).enforce()
    contribution.hidden_at, contribution.hidden_by, contribution.hidden_reason = None, None, ""
    contribution.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    remember(partnership, "contribution.shown", by=by, at=at, contribution=contribution.pk)
    return contribution


@transaction.atomic
def dismiss_reports(*, contribution, by, at):
    """Leave a reported contribution as it is; the reports are settled."""
    partnership = Partnership.objects.locked(contribution.partnership_id)
    leaders_only(place_of(partnership, by)).enforce()
    _settle_reports(contribution, upheld=False, by=by, at=at)
    remember(
        partnership,
        "contribution.report_dismissed",
        by=by,
        at=at,
        audience="conveners",
        contribution=contribution.pk,
    )
