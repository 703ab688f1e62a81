"""A sounding: what a room or the members think of a list. It informs; it decides nothing."""

import uuid

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from actors.models import Person, Side

from .arenas import Partnership
from .contributions import Contribution
from .members import Member
from .texts import Text
from .workshops import Cluster, Phone, Workshop

MOST_OPTIONS = 200
MOST_DOTS = 20
PLACES = 5  # how many one can rank


class Method(models.TextChoices):
    AGREE = "agree", _("Agree or disagree, one by one")
    DOTS = "dots", _("Dots to give")
    RANKING = "ranking", _("Put the best first")


class Shown(models.TextChoices):
    AFTER = "after", _("To those who have answered, and to all when it is closed")
    CLOSED = "closed", _("To all when it is closed")


class SoundingQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(partnership__in=Partnership.objects.readable_by(person))

    def open(self, at):
        """Soundings that can be answered."""
        return self.filter(closed_at=None).filter(Q(closes_at=None) | Q(closes_at__gt=at))

    def over(self, at):
        return self.filter(Q(closed_at__isnull=False) | Q(closes_at__lte=at))

    def waiting_for(self, person, at):
        """Open soundings of the members that this person has a say in and has not answered, soonest to close first."""
        seats = Member.objects.deciding().filter(person=person)
        mine = SoundingVoter.objects.filter(sounding=OuterRef("pk"), member__person=person)
        rows = self.open(at).filter(workshop=None, partnership__in=seats.values("partnership"))
        rows = rows.filter(partnership__paused_at=None).exclude(Exists(mine))
        return rows.order_by(F("closes_at").asc(nulls_last=True), "opened_at")

    def moved(self, pk, at):
        """Count one more change in an open sounding; False where it is closed by now."""
        return bool(self.open(at).filter(pk=pk).update(changes=F("changes") + 1))


class Sounding(models.Model):
    """A question, a list, and a way to answer. A room's phones answer where it belongs to their workshop."""

    Method = Method
    Shown = Shown

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="soundings")
    workshop = models.ForeignKey(Workshop, models.PROTECT, null=True, related_name="soundings")
    question = models.CharField(_("question"), max_length=200)
    method = models.CharField(_("how one answers"), max_length=8, choices=Method)
    dots = models.PositiveSmallIntegerField(_("dots for each"), default=3)
    shown = models.CharField(_("who sees the result"), max_length=8, choices=Shown, default=Shown.AFTER)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    closes_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    changes = models.PositiveIntegerField(default=0)

    objects = SoundingQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="a sounding gives dots", condition=Q(dots__gte=1, dots__lte=MOST_DOTS)
            ),
            models.UniqueConstraint(
                name="a workshop has one open sounding",
                fields=["workshop"],
                condition=Q(workshop__isnull=False, closed_at=None),
            ),
        ]

    def __str__(self):
        return self.question

    def is_open(self, at):
        return self.closed_at is None and (self.closes_at is None or at < self.closes_at)

    @property
    def ends_at(self):
        """When it closed or closes, if anybody has said so."""
        return self.closed_at or self.closes_at

    def get_method_display(self):
        """The method in the reader's language. Django's own reads every choice again for each row of a list."""
        return str(Method(self.method).label)


class SoundingOptionQuerySet(models.QuerySet):
    def told(self):
        """The lines in their order, with whether the words that they came from can be read."""
        return self.select_related("contribution").defer("contribution__body")


class SoundingOption(models.Model):
    """One line of the list, with what it came from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sounding = models.ForeignKey(Sounding, models.CASCADE, related_name="options")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=500)
    contribution = models.ForeignKey(Contribution, models.PROTECT, null=True, related_name="+")
    text = models.ForeignKey(Text, models.PROTECT, null=True, related_name="+")
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, related_name="options")

    objects = SoundingOptionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="options are numbered", fields=["sounding", "number"]),
            models.UniqueConstraint(name="no two options say the same", fields=["sounding", "words"]),
        ]

    def __str__(self):
        return self.words

    @property
    def shown_words(self):
        """What the line says; nothing of words that were hidden or taken back since they became a line."""
        if self.contribution_id and not self.contribution.is_shown:
            return _now("No longer shown")
        return self.words


class SoundingVoter(models.Model):
    """Who answered: a member, or a phone in the room. A phone that is forgotten leaves its marks without a name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sounding = models.ForeignKey(Sounding, models.CASCADE, related_name="voters")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="sounded")
    phone = models.ForeignKey(Phone, models.SET_NULL, null=True, related_name="sounded")
    side = models.CharField(max_length=12, choices=Side, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a member answers a sounding once", fields=["sounding", "member"]),
            models.UniqueConstraint(name="a phone answers a sounding once", fields=["sounding", "phone"]),
            models.CheckConstraint(
                name="a voter is a member or a phone", condition=Q(member=None) | Q(phone=None)
            ),
        ]

    def __str__(self):
        return str(self.member or self.pk)


class SoundingMark(models.Model):
    """One voter and one option: 1, 0 or -1 (agree, pass, disagree); how many dots; or which place."""

    voter = models.ForeignKey(SoundingVoter, models.CASCADE, related_name="marks")
    option = models.ForeignKey(SoundingOption, models.CASCADE, related_name="marks")
    value = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a voter marks an option once", fields=["voter", "option"])
        ]

    def __str__(self):
        return str(self.value)
