"""Who follows a partnership without being in it: their own affair, of which others see a number."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.models import Person

from .arenas import Partnership


class Topic(models.TextChoices):
    """What somebody who follows wants to see moving."""

    STAGES = "stages", _("A new stage, a pause, or what comes of it")
    MEETINGS = "meetings", _("Meetings and their minutes")
    DECISIONS = "decisions", _("Decisions, opened and closed")
    TEXTS = "texts", _("Texts and proposals")
    AUTHORIZATION = "authorization", _("What is asked of those who decide, and their answer")
    PLAN = "plan", _("The plan, its steps and what is measured")


def every_topic():
    """All of them: what goes for who has chosen nothing."""
    return list(Topic.values)


class FollowQuerySet(models.QuerySet):
    def standing(self, person):
        """What this person follows and may read now: following ends with the right to read, and with a seat."""
        readable = Partnership.objects.readable_by(person)
        seats = Partnership.objects.filter(members__person=person.pk, members__left_at=None)
        return self.filter(person=person.pk, partnership__in=readable.values("pk")).exclude(
            partnership__in=seats.values("pk")
        )


class Follow(models.Model):
    """One person who follows one partnership. Nobody else is ever told who."""

    Topic = Topic

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="follows")
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="followers")
    topics = ArrayField(models.CharField(max_length=16, choices=Topic), default=every_topic)
    since = models.DateTimeField(default=timezone.now)

    objects = FollowQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="a person follows a partnership once", fields=["person", "partnership"]
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.partnership_id}"


class CalendarFeed(models.Model):
    """A calendar with an address of its own, for one person: of all their partnerships, or of one.

    The address is an HMAC over id and nonce: the row does not hold it, and a new nonce ends the old one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="feeds")
    partnership = models.ForeignKey(
        Partnership, models.CASCADE, null=True, blank=True, related_name="feeds"
    )  # None: all of them
    nonce = models.CharField(max_length=32)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="a person has one calendar for a partnership, and one for all",
                fields=["person", "partnership"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.partnership_id or 'all'}"
