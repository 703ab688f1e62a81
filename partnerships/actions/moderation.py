"""The ground rules at work: report, hide, show again, pause somebody's writing; appeal, and decide about it."""

import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boundary.answer import Conflict
from notices.actions import tell

from ..models import (
    Appeal,
    Contribution,
    ContributionReport,
    Intervention,
    Member,
    Office,
    Partnership,
    Tally,
)
from ..models.moderation import Ground, with_writing_pause
from ..places import place_of
from ..rules import moderation as may
from ..settings.together import REPORTS_A_DAY
from .memory import remember

State = Appeal.State
BEFORE = gettext_lazy("It was taken back before the appeal was decided.")


def _tell(kind, recipients, partnership, occurrence, ids, at):
    facts = {"scope": partnership.pk, "occurrence": occurrence, "at": at}
    tell(kind=kind, recipients=recipients, ids={name: str(pk) for name, pk in ids.items()}, **facts)


@transaction.atomic
def report_contribution(*, contribution, by, at, reason="", ground=Ground.OTHER):
    """Say that a contribution breaks the ground rules; the conveners are told. Returns the ContributionReport."""
    partnership = Partnership.objects.locked(contribution.partnership_id)
    contribution = Contribution.objects.get(pk=contribution.pk)
    may.can_report_contribution(place_of(partnership, by), contribution).enforce()
    facts = {"reason": reason, "ground": ground, "at": at}
    report, created = ContributionReport.objects.get_or_create(
        contribution=contribution, by=by, defaults=facts
    )
    if not created:
        raise Conflict(_("You have reported this already. The conveners have been told."))
    _count_report(partnership, by, at)
    remember(
        partnership, "contribution.reported", by=by, at=at, audience="conveners", contribution=contribution.pk
    )
    leaders = (
        Member.objects.leading().filter(partnership=partnership).exclude(person=contribution.member.person_id)
    )
    ids = {"contribution": contribution.pk}
    people = leaders.values_list("person", flat=True)
    _tell("contribution_reported", people, partnership, str(report.pk), ids, at)
    return report


def _count_report(partnership, by, at):
    """Nobody buries those who lead in reports."""
    most, day = REPORTS_A_DAY.of(partnership), at.replace(hour=0, minute=0, second=0, microsecond=0)
    if not Tally.objects.take(key=f"report:{by.pk}", since=day, amount=1, limit=most):
        words = _(
            "You have reported %(number)s contributions today. Call the partnership's contact person instead."
        )
        raise Conflict(words % {"number": most})


def _reporters(contribution):
    return set(contribution.reports.open().values_list("by", flat=True))


def _settle_reports(contribution, *, upheld, by, at, reason=""):
    """Settle what is open, and tell those who reported it what came of it."""
    open_reports = list(contribution.reports.open().select_for_update())
    ContributionReport.objects.filter(pk__in=[one.pk for one in open_reports]).update(
        settled_at=at, settled_by=by, upheld=upheld, settled_reason=reason
    )
    for report in open_reports:
        ids = {"report": report.pk}
        _tell("report_settled", [report.by_id], contribution.partnership, str(report.pk), ids, at)
    return len(open_reports)


def _locked(contribution):
    """(the partnership, the contribution), both locked."""
    partnership = Partnership.objects.locked(contribution.partnership_id)
    rows = Contribution.objects.select_for_update(of=("self",)).select_related("member")
    return partnership, rows.get(pk=contribution.pk)


@transaction.atomic
def hide_contribution(*, contribution, reason, by, at, ground=Ground.OTHER):
    """Hide a contribution by the ground rules. Its place and the reason stay public, its words do not."""
    partnership, contribution = _locked(contribution)
    reporters, leaders = _reporters(contribution), may.leaders_of(partnership)
    place = place_of(partnership, by)
    may.can_hide_contribution(place, contribution, reporters=reporters, leaders=leaders).enforce()
    contribution.hidden_at, contribution.hidden_by, contribution.hidden_reason = at, by, reason
    contribution.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    facts = {"kind": Intervention.Kind.HIDING, "ground": ground, "reason": reason, "by": by, "at": at}
    intervention = Intervention.objects.create(
        partnership=partnership, member=contribution.member, contribution=contribution, **facts
    )
    _settle_reports(contribution, upheld=True, by=by, at=at)
    remember(partnership, "contribution.hidden", by=by, at=at, contribution=contribution.pk)
    ids = {"contribution": contribution.pk}
    author = [contribution.member.person_id]
    _tell("contribution_hidden", author, partnership, str(intervention.pk), ids, at)
    return contribution


@transaction.atomic
def show_contribution(*, contribution, by, at):
    """Show a hidden contribution again. An appeal that waits ends with it: there is nothing left to decide."""
    partnership, contribution = _locked(contribution)
    leaders = may.leaders_of(partnership)
    may.can_show_contribution(place_of(partnership, by), contribution, leaders=leaders).enforce()
    if intervention := contribution.hidings.select_for_update().filter(ended_at=None).first():
        _end(partnership, intervention, by=by, at=at)
    else:  # hidden before interventions were kept, by nobody who is known
        _show_words(partnership, contribution.pk, by=by, at=at)
    return Contribution.objects.get(pk=contribution.pk)


def _show_words(partnership, contribution, *, by, at):
    rows = Contribution.objects.filter(pk=contribution)
    rows.update(hidden_at=None, hidden_by=None, hidden_reason="")
    remember(partnership, "contribution.shown", by=by, at=at, contribution=contribution)


