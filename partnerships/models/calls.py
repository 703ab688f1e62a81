"""An open call: for which groups people are sought, until when, and who has put themselves forward."""

import datetime
import uuid
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actors.models import Person

from .arenas import Partnership
from .groups import Group
from .members import Member


class Call(models.Model):
    """A partnership asks in public who will take part. It ends at a time, or earlier, and can be opened again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.OneToOneField(Partnership, models.CASCADE, related_name="call")
    words = models.TextField(_("what you say"))
    language = models.CharField(_("language"), max_length=8)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # ended early by a convener

    def __str__(self):
        return f"{_('Open call')}: {self.partnership}"

    def is_open(self, at):
        """Whether one can put oneself forward at this moment."""
        return self.closed_at is None and at < self.closes_at

    @property
    def ends_at(self):
        """When it ends, or ended."""
        return self.closed_at or self.closes_at

    @property
    def last_day(self):
        """The last day on which one can, or could, put oneself forward; a call ends when a day is over."""
        last = self.ends_at - datetime.timedelta(seconds=1)
        return last.astimezone(ZoneInfo(self.partnership.time_zone)).date()


class CallGroup(models.Model):
    """How many people a call seeks for one group."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="groups")
    group = models.ForeignKey(Group, models.PROTECT, related_name="called")
    seats = models.PositiveSmallIntegerField(_("seats"))

    class Meta:
        ordering = ["group__created_at", "group_id"]
        constraints = [
            models.UniqueConstraint(name="a call names a group once", fields=["call", "group"]),
            models.CheckConstraint(name="a call seeks at least one", condition=Q(seats__gt=0)),
        ]

    def __str__(self):
        return f"{self.group}: {self.seats}"


class VolunteerState(models.TextChoices):
    WAITING = "waiting", _("Put themselves forward")
    CHOSEN = "chosen", _("Chosen")
    NOT_CHOSEN = "not_chosen", _("Not chosen this time")
    WITHDRAWN = "withdrawn", _("Stepped back")


class VolunteerQuerySet(models.QuerySet):
    def waiting(self):
        """Those who wait for an answer."""
        return self.filter(state=VolunteerState.WAITING)


class Volunteer(models.Model):
    """A person who put themselves forward in a call, for one group, with a sentence why."""

    State = VolunteerState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.CASCADE, related_name="volunteers")
    group = models.ForeignKey(Group, models.PROTECT, related_name="volunteers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="volunteered")
    words = models.TextField(_("why"), blank=True)
    state = models.CharField(max_length=10, choices=VolunteerState, default=VolunteerState.WAITING)
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    member = models.OneToOneField(Member, models.PROTECT, null=True, related_name="volunteer")

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="a person waits once in a call",
                fields=["call", "person"],
                condition=Q(state=VolunteerState.WAITING),
            ),
            models.CheckConstraint(
                name="who is chosen is a member",
                condition=~Q(state=VolunteerState.CHOSEN) | Q(member__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["call", "group", "state", "at"], name="volunteers_of_a_group")]

    def __str__(self):
        return str(self.person)
