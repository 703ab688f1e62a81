"""What this app writes to people: a body is asked, it has answered, a step is due, a report is owed."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import PROMPT, Kind
from partnerships.messages.links import arena_context
from partnerships.messages.readers import AS_MEMBER, present, while_due
from partnerships.models import Member

from .models import FINISHED, OWNING, Authority, AuthorizationRequest, BodyMember, Ownership, Step


def _requests(notices):
    rows = AuthorizationRequest.objects.select_related(
        "partnership__platform", "body", "revision__text", "authorization"
    ).filter(pk__in=[notice.ids["request"] for notice in notices])
    return {str(row.pk): row for row in rows}


def requested_context(notices):
    """{notice id: what the mail tells}: the request, and the dossier that its reader may open."""
    rows = _requests(notices)
    return {
        notice.pk: arena_context(row.partnership)
        | {"request": row, "link": f"{settings.SITE_URL}/dossiers/{row.pk}/"}
        for notice in notices
        if (row := rows.get(notice.ids["request"]))
    }


def requested_is_true(notices):
    """Notices whose request still waits, and whose reader still sits in the body or writes for it."""
    waiting = AuthorizationRequest.objects.waiting().filter(pk__in=[n.ids["request"] for n in notices])
    body_of = {str(pk): body for pk, body in waiting.values_list("pk", "body")}
    current = BodyMember.objects.current().filter(body__in=set(body_of.values()))
    seats = set(current.values_list("body", "person"))
    return {n.pk for n in notices if (body_of.get(n.ids["request"]), n.recipient) in seats}


def answer_is_owed(notices):
    """Notices whose request still waits, and whose reader still is the body's secretary."""
    rows = _requests(notices)
    secretaries = BodyMember.objects.current().filter(
        authority=Authority.SECRETARY, body__in={row.body_id for row in rows.values()}
    )
    seats = set(secretaries.values_list("body", "person"))
    writing = {
        n.pk for n in notices if (row := rows.get(n.ids["request"])) and (row.body_id, n.recipient) in seats
    }
    return requested_is_true(notices) & writing


def answered_context(notices):
    """{notice id: what the mail tells}: the answer, and the partnership's page about it."""
    rows = _requests(notices)
    return {
        notice.pk: arena_context(row.partnership, "authorization/")
        | {"request": row, "authorization": row.authorization}
        for notice in notices
        if (row := rows.get(notice.ids["request"])) and hasattr(row, "authorization")
    }


def _present(notices, partnership_of):
    """Ids of the notices whose reader is still a member of the partnership that the notice is about."""
    seats = {
        (partnership, person)
        for partnership, person in Member.objects.present()
        .filter(partnership__in=set(partnership_of.values()))
        .values_list("partnership", "person")
    }
    return {n.pk for n in notices if (partnership_of.get(n.pk), n.recipient) in seats}


def answered_is_true(notices):
    """Notices whose reader is still a member; an entered answer is never taken back."""
    rows = _requests(notices)
    about = {n.pk: row.partnership_id for n in notices if (row := rows.get(n.ids["request"]))}
    return _present(notices, about)


def _steps(notices):
    rows = Step.objects.with_last_report().select_related("partnership__platform")
    return {str(row.pk): row for row in rows.filter(pk__in=[notice.ids["step"] for notice in notices])}


def step_context(notices):
    """{notice id: what the mail tells}: the step and its page."""
    rows = _steps(notices)
    return {
        notice.pk: arena_context(row.partnership, f"implementation/{row.pk}/") | {"step": row}
        for notice in notices
        if (row := rows.get(notice.ids["step"]))
    }


def _concerned(notices):
    """Ids of the notices whose reader still owns the step, or leads: a step may have been handed on."""
    owned = Ownership.objects.filter(
        step__in=[notice.ids["step"] for notice in notices], commitment__state__in=OWNING
    )
    pairs = {(str(step), person) for step, person in owned.values_list("step", "commitment__member__person")}
    leading = present(notices, leading=True)
    return {n.pk for n in notices if n.pk in leading or (n.ids["step"], n.recipient) in pairs}


def step_is_true(notices):
    """Notices about a step that is not finished, paused nor moved to another day, to who still owns it or leads."""
    rows, concerned = _steps(notices), _concerned(notices)
    about = {
        n.pk: row.partnership_id
        for n in notices
        if n.pk in concerned
        and (row := rows.get(n.ids["step"]))
        and row.last_status not in FINISHED
        and row.partnership.paused_at is None
        and row.due_on.isoformat() == n.ids["due_on"]
    }
    return _present(notices, about)


def due_until(notices):
    """{notice id: the end of the day on which its step is due}."""
    rows = _steps(notices)
    return while_due(notices, {n.pk: rows.get(n.ids["step"]) for n in notices})


def report_is_true(notices):
    """Notices about a step that nobody has reported on since they were written."""
    rows = _steps(notices)
    unreported = {
        n.pk
        for n in notices
        if (row := rows.get(n.ids["step"]))
        and (row.last_report_at is None or row.last_report_at < n.created_at)
    }
    return step_is_true(notices) & unreported


def _kind(name, label, why, context, still_true, **options):
    return Kind(
        name=name,
        label=label,
        why=why,
        template=f"solutions/mail/{name}",
        context=context,
        still_true=still_true,
        recipients=recipients,
        switchable=True,
        **options,
    )


IN_THE_BODY = _("You get this because you sit among those who decide, or write their minutes.")
OWNER = _("You get this because you carry this step.")

KINDS = [
    _kind(
        "authorization_requested",
        _("When I am among those who are asked to decide"),
        IN_THE_BODY,
        requested_context,
        requested_is_true,
        lane=PROMPT,
    ),
    _kind(
        "authorization_due",
        _("When those I decide with meet about a request"),
        IN_THE_BODY,
        requested_context,
        requested_is_true,
    ),
    _kind(
        "answer_owed",
        _("When I have not yet entered a decision as its secretary"),
        _("You get this because you write the minutes of those who decide."),
        requested_context,
        answer_is_owed,
        theme="authorize",
    ),
    _kind(
        "authorization_answered",
        _("When a partnership I am in gets an answer from those who decide"),
        AS_MEMBER,
        answered_context,
        answered_is_true,
    ),
    _kind("step_due", _("When a step of mine is due"), OWNER, step_context, step_is_true, until=due_until),
    _kind(
        "step_overdue",
        _("When a step is overdue"),
        _("You get this because you carry this step, or convene the partnership."),
        step_context,
        step_is_true,
    ),
    _kind(
        "report_owed",
        _("When a report about a step is owed"),
        OWNER,
        step_context,
        report_is_true,
        theme="commit",
    ),
]
