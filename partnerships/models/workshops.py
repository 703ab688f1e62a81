"""A room full of people and their phones: what is asked on the wall, what comes in, how it is sorted."""

import datetime
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from actors.models import Person, Sector

from .arenas import Partnership
from .contributions import Contribution, ContributionKind, shown_at
from .meetings import Meeting
from .members import Member

LONGEST_NOTE = 500  # characters: what somebody types with two thumbs
MOST_PHONES = 500  # in one workshop: a full town hall
MOST_NOTES = 2000  # in one workshop: more than anybody sorts in an evening
CODE_LENGTH = 6
DOOR_SHUTS = datetime.timedelta(days=1)  # after the meeting, where nobody has ended the workshop


class WorkshopQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(partnership__in=Partnership.objects.readable_by(person))

    def running(self):
        """Workshops that nobody has ended."""
        return self.filter(ended_at=None)

    def admitting(self, at):
        """Workshops whose code works."""
        return self.running().filter(meeting__ends_at__gt=at - DOOR_SHUTS, meeting__cancelled_at=None)

    def moved(self, pk, **counts):
        """Count one more change in a running workshop; True where it runs, and no count passes its most.

        counts: phones or notes to add. One statement counts and refuses, so that two at once cannot both be the last.
        """
        most = {"phones": MOST_PHONES, "notes": MOST_NOTES}
        room = {f"{name}__lte": most[name] - more for name, more in counts.items()}
        added = {name: F(name) + more for name, more in counts.items()}
        return bool(self.running().filter(pk=pk, **room).update(changes=F("changes") + 1, **added))

    def locked(self, pk):
        """The workshop, its row locked until the transaction ends: phones wait, and find it ended or not."""
        rows = self.select_for_update(of=("self",), no_key=True)
        return rows.select_related("partnership__platform", "meeting").get(pk=pk)


class Workshop(models.Model):
    """A meeting that a room takes part in by phone: a short code lets people in, without accounts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="workshops")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="workshops")
    code = models.CharField(max_length=8)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    locked_at = models.DateTimeField(null=True)  # the door: nobody new comes in
    changes = models.PositiveIntegerField(default=0)  # what a wall has seen, in one number
    phones = models.PositiveIntegerField(default=0)
    notes = models.PositiveIntegerField(default=0)  # from phones, those taken back included
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="no two running workshops have the same code",
                fields=["code"],
                condition=Q(ended_at=None),
            ),
            models.UniqueConstraint(
                name="a meeting has one running workshop", fields=["meeting"], condition=Q(ended_at=None)
            ),
        ]

    def __str__(self):
        return str(self.meeting)

    def admits(self, at):
        """Whether its code works."""
        shuts = self.meeting.ends_at + DOOR_SHUTS
        return self.ended_at is None and self.meeting.cancelled_at is None and at < shuts


class Prompt(models.Model):
    """What the room is asked. One is open at a time; what is typed belongs to the one that was read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="prompts")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(_("what you ask the room"), max_length=200)
    kind = models.CharField(
        _("what you ask for"),
        max_length=12,
        choices=ContributionKind,
        default=ContributionKind.EXPERIENCE,
    )
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="prompts are numbered", fields=["workshop", "number"]),
            models.UniqueConstraint(
                name="one prompt is open at a time",
                fields=["workshop"],
                condition=Q(opened_at__isnull=False, closed_at=None),
            ),
        ]

    def __str__(self):
        return self.words

    @property
    def is_open(self):
        return self.opened_at is not None and self.closed_at is None


class Phone(models.Model):
    """A phone in a room. Its id is a random key that only its own signed cookie carries; nobody is asked for a name.

    member: who has signed in joins as themselves.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="in_the_room")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="phones")
    first_name = models.CharField(_("your first name"), max_length=40, blank=True)
    sector = models.CharField(_("where you come from"), max_length=20, choices=Sector, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a member is in a workshop once",
                fields=["workshop", "member"],
                condition=Q(member__isnull=False),
            ),
        ]

    def __str__(self):
        return str(self.pk)


class Cluster(models.Model):
    """Notes about the same thing under one title: a theme. It lands as a thread of the conversation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="clusters")
    title = models.CharField(_("title"), max_length=140)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    contribution = models.OneToOneField(Contribution, models.PROTECT, null=True, related_name="cluster")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return self.title


class NoteQuerySet(models.QuerySet):
    def kept(self):
        """Notes that were not taken back by who wrote them."""
        return self.filter(withdrawn_at=None)

    def shown(self):
        """Notes whose words can be read: on the wall, and as the contributions that they have become."""
        return self.kept().filter(shown_at("contribution__"), hidden_at=None)


class Note(models.Model):
    """What somebody in the room wrote, or what stood on paper. The same words sent twice are the same note."""

    id = models.UUIDField(primary_key=True, editable=False)  # actions.notes.key_of
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="written")
    prompt = models.ForeignKey(Prompt, models.PROTECT, null=True, related_name="notes")
    phone = models.ForeignKey(Phone, models.SET_NULL, null=True, related_name="notes")
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, related_name="notes")
    body = models.TextField(_("your note"), max_length=LONGEST_NOTE)
    paper = models.BooleanField(default=False)
    at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    hidden_reason = models.TextField(_("reason"), blank=True)
    contribution = models.OneToOneField(Contribution, models.PROTECT, null=True, related_name="note")

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="a note that is taken back holds no words", condition=Q(withdrawn_at=None) | Q(body="")
            ),
            models.CheckConstraint(
                name="a note that is hidden has a reason", condition=Q(hidden_at=None) | ~Q(hidden_reason="")
            ),
        ]
        indexes = [
            models.Index(fields=["workshop", "-at", "-id"], name="notes_newest_first"),
            models.Index(fields=["phone", "at"], name="notes_of_a_phone"),
        ]

    def __str__(self):
        return self.body[:80]