def _end(partnership, intervention, *, by, at):
    """End what was done: words are shown again, writing goes on. An appeal that still waits is granted by it."""
    ended = Intervention.objects.filter(pk=intervention.pk, ended_at=None).update(ended_at=at, ended_by=by)
    if not ended:
        raise Conflict(_("This is over already."))
    if intervention.hides:
        _show_words(partnership, intervention.contribution_id, by=by, at=at)
    else:
        remember(partnership, "writing.resumed", by=by, at=at, intervention=intervention.pk)
    if appeal := Appeal.objects.open().filter(intervention=intervention).first():
        with translation.override(partnership.language):
            _decide(partnership, appeal, State.TAKEN_BACK, str(BEFORE), by=by, at=at)


@transaction.atomic
def dismiss_reports(*, contribution, by, at, reason=""):
    """Leave a reported contribution as it is; the reports are settled, and who made them is told."""
    partnership, contribution = _locked(contribution)
    may.can_settle_reports(
        place_of(partnership, by),
        author=contribution.member.person_id,
        reporters=_reporters(contribution),
        leaders=may.leaders_of(partnership),
    ).enforce()
    if not _settle_reports(contribution, upheld=False, by=by, at=at, reason=reason):
        raise Conflict(_("Somebody else has settled these reports in the meantime."))
    verb = "contribution.report_dismissed"
    remember(partnership, verb, by=by, at=at, audience="conveners", contribution=contribution.pk)


@transaction.atomic
def pause_writing(*, member, ground, reason, days, by, at):
    """Pause a member's writing for some days, with a reason by the ground rules. Returns the Intervention."""
    partnership = Partnership.objects.locked(member.partnership_id)
    member = with_writing_pause(Member.objects.filter(pk=member.pk)).get()
    may.can_pause_writing(place_of(partnership, by), member, at).enforce()
    facts = {"kind": Intervention.Kind.WRITING_PAUSE, "ground": ground, "reason": reason, "by": by, "at": at}
    until = at + datetime.timedelta(days=days)
    made = Intervention.objects.create(partnership=partnership, member=member, until=until, **facts)
    remember(partnership, "writing.paused", by=by, at=at, intervention=made.pk, days=days)
    _tell("writing_paused", [member.person_id], partnership, str(made.pk), {"intervention": made.pk}, at)
    return made


@transaction.atomic
def end_writing_pause(*, intervention, by, at):
    """Let a member write again before the time is over."""
    partnership = Partnership.objects.locked(intervention.partnership_id)
    intervention = Intervention.objects.select_for_update().get(pk=intervention.pk)
    may.can_end_writing_pause(place_of(partnership, by), intervention, at).enforce()
    _end(partnership, intervention, by=by, at=at)


@transaction.atomic
def make_appeal(*, intervention, words, by, at):
    """Say why words should not be hidden, or writing not be paused; who can decide is told. Returns the Appeal."""
    partnership = Partnership.objects.locked(intervention.partnership_id)
    rows = Intervention.objects.select_for_update(of=("self",)).select_related("member", "appeal")
    intervention = rows.get(pk=intervention.pk)
    may.can_appeal(place_of(partnership, by), intervention, at).enforce()
    appeal = Appeal.objects.create(intervention=intervention, words=words, by=by, at=at)
    remember(partnership, "appeal.made", by=by, at=at, audience="conveners", appeal=appeal.pk)
    deciders = _deciders(partnership, intervention)
    _tell("appeal_made", deciders, partnership, str(appeal.pk), {"appeal": appeal.pk}, at)
    return appeal


def _deciders(partnership, intervention):
    """Ids of the people who can decide: other leaders; where there are none, who holds an office on the platform."""
    involved = {intervention.by_id, intervention.member.person_id}
    if others := may.leaders_of(partnership) - involved:
        return others
    held = Office.objects.filter(platform=partnership.platform_id, until=None)
    held = held if partnership.is_public else held.filter(kind=Office.Kind.CASE_OFFICER)
    return set(held.values_list("person", flat=True)) - involved


@transaction.atomic
def decide_appeal(*, appeal, state, reason, by, at):
    """Decide an appeal, with a reason: it stands, or it is taken back at once; both are told. Returns the Appeal."""
    partnership = Partnership.objects.locked(appeal.intervention.partnership_id)
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("intervention__member")
    appeal = rows.get(pk=appeal.pk)
    leaders = may.leaders_of(partnership)
    if appeal.state != State.OPEN:
        raise Conflict(_("Somebody else has decided this appeal in the meantime."))
    may.can_decide_appeal(place_of(partnership, by), appeal, leaders=leaders).enforce()
    _decide(partnership, appeal, state, reason, by=by, at=at)
    over = appeal.intervention.ended_at or (appeal.intervention.until and appeal.intervention.until <= at)
    if state == State.TAKEN_BACK and not over:
        _end(partnership, appeal.intervention, by=by, at=at)
    return Appeal.objects.get(pk=appeal.pk)


def _decide(partnership, appeal, state, reason, *, by, at):
    facts = {"state": state, "reason": reason, "decided_by": by, "decided_at": at}
    if not Appeal.objects.filter(pk=appeal.pk, state=State.OPEN).update(**facts):
        raise Conflict(_("Somebody else has decided this appeal in the meantime."))
    remember(partnership, "appeal.decided", by=by, at=at, appeal=appeal.pk, outcome=state)
    people = [who for who in (appeal.by_id, appeal.intervention.by_id) if who != by.pk]
    _tell("appeal_decided", people, partnership, str(appeal.pk), {"appeal": appeal.pk}, at)
