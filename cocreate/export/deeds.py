"""What was promised, authorized, carried out and measured in a case."""

from django.utils.translation import gettext as _

from partnerships.models import Commitment, Need
from partnerships.resources import covered
from problems.models import Indicator
from solutions.models import AuthorizationRequest, Step

from .words import Document, day, facts, section, when, yes


def needs(partnership):
    """What was asked of everyone, and how far it was covered."""
    rows = covered(list(Need.objects.filter(partnership=partnership).order_by("created_at", "pk")))
    told = [
        section(
            one.what,
            facts(
                [
                    (_("Kind"), one.get_kind_display()),
                    (_("Amount"), one.amount is not None and f"{one.amount} {one.unit}"),
                    (_("By when"), day(one.due_on)),
                    (_("Step of the plan"), one.step_number),
                    (_("Asked"), f"{when(one.created_at)}, {one.created_by}"),
                    (_("Covered"), one.sentence),
                    (_("Promised by"), ", ".join(str(promise.member.person) for promise in one.promises)),
                    (_("Needed no longer"), one.closed_at and f"{when(one.closed_at)}: {one.closed_why}"),
                ]
            ),
        )
        for one in rows
    ]
    title = _("What was needed")
    return Document("needs.md", title, f"# {title}\n\n" + "\n".join(told), personal=True)


def commitments(partnership):
    """What was promised and what became of it. Help that was offered, and thanks that nobody was to read, stay
    between two people."""
    rows = Commitment.objects.filter(partnership=partnership).select_related(
        "member__person", "accepted_by", "recorded_by", "need"
    )
    rows = rows.prefetch_related(
        "renegotiations__by", "reliefs__member__person", "reliefs__taken_by__person", "thanks__by__person"
    )
    told = []
    for one in rows.order_by("created_at"):
        pairs = [
            (_("Owner"), one.member.person),
            (_("Kind"), one.get_kind_display()),
            (_("Amount"), one.amount is not None and f"{one.amount} {one.unit}"),
            (_("By when"), day(one.due_on)),
            (_("It answers"), one.need),
            (_("Step of the plan"), one.step_number),
            (_("State"), one.get_state_display()),
            (_("Delivered"), one.delivered is not None and f"{one.delivered} {one.unit}"),
            (_("Accepted"), one.accepted_at and f"{when(one.accepted_at)}, {one.accepted_by}"),
            (_("Settled"), when(one.settled_at)),
            (_("Note"), one.note),
            (_("Written down by"), one.recorded_by),
        ]
        pairs += [(_("Before"), _changed(before)) for before in one.renegotiations.all()]
        pairs += [(_("Handed on"), _handed_on(relief)) for relief in one.reliefs.all()]
        pairs += [
            (_("Thanks"), f"{thanks.words} ({thanks.by.person})")
            for thanks in one.thanks.all()
            if thanks.shown
        ]
        told.append(section(one.what, facts(pairs)))
    return Document(
        "commitments.md", _("Commitments"), f"# {_('Commitments')}\n\n" + "\n".join(told), personal=True
    )


def _changed(before):
    words = [before.what, before.amount is not None and f"{before.amount} {before.unit}", day(before.due_on)]
    return f"{', '.join(filter(None, words))}; {when(before.at)}, {before.by}: {before.note}"


def _handed_on(relief):
    known = "" if relief.openly else f" ({_('known to conveners and facilitators')})"
    taken = (
        _("taken over by %(name)s") % {"name": relief.taken_by.person}
        if relief.taken_by
        else _("not taken over")
    )
    asked = f"{relief.member.person}, {when(relief.asked_at)}{known}"
    return f"{asked}: {relief.why}; {taken} {when(relief.ended_at)}".strip()


