"""Meet: who says that they come, what they need, and who came."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from actors.models import Sector

from ..models import Attendance, Guests, Meeting, Member, Partnership, Platform
from ..places import place_of
from ..rules import meetings as may
from .memory import remember

Answer, Way = Attendance.Answer, Attendance.Way
MOST_GUESTS = 2000  # of one sector: more is a slip of the finger


@transaction.atomic
def answer_meeting(*, meeting, answer, needs, by, at, need_kinds=None):
    """Say whether one comes, in the room or online, and what should be arranged. Returns the Attendance.

    need_kinds: keys of Need; what is not given stays.
    """
    meeting, place = _locked(meeting, by)
    may.can_answer_meeting(place, meeting, at).enforce()
    told = {"needs": needs} if need_kinds is None else {"needs": needs, "need_kinds": list(need_kinds)}
    return _keep(meeting, place.member, answer, at=at, by=by, sequence=meeting.sequence, way=Way.PAGE, **told)


def _locked(meeting, by):
    """The meeting as it stands, locked, and where `by` stands there."""
    rows = Meeting.objects.select_for_update(
        of=("self",), no_key=True
    )  # what points to it is written meanwhile
    rows = rows.select_related("partnership__platform")
    meeting = rows.get(pk=meeting.pk)
    return meeting, place_of(meeting.partnership, by)


def _keep(meeting, member, answer, *, at, by, sequence, way, answered_at=None, **told):
    attendance, _new = Attendance.objects.update_or_create(
        meeting=meeting,
        member=member,
        defaults={
            "answer": answer,
            "answered_at": answered_at or at,
            "answered_sequence": sequence,
            "way": way,
            **told,
        },
    )
    remember(meeting.partnership, "meeting.answered", by=by, at=at, audience="members", meeting=meeting.pk)
    return attendance


@transaction.atomic
def answer_from_calendar(*, meeting, comes, sequence, stamped_at, by, at):
    """Take what a member's calendar answered: True, False, or None for not sure. Returns whether it changed anything.

    sequence, stamped_at: which version of the meeting was answered, and when, as the calendar says. The newer one
    wins: an answer that comes twice or late, or to a time that has moved since, changes nothing.
    """
    meeting, place = _locked(meeting, by)
    if not may.can_answer_meeting(place, meeting, at):
        return False
    if not meeting.asked_since <= sequence <= meeting.sequence:
        return False
    stamped_at = min(stamped_at, at)  # a clock that runs ahead must not shut out what is said later
    own = Attendance.objects.filter(meeting=meeting, member=place.member).first()
    if own and own.answer and (sequence, stamped_at) <= (own.answered_sequence, own.answered_at):
        return False
    answer = _as_answer(meeting, comes, own)
    _keep(
        meeting,
        place.member,
        answer,
        at=at,
        by=by,
        sequence=sequence,
        way=Way.CALENDAR,
        answered_at=stamped_at,
    )
    return own is None or own.answer != answer


def _as_answer(meeting, comes, own):
    """A calendar knows yes, no and perhaps; in which room is what was said before, or else the one with chairs."""
    if comes is None:
        return Answer.MAYBE
    if not comes:
        return Answer.NO
    if own and own.answer == Answer.ONLINE and meeting.link:
        return Answer.ONLINE
    return comes_to(meeting)


def comes_to(meeting):
    """What a plain yes means here: the room where there is one, else the link."""
    return Answer.ROOM if meeting.place else Answer.ONLINE


@transaction.atomic
def record_attendance(*, meeting, present, by, at, guests=None):
    """Note which members came; the other members are noted as not there. Replaces what was noted before.

    guests: {sector: how many came who are no members}; what is not given stays. A substitute is noted by the member
    whose place they took.
    """
    partnership = Partnership.objects.locked(meeting.partnership_id)
    may.can_record_attendance(place_of(partnership, by), meeting, at).enforce()
    came = {member.pk for member in present}
    members = Member.objects.filter(partnership=partnership)
    known = set(members.present().values_list("pk", flat=True))
    known |= set(members.filter(pk__in=came).values_list("pk", flat=True))
    rows = [Attendance(meeting=meeting, member_id=pk, attended=pk in came) for pk in known]
    Attendance.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["meeting", "member"], update_fields=["attended"]
    )
    if guests is not None:
        _count_guests(meeting, guests)
    remember(partnership, "meeting.attended", by=by, at=at, meeting=meeting.pk, came=len(came & known))
    return meeting


def _count_guests(meeting, guests):
    counted = {Sector(sector): number for sector, number in guests.items() if number}
    if any(not 0 < number <= MOST_GUESTS for number in counted.values()):
        raise ValidationError(_("Write a number between 0 and %(most)s.") % {"most": MOST_GUESTS})
    Guests.objects.filter(meeting=meeting).delete()
    Guests.objects.bulk_create(
        Guests(meeting=meeting, sector=sector, number=number) for sector, number in counted.items()
    )


@transaction.atomic
def forget_needs(*, at):
    """Erase what people needed at meetings, after the days their platform says. Returns how many forgot."""
    count = 0
    for platform, days in Platform.objects.values_list("pk", "keep_needs_days"):
        over = Attendance.objects.filter(
            ~Q(needs="") | ~Q(need_kinds=[]),
            meeting__partnership__platform=platform,
            meeting__ends_at__lte=at - datetime.timedelta(days=days),
        )
        count += over.update(needs="", need_kinds=[])
    return count
