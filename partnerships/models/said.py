"""Say: whom words name, and what they were before they were changed."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .contributions import LONGEST_CONTRIBUTION, Contribution, ContributionKind
from .members import Member


class Mention(models.Model):
    """A contribution names a member with an @, and they are told."""

    id = models.BigAutoField(primary_key=True)
    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="mentions")
    member = models.ForeignKey(Member, models.PROTECT, related_name="mentions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a contribution mentions a member once", fields=["contribution", "member"]
            )
        ]

    def __str__(self):
        return f"{self.contribution_id} mentions {self.member_id}"


class ContributionVersion(models.Model):
    """What a contribution said before its author changed it. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()  # from 1
    kind = models.CharField(_("kind"), max_length=12, choices=ContributionKind)
    body = models.TextField(_("what you want to say"), max_length=LONGEST_CONTRIBUTION)
    from_at = models.DateTimeField()  # since when it said so
    until_at = models.DateTimeField()  # when it was changed

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                name="versions of a contribution are numbered", fields=["contribution", "number"]
            )
        ]

    def __str__(self):
        return f"{self.contribution_id} ({self.number})"
