"""Saying and answering in tests, through the action or the form."""

from django.urls import reverse
from django.utils import timezone

from partnerships import actions
from partnerships.models import Contribution


def said(cast, who=None, body="It smells.", *, ago=None, partnership=None, **fields):
    """A contribution that wants an answer, of one of the cast (the citizen), said so long ago."""
    made = actions.contributions.say(
        partnership=partnership or cast.partnership,
        kind=fields.pop("kind", "question"),
        body=body,
        by=who or cast.citizen,
        at=timezone.now(),
        wants_answer=fields.pop("wants_answer", True),
        **fields,
    )
    if ago is not None:
        Contribution.objects.filter(pk=made.pk).update(created_at=timezone.now() - ago)
        made.refresh_from_db()
    return made


def answer(cast, contribution, *, by=None, at=None, outcome="adopted", reason="It is in.", **fields):
    return actions.answering.respond(
        contribution=contribution,
        outcome=outcome,
        reason=reason,
        by=by or cast.convener,
        at=at or timezone.now(),
        **fields,
    )


def together(cast, contributions, *, by=None, outcome="partly", reason="We look into it.", **fields):
    return actions.answering.answer_together(
        partnership=cast.partnership,
        contributions=[one.pk for one in contributions],
        outcome=outcome,
        reason=reason,
        by=by or cast.convener,
        at=timezone.now(),
        **fields,
    )


def contest(contribution, *, by, reason="I asked when.", expected=None):
    contribution.refresh_from_db()
    return actions.answering.contest_answer(
        contribution=contribution,
        reason=reason,
        expected=expected or contribution.response.seen_as,
        by=by,
        at=timezone.now(),
    )


def owed(cast):
    """The words of what is owed an answer, oldest first."""
    rows = Contribution.objects.owed_a_response().filter(partnership=cast.partnership)
    return list(rows.order_by("created_at", "pk").values_list("body", flat=True))


def say(cast, who, body="It smells.", **fields):
    """Something said. Returns the Contribution."""
    fields = {"kind": "experience", "at": timezone.now()} | fields
    return actions.contributions.say(partnership=cast.partnership, body=body, by=who, **fields)


def page_of(cast, name, thing=None, **kwargs):
    """The address of a page of the cast's partnership, or of a contribution in it."""
    return reverse(name, args=[cast.partnership.slug, *([thing.pk] if thing else []), *kwargs.values()])


def post(client, cast, who, body, *, to=None, **fields):
    """What the page answers to the form, sent by `who`."""
    client.force_login(who)
    page = page_of(cast, "contribution", to) if to else page_of(cast, "say")
    return client.post(page, {"kind": "idea", "body": body, **fields})


def html_of(answer):
    return answer.content.decode()
