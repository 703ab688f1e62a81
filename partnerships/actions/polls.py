"""Meet: finding a time that suits both sides."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import Attendance, Member, Partnership, Poll, PollMark, PollTime
from ..models.polls import FEWEST_TIMES, MOST_TIMES, Mark
from ..places import place_of
from ..rules import polls as may
from ..stages import Stage
from .asking import members_of
from .meetings import call_meeting
from .memory import remember

REMINDER = datetime.timedelta(hours=24)  # before it closes, to those who have not answered
SHORT = datetime.timedelta(hours=48)  # one that is open so shortly needs no second message


@transaction.atomic
def open_poll(*, partnership, title, times, length, time_zone, place, link, closes_at, by, at):
    """Ask the members which of these times suit them. Returns the Poll.

    times: 2 to 20 different moments to come; length: minutes. Raises ValidationError for any other.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_open_poll(place_of(partnership, by)).enforce()
    _check(times, closes_at, at)
    poll = Poll.objects.create(
        partnership=partnership,
        title=title,
        length=length,
        time_zone=time_zone,
        place=place,
        link=link,
        opened_at=at,
        opened_by=by,
        closes_at=closes_at,
    )
    PollTime.objects.bulk_create(PollTime(poll=poll, starts_at=time) for time in sorted(times))
    remember(partnership, "poll.opened", by=by, at=at, poll=poll.pk, count=len(times))
    _tell(poll, "poll_opened", members_of(partnership), at=at)
    return poll


def _check(times, closes_at, at):
    if not FEWEST_TIMES <= len(times) <= MOST_TIMES:
        facts = {"fewest": FEWEST_TIMES, "most": MOST_TIMES}
        raise ValidationError(_("Propose %(fewest)s to %(most)s times.") % facts)
    if len(set(times)) < len(times):
        raise ValidationError(_("The same time stands here twice."))
    if min(times) <= at:
        raise ValidationError(_("Every time must be still to come."))
    if closes_at <= at:
        raise ValidationError({"closes_at": _("Choose a time in the future.")})
    if closes_at >= max(times):
        raise ValidationError({"closes_at": _("It must close before the last of the times.")})


def _tell(poll, kind, members, *, at, then="", belongs_to=None):
    tell(
        kind=kind,
        recipients=members.values_list("person", flat=True),
        scope=poll.partnership_id,
        occurrence=f"{poll.pk} {then}".strip(),
        ids={"poll": str(poll.pk)},
        at=at,
        belongs_to=belongs_to,
    )


def _locked(poll):
    partnership = Partnership.objects.locked(poll.partnership_id)
    return partnership, Poll.objects.select_for_update(of=("self",)).get(pk=poll.pk)


@transaction.atomic
def mark_times(*, poll, marks, by, at):
    """Say which times suit oneself; can be changed until it closes. Returns the PollMarks.

    marks: {id of a time: "yes", "if_need" or "no"}; a time that is left out keeps what was said before.
    """
    partnership, poll = _locked(poll)
    place = place_of(partnership, by)
    may.can_mark_times(place, poll, at).enforce()
    times = {time.pk: time for time in poll.times.all()}
    if set(marks) - set(times):
        raise ValidationError(_("This time is not among those that are proposed."))
    rows = [
        PollMark(time=times[pk], member=place.member, mark=Mark(mark), at=at) for pk, mark in marks.items()
    ]
    made = PollMark.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["time", "member"], update_fields=["mark", "at"]
    )
    remember(partnership, "poll.answered", by=by, at=at, audience="members", poll=poll.pk)
    return made


@transaction.atomic
def pick_time(*, time, by, at, agenda=""):
    """Call the meeting at one of the times; what members marked becomes their answer. Returns the Meeting."""
    partnership, poll = _locked(time.poll)
    may.can_pick_time(place_of(partnership, by), poll).enforce()
    may.still_to_come(time.starts_at, at).enforce()
    meeting = call_meeting(
        partnership=partnership,
        title=poll.title,
        starts_at=time.starts_at,
        ends_at=time.starts_at + datetime.timedelta(minutes=poll.length),
        time_zone=poll.time_zone,
        place=poll.place,
        link=poll.link,
        agenda=agenda,
        by=by,
        at=at,
        answers=_answers(poll, time),
    )
    if not Poll.objects.running().filter(pk=poll.pk).update(meeting=meeting):
        raise Conflict(_("Somebody else has chosen a time in the meantime."))
    remember(partnership, "poll.settled", by=by, at=at, poll=poll.pk, meeting=meeting.pk)
    return meeting


def _answers(poll, time):
    """{Member: answer} as the members marked the time."""
    Answer = Attendance.Answer
    comes = Answer.ROOM if poll.place else Answer.ONLINE
    known = {Mark.YES: comes, Mark.IF_NEED_BE: Answer.MAYBE, Mark.NO: Answer.NO}
    marks = PollMark.objects.filter(time=time, member__left_at=None).select_related("member")
    return {one.member: known[Mark(one.mark)] for one in marks}


@transaction.atomic
def withdraw_poll(*, poll, by, at):
    """Take the question back; what was marked stays readable to the members. Returns the Poll."""
    partnership, poll = _locked(poll)
    may.can_withdraw_poll(place_of(partnership, by), poll).enforce()
    if not Poll.objects.running().filter(pk=poll.pk).update(withdrawn_at=at):
        raise Conflict(_("Somebody else has chosen a time in the meantime."))
    poll.withdrawn_at = at
    remember(partnership, "poll.withdrawn", by=by, at=at, poll=poll.pk)
    return poll


def unmarked(poll):
    """Members who have marked nothing."""
    marked = PollMark.objects.filter(time__poll=poll).values("member")
    return Member.objects.present().filter(partnership=poll.partnership_id).exclude(pk__in=marked)


@transaction.atomic
def remind_polls(*, at):
    """Remind those who have not marked a day before it closes; tell those who lead when it is time to choose."""
    running = Poll.objects.running().exclude(partnership__stage=Stage.CLOSED)
    for poll in running.filter(closes_at__gt=at, closes_at__lte=at + REMINDER):
        if poll.closes_at - poll.opened_at > SHORT:
            _tell(poll, "poll_closing", unmarked(poll), at=at, belongs_to=poll.closes_at - REMINDER)
    for poll in running.filter(closes_at__lte=at, closes_at__gt=at - SHORT):
        leaders = Member.objects.leading().filter(partnership=poll.partnership_id)
        _tell(poll, "poll_over", leaders, at=at, belongs_to=poll.closes_at)
