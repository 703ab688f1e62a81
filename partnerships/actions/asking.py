"""Whom a meeting asks: every member, those who come in later, and no longer those who have left."""

from django.db import transaction

from notices.actions import tell

from ..models import Meeting, Member


def members_of(partnership):
    """The present members of the partnership, or of the one with this id."""
    return Member.objects.present().filter(partnership=partnership)


def tell_members(kind, meeting, *, at, but=None, occurrence=None, **ids):
    """Tell every member, the one who did the deed excepted: calendars need each version once."""
    recipients = members_of(meeting.partnership_id).values_list("person", flat=True)
    tell(
        kind=kind,
        recipients=[pk for pk in recipients if but is None or pk != but.pk],
        scope=meeting.partnership_id,
        occurrence=occurrence or f"{meeting.pk} {meeting.sequence}",
        ids={"meeting": str(meeting.pk), "sequence": meeting.sequence, **ids},
        at=at,
    )


def _coming(partnership, at):
    return Meeting.objects.filter(partnership=partnership, cancelled_at=None, starts_at__gt=at)


def ask_newcomer(*, member, at):
    """Invite a new member to the meetings that were called before they came."""
    for meeting in _coming(member.partnership_id, at):
        _tell_one("meeting_called", meeting, member, at=at, because=str(member.pk))


def ask_leaver(*, member, at):
    """Take the coming meetings out of the calendar of a member who has just left."""
    for meeting in _coming(member.partnership_id, at):
        _tell_one("meeting_left", meeting, member, at=at, because=str(member.pk))


@transaction.atomic
def ask_at_new_address(*, person, at):
    """Send the invitations to coming meetings to a person's new address. The old one may be somebody else's by now."""
    for member in Member.objects.present().filter(person=person):
        for meeting in _coming(member.partnership_id, at):
            _tell_one("meeting_called", meeting, member, at=at, because=f"{member.pk} {at.isoformat()}")


def _tell_one(kind, meeting, member, *, at, because):
    tell(
        kind=kind,
        recipients=[member.person_id],
        scope=meeting.partnership_id,
        occurrence=f"{meeting.pk} {meeting.sequence} {because}",
        ids={"meeting": str(meeting.pk), "sequence": meeting.sequence},
        at=at,
    )
