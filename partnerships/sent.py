"""What was sent to whom and why, as conveners and case officers may read it: names and kinds, never the words."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from actors.models import Person
from notices.kinds import all_kinds
from notices.models import Notice, State

from .models import Invitation, Member, Partnership

# What stands where, in words that a reader can choose from.
STANDS = {
    "waiting": (_("On its way"), (State.QUEUED, State.GATHERED, State.RETRY, State.LEASED, State.SENDING)),
    "sent": (_("Sent"), (State.SENT,)),
    "failed": (_("Did not arrive"), (State.FAILED, State.HELD, State.AMBIGUOUS)),
    "dropped": (_("No longer needed"), (State.DROPPED,)),
}
COLOURS = {"waiting": "info", "sent": "success", "failed": "danger", "dropped": "neutral"}
STAND_OF = {state: stand for stand, (_label, states) in STANDS.items() for state in states}


@dataclass
class Sent:
    """One message: to whom, of which kind, why, and what became of it."""

    notice: Notice
    who: str
    label: str
    why: str
    where: Partnership | None

    @property
    def state(self):
        return self.notice.get_state_display()

    @property
    def colour(self):
        return COLOURS[STAND_OF[self.notice.state]]

    @property
    def at(self):
        """When it was sent, or is to be."""
        return self.notice.sent_at or self.notice.due_at


def filtered(notices, *, state="", kind=""):
    """Those of one stand and one kind; what is no such stand or kind is not asked for."""
    if state in STANDS:
        notices = notices.filter(state__in=STANDS[state][1])
    if kind in all_kinds():
        notices = notices.filter(kind=kind)
    return notices.order_by("-created_at", "id")


def in_words(notices, partnerships):
    """The Sent of a page of notices of these partnerships ({id: Partnership}): three queries for any number."""
    ids = {notice.recipient for notice in notices}
    people, invited = Person.objects.in_bulk(ids), Invitation.objects.in_bulk(ids)
    seats = Member.objects.filter(person__in=ids, partnership__in=partnerships)
    seats = seats.select_related("person", "organization").order_by("joined_at")
    names = {(seat.partnership_id, seat.person_id): seat.shown_name for seat in seats}
    return [_in_words(notice, people, invited, names, partnerships) for notice in notices]


def _in_words(notice, people, invited, names, partnerships):
    known = names.get((notice.scope, notice.recipient))
    somebody = people.get(notice.recipient) or invited.get(notice.recipient)
    kind = all_kinds().get(notice.kind)
    return Sent(
        notice,
        known or (str(somebody) if somebody else ""),
        kind.label if kind else notice.kind,
        kind.why if kind else "",
        partnerships.get(notice.scope),
    )
