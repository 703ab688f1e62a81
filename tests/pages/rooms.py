"""How the rows of workshops and soundings grow in the world of tests/pages."""

import uuid
from itertools import cycle

from partnerships.models import (
    Cluster,
    Meeting,
    Note,
    Phone,
    Prompt,
    Sounding,
    SoundingMark,
    SoundingOption,
    SoundingVoter,
    Workshop,
)
from partnerships.models.soundings import Method

from .words import DAY, LATER, MINUTE


def room(world):
    return [world.room.code]


def in_room(thing):
    """The arguments of an address in the running workshop's room: its code, and the id of a thing in it."""
    return lambda world: [world.room.code, thing(world)]


def workshop(world):
    return ["seaweed", world.room.pk]


def sounding(number):
    """The sounding of this number in the world: agreeing, dots, ranking, dots in the room, closed."""
    return lambda world: ["seaweed", world.asked[number].pk]


class Rooms:
    """What World knows of rooms full of people; it brings cast, arenas and members."""

    def _rooms(self):
        """A running workshop in one partnership, with a round of dots, and a sounding of each kind."""
        arena, by = self.arenas["seaweed"], self.cast.convener
        times = {"starts_at": self.now + 5 * DAY, "ends_at": self.now + 5 * DAY + 90 * MINUTE}
        evening = Meeting.objects.create(
            partnership=arena, title="An evening at the school", place="The school", called_by=by, **times
        )
        self.room = Workshop.objects.create(
            partnership=arena, meeting=evening, code="ABC234", started_at=self.now, started_by=by
        )
        facts = {"workshop": self.room, "opened_at": self.now}
        self.prompt = Prompt.objects.create(number=1, words="What would make you swim here?", **facts)
        seat = arena.members.get(person=self.cast.citizen)
        self.own_phone = Phone.objects.create(workshop=self.room, member=seat, at=self.now)
        facts = {"workshop": self.room, "prompt": self.prompt, "phone": self.own_phone, "at": self.now}
        self.own_note = Note.objects.create(pk=uuid.uuid4(), body="A ladder", **facts)
        self.asked = [self._sounding(method, question=f"What matters, by {method}?") for method in Method]
        self.asked.append(self._sounding(Method.DOTS, question="In the room?", workshop=self.room))
        closed = {"closed_at": self.now, "closed_by": by}
        self.asked.append(self._sounding(Method.AGREE, question="What mattered?", **closed))

    def _sounding(self, method, **facts):
        when = {"opened_at": self.now - DAY, "closes_at": None if "workshop" in facts else self.now + LATER}
        made = {"partnership": self.arenas["seaweed"], "opened_by": self.cast.convener, "method": method}
        return Sounding.objects.create(**made, **when, **facts)

    def _grow_rooms(self, new):
        """Phones, notes in every state, themes, questions; soundings, their lines, and who answered what."""
        self._grow_notes(new)
        Sounding.objects.bulk_create(
            Sounding(
                partnership=self.arenas["seaweed"],
                question=f"Which of these, {n}?",
                method=Method.RANKING,
                opened_at=self.now - DAY,
                opened_by=self.cast.convener,
            )
            for n in new
        )
        for asked in self.asked:
            self._grow_answers(asked, new)

    def _grow_notes(self, new):
        room, sectors = self.room, cycle(["citizens", "private", ""])
        phones = Phone.objects.bulk_create(
            Phone(workshop=room, first_name=f"Anna {n}", sector=next(sectors), at=self.now) for n in new
        )
        Prompt.objects.bulk_create(
            Prompt(workshop=room, number=n + 2, words=f"What is in the way of {n}?") for n in new
        )
        themes = Cluster.objects.bulk_create(
            Cluster(workshop=room, title=f"Theme {n}", at=self.now, by=self.cast.convener) for n in new
        )
        hidden = {"hidden_at": self.now, "hidden_by": self.cast.convener, "hidden_reason": "It insults."}
        states = cycle([{}, {"paper": True}, hidden, {"phone": self.own_phone}])
        homes = cycle([None, *themes])
        Note.objects.bulk_create(
            Note(
                **{"phone": phone} | next(states),
                pk=uuid.uuid4(),
                workshop=room,
                prompt=self.prompt,
                cluster=next(homes),
                body=f"Clean sand, {number}",
                at=self.now,
            )
            for phone in phones
            for number in range(5)
        )
        Workshop.objects.filter(pk=room.pk).update(phones=new.stop, notes=5 * new.stop)

    def _grow_answers(self, asked, new):
        SoundingOption.objects.bulk_create(
            SoundingOption(sounding=asked, number=n + 1, words=f"Line {n}") for n in new
        )
        members = self.members["seaweed"]
        fresh = members if not new.start else members[-len(new) :]
        others = [one for one in fresh if one.person_id != self.cast.citizen.pk]
        voters = SoundingVoter.objects.bulk_create(
            SoundingVoter(sounding=asked, member=one, side=one.side, at=self.now) for one in others
        )
        first, values = (
            asked.options.get(number=1),
            cycle([1, -1, 0] if asked.method == Method.AGREE else [1]),
        )
        SoundingMark.objects.bulk_create(
            SoundingMark(voter=one, option=first, value=next(values)) for one in voters
        )
