"""What tests of texts and decisions do all the time."""

import datetime

from django.utils import timezone

from partnerships import actions
from partnerships.models import Text

VOTERS = {"convener", "citizen", "official"}
SOON = datetime.timedelta(days=7)


def start(cast, kind=Text.Kind.PROBLEM, who=None, title="The problem we share"):
    return actions.texts.start_text(
        partnership=cast.partnership, kind=kind, title=title, by=who or cast.citizen, at=timezone.now()
    )


def write(
    cast,
    text,
    who=None,
    *,
    what="Rotting seaweed smells.",
    cites=(),
    cited_in=None,
    note="",
    based_on="latest",
    **body,
):
    """A revision of `text` with `what` in its first section, and others as keywords."""
    first = next(iter(text.sections))
    return actions.texts.write_revision(
        text=text,
        body={first: what, **body},
        cites=list(cites),
        cited_in=cited_in,
        note=note,
        based_on=text.revisions.first() if based_on == "latest" else based_on,
        by=who or cast.citizen,
        at=timezone.now(),
    )


def say(cast, who, body="It smells.", **fields):
    return actions.contributions.say(
        partnership=cast.partnership, kind="experience", body=body, by=who, at=timezone.now(), **fields
    )


def ask(cast, revision, who=None, *, question="Can we live with this?", closes_at=None, at=None, **more):
    at = at or timezone.now()
    told = {"question": question, "closes_at": closes_at or at + SOON, "by": who or cast.convener, "at": at}
    return actions.decisions.open_decision(revision=revision, **told, **more)


def take(decision, who, choice="agree", reason="", *, digest=None, at=None, member=None, **more):
    return actions.positions.take_position(
        decision=decision,
        choice=choice,
        reason=reason,
        digest=digest or decision.revision.digest,
        by=who,
        at=at or timezone.now(),
        member=member,
        **more,
    )


def close(decision, cast=None, *, at=None):
    return actions.decisions.close_decision(
        decision=decision, by=cast.convener if cast else None, at=at or timezone.now()
    )


def answer_it(decision, who, body="We have changed it.", *, at=None, of=None):
    """Answer the one objection in a decision, or that of a member."""
    objection = decision.positions.filter(choice="object", **({"member": of} if of else {})).get()
    return actions.rounds.answer_objection(position=objection, body=body, by=who, at=at or timezone.now())


def reopen(decision, who, reason="We know more now.", *, at=None):
    return actions.rounds.reopen_decision(decision=decision, reason=reason, by=who, at=at or timezone.now())
