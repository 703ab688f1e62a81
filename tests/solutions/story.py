"""The story so far: what must have happened in a partnership before a page of solutions can be shown."""

import datetime

from django.utils import timezone

from partnerships.actions import decisions, positions, texts
from partnerships.models import Decision, Position
from partnerships.stages import Stage
from solutions import actions
from solutions.models import Authority, BodyMember
from tests.cast import enter, make_cast

PROPOSAL = {"what": "Collect the seaweed and make biogas of it.", "how": "The plant takes it."}
VALUE = {
    "value": "The beach is clean and the town heats itself.",
    "legitimacy": "Residents and farmers stand behind it. Anglers were not asked.",
    "capacity": "- A machine: committed by the municipality\n- 3 million kroner: asked for in this request",
    "lose": "Anglers lose a pier.",
}


def in_days(days):
    return timezone.now() + datetime.timedelta(days=days)


def write(text, body, by, *, cites=()):
    """The next revision of a text."""
    return texts.write_revision(
        text=text,
        body=body,
        cites=list(cites),
        note="",
        based_on=text.revisions.order_by("-number").first(),
        by=by,
        at=timezone.now(),
    )


def answer_all(cast, decision, *, objector=None):
    """Everyone with a say answers and a convener closes it. Returns the Decision."""
    for who in (cast.convener, cast.citizen, cast.official):
        choice = Position.Choice.OBJECT if who == objector else Position.Choice.AGREE
        positions.take_position(
            decision=decision,
            choice=choice,
            reason="It is too dear." if who == objector else "",
            digest=decision.revision.digest,
            by=who,
            at=timezone.now(),
        )
    return decisions.close_decision(decision=decision, by=cast.convener, at=timezone.now())


def adopt(cast, revision):
    """The members adopt a revision."""
    decision = decisions.open_decision(
        revision=revision, question="Is it so?", closes_at=in_days(7), by=cast.convener, at=timezone.now()
    )
    assert answer_all(cast, decision).outcome == Decision.Outcome.ADOPTED


def propose(cast, title="Biogas of seaweed", *, by=None, words=True):
    """A proposal with its first revision."""
    made = actions.propose(
        partnership=cast.partnership,
        title=title,
        novelty="adapted",
        by=by or cast.citizen,
        at=timezone.now(),
    )
    if words:
        write(made.text, PROPOSAL, by or cast.citizen)
    return made


def choose(cast, proposal):
    """The members choose a proposal."""
    decision = actions.put_to_choice(
        proposal=proposal, closes_at=in_days(7), by=cast.convener, at=timezone.now()
    )
    answer_all(cast, decision)
    proposal.text.refresh_from_db()
    return proposal


def seat_the_council(cast):
    """Pia sits in the council, Sven writes its minutes."""
    BodyMember.objects.create(body=cast.council, person=cast.politician, authority=Authority.MEMBER)
    BodyMember.objects.create(body=cast.council, person=cast.secretary, authority=Authority.SECRETARY)


def with_value(*, adopted=True, **fields):
    """The cast in the stage design, with a chosen proposal and a written value proposition."""
    cast = make_cast(stage=Stage.DESIGN, **fields)
    chosen = choose(cast, propose(cast))
    value = actions.start_value_proposition(
        partnership=cast.partnership, proposal=chosen, by=cast.convener, at=timezone.now()
    )
    revision = write(value.text, VALUE, cast.convener)
    if adopted:
        adopt(cast, revision)
    seat_the_council(cast)
    cast.value, cast.revision = value, revision
    return cast


def ask(cast, *, revision=None, by=None):
    """The convener puts the value proposition to the council."""
    return actions.request_authorization(
        revision=revision or cast.revision,
        body=cast.council,
        meeting_on=in_days(10).date(),
        case_number="27-2026-41",
        by=by or cast.convener,
        at=timezone.now(),
    )


def asked(**fields):
    """The cast in the stage authorize, with a request that waits for the council."""
    cast = with_value(**fields)
    enter(cast.partnership, Stage.AUTHORIZE)
    cast.request = ask(cast)
    return cast


def answer(cast, outcome="granted", *, by=None, request=None, **details):
    """The secretary enters what the council decided."""
    minuted = {"decided_on": timezone.localdate(), "item": "7"} | details
    return actions.enter_authorization(
        request=request or cast.request,
        outcome=outcome,
        by=by or cast.secretary,
        at=timezone.now(),
        **minuted,
    )
