"""Who is affected and who could help: the groups of a partnership, rated; private persons never are."""

import uuid

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.models import Sector

from .arenas import Partnership


class Rating(models.IntegerChoices):
    """How much a group is affected, or how much it matters to the answer."""

    LITTLE = 1, _("A little")
    SOME = 2, _("Somewhat")
    MUCH = 3, _("Very much")


class Power(models.IntegerChoices):
    """How much of one source of power a group has."""

    NONE = 0, _("None")
    LITTLE = 1, _("A little")
    SOME = 2, _("Some")
    MUCH = 3, _("Much")


SOURCES_OF_POWER = (
    "authority",
    "resources",
    "voice",
)  # Purdy (2012), Public Administration Review 72(3): 409-417


class GroupQuerySet(models.QuerySet):
    def with_seats(self):
        """Each with how many of its seats are taken and open, and how many people have been asked and not answered."""
        waiting = Q(invitations__state__in=["draft", "queued", "sent", "seen"])
        return self.annotate(
            taken=Count("seats", filter=Q(seats__holder__isnull=False), distinct=True),
            open_seats=Count("seats", filter=Q(seats__holder=None), distinct=True),
            asked=Count("invitations", filter=waiting, distinct=True),
        )


class Group(models.Model):
    """A stakeholder group: affected by the problem, or holding a part of the answer; with or without a seat."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="groups")
    name = models.CharField(_("name"), max_length=120)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, default=Sector.CITIZENS)
    brings = models.CharField(_("what they know, own or can do"), max_length=300, blank=True)
    affectedness = models.PositiveSmallIntegerField(_("how much they are affected"), choices=Rating)
    relevance = models.PositiveSmallIntegerField(_("how much the answer depends on them"), choices=Rating)
    authority = models.PositiveSmallIntegerField(_("formal authority"), choices=Power, default=Power.NONE)
    resources = models.PositiveSmallIntegerField(_("resources"), choices=Power, default=Power.NONE)
    voice = models.PositiveSmallIntegerField(
        _("how much their word counts"), choices=Power, default=Power.NONE
    )
    no_seat_reason = models.CharField(_("why they have no seat"), max_length=300, blank=True)
    advocate = models.ForeignKey(
        "partnerships.Member", models.PROTECT, null=True, blank=True, related_name="speaks_for"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["-affectedness", "-relevance", "created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="groups of a partnership have different names", fields=["partnership", "name"]
            ),
            models.CheckConstraint(
                name="a group is affected and relevant from 1 to 3",
                condition=Q(affectedness__range=(1, 3), relevance__range=(1, 3)),
            ),
            models.CheckConstraint(
                name="a source of power is rated from 0 to 3",
                condition=Q(authority__range=(0, 3), resources__range=(0, 3), voice__range=(0, 3)),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def power(self):
        """The three sources together, 0 to 9: only to place the group on the map."""
        return sum(getattr(self, source) for source in SOURCES_OF_POWER)
