"""What a meeting is about, item by item, and what was taken from it straight into the arena."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from actors.models import Person

from .commitments import Commitment
from .contributions import Contribution
from .decisions import Decision
from .meetings import Meeting
from .members import Member
from .texts import Text


class Purpose(models.TextChoices):
    """What an item is on the agenda for."""

    INFORM = "inform", _("To inform")
    DISCUSS = "discuss", _("To discuss")
    DECIDE = "decide", _("To decide")


class ItemState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("agenda", "Proposed")
    TAKEN = "taken", pgettext_lazy("agenda", "On the agenda")
    DECLINED = "declined", pgettext_lazy("agenda", "Not this time")


class AgendaItemQuerySet(models.QuerySet):
    def taken(self):
        """Items on the agenda, in their order, with whether the words that they are about can be read."""
        rows = self.filter(state=ItemState.TAKEN).order_by("place", "created_at", "pk")
        return rows.select_related("contribution").defer("contribution__body")

    def proposed(self):
        """Items that wait for the word of whoever leads."""
        return self.filter(state=ItemState.PROPOSED).order_by("created_at", "pk")


class AgendaItem(models.Model):
    """One item: what for, how long, and the contribution, text, decision or commitment that it is about."""

    Purpose = Purpose
    State = ItemState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField(
        default=0
    )  # 1 is the first; two may stand equal while they are moved
    title = models.CharField(_("what it is about"), max_length=140)
    purpose = models.CharField(_("what for"), max_length=8, choices=Purpose, default=Purpose.DISCUSS)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)  # 0: no time set
    words = models.TextField(_("in a few words"), max_length=2000, blank=True)
    contribution = models.ForeignKey(Contribution, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.ForeignKey(Text, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="+")
    commitment = models.ForeignKey(Commitment, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=ItemState, default=ItemState.TAKEN)
    proposed_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("why not"), max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    left_over = models.BooleanField(_("not reached: take it next time"), default=False)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["place", "created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="an item is about one thing at most",
                condition=Q(contribution=None, text=None, decision=None, commitment=None)
                | Q(text=None, decision=None, commitment=None)
                | Q(contribution=None, decision=None, commitment=None)
                | Q(contribution=None, text=None, commitment=None)
                | Q(contribution=None, text=None, decision=None),
            ),
            models.CheckConstraint(
                name="an item that is not taken says why",
                condition=~Q(state=ItemState.DECLINED) | ~Q(reason=""),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def shown_title(self):
        """What it is about; nothing of words that were hidden or taken back since they gave it its title."""
        if self.contribution_id and not self.contribution.is_shown:
            return _now("No longer shown")
        return self.title

    @property
    def about(self):
        """The contribution, text, decision or commitment that it is about, or None."""
        return self.contribution or self.text or self.decision or self.commitment

    @property
    def told(self):
        """What for, and for how long: "To decide, 20 minutes"."""
        if not self.minutes:
            return self.get_purpose_display()
        minutes = ngettext("%(number)s minute", "%(number)s minutes", self.minutes)
        return f"{self.get_purpose_display()}, {minutes % {'number': self.minutes}}"


class MeetingDeed(models.Model):
    """What was done in a meeting, perhaps at one item, straight into the arena: a decision, promise or contribution."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="deeds")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, blank=True, related_name="deeds")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="in_meetings")
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="in_meetings"
    )
    contribution = models.ForeignKey(
        Contribution, models.PROTECT, null=True, blank=True, related_name="in_meetings"
    )
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                name="a deed of a meeting is one thing",
                condition=Q(decision__isnull=False, commitment=None, contribution=None)
                | Q(decision=None, commitment__isnull=False, contribution=None)
                | Q(decision=None, commitment=None, contribution__isnull=False),
            )
        ]

    def __str__(self):
        return str(self.decision or self.commitment or self.contribution)
