"""What can wait for a person: one line of the table for each kind. A new kind is a query, its words and its line.

All of them are asked for as one statement (docs/adr/0007), so that a kind more is no query more.
"""

from django.utils.translation import gettext_lazy

from . import asked, due
from .kinds import AT, MOST, SOON, UNTIL, kind

OF_A_STEP = ("step", "step__what", "step__due_on", "step__partnership__paused_at")
WAITING = [  # in the order of the page
    kind(
        asked.invitations,
        gettext_lazy("Invitations to you"),
        "mail",
        ("pk", "expires_at", "invited_by__name"),
        asked.invitation_item,
        needs=AT,
    ),
    kind(
        asked.positions,
        gettext_lazy("Positions to take"),
        "vote",
        ("pk", "question", "closes_at"),
        asked.position_item,
        needs=AT,
    ),
    kind(
        asked.requests,
        gettext_lazy("For decision"),
        "landmark",
        ("pk", "body__name", "meeting_on"),
        asked.request_item,
    ),
    kind(
        due.steps,
        gettext_lazy("Steps that are due"),
        "list-checks",
        (*OF_A_STEP, "step__partnership__time_zone"),
        due.step_item,
        where=("step__partnership__slug", "step__partnership__title"),
        needs=UNTIL,
    ),
    kind(
        asked.commitments,
        gettext_lazy("Promises to answer"),
        "handshake",
        ("pk", "state", "what", "due_on"),
        asked.commitment_item,
    ),
    kind(
        asked.meetings,
        gettext_lazy("Meetings to answer"),
        "calendar-days",
        ("pk", "title", "starts_at"),
        asked.meeting_item,
        needs=AT,
    ),
    kind(
        asked.polls,
        gettext_lazy("When can we meet?"),
        "calendar-plus",
        ("pk", "title", "closes_at"),
        asked.poll_item,
        needs=AT,
    ),
    kind(
        asked.soundings,
        gettext_lazy("Soundings to answer"),
        "activity",
        ("pk", "question", "closes_at"),
        asked.sounding_item,
        needs=AT,
    ),
    kind(
        due.answers,
        gettext_lazy("Answers you owe"),
        "message-square",
        ("pk", "body", "created_at"),
        due.answer_item,
    ),
    kind(
        due.suggestions,
        gettext_lazy("Suggestions to answer"),
        "pencil",
        ("pk", "reason", "text__title", "made_at"),
        due.suggestion_item,
        where=("text__partnership__slug", "text__partnership__title"),
    ),
    kind(
        due.objections,
        gettext_lazy("Objections to answer"),
        "scale",
        ("pk", "question", "closes_at"),
        due.objection_item,
    ),
    kind(due.reports, gettext_lazy("Reports to settle"), "flag", ("pk", "created_at"), due.report_item),
    kind(
        due.appeals,
        gettext_lazy("Appeals to decide"),
        "gavel",
        ("intervention_id", "at"),
        due.appeal_item,
        where=("intervention__partnership__slug", "intervention__partnership__title"),
    ),
    kind(
        due.proposed_items,
        gettext_lazy("Items that members propose"),
        "clipboard-list",
        ("meeting_id", "title", "meeting__starts_at"),
        due.proposal_item,
        where=("meeting__partnership__slug", "meeting__partnership__title"),
    ),
    kind(
        asked.functions,
        gettext_lazy("Functions you are asked to carry"),
        "users",
        ("pk", "function", "offered_at"),
        asked.function_item,
    ),
    kind(
        asked.substitutes,
        gettext_lazy("Seats you are asked to stand in for"),
        "users",
        ("pk", "who", "asked_at"),
        asked.substitute_item,
        needs=AT,
    ),
    kind(
        asked.help_offered,
        gettext_lazy("Help that you are offered"),
        "hand-helping",
        ("pk", "at"),
        asked.help_offered_item,
    ),
    kind(
        asked.thanked,
        gettext_lazy("Thanks: may others read them?"),
        "heart-handshake",
        ("to_id", "words", "at"),
        asked.thanked_item,
    ),
    kind(
        due.reliefs,
        gettext_lazy("Promises that somebody would hand on"),
        "hand-helping",
        ("commitment_id", "commitment__what", "asked_at"),
        due.promise_item,
        where=("commitment__partnership__slug", "commitment__partnership__title"),
    ),
    kind(
        due.left_behind,
        gettext_lazy("Promises that need somebody"),
        "handshake",
        ("pk", "what", "due_on"),
        due.promise_item,
    ),
    kind(
        due.join_requests,
        gettext_lazy("People who ask to join"),
        "user-plus",
        ("pk", "person__name", "created_at"),
        due.join_request_item,
    ),
    kind(
        due.accounts,
        gettext_lazy("Accounts you owe"),
        "file-text",
        ("pk", "due_on"),
        due.account_item,
        where=("visit__partnership__slug", "visit__partnership__title"),
    ),
]

__all__ = ["MOST", "SOON", "WAITING"]
