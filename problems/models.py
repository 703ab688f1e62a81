"""The shared problem definition, and what it is measured by."""

import uuid
from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Partnership, Text


def plain(number):
    """A measured number as people write it: without trailing zeros, never with an exponent; None stays None."""
    if number is None:
        return None
    number = Decimal(number).normalize()
    return number.quantize(Decimal(1)) if number.as_tuple().exponent > 0 else number


class Definition(models.Model):
    """The problem as both sides define it. Its words, revisions and adoption are the text's."""

    text = models.OneToOneField(Text, models.CASCADE, primary_key=True, related_name="definition")
    partnership = models.OneToOneField(Partnership, models.CASCADE, related_name="definition")

    def __str__(self):
        return str(self.text)


class Direction(models.TextChoices):
    UP = "up", _("More is better")
    DOWN = "down", _("Less is better")


class IndicatorQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(partnership__in=Partnership.objects.readable_by(person))


class Indicator(models.Model):
    """How one will see whether the problem gets smaller. A changed target keeps the old one in the journal."""

    Direction = Direction

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="indicators")
    name = models.CharField(_("name"), max_length=140)
    unit = models.CharField(_("unit"), max_length=60)
    baseline = models.DecimalField(_("today"), max_digits=16, decimal_places=3, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=16, decimal_places=3, null=True, blank=True)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction, default=Direction.UP)
    source = models.CharField(_("source"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="an indicator is named once in a partnership", fields=["partnership", "name"]
            )
        ]

    def __str__(self):
        return self.name

    def get_direction_display(self):
        """What is better, in the reader's language. Django's own reads every choice again for each row of a list."""
        return str(Direction(self.direction).label)

    @property
    def today(self):
        """The baseline as people write it."""
        return plain(self.baseline)

    @property
    def goal(self):
        """The target as people write it."""
        return plain(self.target)
