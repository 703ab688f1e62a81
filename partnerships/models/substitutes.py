"""Who answers for a member's seat when the member cannot: named by the member, accepted in person."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .arenas import Partnership
from .members import Member


class SubstitutionState(models.TextChoices):
    ASKED = "asked", _("Asked")
    ACCEPTED = "accepted", _("Stands in")
    DECLINED = "declined", _("Declined with thanks")
    ENDED = "ended", _("Ended")


STANDING = [SubstitutionState.ASKED, SubstitutionState.ACCEPTED]


class SubstitutionQuerySet(models.QuerySet):
    def standing(self, at):
        """What is asked or accepted and not over, between members who have not left."""
        goes_on = Q(until_at=None) | Q(until_at__gt=at)
        unsettled = Q(decision=None) | Q(decision__closed_at=None)
        present = Q(member__left_at=None, substitute__left_at=None)
        return self.filter(goes_on, unsettled, present, state__in=STANDING)

    def covering(self, at):
        """Those by which a substitute may answer now: accepted, begun, not over, for a member who has a say."""
        accepted = self.standing(at).filter(state=SubstitutionState.ACCEPTED, from_at__lte=at)
        return accepted.exclude(member__role=Member.Role.OBSERVER)


class Substitution(models.Model):
    """One member stands in for another's seat, for a time or for one decision. Side and sector stay the seat's."""

    State = SubstitutionState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="substitutions")
    member = models.ForeignKey(Member, models.PROTECT, related_name="substitutions")  # whose seat it is
    substitute = models.ForeignKey(Member, models.PROTECT, related_name="stands_in")
    decision = models.ForeignKey(
        "partnerships.Decision", models.CASCADE, null=True, blank=True, related_name="substitutions"
    )
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)  # not included; empty: until it is ended
    state = models.CharField(max_length=8, choices=SubstitutionState, default=SubstitutionState.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="a seat has one substitute at a time", fields=["member"], condition=Q(state__in=STANDING)
            ),
            models.UniqueConstraint(
                name="a member stands in for one seat at a time",
                fields=["substitute"],
                condition=Q(state__in=STANDING),
            ),
            models.CheckConstraint(
                name="nobody stands in for themselves", condition=~Q(member=F("substitute"))
            ),
            models.CheckConstraint(
                name="standing in ends after it begins",
                condition=Q(until_at=None) | Q(until_at__gt=F("from_at")),
            ),
        ]

    def __str__(self):
        return f"{self.substitute}: {self.member}"

    @property
    def last_moment(self):
        """The last moment on which the substitute may answer, or None."""
        return self.until_at and self.until_at - timedelta(seconds=1)

    def covers(self, decision, at):
        """Whether the substitute may answer in this decision now."""
        in_time = self.from_at <= at and (self.until_at is None or at < self.until_at)
        this_one = self.decision_id in (None, decision.pk)
        return self.state == SubstitutionState.ACCEPTED and in_time and this_one
