"""Commit: what members promise one another, and what became of it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actors.models import Person

from .arenas import Partnership
from .members import Member
from .needs import CommitmentKind, Need, amount_in_words


class CommitmentState(models.TextChoices):
    ASKED = "asked", _("Asked for")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    KEPT = "kept", _("Kept")
    PARTLY = "partly", _("Kept in part")
    MISSED = "missed", _("Missed")
    RENEGOTIATED = "renegotiated", _("Renegotiated")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DECLINED = "declined", pgettext_lazy("commitment", "Declined")


STANDING = [CommitmentState.ACCEPTED, CommitmentState.RENEGOTIATED]
PROMISED = [*STANDING, CommitmentState.KEPT, CommitmentState.PARTLY]  # what counts towards what is needed


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
    delivered = models.DecimalField(
        _("how much of it"), max_digits=14, decimal_places=2, null=True, blank=True
    )  # of the amount, where it was kept in part
    due_on = models.DateField(_("by when"), null=True, blank=True)
    need = models.ForeignKey(Need, models.PROTECT, null=True, blank=True, related_name="answers")
    step_number = models.PositiveSmallIntegerField(_("step of the plan"), null=True, blank=True)
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
                condition=~Q(state__in=[*PROMISED, CommitmentState.MISSED]) | Q(accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="only what is kept in part says how much of it",
                condition=Q(delivered=None)
                | Q(state=CommitmentState.PARTLY, delivered__gt=0, delivered__lt=F("amount")),
            ),
        ]

    def __str__(self):
        return self.what

    @property
    def amount_words(self):
        """The amount with its unit, as the reader writes numbers: "40 hours", "1.200,50 kr."; or ""."""
        return amount_in_words(self.amount, self.unit)

    @property
    def delivered_words(self):
        """How much of it was delivered where it was kept in part, with its unit; or ""."""
        return amount_in_words(self.delivered, self.unit)


class Renegotiation(models.Model):
    """What a commitment said before it was changed in the open, and why it was changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="renegotiations")
    what = models.CharField(_("what it was"), max_length=300)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    due_on = models.DateField(_("by when it was"), null=True, blank=True)
    note = models.TextField(_("why"), max_length=2000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self):
        return self.what

    @property
    def amount_words(self):
        """How much it was, as the reader writes numbers; or ""."""
        return amount_in_words(self.amount, self.unit)
