"""Every kind of message the site writes, by name. Each app declares its own; the outbox reads this table.

Declared here: digests, which gather what every app tells, and what is known only from all apps together.
"""

from django.utils.translation import gettext_lazy as _

import actors.messages
import partnerships.messages
import solutions.messages
from actors.recipients import recipients
from notices.digests import digest_kind
from notices.kinds import Kind
from partnerships.messages.links import arena_context, names_of
from partnerships.messages.readers import AS_CONVENER, present
from partnerships.models import StageVisit
from partnerships.replies import take_reply
from partnerships.stages import next_stage

from .stages import gate
from .waiting_digest import WAITING_DIGEST


def _visits(notices):
    rows = StageVisit.objects.select_related("partnership__platform", "partnership__mandate")
    return {str(row.pk): row for row in rows.filter(pk__in=[notice.ids["visit"] for notice in notices])}


def gate_context(notices):
    """{notice id: what the mail tells}: the stage that has all it takes, the next one, and the page to go on."""
    rows = _visits(notices)
    return {
        n.pk: arena_context(row.partnership, "manage/") | {"visit": row, "after": next_stage(row.stage).label}
        for n in notices
        if (row := rows.get(n.ids["visit"]))
    }


def gate_is_open(notices):
    """Notices whose stage has all it takes to move on, rests not and is not left, to readers who still convene."""
    rows, here = _visits(notices), present(notices, leading=True)
    working = {
        key: row for key, row in rows.items() if row.left_at is None and row.partnership.paused_at is None
    }
    passable = {key: gate(row.partnership).passable for key, row in working.items()}
    return {n.pk for n in notices if n.pk in here and passable.get(n.ids["visit"])}


GATE_OPEN = Kind(
    name="gate_open",
    label=_("When everything is in place to move on (for conveners)"),
    why=AS_CONVENER,
    template="cocreate/mail/gate_open",
    context=gate_context,
    still_true=gate_is_open,
    recipients=recipients,
    switchable=True,
)
DECLARED = [
    *actors.messages.KINDS,
    *partnerships.messages.KINDS,
    *solutions.messages.KINDS,
    GATE_OPEN,
    WAITING_DIGEST,
    digest_kind(recipients=recipients, places=names_of),
]
KINDS = {kind.name: kind for kind in DECLARED}
READERS = [
    take_reply
]  # what mail from machines is for, beside reports: (data, at) -> whether it was about us
