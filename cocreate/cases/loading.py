"""Loading a case: one transaction from the facts to a partnership that has passed its gates like any other."""

import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from partnerships.models import Partnership
from partnerships.stages import ORDER, Stage

from .. import stages
from . import beginning, carrying, records, talking
from .run import Run, is_elected_kind
from .times import MIDDAY, Clock, ordered, periods, split_early

ZONES = {"United Kingdom": "Europe/London", "Italy": "Europe/Rome", "Norway": "Europe/Oslo"}
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
        records.mark_the_rest(run)
        run.save_marks()
    return Partnership.objects.get(pk=run.partnership.pk)


def _prepared(case, slug, cast, officer, fields):
    elected = [pair for pair in ordered(case["authorization"]) if is_elected_kind(pair[1]["body_kind"])]
    early, _late = split_early(elected, case)
    times = periods(case, early)
    zone = ZONES.get(case["country"], "Europe/Copenhagen")
    begins = datetime.datetime.combine(times.initiate, MIDDAY, ZoneInfo(zone)) - datetime.timedelta(days=1)
    clock = Clock(zone, begins, timezone.now() - datetime.timedelta(days=2))
    platform, officer = beginning.platform_of(case, slug, officer=officer, at=clock.at())
    run = Run(case, clock, times, platform, officer, beginning.convening_actor(case), cast, **fields)
    run.pending = ordered(case["timeline"])
    return run


def _tell(run, until):
    """Stage after stage, until the wanted one is entered or the sources carry no further."""
    beginning.convene(run)
    if until == Stage.INITIATE or not _advance(run, Stage.CONVENE, run.periods.convene):
        return
    beginning.bring_together(run)
    if until == Stage.CONVENE or not _advance(run, Stage.DEFINE, run.periods.define):
        return
    talking.define(run)
    if until == Stage.DEFINE:
        return
    talking.agree_on_problem(run)
    _advance(run, Stage.DESIGN, run.periods.design)
    beginning.invited_later(run, "design")
    talking.design(run)
    if until == Stage.DESIGN:
        return
    talking.choose(run)
    talking.propose_value(run)
    _advance(run, Stage.AUTHORIZE, run.periods.authorize)
    if until == Stage.AUTHORIZE:
        return
    _authorize_and_carry_out(run)


def _authorize_and_carry_out(run):
    """What elected bodies decided opens the way; where the sources tell of no such decision, it ends here."""
    elected = [pair for pair in ordered(run.case["authorization"]) if is_elected_kind(pair[1]["body_kind"])]
    early, late = split_early(elected, run.case)
    for number, (day, told) in enumerate(early):
        carrying.authorize(run, day or run.periods.authorize, told, first=number == 0)
    beginning.invited_later(run, "implementation")
    carrying.promises(run)
    if not early or not _advance(run, Stage.IMPLEMENT, run.periods.answered):
        return
    carrying.carry_out(run)
    for day, told in late:
        _once_more(run, day, told)
    carrying.report_outcomes(run)


def _once_more(run, day, told):
    """A later decision of an elected body: the arena goes back to ask, and on again when the answer is yes."""
    reason = _("Put to %(body)s again.") % {"body": told["body"]}
    _advance(run, Stage.AUTHORIZE, day, reason=reason)
    carrying.authorize(run, day, told, first=False)
    _advance(run, Stage.IMPLEMENT, day)


def _advance(run, to, day, reason=""):
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
    )
    run.partnership.refresh_from_db()
    return True
