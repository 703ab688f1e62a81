"""How answers and the ground rules grow in the world of tests/pages."""

from partnerships.models import (
    AnswerBatch,
    AnswerTaken,
    Appeal,
    Contribution,
    EarlierResponse,
    Intervention,
    Response,
    Text,
)

from .words import DAY, WORDS


class Answers:
    """What World knows of what became of contributions, and of what was done by the ground rules."""

    def _became(self, arena, first, members, n):
        """Every second one is answered, together with others and with where it went; of the rest some are contested."""
        given = {"contribution": first, "outcome": "partly", "reason": "In section one."}
        given |= {"by": self.cast.convener, "at": self.now, "first_at": self.now}
        if n % 2:
            batch = AnswerBatch.objects.create(
                partnership=arena, by=self.cast.convener, at=self.now, number=3
            )
            revision = self.texts[arena.slug][Text.Kind.PROBLEM].revisions.earliest("number")
            Response.objects.create(**given, batch=batch, revision=revision)
            EarlierResponse.objects.create(
                **{k: given[k] for k in given if k != "first_at"}, replaced_at=self.now
            )
        elif n % 6 == 4:
            said = {"contested_at": self.now, "contested_reason": "I asked when."}
            Response.objects.create(**given, **said, reopened_at=self.now, reopened_because="author")
        else:
            AnswerTaken.objects.create(contribution=first, member=members[0], at=self.now)

    def _moderate(self, arena, members, gone, n):
        """A hiding for what is hidden, and a pause from writing that is over; one in two with an appeal."""
        done = {"partnership": arena, "ground": "insult", "reason": "It insults.", "by": self.cast.convener}
        hiding = Intervention(**done, kind="hiding", member=members[0], contribution=gone, at=self.now)
        over = {"at": self.now - 9 * DAY, "until": self.now - DAY}
        rest = Intervention(**done, kind="writing_pause", member=members[n], **over)
        Intervention.objects.bulk_create([hiding, rest])
        if n == 0:
            hidden = {"hidden_at": self.now, "hidden_by": self.cast.convener, "hidden_reason": "It insults."}
            said = {"partnership": arena, "kind": "idea", "body": WORDS, "member": members[1]}
            own = Contribution.objects.create(**said, **hidden, reply_to=gone.thread, thread=gone.thread)
            Intervention.objects.create(
                **done, kind="hiding", member=members[1], contribution=own, at=self.now
            )
        if n % 2 == 0:
            Appeal.objects.create(intervention=hiding, by=members[0].person, words=WORDS, at=self.now)


# --- where they are -------------------------------------------------------------------------------------------


def answered(arena):
    """One that has an answer, which was another one before."""
    rows = Contribution.objects.filter(partnership=arena, earlier_responses__isnull=False)
    return rows.earliest("created_at", "id").pk


def own_answered(arena):
    """One of the citizen's with an answer that they have not contested."""
    rows = Contribution.objects.filter(partnership=arena, member__person__name="Bo Citizen")
    return rows.filter(response__contested_at=None, response__isnull=False).earliest("created_at", "id").pk


def batch(arena):
    return (
        Response.objects.exclude(batch=None).filter(contribution__partnership=arena).earliest("pk").batch_id
    )


def hiding(arena):
    """Words that are hidden, with an appeal that waits."""
    return arena.interventions.filter(kind="hiding", appeal__isnull=False).earliest("at", "id").pk


def own_hiding(arena):
    """A hiding of the citizen's own words, about which nobody has appealed."""
    rows = arena.interventions.filter(kind="hiding", member__person__name="Bo Citizen")
    return rows.filter(appeal=None).earliest("at", "id").pk
