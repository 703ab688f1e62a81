"""Messages about what was said: what became of it, and what is owed."""

import datetime
from collections import defaultdict

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import DAILY, Kind

from ..authors import for_members
from ..models import Contribution, Mention, Partnership
from ..settings.together import ANSWER_DAYS
from ..stages import OPENS
from .links import arena_context
from .readers import AS_LEADER, present


def _answered(notices):
    """{notice id: the contributions whose answer it tells its reader}: their own, and what they wrote down for others.

    What was written down by somebody who has left is passed on by those who lead.
    """
    alone = {notice.ids["contribution"] for notice in notices if "contribution" in notice.ids}
    batches = {notice.ids["batch"] for notice in notices if "batch" in notice.ids}
    rows = Contribution.objects.shown().filter(Q(pk__in=alone) | Q(response__batch__in=batches))
    rows = rows.select_related("partnership__platform", "response", "member").order_by("created_at", "id")
    by_key = defaultdict(list)
    for row in rows:
        if hasattr(row, "response"):
            by_key[str(row.pk), row.response.at.isoformat()].append(row)
            by_key[str(row.response.batch_id)].append(row)
    leading = present(notices, leading=True)
    return {
        notice.pk: [row for row in by_key[_key(notice.ids)] if _is_for(notice, row, leading)]
        for notice in notices
    }


def _key(ids):
    return ids["batch"] if "batch" in ids else (ids["contribution"], ids["at"])


def _is_for(notice, row, leading):
    if row.member.person_id == notice.recipient:
        return True
    return bool(row.on_behalf_of and row.member.left_at and notice.pk in leading)


def context(notices):
    """{notice id: what the mail tells}: the answer, whose words it answers, and where they stand."""
    told = {}
    for pk, rows in _answered(notices).items():
        if rows:
            first, number = rows[0], len(rows)
            path = f"say/{first.pk}/" if number == 1 else f"answers/together/{first.response.batch_id}/"
            told[pk] = arena_context(first.partnership, path) | {
                "response": first.response,
                "contributions": rows,
                "number": number,
                "pass_on_to": ", ".join(dict.fromkeys(row.on_behalf_of for row in rows if row.on_behalf_of)),
            }
    return told


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
    """Notices whose contributions are shown and still have that answer, for those who have not left."""
    return {pk for pk, rows in _answered(notices).items() if rows} & present(notices)


def _owed(notices):
    """{notice id: (its partnership, how many answers are overdue there, since when the oldest is owed)}."""
    scopes = {notice.scope for notice in notices}
    arenas = Partnership.objects.filter(pk__in=scopes, paused_at=None, stage__in=OPENS["respond"])
    owed = defaultdict(list)
    rows = Contribution.objects.owed_a_response().with_owed_since().filter(partnership__in=scopes)
    for scope, since in rows.order_by("owed_since").values_list("partnership", "owed_since"):
        owed[scope].append(since)
    found = {}
    for arena in arenas.select_related("platform"):
        late = timezone.now() - datetime.timedelta(days=ANSWER_DAYS.of(arena))
        overdue = [since for since in owed[arena.pk] if since <= late]
        if overdue:
            found[arena.pk] = (arena, len(overdue), overdue[0])
    return {notice.pk: found[notice.scope] for notice in notices if notice.scope in found}


def owed_context(notices):
    """{notice id: what the mail tells}: how many answers are overdue, and since when the oldest is owed."""
    return {
        pk: arena_context(arena, "answers/") | {"number": number, "oldest": oldest}
        for pk, (arena, number, oldest) in _owed(notices).items()
    }


def owed_is_true(notices):
    """Notices about answers that are still overdue where nothing rests, for those who still lead."""
    return set(_owed(notices)) & present(notices, leading=True)


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
        why=_("You get this because you said it, or wrote it down for somebody."),
        template="partnerships/mail/contribution_answered",
        context=context,
        still_true=answered_is_true,
        recipients=recipients,
        switchable=True,
    ),
    Kind(
        name="answers_owed",
        label=_("When answers are overdue (for conveners and facilitators)"),
        why=AS_LEADER,
        template="partnerships/mail/answers_owed",
        context=owed_context,
        still_true=owed_is_true,
        recipients=recipients,
        switchable=True,
    ),
]
