"""Decide: a question settled by the members about one revision of one text."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.models import Person

from .arenas import Partnership
from .members import Member
from .texts import Revision, Text


class Rule(models.TextChoices):
    CONSENT = "consent", _("No objections")
    MAJORITY = "majority", _("Majority on each side, dissent kept")


class DecisionOutcome(models.TextChoices):
    ADOPTED = "adopted", _("Adopted")
    OBJECTED = "objected", _("Not adopted: there are objections")
    OUTVOTED = "outvoted", _("Not adopted: no majority on each side")
    NO_QUORUM = "no_quorum", _("Not adopted: too few took part")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(partnership__in=Partnership.objects.readable_by(person))

    def open(self):
        """Decisions that still take positions."""
        return self.filter(closed_at=None)

    def due(self, at):
        """Open decisions whose closing time has come; in a pause it stands still."""
        runs = Q(partnership__paused_at=None) | Q(closes_at__lte=F("partnership__paused_at"))
        return self.open().filter(runs, closes_at__lte=at)


class Decision(models.Model):
    """Bound to the exact words of one revision. Quorum per side; closes at a time; after two rounds the fallback."""

    Rule = Rule
    Outcome = DecisionOutcome

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="decisions")
    text = models.ForeignKey(
        Text, models.PROTECT, related_name="decisions"
    )  # of the revision; for the constraint
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="decisions")
    question = models.CharField(_("question"), max_length=300)
    rule = models.CharField(_("rule"), max_length=10, choices=Rule, default=Rule.CONSENT)
    round = models.PositiveSmallIntegerField(default=1)
    quorum_public = models.PositiveSmallIntegerField()  # positions needed from the public side
    quorum_non_public = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    closes_at = models.DateTimeField(_("closes"))
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=DecisionOutcome, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="a text has one open decision", fields=["text"], condition=Q(closed_at=None)
            ),
            models.CheckConstraint(
                name="a closed decision has an outcome",
                condition=(Q(closed_at=None) & Q(outcome="")) | (Q(closed_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="a decision closes after it opens", condition=Q(closes_at__gt=F("opened_at"))
            ),
        ]

    def __str__(self):
        return self.question


class Choice(models.TextChoices):
    AGREE = "agree", _("I agree")
    STAND_ASIDE = "stand_aside", _("I stand aside")
    OBJECT = "object", _("I object")


class PositionQuerySet(models.QuerySet):
    def told(self):
        """Positions that the pages of their decisions show: of closed ones, by members who stayed until then."""
        stayed = Q(member__left_at=None) | Q(member__left_at__gt=F("decision__closed_at"))
        return self.filter(stayed, decision__closed_at__isnull=False)

    def counting(self, decision):
        """Positions in a decision that count: all but those of members who left before it closed."""
        stayed = Q(member__left_at=None)
        if decision.closed_at:
            stayed |= Q(member__left_at__gt=decision.closed_at)
        return self.filter(stayed, decision=decision)


class Position(models.Model):
    """Where one member stands, on exactly the words that were shown. Can be changed until the decision closes."""

    Choice = Choice

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="positions")
    member = models.ForeignKey(Member, models.PROTECT, related_name="positions")
    choice = models.CharField(_("your position"), max_length=12, choices=Choice)
    reason = models.TextField(_("reason"), max_length=5000, blank=True)
    digest = models.CharField(max_length=64)  # of the revision that was shown
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+"
    )  # paper, voice

    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                name="a member has one position in a decision", fields=["decision", "member"]
            ),
            models.CheckConstraint(
                name="an objection has a reason", condition=~Q(choice=Choice.OBJECT) | ~Q(reason="")
            ),
        ]

    def __str__(self):
        return f"{self.member}: {self.get_choice_display()}"
