"""A draw: a list that is frozen first, a seed that is made after, and an order that follows from both."""

import uuid

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from actors.models import Person

from ..stages import Stage
from .arenas import Partnership
from .calls import Call, Volunteer
from .groups import Group
from .invitations import LIVE, Invitation


class LotState(models.TextChoices):
    IN = "in", _("In the draw")
    DRAWN = "drawn", _("Drawn")
    RESERVE = "reserve", _("On the reserve list")
    OUT = "out", _("Stepped back before the draw")


class DrawQuerySet(models.QuerySet):
    def with_seats(self):
        """Each with how many were asked, how many of its seats are free again, and how many nobody has asked yet.

        A seat is free again when whoever was drawn, or was next, has left, said no, or did not answer in time.
        """
        asked = Q(lots__state=LotState.DRAWN) | Q(lots__invitation__isnull=False)
        here = Q(lots__volunteer__member__isnull=False, lots__volunteer__member__left_at=None)
        here |= Q(lots__invitation__member__isnull=False, lots__invitation__member__left_at=None)
        stands = asked & (here | Q(lots__invitation__state__in=LIVE))
        reserve = Q(lots__state=LotState.RESERVE, lots__invitation=None)
        return self.annotate(
            asked=Count("lots", filter=asked),
            free=Greatest(F("seats") - Count("lots", filter=stands), 0),
            reserve=Count("lots", filter=reserve),
        )

    def short(self):
        """Draws with a free seat and somebody on the reserve list, in partnerships that are not closed."""
        rows = self.with_seats().filter(drawn_at__isnull=False, free__gt=0, reserve__gt=0)
        return rows.exclude(partnership__stage=Stage.CLOSED)


class Draw(models.Model):
    """Lots drawn for one group among those who put themselves forward, or among people in the register."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="draws")
    call = models.ForeignKey(
        Call, models.PROTECT, null=True, related_name="draws"
    )  # None: among people in the register
    group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="draws")
    seats = models.PositiveSmallIntegerField(_("seats"))
    digest = models.CharField(max_length=64)  # of the frozen list
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    seed = models.CharField(max_length=64, blank=True)
    drawn_at = models.DateTimeField(null=True)
    drawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = DrawQuerySet.as_manager()

    class Meta:
        ordering = ["-frozen_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one frozen list per group of a call waits to be drawn",
                fields=["call", "group"],
                condition=Q(drawn_at=None),
            ),
            models.UniqueConstraint(
                name="one frozen list from the register per group waits to be drawn",
                fields=["partnership", "group"],
                condition=Q(drawn_at=None, call=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="a draw has a seed from the moment it is drawn",
                condition=Q(drawn_at=None, seed="") | (Q(drawn_at__isnull=False) & ~Q(seed="")),
            ),
            models.CheckConstraint(name="a draw is for at least one", condition=Q(seats__gt=0)),
        ]

    def __str__(self):
        return f"{_('Draw')}: {self.group or self.partnership}"


class Lot(models.Model):
    """One person's lot in one draw. Its id stands for them wherever the draw is shown and checked."""

    State = LotState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draw = models.ForeignKey(Draw, models.CASCADE, related_name="lots")
    person = models.ForeignKey(Person, models.PROTECT, related_name="lots")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, null=True, related_name="lots")
    place = models.PositiveIntegerField(null=True)  # in the order of the draw, from 1
    state = models.CharField(max_length=8, choices=LotState, default=LotState.IN)
    invitation = models.OneToOneField(Invitation, models.PROTECT, null=True, related_name="lot")

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(name="a person has one lot in a draw", fields=["draw", "person"]),
            models.UniqueConstraint(name="each place in a draw is one lot's", fields=["draw", "place"]),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def is_asked(self):
        """Whether its person came forward in a call, or was sent an invitation: the register alone names nobody."""
        return bool(self.volunteer_id or (self.invitation and self.invitation.queued_at))
