"""What the members of a world meet about: meetings past and coming, their agendas, minutes, and times asked for."""

from itertools import cycle

from django.utils import timezone

from partnerships.models import (
    AgendaItem,
    Attendance,
    Commitment,
    Contribution,
    Decision,
    Guests,
    Meeting,
    MeetingDeed,
    Minutes,
    Poll,
    PollMark,
    PollTime,
    Text,
)

from .words import DAY, MINUTE, WORDS

HOUR = 60 * MINUTE


class Meetings:
    """The part of World that fills the tables of meetings."""

    def _grow_meetings(self, slug, new):
        """Meetings past and coming, answered and attended, with as many items, versions and deeds as rows."""
        arena, members = self.arenas[slug], self.members[slug]
        for n in new:
            for starts in (self.now - (n + 1) * DAY, self.now + (n + 1) * DAY):
                self._meeting(arena, starts, n)
        fresh = members[-len(new) :] if new.start else members
        for meeting in Meeting.objects.filter(partnership=arena, title="Meeting 0"):
            came = meeting.starts_at < self.now or None
            Attendance.objects.bulk_create(self._attendance(meeting, one, came) for one in fresh)
            self._grow_agenda(arena, meeting, members[0], new)
            if came:
                self._grow_minutes(arena, meeting, new)
        self._grow_poll(arena, fresh, new)

    def _meeting(self, arena, starts, n):
        facts = {"place": "The town hall, Solrød", "link": "https://meet.example/seaweed", "agenda": WORDS}
        facts |= {
            "access": "The west door, no steps.",
            "languages": "Danish",
            "support": ["interpreter", "food"],
        }
        Meeting.objects.create(
            partnership=arena,
            title=f"Meeting {n}",
            starts_at=starts,
            ends_at=starts + 90 * MINUTE,
            called_by=self.cast.convener,
            minutes=WORDS if starts < self.now else "",
            minutes_at=self.now if starts < self.now else None,
            minutes_by=self.cast.convener if starts < self.now else None,
            **facts,
        )

    def _attendance(self, meeting, member, came):
        return Attendance(
            meeting=meeting,
            member=member,
            answer="room",
            need_kinds=["access", "food"],
            needs="A ramp",
            answered_at=self.now,
            attended=came,
        )

    def _grow_agenda(self, arena, meeting, member, new):
        """Items about something of each kind, and items that members propose."""
        things = {
            "contribution": Contribution.objects.shown().filter(partnership=arena).first(),
            "text": Text.objects.filter(partnership=arena).first(),
            "decision": Decision.objects.filter(partnership=arena).first(),
            "commitment": Commitment.objects.filter(partnership=arena).first(),
        }
        about = cycle([{}, *({name: row} for name, row in things.items())])
        facts = {"meeting": meeting, "words": "What we know so far.", "minutes": 15}
        AgendaItem.objects.bulk_create(
            AgendaItem(
                title=f"Item {n}", place=n + 1, left_over=meeting.ends_at < self.now, **facts, **next(about)
            )
            for n in new
        )
        proposed = {"state": "proposed", "proposed_by": member}
        AgendaItem.objects.bulk_create(AgendaItem(title=f"Proposal {n}", **facts, **proposed) for n in new)

    def _grow_minutes(self, arena, meeting, new):
        """Published versions, a draft, what came from the meeting, and guests."""
        by = self.cast.convener
        body = [{"item": "", "heading": "", "words": WORDS}]
        last = meeting.versions.count()
        Minutes.objects.filter(meeting=meeting).update(published_at=self.now, published_by=by)
        Minutes.objects.bulk_create(
            Minutes(
                meeting=meeting,
                number=last + n,
                body=body,
                note="A name was wrong.",
                written_at=self.now,
                written_by=by,
                published_at=self.now,
                published_by=by,
            )
            for n in range(1, len(new) + 1)
        )
        draft = {"body": body, "written_at": self.now, "written_by": by}
        Minutes.objects.create(meeting=meeting, number=last + len(new) + 1, **draft)
        item = meeting.items.taken().first()
        things = cycle(
            [
                {"decision": Decision.objects.filter(partnership=arena).first()},
                {"commitment": Commitment.objects.filter(partnership=arena).first()},
                {"contribution": Contribution.objects.filter(partnership=arena).first()},
            ]
        )
        MeetingDeed.objects.bulk_create(
            MeetingDeed(meeting=meeting, item=item, by=by, at=self.now, **next(things)) for _n in new
        )
        Guests.objects.get_or_create(meeting=meeting, sector="citizens", defaults={"number": 12})

    def _grow_poll(self, arena, fresh, new):
        """A time that is asked for, with twenty to choose from at most; and others that are over."""
        poll, made = Poll.objects.get_or_create(
            partnership=arena,
            title="The trial on the beach",
            defaults={
                "length": 90,
                "place": "The town hall",
                "opened_at": self.now,
                "opened_by": self.cast.convener,
                "closes_at": self.now + 5 * DAY,
            },
        )
        if made:
            PollTime.objects.bulk_create(
                PollTime(poll=poll, starts_at=self.now + n * DAY) for n in (8, 9, 10)
            )
        marks = cycle(["yes", "if_need", "no"])
        PollMark.objects.bulk_create(
            PollMark(time=time, member=one, mark=next(marks), at=timezone.now())
            for time in poll.times.all()
            for one in fresh
        )
