"""The platform's register: people who have said that they may be asked, for a time, until they take it back."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from actors.models import Person, Sector

from .platforms import Platform


class WillingnessQuerySet(models.QuerySet):
    def standing(self, at):
        """What people still stand by: not taken back, and not lapsed."""
        return self.filter(ended_at=None, lapses_at__gt=at)


class Willingness(models.Model):
    """A person's word that they may be asked on a platform: for which sector, what they know, where they live.

    The words go when it ends; that somebody was once willing stays as a row without any.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="willing")
    person = models.ForeignKey(Person, models.PROTECT, related_name="willing")
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, default=Sector.CITIZENS)
    brings = models.CharField(_("what I know or can do"), max_length=300, blank=True)
    area = models.CharField(_("neighbourhood or area"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=8)
    since = models.DateTimeField()
    lapses_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)  # that it lapses soon
    ended_at = models.DateTimeField(null=True)

    objects = WillingnessQuerySet.as_manager()

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                name="a person stands in a register once at a time",
                fields=["platform", "person"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="an entry that has ended says nothing",
                condition=Q(ended_at=None) | Q(brings="", area=""),
            ),
            models.CheckConstraint(
                name="an entry lapses after it began", condition=Q(lapses_at__gt=F("since"))
            ),
        ]
        indexes = [
            models.Index(fields=["lapses_at"], name="register_lapsing", condition=Q(ended_at=None)),
        ]

    def __str__(self):
        return f"{self.person}: {self.platform}"
