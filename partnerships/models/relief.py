"""Relief: whoever carries too much may hand a promise on, and those who convene may offer help."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .arenas import Partnership
from .commitments import Commitment
from .members import Member


class ReliefQuerySet(models.QuerySet):
    def open(self):
        """Requests that nobody has answered by taking the promise over."""
        return self.filter(ended_at=None)


class Relief(models.Model):
    """A promise that its owner would hand on, and who took it over. The promise stays the same, and is not missed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="reliefs")
    member = models.ForeignKey(Member, models.PROTECT, related_name="reliefs")  # who promised it until then
    why = models.CharField(_("why"), max_length=500, blank=True)
    openly = models.BooleanField(_("who may know"), default=True)  # else: those who lead
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="taken_over"
    )  # None when ended: taken back, or settled meanwhile

    objects = ReliefQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                name="a promise is handed on by one request at a time",
                fields=["commitment"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="what is taken over has a time", condition=Q(taken_by=None) | Q(ended_at__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.commitment}: {self.member}"


class ReliefOffer(models.Model):
    """Help that somebody who convenes offers to a member who carries much: answered with yes or no, by them alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="relief_offers")
    member = models.ForeignKey(Member, models.PROTECT, related_name="relief_offers")
    words = models.CharField(_("your words to them"), max_length=500)
    by = models.ForeignKey(Member, models.PROTECT, related_name="relief_given")
    at = models.DateTimeField()
    accepted = models.BooleanField(null=True)  # None: not answered
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                name="a member answers one offer of help at a time",
                fields=["member"],
                condition=Q(answered_at=None),
            )
        ]

    def __str__(self):
        return f"{self.member}: {self.words}"
