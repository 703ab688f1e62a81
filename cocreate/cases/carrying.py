"""What was decided by elected bodies and carried out: authorizations, promises, steps, reports and measurements."""

import datetime
import re

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actors.models import Person
from partnerships import actions
from partnerships.models import Commitment
from solutions.actions import (
    appoint,
    enter_authorization,
    measure,
    own_step,
    plan_step,
    report_step,
    request_authorization,
)
from solutions.models import Authority, AuthorizationOutcome, BodyMember, Step, StepStatus, VoteDetail

from .beginning import body_named
from .proposing import contested, stand_behind
from .run import INFERRED, STATED
from .talking import happenings
from .times import A_MONTH, TWO_WEEKS, day_of

Kind = Commitment.Kind
KINDS = {  # kind in a case -> kind of commitment
    "money": Kind.MONEY,
    "labour": Kind.HOURS,
    "building": Kind.SPACE,
    "land": Kind.SPACE,
    "asset": Kind.SPACE,
    "data": Kind.DATA,
    "knowledge": Kind.SKILL,
    "authority": Kind.AUTHORITY,
}
GIVEN = {  # states of a resource that was really given, as a reader is told
    "granted": gettext_lazy("granted"),
    "invested": gettext_lazy("invested"),
    "contributed": gettext_lazy("contributed"),
    "recurring": gettext_lazy("given again and again"),
}
BROUGHT = ("invested", "contributed", "recurring")  # by those who had promised it themselves
COUNTED = re.compile(r"(\d+)\s*(?:for|mod|[-–:])\s*[,;]?\s*(\d+)")
REFUSED = re.compile(r"^(rejected|refused|turned down|afviste|afslog)", re.IGNORECASE)
CONDITIONS = re.compile(
    r"\b(?:subject to|on condition that|på betingelse af|forudsat)\b\s*(.+)", re.IGNORECASE | re.DOTALL
)


# --- authorize --------------------------------------------------------------------------------------------------


def secretary_of(run, body):
    """Who writes for the body; somebody by that function is added where nobody does."""
    held = (
        BodyMember.objects.current().filter(body=body, authority=Authority.SECRETARY).select_related("person")
    )
    if held.exists():
        return held.first().person
    name = _("Secretary of %(body)s") % {"body": Truncator(body.name).chars(90)}
    person = Person.objects.create_user(name=name, language=run.platform.language, created_at=run.clock.now)
    appoint(body=body, authority=Authority.SECRETARY, person=person, by=run.officer, at=run.clock.at())
    return person


def vote_of(vote):
    """The vote at the detail of the source: nothing, unanimous, numbers, or the words for who voted how."""
    if not vote:
        return {"vote_detail": VoteDetail.NONE}
    if re.search(r"unanimous|enstemmig", vote, re.IGNORECASE):
        return {"vote_detail": VoteDetail.UNANIMOUS}
    counted = COUNTED.search(vote)
    if counted:
        numbers = {"votes_for": int(counted[1]), "votes_against": int(counted[2])}
        return {"vote_detail": VoteDetail.COUNTS, "votes_text": vote, **numbers}
    return {"vote_detail": VoteDetail.PARTIES, "votes_text": vote}


def _outcome(decision):
    conditions = CONDITIONS.search(decision)
    if REFUSED.search(decision):
        return {"outcome": AuthorizationOutcome.REFUSED}
    if conditions:
        return {"outcome": AuthorizationOutcome.CONDITIONAL, "conditions": conditions[1].strip().rstrip(".")}
    return {"outcome": AuthorizationOutcome.GRANTED}


def authorize(run, day, told, first):
    """One decision of an elected body about a revision of its own. Returns the Authorization."""
    body = body_named(run, told["body"], told["body_kind"])
    if not first:
        _write_on(run, told)
        stand_behind(run, day - TWO_WEEKS)
    request = request_authorization(
        revision=run.value,
        body=body,
        meeting_on=day,
        case_number="",
        by=run.convener,
        at=run.clock.at(day - A_MONTH),
    )
    run.mark(request, INFERRED, told.get("src"))
    happenings(run, day)
    secretary = secretary_of(run, body)  # after the request: now the platform's case officer may name one
    known = told["date"] or _("the day is not in the sources; placed in order")
    authorization = enter_authorization(
        request=request,
        decided_on=day,
        item=_("not in the sources"),
        words=_("%(decision)s (%(day)s)") % {"decision": told["decision"], "day": known},
        by=secretary,
        at=run.clock.at(day),
        **_outcome(told["decision"]),
        **vote_of(told["vote"]),
    )
    for step in Step.objects.filter(condition_of=authorization):
        run.mark(step, STATED, told.get("src"))
    stated = told["date"] and told.get("date_basis") != "inferred"
    return run.mark(authorization, STATED if stated else INFERRED, told.get("src"))


def _write_on(run, told):
    """A body is asked about one revision once, so each further decision gets words of its own."""
    body = dict(run.value.body)
    body["legitimacy"] += (
        "\n" + _("- Put to %(body)s again.") % {"body": told["body"]} + f" ({run.value.number + 1})"
    )
    run.value = actions.texts.write_revision(
        text=run.value.text,
        body=body,
        cites=[],
        note="",
        based_on=run.value,
        by=run.convener,
        at=run.clock.at(),
    )
    run.mark_added(run.value)


# --- promise and carry out ----------------------------------------------------------------------------------------


