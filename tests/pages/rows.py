"""What the members of a world do: what they promise, where they meet, what they plan and measure, what is noted."""

from itertools import cycle

from django.utils import timezone

from cocreate.messages import KINDS
from journal.actions import record
from notices.models import Notice
from partnerships.models import (
    ClosingAccount,
    Commitment,
    Member,
    Need,
    Partnership,
    Pause,
    Relief,
    ReliefOffer,
    Renegotiation,
    StageVisit,
    Thanks,
    Waiver,
)
from partnerships.stages import Stage
from problems.models import Indicator
from solutions.handovers import SUPPORTED
from solutions.models import Handover, Measurement, Ownership, Step, StepReport
from tests.cast import join, partnership

from .words import DAY, WORDS


class Rows:
    """The part of World that fills the tables of deeds."""

    def _grow_deeds(self, slug, new):
        """Commitments in every state, changed in the open."""
        arena, members, cast = self.arenas[slug], self.members[slug], self.cast
        states, kinds = cycle(Commitment.State.values), cycle(Commitment.Kind.values)
        for n in new:
            promised = self._commitment(arena, members[n], next(kinds), next(states))
            first = Commitment.objects.filter(partnership=arena).earliest("created_at", "id")
            was = {"what": promised.what, "note": "The boat was out.", "by": cast.convener, "at": self.now}
            Renegotiation.objects.create(commitment=first, **was)
            self._relief(arena, n)

    def _relief(self, arena, n):
        """A need with answers; promises that were handed on, and one that would be; help offered; thanks."""
        cast, members, at = self.cast, self.members[arena.slug], {"asked_at": self.now}
        facts = {"kind": "hours", "amount": 40, "unit": "hours", "step_number": 1 if n % 2 else None}
        Need.objects.create(partnership=arena, what=f"Bookkeeping {n}", created_by=cast.convener, **facts)
        need = Need.objects.filter(partnership=arena).earliest("created_at", "id")
        given = self._commitment(arena, members[n], "hours", "accepted", need=need)
        first = Commitment.objects.filter(partnership=arena, state="accepted", need=None)
        if first := first.order_by("created_at", "id").first():
            done = {"ended_at": self.now, "taken_by": members[0]}
            Relief.objects.create(commitment=first, member=members[n], **at, **done)
        Relief.objects.create(commitment=given, member=members[n], why="The harvest.", **at)
        offered = {"partnership": arena, "member": members[n], "by": members[0], "at": self.now}
        ReliefOffer.objects.create(
            **offered, words="Shall I call around?", accepted=True, answered_at=self.now
        )
        kept = Commitment.objects.filter(partnership=arena, state="kept").order_by("created_at", "id").first()
        if not n:
            bo = arena.members.get(person=cast.citizen)
            self._commitment(arena, bo, "hours", "kept")
        elif kept and members[n] != kept.member:
            thanked = {"partnership": arena, "to": kept.member, "commitment": kept, "at": self.now}
            Thanks.objects.create(by=members[n], words="You saved the day.", shown=True, **thanked)

    def _commitment(self, arena, member, kind, state, **fields):
        return Commitment.objects.create(
            partnership=arena,
            member=member,
            kind=kind,
            what="Lend the tractor for the trial",
            amount=40,
            unit="hours",
            due_on=timezone.localdate(),
            state=state,
            accepted_at=self.now,
            created_by=self.cast.convener,
            **fields,
        )

    def _grow_plan(self, slug, new):
        """Indicators with measured values, steps with owners and reports."""
        arena, members, cast = self.arenas[slug], self.members[slug], self.cast
        for n in new:
            counted = Indicator.objects.create(
                partnership=arena, name=f"Seaweed removed {n}", unit="tonnes a year", baseline=0, target=1000
            )
            first = Indicator.objects.filter(partnership=arena).first()
            for one in {first, counted}:
                Measurement.objects.create(
                    indicator=one,
                    measured_on=timezone.localdate() - n * DAY,
                    value=n * 10,
                    source="The gate, https://example.org/gate?day=1&hour=2",
                    entered_by=cast.convener,
                )
            step = Step.objects.create(
                partnership=arena,
                number=n + 1,
                what=f"Step {n}",
                due_on=timezone.localdate() + (n - 1) * DAY,
                created_by=cast.convener,
            )
            owned = [(step, state) for state in ("accepted", "asked")]
            owned.append((arena.steps.get(number=1), "offered"))
            for of, state in owned:
                promise = self._commitment(arena, members[n], "task", state)
                Ownership.objects.create(step=of, commitment=promise)
            self._grow_handovers(slug, step, n)
            for of in {step, arena.steps.get(number=1)}:
                StepReport.objects.create(step=of, member=members[n], status="under_way", body=WORDS)

    def _endings(self):
        """A partnership that rests, one that owes its account, and one that has told what came of it."""
        cast = self.cast
        for slug, stage in (("resting", Stage.DESIGN), ("ended", Stage.CLOSED), ("told", Stage.CLOSED)):
            arena = partnership(cast.platform, slug=slug, stage=stage, title=f"Seaweed, {slug}")
            public = {"sector": "public", "side": "public"}
            convener = join(arena, cast.convener, role=Member.Role.CONVENER, **public)
            if slug == "resting":
                facts = {"reason": "The budget is not voted yet.", "look_again_on": timezone.localdate()}
                Pause.objects.create(partnership=arena, since=self.now - 3 * DAY, by=cast.convener, **facts)
                Partnership.objects.filter(pk=arena.pk).update(paused_at=self.now - 3 * DAY)
                continue
            words = dict.fromkeys(ClosingAccount.PARTS, WORDS) | {"version": 1}
            published = {"published_at": self.now, "published_by": cast.convener} if slug == "told" else {}
            visit = arena.visits.get(left_at=None)
            facts = {"writer": convener, "due_on": timezone.localdate() - DAY, "follows": "adapt"}
            ClosingAccount.objects.create(visit=visit, **facts, **words, **published)

    def _grow_handovers(self, slug, step, n):
        """Steps that were public tasks before, some with too little, one contested; one signed by the first."""
        cast, arena = self.cast, self.arenas[slug]
        Handover.objects.create(
            step=step,
            why="The municipality did it until last year.",
            needed=1000,
            supplied=620 + n,
            unit="hours a year",
            accountable=cast.municipality,
            contested=n % 2 == 1,
            marked_by=cast.citizen if n % 2 else cast.convener,
            marked_at=self.now,
        )
        if n == 0 and slug == "doing":
            member = arena.members.get(person=cast.citizen)
            Ownership.objects.create(
                step=step, commitment=self._commitment(arena, member, "task", "accepted")
            )
            visit = arena.visits.get(left_at=None)
            facts = {"criterion": SUPPORTED, "reason": "They want it all the same.", "takes_effect_at": None}
            Waiver.objects.create(visit=visit, by=cast.convener, at=self.now, **facts)

    def _grow_record(self, slug, new):
        """Visits of stages with waivers, lines in the record, and messages that did not arrive."""
        arena, cast, people = self.arenas[slug], self.cast, self.people[new.start :]
        visit = StageVisit.objects.get(partnership=arena, left_at=None)
        for n, who in zip(new, people, strict=True):
            then = self.now - (300 - n) * DAY
            StageVisit.objects.create(
                partnership=arena,
                stage=Stage.CONVENE,
                number=100 + n,
                entered_at=then,
                left_at=then + DAY,
                reason="More people were needed.",
            )
            Waiver.objects.create(
                visit=visit, criterion=f"criterion-{n}", reason="We go on.", by=cast.convener, at=self.now
            )
            rested = {"since": then, "until": then + DAY, "reason": "Summer.", "resumed_by": cast.convener}
            Pause.objects.create(partnership=arena, by=cast.convener, **rested)
            record(
                scope=arena.pk, verb="contribution.said", by=cast.citizen, at=self.now, contribution=who.pk
            )
            record(scope=cast.platform.pk, verb="office.given", by=cast.convener, at=self.now, person=who.pk)
            Notice.objects.create(
                scope=arena.pk,
                recipient=who.pk,
                kind=next(iter(KINDS)),
                lane="bulk",
                state="failed",
                reason="no_address",
                due_at=self.now - n * DAY,
                try_at=self.now,
                followed=True,
            )
