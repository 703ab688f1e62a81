"""What became of what was said: one at a time, many together, changed, contested, put off and come back."""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import (
    AnswerBatch,
    AnswerTaken,
    Commitment,
    Contribution,
    Decision,
    EarlierResponse,
    Member,
    Partnership,
    Response,
    Revision,
)
from ..places import place_of
from ..rules import answering as may
from ..settings.together import ANSWER_DAYS
from ..stages import OPENS
from .memory import remember
from .reminders import AHEAD, remind

MOST_TOGETHER = 200  # as many as one person can honestly have read before giving them one answer
WHERE = {Revision: "revision", Decision: "decision", Commitment: "commitment"}
KEPT = (
    *("outcome", "reason", "waits_until", "waits_for", "revision_id", "decision_id", "commitment_id"),
    *("batch_id", "by_id", "at", "contested_at", "contested_reason"),
)
GIVEN = (
    *("outcome", "reason", "waits_until", "waits_for", "revision", "decision", "commitment", "batch", "by"),
    *("at", "first_at", "contested_at", "contested_reason", "reopened_at", "reopened_because"),
)


@dataclass(frozen=True)
class Together:
    """What came of answering several together: the batch, what it answered, and what it left as it was."""

    batch: AnswerBatch
    answered: list
    left: list


@transaction.atomic
def respond(
    *,
    contribution,
    outcome,
    reason,
    by,
    at,
    waits_until=None,
    waits_for="",
    went_into=None,
    expected=None,
):
    """Answer what became of a contribution, with a reason; its author is told. Returns the Response.

    waits_until (a day), waits_for (a few words): of what is put off, one of the two. went_into: the Revision,
    Decision or Commitment that what is adopted went into. expected: `seen_as` of the answer that this one replaces;
    None: there is none that stands. What it was before is kept. Raises Conflict for the loser of a race.
    """
    partnership = Partnership.objects.locked(contribution.partnership_id)
    contribution = Contribution.objects.select_related("member", "response").get(pk=contribution.pk)
    may.can_answer_this(place_of(partnership, by), contribution).enforce()
    given = _given(partnership, outcome, reason, waits_until, waits_for, went_into, by, at)
    before = getattr(contribution, "response", None)
    if before and before.seen_as != expected and (expected or before.reopened_at is None):
        raise Conflict(_("Somebody else has answered this in the meantime."))
    _write([contribution], given, at)
    verb = "contribution.answer_changed" if before else "contribution.answered"
    remember(partnership, verb, by=by, at=at, contribution=contribution.pk, outcome=outcome)
    _tell_authors([contribution], f"{contribution.pk} {at.isoformat()}", _one(contribution, at), at)
    return Response.objects.get(pk=contribution.pk)


