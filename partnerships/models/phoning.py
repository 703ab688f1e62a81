"""Whom mail does not reach, and who has called them."""

import uuid

from django.db import models
from django.db.models import Q

from actors.models import Person

from .arenas import Partnership
from .invitations import Invitation
from .members import Member


class PhoneCall(models.Model):
    """Somebody was called instead of written to: once per day and person, so that two conveners need not both."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="phone_calls")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    invitation = models.ForeignKey(Invitation, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "id"]
        constraints = [
            models.CheckConstraint(
                name="a call is to a member or about an invitation",
                condition=Q(member__isnull=False, invitation__isnull=True)
                | Q(member__isnull=True, invitation__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.member or self.invitation}"
