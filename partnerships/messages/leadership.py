"""Messages about functions that are offered."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import Leadership
from ..models.leadership import WHAT, Function
from .links import arena_context
from .readers import AS_LEADER, present


def _rows(notices):
    rows = Leadership.objects.select_related(
        "partnership__platform", "member__person", "member__organization"
    ).filter(pk__in=[notice.ids["leadership"] for notice in notices])
    return {str(row.pk): row for row in rows}


def context(notices):
    """{notice id: the function, what it asks, and the page to answer on}."""
    rows = _rows(notices)
    return {
        n.pk: arena_context(row.partnership, "people/leadership/")
        | {"leadership": row, "what": WHAT[Function(row.function)]}
        for n in notices
        if (row := rows.get(n.ids["leadership"]))
    }


def is_true(notices):
    """Offers that wait for an answer of somebody who is still there."""
    rows, here = _rows(notices), present(notices)
    return {
        n.pk
        for n in notices
        if n.pk in here and (row := rows.get(n.ids["leadership"])) and row.state == Leadership.State.OFFERED
    }


def is_pressing(notices):
    """The same where nothing rests: in a pause nobody is pressed for an answer."""
    rows, true = _rows(notices), is_true(notices)
    return {n.pk for n in notices if n.pk in true and rows[n.ids["leadership"]].partnership.paused_at is None}


def is_unanswered(notices):
    """Offers to members who are still there, where nothing rests, told to readers who still lead."""
    rows, leading = _rows(notices), present(notices, leading=True)
    return {
        n.pk
        for n in notices
        if n.pk in leading
        and (row := rows.get(n.ids["leadership"]))
        and row.state == Leadership.State.OFFERED
        and row.member.left_at is None
        and row.partnership.paused_at is None
    }


OFFERED_TO_YOU = _("You get this because the function is offered to you.")


def _kind(name, label, why, still_true):
    return Kind(
        name=name,
        label=label,
        why=why,
        template=f"partnerships/mail/{name}",
        context=context,
        still_true=still_true,
        recipients=recipients,
        switchable=True,
    )


KINDS = [
    _kind("leadership_offered", _("When you are asked to carry a function"), OFFERED_TO_YOU, is_true),
    _kind("leadership_reminder", _("When you have not yet answered that"), OFFERED_TO_YOU, is_pressing),
    _kind(
        "leadership_unanswered",
        _("When nobody answers who was asked to carry a function (for conveners and facilitators)"),
        AS_LEADER,
        is_unanswered,
    ),
]