def authorizations(partnership):
    rows = AuthorizationRequest.objects.filter(partnership=partnership).select_related(
        "body", "revision__text", "asked_by", "authorization__entered_by"
    )
    for one in rows.order_by("asked_at"):
        answer = getattr(one, "authorization", None)
        head = facts(
            [
                (_("Who decides"), one.body),
                (_("About"), f"{one.revision.text.title} ({one.revision.number})"),
                (_("Fingerprint (SHA-256)"), one.digest),
                (_("Asked"), f"{when(one.asked_at)}, {one.asked_by}"),
                (_("Meeting of the body"), day(one.meeting_on)),
                (_("Case number"), one.case_number),
                (_("Withdrawn"), when(one.withdrawn_at)),
            ]
        )
        body = section(str(one.body), head, _answer(answer) if answer else _("Not answered yet."), level=1)
        yield Document("authorization.md", _("Put to %(body)s") % {"body": one.body}, body, personal=True)


def _answer(one):
    counted = [one.votes_for, one.votes_against, one.votes_abstained]
    numbers = " – ".join("" if number is None else str(number) for number in counted) if any(counted) else ""
    return section(
        _("The decision as minuted"),
        facts(
            [
                (_("Decision"), one.get_outcome_display()),
                (_("Date of the meeting"), day(one.decided_on)),
                (_("Item"), one.item),
                (_("Minutes"), one.minutes_link),
                (_("Behind closed doors"), yes(True) if one.closed_item else ""),
                (_("Words"), one.words),
                (_("Conditions"), one.conditions),
                (_("Valid until"), day(one.expires_on)),
                (_("Vote"), one.get_vote_detail_display()),
                (_("For – against – abstained"), numbers),
                (_("As minuted"), one.votes_text),
                (_("Entered"), f"{when(one.entered_at)}, {one.entered_by}"),
            ]
        ),
    )


def plan(partnership):
    rows = Step.objects.filter(partnership=partnership).select_related(
        "condition_of__request__body", "handover__accountable", "handover__marked_by"
    )
    told = []
    for one in rows.prefetch_related("ownerships__commitment__member__person", "reports__member__person"):
        owners = [
            f"{owned.commitment.member.person} ({owned.commitment.get_state_display()})"
            for owned in one.ownerships.all()
        ]
        pairs = [
            (_("Due"), day(one.due_on)),
            (_("Owners"), ", ".join(owners)),
            (_("Condition of"), one.condition_of and one.condition_of.request.body),
            *_before(getattr(one, "handover", None)),
        ]
        pairs += [
            (f"{when(report.at)}, {report.get_status_display()}", f"{report.body} ({report.member.person})")
            for report in one.reports.all()
        ]
        told.append(section(f"{one.number}. {one.what}", facts(pairs)))
    return Document(
        "plan.md", _("The plan and its reports"), f"# {_('The plan')}\n\n" + "\n".join(told), personal=True
    )


def _before(handover):
    """That a step was a public task before, what it needs, what is supplied, and who answers for it."""
    if handover is None:
        return []
    who = f"{handover.marked_by} ({_('contested')})" if handover.contested else handover.marked_by
    return [
        (_("A public task before"), f"{handover.why} ({who}, {when(handover.marked_at)})"),
        (_("It needs"), handover.needed is not None and f"{handover.needed} {handover.unit}"),
        (_("Supplied"), handover.supplied is not None and f"{handover.supplied} {handover.unit}"),
        (_("Who answers for it in public"), handover.accountable),
    ]


def measures(partnership):
    told = []
    for one in Indicator.objects.filter(partnership=partnership).prefetch_related("measurements__entered_by"):
        pairs = [
            (_("Unit"), one.unit),
            (_("Today"), one.baseline),
            (_("Target"), one.target),
            (_("Direction"), one.get_direction_display()),
            (_("Source"), one.source),
        ]
        pairs += [
            (day(value.measured_on), f"{value.value} ({value.source}) {value.note}")
            for value in one.measurements.all()
        ]
        told.append(section(one.name, facts(pairs)))
    return Document(
        "measures.md", _("Indicators and measurements"), f"# {_('Indicators')}\n\n" + "\n".join(told)
    )


def provenance(partnership):
    rows = partnership.provenance.order_by("basis", "subject").values_list("subject", "basis", "sources")
    told = [
        f"- {subject}: {basis}" + (f" ({', '.join(sources)})" if sources else "")
        for subject, basis, sources in rows
    ]
    return Document(
        "provenance.md",
        _("Where each record comes from"),
        f"# {_('Where each record comes from')}\n\n" + "\n".join(told),
    )
