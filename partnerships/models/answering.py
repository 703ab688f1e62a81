"""What became of what was said: answers, what they were before, who takes one on, and what was answered together."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actors.models import Person

from .arenas import Partnership
from .commitments import Commitment
from .contributions import Contribution, shown_at
from .decisions import Decision
from .members import Member
from .texts import Revision


class Outcome(models.TextChoices):
    ADOPTED = "adopted", pgettext_lazy("contribution", "Adopted")
    PARTLY = "partly", _("Partly adopted")
    DEFERRED = "deferred", _("Put off")
    NOT_ADOPTED = "not_adopted", _("Not adopted")


TAKEN_UP = (Outcome.ADOPTED, Outcome.PARTLY)


class ReopenedBecause(models.TextChoices):
    DAY = "day", _("The day has come that it was put off to")
    AUTHOR = "author", _("Its author says that the answer does not answer it")


class AnswerBatch(models.Model):
    """Contributions that were answered together, with one outcome and one reason: one deed, one entry in the record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="answer_batches")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    number = models.PositiveIntegerField()  # how many it answered

    class Meta:
        constraints = [
            models.CheckConstraint(name="several are answered together, or one", condition=Q(number__gte=1))
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d}: {self.number}"

    @property
    def others(self):
        """How many others each of them was answered with."""
        return self.number - 1


class Given(models.Model):
    """One answer as it was given, and what its author said of it."""

    outcome = models.CharField(_("what became of it"), max_length=12, choices=Outcome)
    reason = models.TextField(_("reason"), max_length=5000)
    waits_until = models.DateField(null=True, blank=True)
    waits_for = models.CharField(max_length=300, blank=True)
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="+")
    commitment = models.ForeignKey(Commitment, models.PROTECT, null=True, blank=True, related_name="+")
    batch = models.ForeignKey(AnswerBatch, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    contested_at = models.DateTimeField(null=True, blank=True)
    contested_reason = models.TextField(max_length=2000, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.get_outcome_display()

    def get_outcome_display(self):
        """The outcome in the reader's language. Django's own reads every choice again for each row of a list."""
        return str(Outcome(self.outcome).label)


class ResponseQuerySet(models.QuerySet):
    def standing(self):
        """Answers that answer: neither contested by their author nor put off to a day that has come."""
        return self.filter(reopened_at=None)

    def put_off_until(self, day):
        """Standing answers that put something off to this day, or to one before."""
        return self.standing().filter(outcome=Outcome.DEFERRED, waits_until__lte=day)

    def taken_up_in(self, **thing):
        """Answers that say that a contribution went into this: revision__text, decision or commitment; newest first."""
        rows = self.standing().filter(shown_at("contribution__"), **thing)
        return rows.select_related("contribution__member__person").order_by("-at", "pk")


class Response(Given):
    """What became of a contribution, with a reason, as it stands now."""

    Outcome = Outcome
    ReopenedBecause = ReopenedBecause

    contribution = models.OneToOneField(
        Contribution, models.CASCADE, primary_key=True, related_name="response"
    )
    first_at = models.DateTimeField(
        null=True
    )  # when it was first answered with what its author did not contest
    reopened_at = models.DateTimeField(null=True, blank=True)  # since when it is owed once more
    reopened_because = models.CharField(max_length=8, choices=ReopenedBecause, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="what is put off says until when or on what it waits",
                condition=~Q(outcome="deferred") | Q(waits_until__isnull=False) | ~Q(waits_for=""),
            ),
            models.CheckConstraint(
                name="only what is put off waits",
                condition=Q(outcome="deferred") | Q(waits_until=None, waits_for=""),
            ),
            models.CheckConstraint(
                name="only what is adopted went into something",
                condition=Q(outcome__in=["adopted", "partly"])
                | Q(revision=None, decision=None, commitment=None),
            ),
            models.CheckConstraint(
                name="an answer went into one thing",
                condition=Q(revision=None, decision=None)
                | Q(revision=None, commitment=None)
                | Q(decision=None, commitment=None),
            ),
            models.CheckConstraint(
                name="what is owed once more says why",
                condition=Q(reopened_at=None, reopened_because="")
                | Q(reopened_at__isnull=False) & ~Q(reopened_because=""),
            ),
            models.CheckConstraint(
                name="who contests an answer says why",
                condition=Q(contested_at=None) | ~Q(contested_reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["waits_until"],
                name="answers_put_off_to_a_day",
                condition=Q(reopened_at=None, waits_until__isnull=False),
            )
        ]

    @property
    def seen_as(self):
        """What a form carries to say which answer it showed."""
        return self.at.isoformat()


class EarlierResponse(Given):
    """What an answer was before it was changed; it stays readable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="earlier_responses")
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["-replaced_at", "-id"]


class AnswerTaken(models.Model):
    """A leader has said: I will answer this. It ends when it is answered, released, or they no longer lead."""

    contribution = models.OneToOneField(Contribution, models.CASCADE, primary_key=True, related_name="taken")
    member = models.ForeignKey(Member, models.PROTECT, related_name="answers_taken")
    at = models.DateTimeField()

    def __str__(self):
        return str(self.member)


class Median(models.Aggregate):
    """The middle one of all values."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = models.DurationField()


TIME_TO_ANSWER = F("response__first_at") - F("created_at")
