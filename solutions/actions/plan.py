"""The plan: steps, their owners, how they go, and what is measured."""

from django.db import transaction
from django.db.models import Max
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from partnerships.actions.commitments import ask_commitment, offer_commitment, settle_commitment
from partnerships.actions.memory import remember
from partnerships.actions.pauses import later
from partnerships.actions.waivers import lapse_waivers
from partnerships.models import Commitment, Partnership
from partnerships.places import place_of
from partnerships.rules.commitments import can_settle_commitment

from ..handovers import SUPPORTED
from ..models import Handover, Measurement, Ownership, Step, StepReport, StepStatus
from ..rules import plan as may


def add_step(partnership, what, due_on, *, by, at, condition_of=None):
    """The next step of the plan, numbered after the last. The partnership is locked by the caller."""
    last = partnership.steps.aggregate(last=Max("number"))["last"] or 0
    return Step.objects.create(
        partnership=partnership,
        number=last + 1,
        what=Truncator(what).chars(Step._meta.get_field("what").max_length),
        due_on=due_on,
        condition_of=condition_of,
        created_at=at,
        created_by=by,
    )


@transaction.atomic
def plan_step(*, partnership, what, due_on, by, at, condition_of=None):
    """Put a step in the plan. Returns the Step."""
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_plan(place_of(partnership, by)).enforce()
    step = add_step(partnership, what, due_on, by=by, at=at, condition_of=condition_of)
    remember(partnership, "step.planned", by=by, at=at, step=step.pk, due_on=due_on.isoformat())
    return step


@transaction.atomic
def change_step(*, step, due_on, by, at, what=None):
    """Move a step's due date, or say it better; the old date stays in the record. Returns the Step.

    The words of a condition are the body's and stay as minuted.
    """
    partnership = Partnership.objects.locked(step.partnership_id)
    may.can_plan(place_of(partnership, by)).enforce()
    step = Step.objects.select_for_update().get(pk=step.pk)
    before, step.due_on = step.due_on, due_on
    if what and not step.condition_of_id:
        step.what = what
    step.save(update_fields=["due_on", "what"])
    remember(
        partnership,
        "step.changed",
        by=by,
        at=at,
        step=step.pk,
        due_before=before.isoformat(),
        due_after=due_on.isoformat(),
    )
    return step


@transaction.atomic
def move_steps_on(*, partnership, days):
    """Move what is not finished on by the days of a pause; the partnership is locked by its caller."""
    unfinished = Step.objects.unfinished().filter(partnership=partnership).values_list("pk", flat=True)
    Step.objects.filter(pk__in=list(unfinished)).update(due_on=later(days))


def _promise(step):
    """What an owner promises. The date is the step's and stays there, so that it can never be two."""
    words = _("Step %(number)s: %(what)s") % {"number": step.number, "what": step.what}
    return {
        "kind": Commitment.Kind.TASK,
        "what": Truncator(words).chars(Commitment._meta.get_field("what").max_length),
        "step_number": step.number,
    }


def _own(step, commitment, *, by, at):
    ownership = Ownership.objects.create(step=step, commitment=commitment)
    if Handover.objects.filter(step=step).exists():
        lapse_waivers(step.partnership, criterion=SUPPORTED, by=by, at=at)
    remember(step.partnership, "step.owner_found", by=by, at=at, step=step.pk, commitment=commitment.pk)
    return ownership


@transaction.atomic
def own_step(*, step, by, at):
    """Take a step on oneself: a commitment of one's own free will. Returns the Ownership."""
    partnership = Partnership.objects.locked(step.partnership_id)
    place = place_of(partnership, by)
    may.can_own(place, owns=bool(place.member and step.has_part(place.member))).enforce()
    commitment = offer_commitment(partnership=partnership, by=by, at=at, **_promise(step))
    return _own(step, commitment, by=by, at=at)


@transaction.atomic
def ask_owner(*, step, member, by, at):
    """Ask a member to own a step; it is theirs when they accept in person. Returns the Ownership."""
    partnership = Partnership.objects.locked(step.partnership_id)
    may.can_ask_owner(place_of(partnership, by)).enforce()
    if step.has_part(member):
        raise Conflict(_("%(name)s has a part in this step already.") % {"name": member.shown_name})
    commitment = ask_commitment(partnership=partnership, member=member, by=by, at=at, **_promise(step))
    return _own(step, commitment, by=by, at=at)


@transaction.atomic
def report_step(*, step, status, body, by, at):
    """Tell how a step is going; what was told last is its status. Returns the StepReport.

    "Done" keeps the promises that the reporter may settle: an owner their own, those who lead all of them.
    """
    partnership = Partnership.objects.locked(step.partnership_id)
    place = place_of(partnership, by)
    may.can_report_step(place, bool(place.member and step.is_owned_by(place.member))).enforce()
    report = StepReport.objects.create(step=step, member=place.member, status=status, body=body, at=at)
    remember(partnership, "step.reported", by=by, at=at, step=step.pk, report=report.pk, status=status)
    if status == StepStatus.DONE:
        _keep_promises(step, place, body, by=by, at=at)
    return report


def _keep_promises(step, place, body, *, by, at):
    note = Truncator(body).chars(Commitment._meta.get_field("note").max_length)
    for commitment in Commitment.objects.standing().filter(ownership__step=step).select_related("member"):
        if can_settle_commitment(place, commitment):
            settle_commitment(commitment=commitment, state=Commitment.State.KEPT, note=note, by=by, at=at)


@transaction.atomic
def measure(*, indicator, measured_on, value, source, by, at, note=""):
    """Enter what was measured, with its source; earlier values stay beside it. Returns the Measurement."""
    partnership = Partnership.objects.locked(indicator.partnership_id)
    may.can_measure(place_of(partnership, by)).enforce()
    measurement = Measurement.objects.create(
        indicator=indicator,
        measured_on=measured_on,
        value=value,
        source=source,
        note=note,
        entered_by=by,
        entered_at=at,
    )
    remember(
        partnership,
        "indicator.measured",
        by=by,
        at=at,
        indicator=indicator.pk,
        measurement=measurement.pk,
    )
    return measurement
