"""Thanks: a few words from one member to another for one thing. Nobody counts them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .arenas import Partnership
from .commitments import Commitment
from .contributions import Contribution
from .meetings import Meeting
from .members import Member


class ThanksQuerySet(models.QuerySet):
    def shown(self):
        """What its receiver lets others read."""
        return self.filter(shown=True)


class Thanks(models.Model):
    """Short words for a kept promise, for what somebody said, or for what they did for a meeting."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="thanks")
    to = models.ForeignKey(Member, models.PROTECT, related_name="thanks")
    by = models.ForeignKey(Member, models.PROTECT, related_name="thanked")
    commitment = models.ForeignKey(Commitment, models.CASCADE, null=True, blank=True, related_name="thanks")
    contribution = models.ForeignKey(
        Contribution, models.CASCADE, null=True, blank=True, related_name="thanks"
    )
    meeting = models.ForeignKey(Meeting, models.CASCADE, null=True, blank=True, related_name="thanks")
    words = models.CharField(_("your words"), max_length=300)
    at = models.DateTimeField()
    shown = models.BooleanField(null=True)  # None: its receiver has not said

    objects = ThanksQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "thanks"
        constraints = [
            models.UniqueConstraint(
                name="a person thanks another once for a thing",
                fields=["by", "to", "commitment", "contribution", "meeting"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="thanks are for one thing",
                condition=Q(commitment__isnull=False, contribution=None, meeting=None)
                | Q(commitment=None, contribution__isnull=False, meeting=None)
                | Q(commitment=None, contribution=None, meeting__isnull=False),
            ),
            models.CheckConstraint(name="nobody thanks themselves", condition=~Q(by=models.F("to"))),
        ]

    def __str__(self):
        return self.words

    @property
    def thing(self):
        """What the thanks are for."""
        return self.commitment or self.contribution or self.meeting
