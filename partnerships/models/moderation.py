"""The ground rules at work: reports, what was done about them, and appeals."""

import uuid

from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from actors.models import Person

from .arenas import Partnership
from .contributions import Contribution
from .members import Member
from .platforms import Office


class Ground(models.TextChoices):
    INSULT = "insult", _("It insults or threatens somebody")
    PERSONAL = "personal", _("It names others or tells private things about them")
    ADVERTISING = "advertising", _("It is advertising")
    OFF_TOPIC = "off_topic", _("It is about something else")
    ILLEGAL = "illegal", _("It may be against the law")
    OTHER = "other", _("Another ground rule")


class ContributionReportQuerySet(models.QuerySet):
    def open(self):
        """Reports that nobody has settled."""
        return self.filter(settled_at=None)

    def waiting_for(self, person):
        """Open reports that this person can settle: where they lead, about others' words, made by others."""
        leads = Member.objects.leading().filter(
            person=person, partnership=OuterRef("contribution__partnership")
        )
        own = Q(contribution__member__person=person) | Q(by=person)
        return self.open().filter(Exists(leads)).exclude(own)


class ContributionReport(models.Model):
    """Somebody says that a contribution breaks the ground rules; a convener hides it or leaves it, with a reason."""

    Ground = Ground

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="reports")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ground = models.CharField(_("what is wrong with it"), max_length=12, choices=Ground, default=Ground.OTHER)
    reason = models.TextField(_("in your own words"), max_length=2000, blank=True)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    settled_reason = models.TextField(blank=True)  # to who reported it, where it stays
    upheld = models.BooleanField(null=True)

    objects = ContributionReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a person reports a contribution once", fields=["contribution", "by"]
            )
        ]
        indexes = [
            models.Index(fields=["contribution", "at"], name="reports_open", condition=Q(settled_at=None))
        ]

    def __str__(self):
        return self.reason[:80] or self.get_ground_display()


class InterventionQuerySet(models.QuerySet):
    def lasting(self, at):
        """What is in force at this moment: hidden words, and pauses from writing that have not run out."""
        return self.filter(Q(until=None) | Q(until__gt=at), ended_at=None)


class Intervention(models.Model):
    """What was done by the ground rules: words of a member hidden, or the member's writing paused; with a reason."""

    class Kind(models.TextChoices):
        HIDING = "hiding", _("Words hidden")
        WRITING_PAUSE = "writing_pause", _("Pause from writing")

    Ground = Ground

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="interventions")
    kind = models.CharField(max_length=16, choices=Kind)
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="interventions"
    )  # whose words, who pauses
    contribution = models.ForeignKey(
        Contribution, models.CASCADE, null=True, blank=True, related_name="hidings"
    )
    ground = models.CharField(max_length=12, choices=Ground)
    reason = models.TextField(_("reason"), max_length=1000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = InterventionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="words are hidden, or writing is paused until a time",
                condition=Q(kind="hiding", contribution__isnull=False, until=None)
                | Q(kind="writing_pause", contribution=None, until__gt=F("at")),
            ),
            models.UniqueConstraint(
                name="a contribution is hidden once at a time",
                fields=["contribution"],
                condition=Q(kind="hiding", ended_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["partnership", "-at", "-id"], name="interventions_newest_first"),
            models.Index(
                fields=["partnership", "member"],
                name="interventions_that_pause",
                condition=Q(kind="writing_pause", ended_at=None),
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def hides(self):
        return self.kind == self.Kind.HIDING


def with_writing_pause(members):
    """Members with `writes_again_at`: until when their writing is paused, perhaps in the past; None when it is not."""
    pauses = Intervention.objects.filter(
        member__person=OuterRef("person"),  # who leaves and joins again has not escaped it
        partnership=OuterRef("partnership"),
        kind=Intervention.Kind.WRITING_PAUSE,
        ended_at=None,
    )
    last = pauses.order_by().values("partnership").annotate(last=Max("until")).values("last")
    return members.annotate(writes_again_at=Subquery(last))


class AppealQuerySet(models.QuerySet):
    def open(self):
        """Appeals that nobody has decided."""
        return self.filter(state=Appeal.State.OPEN)

    def waiting_for(self, person):
        """Open appeals that this person can decide: who leads there; where no other leader can, who holds an office."""
        seat = Member.objects.leading().filter(partnership=OuterRef("intervention__partnership"))
        uninvolved = seat.exclude(person=OuterRef("intervention__by")).exclude(
            person=OuterRef("intervention__member__person")
        )
        held = Office.objects.filter(
            platform=OuterRef("intervention__partnership__platform"), person=person, until=None
        )
        keeps = Exists(held.filter(kind=Office.Kind.CASE_OFFICER))
        public = Q(intervention__partnership__visibility=Partnership.Visibility.PUBLIC)
        office = keeps | (Exists(held) & public)
        own = Q(intervention__by=person) | Q(intervention__member__person=person)
        rows = self.open().exclude(own)
        return rows.filter(Exists(seat.filter(person=person)) | (office & ~Exists(uninvolved)))


class Appeal(models.Model):
    """Whose words were hidden, or whose writing was paused, says why that is wrong; somebody else decides, once."""

    class State(models.TextChoices):
        OPEN = "open", _("Appeal waits")
        STANDS = "stands", _("It stands")
        TAKEN_BACK = "taken_back", _("Taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intervention = models.OneToOneField(Intervention, models.CASCADE, related_name="appeal")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    words = models.TextField(_("why you think it is wrong"), max_length=3000)
    at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a decided appeal says by whom and why",
                condition=Q(state="open", decided_at=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(state="open") & ~Q(reason=""),
            )
        ]

    def __str__(self):
        return self.words[:80]
