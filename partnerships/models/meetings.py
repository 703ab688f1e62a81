"""Meet: sessions of the arena, who comes, and what was minuted."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.models import Person, check_time_zone

from .arenas import Partnership
from .members import Member


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(partnership__in=Partnership.objects.readable_by(person))

    def coming(self, at):
        """Meetings that are not over, soonest first."""
        return self.filter(cancelled_at=None, ends_at__gte=at).order_by("starts_at")


class Meeting(models.Model):
    """A session in a room or on a link. Its time is kept in UTC with the zone in which people meant it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="meetings")
    title = models.CharField(_("title"), max_length=140)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(max_length=64, default="Europe/Copenhagen", validators=[check_time_zone])
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), max_length=400, blank=True)
    agenda = models.TextField(_("agenda"), max_length=20_000, blank=True)
    sequence = models.PositiveIntegerField(default=0)  # RFC 5545: grows with each change, so calendars follow
    created_at = models.DateTimeField(default=timezone.now)
    called_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.TextField(_("reason"), blank=True)
    minutes = models.TextField(_("minutes"), max_length=100_000, blank=True)
    minutes_at = models.DateTimeField(null=True, blank=True)
    minutes_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="a meeting ends after it starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="a meeting has a place or a link", condition=~Q(place="") | ~Q(link="")
            ),
        ]

    def __str__(self):
        return self.title


class MeetingAnswer(models.TextChoices):
    ROOM = "room", _("Yes, in the room")
    ONLINE = "online", _("Yes, online")
    NO = "no", _("Not this time")


class Attendance(models.Model):
    """One member and one meeting: what they answered, what they need, and whether they came."""

    Answer = MeetingAnswer

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    member = models.ForeignKey(Member, models.PROTECT, related_name="attendances")
    answer = models.CharField(_("will you take part?"), max_length=8, choices=MeetingAnswer, blank=True)
    needs = models.CharField(_("anything we should arrange?"), max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    attended = models.BooleanField(_("came"), null=True)  # null: not recorded

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a member answers a meeting once", fields=["meeting", "member"])
        ]

    def __str__(self):
        return f"{self.member}: {self.meeting}"
