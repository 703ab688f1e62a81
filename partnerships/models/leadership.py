"""Who carries which leadership: functions offered to members, accepted by them, shared and handed on."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actors.models import Person

from .arenas import Partnership
from .members import Member


class Function(models.TextChoices):
    """Three tasks that an arena needs somebody for, and the four leaderships that can be shared (Torfing)."""

    STEWARD = "steward", _("Steward")
    MEDIATOR = "mediator", _("Mediator")
    CATALYST = "catalyst", _("Catalyst")
    CROSS_BOUNDARY = "cross_boundary", _("Leading across boundaries")
    DISTRIBUTIVE = "distributive", _("Leading by handing over")
    VOLUNTEER = "volunteer", _("Leading volunteers")
    INNOVATION = "innovation", _("Leading innovation")


TASKS = (
    Function.STEWARD,
    Function.MEDIATOR,
    Function.CATALYST,
)  # held by somebody before the arena sets to work
LEADERSHIPS = tuple(function for function in Function if function not in TASKS)
WHAT = {  # what whoever carries it does, in one sentence
    Function.STEWARD: _("Keeps to the question, the ground rules and the time, and looks after the frame."),
    Function.MEDIATOR: _("Hears both sides when they disagree, and helps them to understand each other."),
    Function.CATALYST: _("Asks what nobody asks, and gets stuck talks moving again."),
    Function.CROSS_BOUNDARY: _("Connects sectors, departments and levels that seldom meet."),
    Function.DISTRIBUTIVE: _("Hands over tasks and visible authority to others."),
    Function.VOLUNTEER: _("Motivates without command or pay, and minds how much anybody carries."),
    Function.INNOVATION: _("Holds the question open, protects experiments, and learns from failure."),
}


class LeadershipState(models.TextChoices):
    OFFERED = "offered", _("Offered")
    HELD = "held", _("Carried")
    DECLINED = "declined", _("Declined with thanks")
    ENDED = "ended", _("Handed on")


STANDING = [LeadershipState.OFFERED, LeadershipState.HELD]


class LeadershipQuerySet(models.QuerySet):
    def standing(self):
        """What is offered or carried now, by members who have not left."""
        return self.filter(state__in=STANDING, member__left_at=None)

    def held(self):
        return self.standing().filter(state=LeadershipState.HELD)


class Leadership(models.Model):
    """One function, offered to one member: carried once they say yes, until they or a leader end it."""

    State = LeadershipState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="leaderships")
    member = models.ForeignKey(Member, models.PROTECT, related_name="leaderships")
    function = models.CharField(max_length=16, choices=Function)
    state = models.CharField(max_length=8, choices=LeadershipState, default=LeadershipState.OFFERED)
    offered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = LeadershipQuerySet.as_manager()

    class Meta:
        ordering = ["offered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="a member carries a function once at a time",
                fields=["member", "function"],
                condition=Q(state__in=STANDING),
            )
        ]

    def __str__(self):
        return f"{self.member}: {self.get_function_display()}"
