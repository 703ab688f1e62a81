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


def ask(cast, revision, who=None, *, question="Can we live with this?", closes_at=None, at=None):
    at = at or timezone.now()
    return actions.decisions.open_decision(
        revision=revision, question=question, closes_at=closes_at or at + SOON, by=who or cast.convener, at=at
    )


def take(decision, who, choice="agree", reason="", *, digest=None, at=None, member=None):
    return actions.decisions.take_position(
        decision=decision,
        choice=choice,
        reason=reason,
        digest=digest or decision.revision.digest,
        by=who,
        at=at or timezone.now(),
        member=member,
    )


def close(decision, cast=None, *, at=None):
    return actions.decisions.close_decision(
        decision=decision, by=cast.convener if cast else None, at=at or timezone.now()
    )
