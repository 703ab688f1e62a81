"""Messages about questions that people ask before they answer an invitation."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import InvitationQuestion
from .invitations import invited, link_of
from .links import arena_context
from .readers import AS_LEADER, present


def _rows(notices):
    rows = InvitationQuestion.objects.filter(pk__in=[notice.ids["question"] for notice in notices])
    rows = rows.select_related("invitation__partnership__platform", "answered_by")
    rows = rows.select_related("invitation__invited_by", "invitation__delegated_from")
    return {str(row.pk): row for row in rows}


def asked_context(notices):
    """{notice id: the question, who asks, and the page to answer on}."""
    rows = _rows(notices)
    return {
        n.pk: arena_context(row.invitation.partnership, "invitations/questions/") | {"question": row}
        for n in notices
        if (row := rows.get(n.ids["question"]))
    }


def answered_context(notices):
    """{notice id: question and answer, and the link of the invitation}."""
    rows = _rows(notices)
    return {
        n.pk: arena_context(row.invitation.partnership)
        | {"question": row, "link": link_of(row.invitation), "asks": row.invitation.invited_by}
        | {"passed_on_by": row.invitation.passed_on_by}
        for n in notices
        if (row := rows.get(n.ids["question"]))
    }


def asked_is_true(notices):
    """Questions without an answer, for those who still lead."""
    rows, here = _rows(notices), present(notices, leading=True)
    return {
        n.pk
        for n in notices
        if n.pk in here and (row := rows.get(n.ids["question"])) and row.answered_at is None
    }


def answered_is_true(notices):
    """Answers to questions that are still there."""
    rows = _rows(notices)
    return {n.pk for n in notices if (row := rows.get(n.ids["question"])) and row.invitation.nonce}


KINDS = [
    Kind(
        name="invitee_asked",
        label=_("When somebody who is invited asks a question"),
        why=AS_LEADER,
        template="partnerships/mail/invitee_asked",
        context=asked_context,
        still_true=asked_is_true,
        recipients=recipients,
        switchable=True,
    ),
    Kind(
        name="invitee_answered",
        on_site=False,
        label=_("Answers to what you asked about an invitation"),
        why=_("You get this because you asked a question about your invitation."),
        template="partnerships/mail/invitee_answered",
        context=answered_context,
        still_true=answered_is_true,
        recipients=invited,
    ),
]
