"""What the arena lacks: open requests to everyone, answered by offers of all of it or of a part."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from actors.models import Person

from .arenas import Partnership


class CommitmentKind(models.TextChoices):
    MONEY = "money", _("Money")
    HOURS = "hours", _("Hours")
    SKILL = "skill", _("Skill")
    SPACE = "space", _("Space")
    DATA = "data", _("Data")
    AUTHORITY = "authority", _("Authority")
    TASK = "task", _("Task")


def amount_in_words(amount, unit):
    """An amount with its unit, as the reader writes numbers: "40 hours", "1.200,50 kr."; or ""."""
    if amount is None:
        return ""
    whole = amount == amount.to_integral_value()
    return f"{number_format(amount, 0 if whole else 2, use_l10n=True, force_grouping=True)} {unit}"


class NeedQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(partnership__in=Partnership.objects.readable_by(person))

    def open(self):
        """Needs that can still be answered."""
        return self.filter(closed_at=None)


class Need(models.Model):
    """Asked of everyone: of which kind, how much, by when. Its answers are commitments."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="needs")
    kind = models.CharField(_("kind"), max_length=10, choices=CommitmentKind)
    what = models.CharField(_("what is needed"), max_length=300)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    due_on = models.DateField(_("by when"), null=True, blank=True)
    step_number = models.PositiveSmallIntegerField(_("step of the plan"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    closed_why = models.CharField(_("why"), max_length=300, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="a needed amount has a unit",
                condition=Q(amount=None, unit="") | (Q(amount__gt=0) & ~Q(unit="")),
            ),
            models.CheckConstraint(
                name="whoever closes a need says why",
                condition=Q(closed_at=None, closed_by=None)
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closed_why="")),
            ),
        ]

    def __str__(self):
        return self.what

    @property
    def amount_words(self):
        """How much is needed, as the reader writes numbers; or ""."""
        return amount_in_words(self.amount, self.unit)
