"""Finding a time: some times are proposed, members mark which suit them, and one becomes a meeting."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from actors.models import Person, check_time_zone

from .arenas import Partnership
from .meetings import Meeting
from .members import Member

FEWEST_TIMES, MOST_TIMES = 2, 20


class Mark(models.TextChoices):
    YES = "yes", _("Yes")
    IF_NEED_BE = "if_need", _("If need be")
    NO = "no", _("No")


class PollQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(partnership__in=Partnership.objects.readable_by(person))

    def running(self):
        """Polls of which nothing has come yet: no meeting was called, and nobody took them back."""
        return self.filter(meeting=None, withdrawn_at=None)

    def open(self, at):
        """Running polls that still take marks."""
        return self.running().filter(closes_at__gt=at)

    def waiting_for(self, person, at):
        """Open polls in which this person is a member and has marked nothing."""
        seats = Member.objects.present().filter(person=person).values("partnership")
        marked = PollMark.objects.filter(member__person=person, member__left_at=None).values("time__poll")
        return self.open(at).filter(partnership__in=seats).exclude(pk__in=marked).order_by("closes_at")


class Poll(models.Model):
    """A question to the members: which of these times suit you? Its facts become the meeting's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="polls")
    title = models.CharField(_("title"), max_length=140)
    length = models.PositiveSmallIntegerField(_("minutes"))
    time_zone = models.CharField(max_length=64, default="Europe/Copenhagen", validators=[check_time_zone])
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), max_length=400, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    closes_at = models.DateTimeField(_("open until"))
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    meeting = models.OneToOneField(Meeting, models.PROTECT, null=True, blank=True, related_name="poll")

    objects = PollQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="a poll closes after it opens", condition=Q(closes_at__gt=F("opened_at"))
            ),
            models.CheckConstraint(name="a poll has a place or a link", condition=~Q(place="") | ~Q(link="")),
            models.CheckConstraint(
                name="a poll was taken back or became a meeting",
                condition=Q(meeting=None) | Q(withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return self.title


class PollTime(models.Model):
    """One proposed time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(name="a poll proposes a time once", fields=["poll", "starts_at"])
        ]

    def __str__(self):
        return f"{self.poll}: {self.starts_at}"


class PollMark(models.Model):
    """Whether a time suits a member."""

    Mark = Mark

    id = models.BigAutoField(primary_key=True)
    time = models.ForeignKey(PollTime, models.CASCADE, related_name="marks")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    mark = models.CharField(max_length=8, choices=Mark)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="a member marks a time once", fields=["time", "member"])]

    def __str__(self):
        return f"{self.member}: {self.get_mark_display()}"
