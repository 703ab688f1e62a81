"""Whom mail does not reach and nobody has called since: invitations that did not arrive or are letters, and members."""

import uuid
from dataclasses import dataclass, field

from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery, Value

from notices.kinds import all_kinds
from notices.models import Notice

from .messages.invitations import reason_of
from .models import Invitation, Member, Office, Partnership, PhoneCall
from .models.invitations import ANSWERABLE

MEMBER, INVITATION = "member", "invitation"
SHOWN_KINDS = 3  # of what could not be told to one person


def called_for_by(person):
    """Partnerships whose unreached people are this person's to call: convened by them, or cases that they keep."""
    convening = Member.objects.present().filter(person=person, role=Member.Role.CONVENER)
    keeping = Office.objects.filter(person=person, kind=Office.Kind.CASE_OFFICER, until=None)
    return Partnership.objects.filter(
        Q(pk__in=convening.values("partnership")) | Q(platform__in=keeping.values("platform"))
    )


def invitations_to_call(partnerships):
    """Invitations that came back and letters that wait for an answer, and nobody has called since they went out."""
    State = Invitation.State
    calls = PhoneCall.objects.filter(invitation=OuterRef("pk"), at__gte=OuterRef("queued_at"))
    rows = Invitation.objects.filter(partnership__in=partnerships.values("pk"))
    rows = rows.filter(Q(state=State.BOUNCED) | Q(address="", state__in=ANSWERABLE))
    return rows.exclude(nonce="").filter(~Exists(calls))


def members_to_call(partnerships):
    """Members to whom something could not be sent, and whom nobody has called since; with the moment as `since`."""
    failed = Notice.objects.unreached().filter(
        scope=OuterRef("partnership_id"), recipient=OuterRef("person_id")
    )
    last_call = PhoneCall.objects.filter(member=OuterRef("pk")).order_by("-at").values("at")
    rows = Member.objects.present().filter(partnership__in=partnerships.values("pk"), person__erased_at=None)
    rows = rows.annotate(
        since=Subquery(failed.order_by("-due_at").values("due_at")[:1]), last_call=Subquery(last_call[:1])
    )
    return rows.filter(Q(last_call=None) | Q(since__gt=F("last_call")), since__isnull=False)


def unreached(partnerships):
    """(what, id, since) of everybody to call, newest first: one query, however many there are."""
    invited = (
        invitations_to_call(partnerships)
        .order_by()
        .annotate(what=Value(INVITATION, output_field=CharField()), when=F("queued_at"))
    )
    members = (
        members_to_call(partnerships)
        .order_by()
        .annotate(what=Value(MEMBER, output_field=CharField()), when=F("since"))
    )
    rows = invited.values_list("what", "pk", "when").union(
        members.values_list("what", "pk", "when"), all=True
    )
    return rows.order_by("-when", "pk")


@dataclass
class Unreached:
    """One person to call: who, where, which number, what about, and what to say that it is done with."""

    what: str
    pk: uuid.UUID
    name: str
    partnership: Partnership
    phone: str = ""
    reason: str = ""
    about: list = field(default_factory=list)


def in_full(rows):
    """The Unreached of rows (what, id, since), in their order: five queries, however many there are."""
    ids = {what: [pk for kind, pk, _when in rows if kind == what] for what in (MEMBER, INVITATION)}
    invited = Invitation.objects.select_related("partnership__platform").in_bulk(ids[INVITATION])
    members = Member.objects.select_related("partnership__platform", "person", "organization")
    members = members.in_bulk(ids[MEMBER])
    failed = _failed(members.values())
    found = []
    for what, pk, _when in rows:
        if what == MEMBER and pk in members:
            found.append(_member(members[pk], failed))
        elif what == INVITATION and pk in invited:
            found.append(_invited(invited[pk]))
    return found


def _failed(members):
    """{(partnership id, person id): what could not be told, newest first}."""
    pairs = {(member.partnership_id, member.person_id) for member in members}
    rows = Notice.objects.unreached().filter(
        scope__in={scope for scope, _person in pairs}, recipient__in={person for _scope, person in pairs}
    )
    found = {}
    for notice in rows.order_by("-due_at"):
        found.setdefault((notice.scope, notice.recipient), []).append(notice)
    return found


def _member(member, failed):
    notices = failed.get((member.partnership_id, member.person_id), [])
    kinds = dict.fromkeys(notice.kind for notice in notices)
    labels = [all_kinds()[name].label for name in kinds if name in all_kinds()]
    return Unreached(
        MEMBER,
        member.pk,
        member.shown_name,
        member.partnership,
        member.person.phone,
        notices[0].sentence if notices else "",
        labels[:SHOWN_KINDS],
    )


def _invited(invitation):
    label = all_kinds()["invitation"].label
    reason = reason_of(invitation) if invitation.state == Invitation.State.BOUNCED else ""
    return Unreached(INVITATION, invitation.pk, str(invitation), invitation.partnership, "", reason, [label])