@transaction.atomic
def answer_together(
    *,
    partnership,
    contributions,
    outcome,
    reason,
    by,
    at,
    waits_until=None,
    waits_for="",
    went_into=None,
):
    """Give one answer to contributions that say much the same; each author is told once. Returns Together.

    contributions: their ids, at most MOST_TOGETHER. What somebody else has answered, or hidden, in the meantime is
    left as it is. Raises Conflict where that leaves none.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_respond(place_of(partnership, by)).enforce()
    given = _given(partnership, outcome, reason, waits_until, waits_for, went_into, by, at)
    asked = Contribution.objects.filter(partnership=partnership, pk__in=list(contributions)[:MOST_TOGETHER])
    asked = list(asked.select_related("member__person", "response").order_by("created_at", "id"))
    among = Contribution.objects.owed_a_response().filter(pk__in=[one.pk for one in asked])
    owed = set(among.values_list("pk", flat=True))
    answered = [one for one in asked if one.pk in owed]
    if not answered:
        raise Conflict(_("All of these have been answered in the meantime."))
    batch = AnswerBatch.objects.create(partnership=partnership, by=by, at=at, number=len(answered))
    _write(answered, given | {"batch": batch}, at)
    told = {"batch": batch.pk, "count": len(answered), "outcome": outcome}
    remember(partnership, "contribution.answered_together", by=by, at=at, **told)
    _tell_authors(answered, str(batch.pk), {"batch": str(batch.pk)}, at)
    return Together(batch, answered, [one for one in asked if one.pk not in owed])


def _given(partnership, outcome, reason, waits_until, waits_for, went_into, by, at):
    """The fields of an answer, once the rule has looked at them."""
    today = at.astimezone(ZoneInfo(partnership.time_zone)).date()
    waits = {"waits_until": waits_until, "waits_for": waits_for}
    may.can_give(outcome, **waits, went_into=went_into, today=today).enforce()
    where = dict.fromkeys(WHERE.values()) | ({WHERE[type(went_into)]: went_into} if went_into else {})
    return {"outcome": outcome, "reason": reason, "by": by, "at": at, "batch": None, **waits, **where}


def _write(contributions, given, at):
    """Write one answer to each; what was there before is kept, and nobody has taken it on any more."""
    before = {one.pk: found for one in contributions if (found := getattr(one, "response", None))}
    EarlierResponse.objects.bulk_create(
        EarlierResponse(contribution_id=pk, replaced_at=at, **{name: getattr(old, name) for name in KEPT})
        for pk, old in before.items()
    )
    Response.objects.bulk_create(
        [
            Response(contribution=one, first_at=_first(before.get(one.pk), at), **given)
            for one in contributions
        ],
        update_conflicts=True,
        unique_fields=["contribution"],
        update_fields=GIVEN,
    )
    AnswerTaken.objects.filter(contribution__in=contributions).delete()


def _first(before, at):
    """When it was first answered: an answer that its author contested was none."""
    return before.first_at if before and not before.contested_at and before.first_at else at


def _one(contribution, at):
    return {"contribution": str(contribution.pk), "at": at.isoformat()}


def _tell_authors(contributions, occurrence, ids, at):
    """Tell each who said it or wrote it down for others; where that writer has left, those who lead pass it on."""
    readers = [one.member.person_id for one in contributions]
    if any(one.on_behalf_of and one.member.left_at for one in contributions):
        leaders = Member.objects.leading().filter(partnership=contributions[0].partnership_id)
        readers += leaders.values_list("person", flat=True)
    scope = contributions[0].partnership_id
    tell(kind="contribution_answered", recipients=readers, scope=scope, occurrence=occurrence, ids=ids, at=at)


@transaction.atomic
def take_on_answer(*, contribution, by, at):
    """Say: I will answer this. Returns the AnswerTaken. Raises Conflict where another leader was faster."""
    partnership = Partnership.objects.locked(contribution.partnership_id)
    place = place_of(partnership, by)
    may.can_answer_this(place, contribution).enforce()
    if not Contribution.objects.owed_a_response().filter(pk=contribution.pk).exists():
        raise Conflict(_("Somebody else has answered this in the meantime."))
    AnswerTaken.objects.filter(contribution=contribution).exclude(
        member__in=Member.objects.leading().filter(partnership=partnership)
    ).delete()
    facts = {"member": place.member, "at": at}
    taken, created = AnswerTaken.objects.select_related("member__person").get_or_create(
        contribution=contribution, defaults=facts
    )
    if not created:
        raise Conflict(_("%(name)s has taken this on already.") % {"name": taken.member.shown_name})
    remember(partnership, "contribution.taken_on", by=by, at=at, contribution=contribution.pk)
    return taken


@transaction.atomic
def release_answer(*, contribution, by, at):
    """Let go of what somebody had taken on; it waits for whoever comes first."""
    partnership = Partnership.objects.locked(contribution.partnership_id)
    taken = AnswerTaken.objects.filter(contribution=contribution).first()
    if taken is None:
        raise Conflict(_("Nobody has taken this on any more."))
    may.can_release_answer(place_of(partnership, by), taken).enforce()
    taken.delete()
    remember(partnership, "contribution.released", by=by, at=at, contribution=contribution.pk)


@transaction.atomic
def contest_answer(*, contribution, reason, expected, by, at):
    """Its author says that the answer does not answer it: it is owed once more. Returns the Response.

    expected: `seen_as` of the answer that was read. Raises Conflict when it has been changed since.
    """
    partnership = Partnership.objects.locked(contribution.partnership_id)
    contribution = Contribution.objects.select_related("member", "response").get(pk=contribution.pk)
    may.can_contest_answer(place_of(partnership, by), contribution).enforce()
    response = contribution.response
    if response.seen_as != expected:
        raise Conflict(_("The answer has been changed in the meantime. Read it first."))
    response.contested_at = response.reopened_at = at
    response.contested_reason, response.reopened_because = reason, Response.ReopenedBecause.AUTHOR
    response.save(update_fields=["contested_at", "contested_reason", "reopened_at", "reopened_because"])
    Contribution.objects.filter(pk=contribution.pk).update(wants_answer=True)
    audience = "members" if contribution.anonymous else None  # a public line would name its author
    verb = "contribution.answer_contested"
    remember(partnership, verb, by=by, at=at, audience=audience, contribution=contribution.pk)
    return response


@transaction.atomic
def bring_back_put_off(*, at):
    """Owe once more what was put off to a day that has come, where the partnership is; not while it rests."""
    latest = Response.objects.put_off_until(at.date() + datetime.timedelta(days=1))
    latest = latest.filter(contribution__partnership__paused_at=None)
    latest = latest.filter(contribution__partnership__stage__in=OPENS["respond"])
    pks = latest.order_by().values_list("contribution__partnership", flat=True).distinct()
    for pk in sorted(pks):
        partnership = Partnership.objects.locked(pk)
        today = at.astimezone(ZoneInfo(partnership.time_zone)).date()
        due = Response.objects.put_off_until(today).filter(contribution__partnership=pk)
        because = Response.ReopenedBecause.DAY
        count = Response.objects.filter(pk__in=list(due.values_list("pk", flat=True))).update(
            reopened_at=at, reopened_because=because
        )
        if count:
            remember(partnership, "contribution.came_back", by=None, at=at, count=count)


@transaction.atomic
def remind_answers_owed(*, at):
    """Remind those who lead of answers that are overdue: on Mondays, in the morning of their reader."""
    monday = at.date() - datetime.timedelta(days=at.weekday())
    mondays = [monday, monday + datetime.timedelta(days=7)]
    oldest = Contribution.objects.owed_a_response().oldest_per_partnership()
    rows = Partnership.objects.filter(pk__in=oldest, paused_at=None, stage__in=OPENS["respond"])
    for partnership in rows.filter(reconstructed_from="").select_related("platform").iterator(500):
        due = oldest[partnership.pk] + datetime.timedelta(days=ANSWER_DAYS.of(partnership))
        if due > at + AHEAD:
            continue
        remind(
            kind="answers_owed",
            readers=Member.objects.leading().filter(partnership=partnership).values_list("person", flat=True),
            days=[(day.isoformat(), day) for day in mondays],
            morning=partnership.platform.morning,
            since=due,
            scope=partnership.pk,
            occurrence="answers",
            ids={},
            at=at,
        )