def promises(run, until):
    """What each actor had promised before the day `until`, as commitments of their own, taken by the convener.

    A date in the sources is when something was given; who brought it themselves had promised it before.
    """
    told_of = [(day_of(told["date"]), told) for told in run.unpromised]
    run.unpromised = [told for day, told in told_of if day and day >= until and told["status"] not in BROUGHT]
    for day, told in told_of:
        if told not in run.unpromised:
            run.given.append((_promise(run, told, day if day and day < until else None), day, told))


def _promise(run, told, day):
    """The actor offers it and the convener takes it. Returns the Commitment."""
    member = run.seat(told["from"])
    commitment = actions.commitments.offer_commitment(
        partnership=run.partnership,
        kind=KINDS.get(told["kind"], Kind.TASK),
        what=Truncator(
            told["what"] + (f": {told['unit']}" if not told["amount"] and told["unit"] else "")
        ).chars(300),
        amount=told["amount"],
        unit=Truncator(told["unit"] or "").chars(40) if told["amount"] else "",
        by=member.person,
        at=run.clock.at(day),
    )
    run.mark(commitment, STATED if told["date"] else INFERRED, told.get("src"))
    return actions.commitments.accept_commitment(commitment=commitment, by=run.convener, at=run.clock.at())


def give(run, until):
    """What was promised and really given by the day `until` is marked as kept, by who gave it."""
    for commitment, day, told in run.given:
        if told["status"] in GIVEN and (day is None or day <= until):
            facts = {"status": GIVEN[told["status"]], "day": told["date"] or _("day unknown")}
            actions.commitments.settle_commitment(
                commitment=commitment,
                state=Commitment.State.KEPT,
                note=_("%(status)s, %(day)s") % facts,
                by=commitment.member.person,
                at=run.clock.at(day),
            )
    run.given = [entry for entry in run.given if entry[1] and entry[1] > until]


def carry_out(run, until=datetime.date.max):
    """The plan: what the timeline tells of after the go-ahead and before the day `until`."""
    who = run.case["implementation"]["who"]
    for day, event in run.pending_until(until):
        promises(run, day)
        give(run, day)
        owners = [key for key in event["actors"] if key in who] or [
            key for key in event["actors"] if key in run.members
        ]
        owners = owners[:2] or [run.host["id"]]
        run.busy |= set(owners)
        report = f"{event['event']} ({event['date'] or _('day unknown')})"
        _step(run, event["event"], day, owners, event, report)


def take_part(run):
    """A part for everyone who carried it out and of whom nothing else is told; for all where there is no plan yet."""
    told_of = run.busy and run.busy | {told["from"] for told in run.case["resources"]}
    for key in run.case["implementation"]["who"]:
        if key not in told_of:
            words = _("Take part in carrying it out, as %(kind)s") % {"kind": run.actor(key)["kind"]}
            told = _("(The sources say that %(name)s took part. More is not in them.)")
            report = told % {"name": run.actor(key)["name"]}
            _step(run, words, None, [key], run.case["implementation"], report)


def _step(run, words, day, owners, told, report):
    """A step that was carried out: its owners, each by their own promise, and the report that it was done."""
    at = run.clock.at()
    step = plan_step(
        partnership=run.partnership,
        what=Truncator(words).chars(300),
        due_on=day or at.date(),
        by=run.convener,
        at=at,
    )
    run.mark(step, INFERRED, told.get("src"))
    promises = [_own(run, step, key, told) for key in owners]
    reported = report_step(
        step=step, status=StepStatus.DONE, body=report, by=run.person(owners[0]), at=run.clock.at(day)
    )
    run.mark(reported, STATED if told.get("date_basis") == "stated" else INFERRED, told.get("src"))
    for promise, key in zip(promises, owners, strict=True):
        promise.refresh_from_db()
        if promise.state == Commitment.State.ACCEPTED:  # the report kept its reporter's own promise only
            actions.commitments.settle_commitment(
                commitment=promise,
                state=Commitment.State.KEPT,
                note=report,
                by=run.person(key),
                at=run.clock.at(),
            )


def _own(run, step, key, told):
    """The actor takes the step on, and the convener takes the promise. Returns the Commitment."""
    owned = own_step(step=step, by=run.person(key), at=run.clock.at())
    run.mark(owned, INFERRED, told.get("src"))
    run.mark(owned.commitment, INFERRED, told.get("src"))
    return actions.commitments.accept_commitment(
        commitment=owned.commitment, by=run.convener, at=run.clock.at()
    )


def report_outcomes(run):
    """What came of it, what is in dispute since, and every measured value with its year and source."""
    urls = {source["id"]: source["url"] for source in run.case["sources"]}
    contested(run, "implementation")
    for outcome in run.case["outcomes"]:
        said = actions.contributions.say(
            partnership=run.partnership,
            kind="evidence",
            body=outcome["text"],
            by=run.convener,
            at=run.clock.at(),
        )
        run.mark(said, STATED, outcome.get("src"))
    for told in run.case["indicators"]:
        if isinstance(told["achieved"], int | float):
            year_known = told["year"] is not None
            measured = measure(
                indicator=run.indicators[told["name"]],
                measured_on=datetime.date(told["year"], 12, 31) if year_known else run.clock.now.date(),
                value=told["achieved"],
                source=Truncator(" ".join(urls[one] for one in told.get("src", [])) or "–").chars(300),
                note=Truncator(
                    (told.get("note") or "") + ("" if year_known else " " + _("Year unknown."))
                ).chars(500),
                by=run.convener,
                at=run.clock.at(),
            )
            run.mark(measured, STATED if year_known else INFERRED, told.get("src"))
