"""Meet: sessions of the arena, who comes, and what was minuted."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actors.models import Person, Sector, check_time_zone

from .arenas import Partnership
from .members import Member


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(partnership__in=Partnership.objects.readable_by(person))

    def overlapping(self, starts_at, ends_at):
        """Meetings that are held, in part, between these moments."""
        return self.filter(cancelled_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at)

    def coming(self, at):
        """Meetings that are not over, soonest first."""
        return self.filter(cancelled_at=None, ends_at__gte=at).order_by("starts_at")


class MeetingSupport(models.TextChoices):
    """What is offered so that people can come to a meeting."""

    INTERPRETER = "interpreter", _("An interpreter")
    CHILDCARE = "childcare", _("Childcare")
    TRAVEL = "travel", _("Travel is paid")
    FOOD = "food", _("Food")
    REMOTE = "remote", _("Help with taking part online")


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
    access = models.CharField(_("how to get in"), max_length=500, blank=True)  # steps, lifts, the door
    languages = models.CharField(_("languages"), max_length=120, blank=True)  # spoken there, as people say it
    support = models.JSONField(default=list, blank=True)  # [MeetingSupport]
    agenda = models.TextField(_("agenda"), max_length=20_000, blank=True)  # words beside the items
    sequence = models.PositiveIntegerField(default=0)  # RFC 5545: grows with each change, so calendars follow
    asked_since = models.PositiveIntegerField(
        default=0
    )  # the sequence whose time members were last asked about
    created_at = models.DateTimeField(default=timezone.now)
    called_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.TextField(_("reason"), blank=True)
    minutes = models.TextField(
        _("minutes"), blank=True
    )  # the published words, whole; their versions: Minutes
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
                name="a meeting was asked about in a version that it had",
                condition=Q(asked_since__lte=F("sequence")),
            ),
            models.CheckConstraint(
                name="a meeting has a place or a link", condition=~Q(place="") | ~Q(link="")
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def support_labels(self):
        """What is offered, by its names."""
        return [MeetingSupport(kind).label for kind in self.support]

    @cached_property
    def on_the_agenda(self):
        """Its items in their order, as they stand when they are first asked for."""
        return list(self.items.taken())

    @property
    def agenda_lines(self):
        """The agenda as numbered lines, in the reader's language; no line without items."""
        return [f"{n}. {item.shown_title} ({item.told})" for n, item in enumerate(self.on_the_agenda, 1)]

    @property
    def length(self):
        """How many minutes it takes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class MeetingAnswer(models.TextChoices):
    ROOM = "room", _("Yes, in the room")
    ONLINE = "online", _("Yes, online")
    MAYBE = "maybe", _("Not sure yet")
    NO = "no", _("Not this time")


COMES = (MeetingAnswer.ROOM, MeetingAnswer.ONLINE)


class Need(models.TextChoices):
    """What somebody needs, so that they can take part."""

    ACCESS = "access", _("A way in without steps, or a seat close by")
    LANGUAGE = "language", _("An interpreter or help with the language")
    CHILDCARE = "childcare", _("Somebody to mind the children")
    FOOD = "food", _("Food that I can eat")
    OTHER = "other", pgettext_lazy("need", "Something else")


class AnswerWay(models.TextChoices):
    """How an answer came in."""

    PAGE = "page", _("on the page")
    CALENDAR = "calendar", _("from a calendar")
    POLL = "poll", _("from the poll about the time")


class AttendanceQuerySet(models.QuerySet):
    def coming(self):
        """Those who said that they come, in the room or online."""
        return self.filter(answer__in=COMES)

    def needing(self):
        """Those who come, or may come, and said what they need."""
        asked = ~Q(needs="") | ~Q(need_kinds=[])
        return self.filter(asked, member__left_at=None).exclude(answer=MeetingAnswer.NO)


class Attendance(models.Model):
    """One member and one meeting: what they answered, what they need, and whether they came."""

    Answer = MeetingAnswer
    Way = AnswerWay

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    member = models.ForeignKey(Member, models.PROTECT, related_name="attendances")
    answer = models.CharField(_("will you take part?"), max_length=8, choices=MeetingAnswer, blank=True)
    need_kinds = models.JSONField(
        default=list, blank=True
    )  # [Need]; erased some time after the meeting, like needs
    needs = models.CharField(_("anything we should arrange?"), max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_sequence = models.PositiveIntegerField(default=0)  # which version of the meeting was answered
    way = models.CharField(max_length=8, choices=AnswerWay, default=AnswerWay.PAGE)
    attended = models.BooleanField(_("came"), null=True)  # null: not recorded

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a member answers a meeting once", fields=["meeting", "member"])
        ]

    def __str__(self):
        return f"{self.member}: {self.meeting}"

    @property
    def need_labels(self):
        """What is needed, by the names of its kinds."""
        return [Need(kind).label for kind in self.need_kinds]


class Guests(models.Model):
    """How many came to a meeting from a sector who are no members: a number, and nobody's name."""

    id = models.BigAutoField(primary_key=True)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="guests")
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="guests of a sector are counted once", fields=["meeting", "sector"]),
            models.CheckConstraint(name="guests are somebody", condition=Q(number__gt=0)),
        ]

    def __str__(self):
        return f"{self.get_sector_display()}: {self.number}"
