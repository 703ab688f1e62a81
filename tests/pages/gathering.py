"""How the rows of convening grow in the world of tests/pages: groups, functions, letters, templates and lessons."""

from datetime import timedelta
from itertools import cycle

from django.utils import timezone

from actors.models import Person, Sector
from notices.models import Notice
from partnerships.actions.templates import load_templates
from partnerships.logos import read_logo
from partnerships.lots import digest_of
from partnerships.models import (
    Call,
    CallGroup,
    Draw,
    Group,
    InvitationQuestion,
    Leadership,
    Lesson,
    Letter,
    Logo,
    Lot,
    Partnership,
    Seat,
    Template,
    Volunteer,
    Willingness,
)
from partnerships.models.leadership import Function

from .words import LATER


class Gathering:
    """What World knows of convening; it brings cast, arenas and members."""

    def _dress(self):
        """The platform's own colour, a pale one, its logo and its ground rules."""
        shape = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><path d="M0 0h40v10z"/></svg>'
        picture, platform = read_logo(shape.encode()), self.cast.platform
        Logo.objects.create(platform=platform, name=picture.name, body=picture.body)
        platform.accent, platform.logo, platform.logo_alt = "#f2c230", picture.name, "Solrød Municipality"
        platform.logo_width, platform.logo_height = picture.width, picture.height
        platform.ground_rules = "- **Listen** to the end."
        platform.save()

    def _templates(self):
        """The shipped templates; one of the platform's own, from which one partnership began."""
        shipped = load_templates(at=timezone.now())[0]
        facts = {name: getattr(shipped, name) for name in ("texts", "groups", "lengths")}
        self.template = Template.objects.create(
            platform=self.cast.platform, key="own", forked_from=shipped, join_policy="open", **facts
        )
        arena = self.arenas["gathering"]
        Partnership.objects.filter(pk=arena.pk).update(template=self.template)
        arena.template = self.template

    def _calls(self):
        """An open call for one group; two draws from an earlier one, one of them waiting; and one from the register."""
        arena, by = self.arenas["gathering"], self.cast.convener
        facts = {"name": "Families", "sector": "citizens", "affectedness": 3, "relevance": 3}
        self.called = Group.objects.create(partnership=arena, **facts)
        facts = {"words": "Come, and **bring a neighbour**.", "language": "en", "opened_by": by}
        times = {"opened_at": self.now, "closes_at": self.now + LATER}
        self.call = Call.objects.create(partnership=arena, **facts, **times)
        CallGroup.objects.create(call=self.call, group=self.called, seats=2)
        facts = {
            "partnership": arena,
            "seats": 1,
            "digest": digest_of([]),
            "frozen_by": by,
            "frozen_at": self.now,
        }
        drawn = {"seed": "5" * 64, "drawn_at": self.now, "drawn_by": by}
        self.draws = [
            Draw.objects.create(call=call, group=self.called, **facts, **more)
            for call, more in ((self.call, drawn), (self.call, {}), (None, drawn))
        ]

    def _grow_calls(self, new):
        """People in the register, people who put themselves forward, and their lots."""
        entry = {
            "platform": self.cast.platform,
            "sector": "citizens",
            "brings": "Knows the tides",
            "language": "da",
        }
        times = {"since": self.now, "lapses_at": self.now + LATER}
        willing = [*self.people[new.start :], *([self.cast.citizen] if not new.start else [])]
        strangers = Person.objects.bulk_create(
            Person(name=f"Willing {n:03}", sort_key=f"willing {n:03}", email=f"w{n}@example.net") for n in new
        )
        Willingness.objects.bulk_create(
            Willingness(person=who, area="Havdrup", **entry, **times) for who in [*willing, *strangers]
        )
        came = {"call": self.call, "group": self.called, "words": "I live there.", "at": self.now}
        rows = Volunteer.objects.bulk_create(Volunteer(person=who, **came) for who in strangers)
        left = Volunteer.objects.bulk_create(
            Volunteer(person=who, state="not_chosen", **came) for who in self.people[new.start :]
        )
        for draw in self.draws:
            Lot.objects.bulk_create(
                Lot(
                    draw=draw,
                    person=one.person,
                    volunteer=one if draw.call_id else None,
                    place=n + 1 if draw.seed else None,
                    state="reserve" if draw.seed else "in",
                )
                for n, one in zip(range(2 * new.start, 2 * new.stop), [*rows, *left], strict=True)
            )

    def _grow_lessons(self, new):
        """What was learned, copies of the template, and a letter for every group."""
        arena, by = self.arenas["gathering"], self.cast.convener
        facts = {"template": self.template, "partnership": arena, "by": by, "at": timezone.now()}
        Lesson.objects.bulk_create(Lesson(words=f"Ask {n} **times**.", **facts) for n in new)
        copies = {"platform": self.cast.platform, "forked_from": self.template, "texts": self.template.texts}
        Template.objects.bulk_create(Template(key=f"copy-{n}", **copies) for n in new)
        groups = list(arena.groups.order_by("created_at", "id"))[new.start : new.stop]
        Letter.objects.bulk_create(
            Letter(partnership=arena, group=group, language="en", opening="Come.", support=["pay"])
            for group in groups
        )

    def _grow_questions(self, arena, new):
        """Questions of people who are invited, one in two answered."""
        asked = arena.invitations.filter(number__lte=1000).order_by("number")[new.start : new.stop]
        answered = {"answer": "Yes.", "answered_by": self.cast.convener, "answered_at": timezone.now()}
        InvitationQuestion.objects.bulk_create(
            InvitationQuestion(
                invitation=row,
                words="Is there a ramp?",
                asked_at=timezone.now(),
                **(answered if n % 2 else {}),
            )
            for n, row in enumerate(asked)
        )

    def _grow_leadership(self, slug, new):
        """Functions carried, and offered to one of the cast."""
        arena, citizen = self.arenas[slug], self.arenas[slug].members.get(person=self.cast.citizen)
        functions = cycle(Function.values)
        facts = {"partnership": arena, "offered_by": self.cast.convener, "offered_at": timezone.now()}
        rows = [
            Leadership(member=member, function=next(functions), state="held", **facts)
            for member in self.members[slug][-len(new) :]
        ]
        if new.start == 0:
            rows.append(Leadership(member=citizen, function="catalyst", state="offered", **facts))
        Leadership.objects.bulk_create(rows)

    def _grow_messages(self, slug, new):
        """Messages in every state, to members here and to the cast; some of them could not be sent."""
        arena, now = self.arenas[slug], self.now - timedelta(days=1)
        kinds = cycle(["decision_opened", "stage_opened", "meeting_called", "commitment_changed"])
        states = cycle([("failed", "no_address"), ("sent", ""), ("gathered", ""), ("dropped", "untrue")])
        people = [member.person_id for member in self.members[slug][-len(new) :]]
        people += [self.cast.citizen.pk] * len(new)
        rows = []
        for number, who in enumerate(people, new.start * 10):
            state, reason = next(states)
            facts = {"scope": arena.pk, "recipient": who, "kind": next(kinds), "occurrence": str(number)}
            facts |= {"state": state, "reason": reason, "lane": "bulk", "message_id": f"<{number}@x>"}
            rows.append(Notice(**facts, due_at=now, try_at=now, followed=True))
        Notice.objects.bulk_create(rows, ignore_conflicts=True)

    def _grow_groups(self, arena, new):
        """Groups of every sector and rating: with a seat, with an advocate, and missing."""
        sectors, speaker = cycle(Sector.values), arena.members.earliest("joined_at", "id")
        rows = [
            Group(
                partnership=arena,
                name=f"Group {n} by the bay",
                sector=next(sectors),
                brings="Knows the tides",
                affectedness=3 - n % 3,
                relevance=1 + n % 3,
                voice=n % 4,
                authority=n % 2,
                no_seat_reason="They speak through the club." if n % 3 == 2 else "",
                advocate=speaker if n % 3 == 2 else None,
            )
            for n in new
        ]
        seated = [group for group in Group.objects.bulk_create(rows) if group.voice]
        Seat.objects.bulk_create(
            Seat(partnership=arena, sector=group.sector, label=group.name, group=group) for group in seated
        )
