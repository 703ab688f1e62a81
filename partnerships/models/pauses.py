"""When a partnership rested, and why."""

import datetime
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from actors.models import Person

from .arenas import Partnership

DAY = datetime.timedelta(days=1)


class Pause(models.Model):
    """A partnership rests, with a public reason. Kept as a row: what was due moves on by its length."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="pauses")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("reason"))
    look_again_on = models.DateField(_("day on which to look again"), null=True, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    resumed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(
                name="a partnership is paused once at a time", fields=["partnership"], condition=Q(until=None)
            ),
            models.CheckConstraint(
                name="a pause ends after it begins", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self):
        return self.reason[:80]

    @property
    def days(self):
        """How many days what was due moves on: each day begun counts, so that nobody's time gets shorter."""
        return 0 if self.until is None else -(-(self.until - self.since) // DAY)
