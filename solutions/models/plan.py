"""The plan: its steps, who owns them, how they go, what was a public task before, and what is measured."""

import uuid

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.models import Organization, Person
from partnerships.models import Commitment, Member, Partnership
from partnerships.models.commitments import PROMISED
from problems.models import Indicator, plain

from .deciding import Authorization

# Who owns a step: who has promised it, and who kept that promise, in part at least. Who was asked or has offered has
# a part in it.
OWNING = PROMISED
HAVING_A_PART = [*OWNING, Commitment.State.ASKED, Commitment.State.OFFERED]


class StepStatus(models.TextChoices):
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")
    DELAYED = "delayed", _("Delayed")
    STOPPED = "stopped", _("Stopped")


FINISHED = [StepStatus.DONE, StepStatus.STOPPED]


class StepQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(partnership__in=Partnership.objects.readable_by(person))

    def with_last_report(self):
        """Each step with last_status and last_report_at (None where nobody has reported)."""
        last = StepReport.objects.filter(step=OuterRef("pk")).order_by("-at", "-pk")
        return self.annotate(
            last_status=Subquery(last.values("status")[:1]), last_report_at=Subquery(last.values("at")[:1])
        )

    def unfinished(self):
        """Steps that are neither done nor stopped, by what was last reported."""
        rows = self.with_last_report()
        return rows.filter(Q(last_status=None) | ~Q(last_status__in=FINISHED))


class Step(models.Model):
    """One step of the plan. Its owners are commitments, its status is what was last reported."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(_("what is to be done"), max_length=300)
    due_on = models.DateField(_("by when"))
    condition_of = models.ForeignKey(
        Authorization, models.PROTECT, null=True, blank=True, related_name="condition_steps"
    )
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="steps are numbered per partnership", fields=["partnership", "number"]
            )
        ]

    def __str__(self):
        return self.what

    def is_owned_by(self, member):
        """Whether this member has promised the step, or has kept that promise."""
        return self.ownerships.filter(commitment__member=member, commitment__state__in=OWNING).exists()

    def has_part(self, member):
        """Whether this member owns the step, was asked to, or has offered to."""
        return self.ownerships.filter(commitment__member=member, commitment__state__in=HAVING_A_PART).exists()

    def overdue(self, today):
        """Whether its day has passed without it being done or stopped; needs with_last_report()."""
        return self.due_on < today and self.last_status not in FINISHED


class Handover(models.Model):
    """A step that was a public task before: what it needs, what is supplied, and which public body answers for it.

    Said by who plans the step, or by somebody from outside the public side who contests that it is new.
    """

    step = models.OneToOneField(Step, models.CASCADE, primary_key=True, related_name="handover")
    needed = models.DecimalField(_("what it needs"), max_digits=14, decimal_places=2, null=True, blank=True)
    supplied = models.DecimalField(
        _("what is supplied"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    accountable = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    why = models.TextField(_("how it was before"), max_length=2000)
    contested = models.BooleanField(default=False)  # said by somebody from outside the public side
    marked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ["step__number"]
        constraints = [
            models.CheckConstraint(
                name="a handed-over task needs something",
                condition=Q(needed=None) | (Q(needed__gt=0) & ~Q(unit="")),
            ),
            models.CheckConstraint(
                name="nothing less than nothing is supplied", condition=Q(supplied=None) | Q(supplied__gte=0)
            ),
        ]

    def __str__(self):
        return f"{self.step}: handed over"

    @property
    def percent(self):
        """How much of what it needs is supplied, in whole percent rounded down; None where it is not said."""
        if self.needed is None or self.supplied is None:
            return None
        return int(self.supplied * 100 // self.needed)


class Ownership(models.Model):
    """A member owns a step: the ownership is a commitment, and lives only there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    step = models.ForeignKey(Step, models.CASCADE, related_name="ownerships")
    commitment = models.OneToOneField(Commitment, models.PROTECT, related_name="ownership")

    def __str__(self):
        return f"{self.step}: {self.commitment.member}"


class StepReport(models.Model):
    """How a step is going, told by one of its owners."""

    Status = StepStatus

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    step = models.ForeignKey(Step, models.CASCADE, related_name="reports")
    member = models.ForeignKey(Member, models.PROTECT, related_name="step_reports")
    status = models.CharField(_("status"), max_length=10, choices=StepStatus)
    body = models.TextField(_("report"), max_length=20_000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.get_status_display()}: {self.step}"


class Measurement(models.Model):
    """A dated value of an indicator, with its source. Two sources may disagree, and both stay."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="measurements")
    measured_on = models.DateField(_("date"))
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=3)
    source = models.CharField(_("source"), max_length=300)
    note = models.CharField(_("note"), max_length=500, blank=True)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["measured_on", "entered_at"]

    def __str__(self):
        return f"{self.indicator}: {self.value}"

    @property
    def number(self):
        """The value as people write it."""
        return plain(self.value)
