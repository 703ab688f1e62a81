"""How the rows around decisions grow in the world of tests/pages: changed positions, answers, time, substitutes."""

from partnerships.models import (
    Decision,
    EarlierPosition,
    Lengthening,
    ObjectionAnswer,
    Position,
    Substitution,
    Text,
)

from .words import DAY, LATER


class Deciding:
    """What World knows of decisions; it brings cast, arenas, members, texts and revisions."""

    def _rounds(self):
        """One that opens later and asks for advice, and one for which too few took part."""
        facts = {
            "partnership": self.arenas["seaweed"],
            "question": "Can we live with this?",
            "quorum_public": 0,
            "quorum_non_public": 0,
            "opened_by": self.cast.convener,
        }
        later, failed = (
            self._text("seaweed", Text.Kind.PROPOSAL, title).revisions.get()
            for title in ("Asked about later", "Asked of too few")
        )
        times = {"opens_at": self.now + LATER, "opened_at": None, "closes_at": self.now + 2 * LATER}
        Decision.objects.create(**facts, **times, text=later.text, revision=later, rule="advisory")
        opened = self.now - 20 * DAY
        times = {"opened_at": opened, "closes_at": opened + DAY, "closed_at": opened + DAY}
        Decision.objects.create(**facts, **times, text=failed.text, revision=failed, outcome="no_quorum")

    def _grow_rounds(self, slug, new):
        """Each new position was another one before; closed objections are answered; members stand in for members."""
        arena, fresh, by = self.arenas[slug], self.members[slug][-len(new) :], self.cast.convener
        positions = Position.objects.filter(decision__partnership=arena, member__in=fresh)
        positions = list(positions.select_related("decision"))
        said = {"choice": "object", "reason": "Not so.", "digest": "0", "replaced_at": self.now}
        EarlierPosition.objects.bulk_create(
            EarlierPosition(position=one, at=one.at, **said) for one in positions
        )
        objections = [one for one in positions if one.choice == "object" and one.decision.closed_at]
        answer = {"body": "We have changed it.", "by": by, "at": self.now}
        ObjectionAnswer.objects.bulk_create(
            ObjectionAnswer(position=one, objected_at=one.at, **answer) for one in objections
        )
        why = {"reason": "Rain.", "by": by, "at": self.now}
        Lengthening.objects.bulk_create(
            Lengthening(decision=one, was=one.closes_at - DAY, closes_at=one.closes_at, **why)
            for one in Decision.objects.filter(partnership=arena, lengthenings=None)
        )
        pairs = list(zip(fresh[::2], fresh[1::2], strict=False))
        told = {"partnership": arena, "from_at": self.now, "asked_at": self.now}
        rows = [Substitution(member=a, substitute=b, state="accepted", **told) for a, b in pairs]
        if not new.start:
            citizen = next(one for one in self.members[slug] if one.person_id == self.cast.citizen.pk)
            rows += [Substitution(member=fresh[-1], substitute=citizen, **told)] if len(fresh) % 2 else []
        Substitution.objects.bulk_create(rows)
