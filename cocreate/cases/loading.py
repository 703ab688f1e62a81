"""Loading a case: one transaction from the facts to a partnership that has passed its gates like any other."""

import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from partnerships import actions
from partnerships.models import Partnership
from partnerships.stages import ORDER, Stage

from .. import stages
from . import beginning, carrying, proposing, records, talking
from .run import Run, is_elected_kind
from .times import A_MONTH, DAY, MIDDAY, TWO_WEEKS, Clock, ordered, periods, split_early

ZONES = {"United Kingdom": "Europe/London", "Italy": "Europe/Rome", "Norway": "Europe/Oslo"}
TO_ASK = A_MONTH + TWO_WEEKS  # what it takes to agree on what a body is asked, and to ask it
LAST = Stage.IMPLEMENT  # an evaluation is for those who took part, so a reconstruction ends before it


class AlreadyLoaded(Exception):
    """The case is there; nothing is replaced."""


@transaction.atomic
def load(case, *, platform="", until=LAST, cast=None, officer=None, **fields):
    """Build the partnership of a case up to the stage `until`. Returns it. Raises AlreadyLoaded.

    platform: address of the platform (made when new); cast: {actor id: Person} who sign in themselves; fields: of Run.
    """
    with connection.cursor() as cursor:  # two loadings of one case take turns: the second finds the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [case["id"]])
    if Partnership.objects.filter(slug=case["id"]).exists():
        raise AlreadyLoaded(case["id"])
    with translation.override(case.get("language", "en")):
        run = _prepared(case, platform, cast or {}, officer, fields)
        _tell(run, Stage(until))
        _no_date_ahead(run)
        records.mark_the_rest(run)
        run.save_marks()
    return Partnership.objects.get(pk=run.partnership.pk)


def _no_date_ahead(run):
    """When the present stage was to be done is in no source, so it is due on no day, and late on none."""
    actions.stages.change_due(partnership=run.partnership, due_on=None, by=run.convener, at=run.clock.at())


def _decisions(case):
    """What elected bodies decided: what opened the way, and what came later."""
    elected = [pair for pair in ordered(case["authorization"]) if is_elected_kind(pair[1]["body_kind"])]
    return split_early(elected, case)


def _prepared(case, slug, cast, officer, fields):
    early, _late = _decisions(case)
    times = periods(case, early)
    zone = ZONES.get(case["country"], "Europe/Copenhagen")
    begins = datetime.datetime.combine(times.initiate, MIDDAY, ZoneInfo(zone)) - datetime.timedelta(days=1)
    clock = Clock(zone, begins, timezone.now() - datetime.timedelta(days=2))
    platform, officer = beginning.platform_of(case, slug, officer=officer, at=clock.at())
    run = Run(case, clock, times, platform, officer, beginning.convening_actor(case), cast, **fields)
    run.pending = ordered(case["timeline"])
    run.unpromised = [told for told in case["resources"] if told["from"]]
    return run


def _tell(run, until):
    """Stage after stage, until the wanted one is entered or the sources carry no further."""
    days = run.periods
    beginning.convene(run)
    if until == Stage.INITIATE or not _advance(run, Stage.CONVENE, days.convene, due_on=days.define):
        return
    beginning.bring_together(run)
    talking.happenings(run, days.define)
    if until == Stage.CONVENE or not _advance(run, Stage.DEFINE, days.define, due_on=days.design):
        return
    talking.define(run)
    if until == Stage.DEFINE:
        return
    talking.agree_on_problem(run)
    _advance(run, Stage.DESIGN, days.design, due_on=days.authorize)
    beginning.invited_later(run, "design")
    proposing.design(run)
    if until == Stage.DESIGN:
        return
    _agree_on_proposal(run)
    _advance(run, Stage.AUTHORIZE, days.authorize, due_on=days.answered)
    if until == Stage.AUTHORIZE:
        return
    _authorize_and_carry_out(run)


def _agree_on_proposal(run):
    """The members choose, promise what they can give, and stand behind what goes to those who decide."""
    talking.happenings(run, run.periods.authorize)
    proposing.choose(run)
    carrying.promises(run, run.periods.authorize - TWO_WEEKS)
    proposing.propose_value(run)
    proposing.stand_behind(run, run.periods.authorize)


def _authorize_and_carry_out(run):
    """What elected bodies decided opens the way; where the sources tell of no such decision, it ends here."""
    early, late = _decisions(run.case)
    for number, (day, told) in enumerate(early):
        carrying.authorize(run, day, told, first=number == 0)
    beginning.invited_later(run, "implementation")
    ends = [*(day - TO_ASK for day, _told in late), None]
    if not early or not _advance(run, Stage.IMPLEMENT, run.periods.answered, due_on=ends[0]):
        return
    carrying.promises(run, run.periods.answered + DAY)
    carrying.give(run, run.periods.answered)
    for (day, told), end in zip(late, ends[1:], strict=True):
        _once_more(run, day, told, due_on=end)
    if run.partnership.stage == Stage.IMPLEMENT:
        _finish(run)


def _once_more(run, day, told, due_on):
    """A later decision of an elected body: the arena goes back to ask, and on again when the answer is yes."""
    if run.partnership.stage == Stage.IMPLEMENT:
        carrying.carry_out(run, day - TO_ASK)
        reason = _("Put to %(body)s again.") % {"body": told["body"]}
        _advance(run, Stage.AUTHORIZE, day - TO_ASK, reason=reason, due_on=day)
    carrying.authorize(run, day, told, first=False)
    _advance(run, Stage.IMPLEMENT, day, due_on=due_on)


def _finish(run):
    """What was carried out since, who else took part, and what came of it."""
    carrying.carry_out(run)
    carrying.promises(run, datetime.date.max)
    carrying.give(run, datetime.date.max)
    carrying.take_part(run)
    carrying.report_outcomes(run)


def _advance(run, to, day, reason="", due_on=None):
    """Enter the next stage, setting aside in public what the sources do not tell. False where the gate stays shut."""
    run.partnership.refresh_from_db()
    at = run.clock.at(day)
    ahead = ORDER.index(to) > ORDER.index(Stage(run.partnership.stage))
    gate = stages.gate(run.partnership, at=at)
    if ahead and any(criterion.hard for criterion in gate.open_criteria):
        return False
    for criterion in gate.open_criteria if ahead else ():
        waiver = stages.waive(
            partnership=run.partnership,
            key=criterion.key,
            reason=_("Reconstruction: the sources do not tell."),
            expected=run.partnership.stage_version,
            by=run.convener,
            at=run.clock.at(),
        )
        run.mark_added(waiver)
    stages.advance(
        partnership=run.partnership,
        to=to,
        expected=run.partnership.stage_version,
        by=run.convener,
        at=run.clock.at(),
        reason=reason,
        due_on=due_on,
    )
    run.partnership.refresh_from_db()
    return True
