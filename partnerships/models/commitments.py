"""Commit: what members promise one another, and what became of it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actors.models import Person

from .arenas import Partnership
from .members import Member


class CommitmentKind(models.TextChoices):
    MONEY = "money", _("Money")
    HOURS = "hours", _("Hours")
    SKILL = "skill", _("Skill")
    SPACE = "space", _("Space")
    DATA = "data", _("Data")
    AUTHORITY = "authority", _("Authority")
    TASK = "task", _("Task")


class CommitmentState(models.TextChoices):
    ASKED = "asked", _("Asked for")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    KEPT = "kept", _("Kept")
    MISSED = "missed", _("Missed")
    RENEGOTIATED = "renegotiated", _("Renegotiated")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DECLINED = "declined", pgettext_lazy("commitment", "Declined")


STANDING = [CommitmentState.ACCEPTED, CommitmentState.RENEGOTIATED]


class CommitmentQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(partnership__in=Partnership.objects.readable_by(person))

    def standing(self):
        """Commitments that are promised and not settled yet."""
        return self.filter(state__in=STANDING)


class Commitment(models.Model):
    """Offered by its owner and accepted by the arena, or asked of its owner and accepted by them in person."""

    Kind = CommitmentKind
    State = CommitmentState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="commitments")
    member = models.ForeignKey(Member, models.PROTECT, related_name="commitments")  # the owner
    kind = models.CharField(_("kind"), max_length=10, choices=CommitmentKind)
    what = models.CharField(_("what"), max_length=300)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    due_on = models.DateField(_("by when"), null=True, blank=True)
    state = models.CharField(max_length=12, choices=CommitmentState, default=CommitmentState.OFFERED)
    note = models.TextField(_("note"), max_length=2000, blank=True)  # why missed, withdrawn or renegotiated
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="an amount has a unit", condition=Q(amount=None) | ~Q(unit="")),
            models.CheckConstraint(
                name="what is accepted has a time",
                condition=~Q(state__in=[*STANDING, CommitmentState.KEPT, CommitmentState.MISSED])
                | Q(accepted_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.what

    @property
    def amount_words(self):
        """The amount with its unit, as the reader writes numbers: "40 hours", "1.200,50 kr."; or ""."""
        if self.amount is None:
            return ""
        whole = self.amount == self.amount.to_integral_value()
        return (
            f"{number_format(self.amount, 0 if whole else 2, use_l10n=True, force_grouping=True)} {self.unit}"
        )


class Renegotiation(models.Model):
    """What a commitment said before it was changed in the open, and why it was changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="renegotiations")
    what = models.CharField(_("what it was"), max_length=300)
    due_on = models.DateField(_("by when it was"), null=True, blank=True)
    note = models.TextField(_("why"), max_length=2000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self):
        return self.what
