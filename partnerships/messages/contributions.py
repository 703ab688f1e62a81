"""Messages about what was said."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import DAILY, Kind

from ..authors import for_members
from ..models import Contribution, Mention
from .links import arena_context
from .readers import AS_LEADER, present


def _contributions(notices):
    ids = [notice.ids["contribution"] for notice in notices]
    return {
        str(row.pk): row
        for row in Contribution.objects.select_related("partnership__platform", "response").filter(pk__in=ids)
    }


def context(notices):
    """{notice id: what the mail tells}: the contribution and its page."""
    rows = _contributions(notices)
    return {
        notice.pk: arena_context(row.partnership, f"say/{row.pk}/") | {"contribution": row}
        for notice in notices
        if (row := rows.get(notice.ids["contribution"]))
    }


def said_context(notices):
    """{notice id: what the mail tells} of words that name or answer its reader, whose author members may know."""
    rows = {str(row.pk): row for row in _said(notices)}
    return {
        notice.pk: arena_context(row.partnership, f"say/{row.pk}/#c-{row.pk}")
        | {"contribution": row, "author": for_members(row)}
        for notice in notices
        if (row := rows.get(notice.ids["contribution"]))
    }


def _said(notices):
    ids = [notice.ids["contribution"] for notice in notices]
    return (
        Contribution.objects.shown()
        .filter(pk__in=ids)
        .select_related("partnership__platform", "member__person")
    )


def mentioned_is_true(notices):
    """Notices whose contribution can be read and still names its reader, who is still a member."""
    shown = {str(pk) for pk in _said(notices).values_list("pk", flat=True)}
    named = set(Mention.objects.filter(contribution__in=shown).values_list("contribution", "member__person"))
    named = {(str(contribution), person) for contribution, person in named}
    return {n.pk for n in notices if (n.ids["contribution"], n.recipient) in named} & present(notices)


def replied_is_true(notices):
    """Notices whose contribution can be read, for those who have not left."""
    shown = {str(pk) for pk in _said(notices).values_list("pk", flat=True)}
    return {n.pk for n in notices if n.ids["contribution"] in shown} & present(notices)


def answered_is_true(notices):
    """Notices whose contribution is shown and still has its response, for those who have not left."""
    rows = _contributions(notices)
    answered = {
        n.pk for n in notices if (row := rows.get(n.ids["contribution"])) and hasattr(row, "response")
    }
    return answered & present(notices)


def reported_is_true(notices):
    """Notices whose contribution still has an unsettled report, for those who still lead."""
    waiting = Contribution.objects.filter(
        pk__in=[n.ids["contribution"] for n in notices], reports__settled_at=None, reports__isnull=False
    )
    pks = {str(pk) for pk in waiting.values_list("pk", flat=True)}
    return {n.pk for n in notices if n.ids["contribution"] in pks} & present(notices, leading=True)


def hidden_is_true(notices):
    """Notices whose contribution is still hidden."""
    rows = _contributions(notices)
    return {n.pk for n in notices if (row := rows.get(n.ids["contribution"])) and row.hidden_at}


KINDS = [
    Kind(
        name="mentioned",
        label=_("When somebody mentions you"),
        why=_("You get this because somebody named you with an @."),
        template="partnerships/mail/mentioned",
        context=said_context,
        still_true=mentioned_is_true,
        recipients=recipients,
        switchable=True,
    ),
    Kind(
        name="replied",
        label=_("When somebody answers what you said"),
        why=_("You get this because you said what this answers, or typed it in."),
        template="partnerships/mail/replied",
        context=said_context,
        still_true=replied_is_true,
        recipients=recipients,
        switchable=True,
        default=DAILY,
    ),
    Kind(
        name="contribution_answered",
        label=_("When something you said is answered"),
        why=_("You get this because you said it."),
        template="partnerships/mail/contribution_answered",
        context=context,
        still_true=answered_is_true,
        recipients=recipients,
        switchable=True,
    ),
    Kind(
        name="contribution_reported",
        label=_("When a contribution is reported"),
        why=AS_LEADER,
        template="partnerships/mail/contribution_reported",
        context=context,
        still_true=reported_is_true,
        recipients=recipients,
        switchable=True,
    ),
    Kind(
        name="contribution_hidden",
        label=_("When something you said is hidden"),
        why=_("You get this because you said it."),
        template="partnerships/mail/contribution_hidden",
        context=context,
        still_true=hidden_is_true,
        recipients=recipients,
        switchable=False,
    ),
]
