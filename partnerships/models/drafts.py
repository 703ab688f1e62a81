"""Write: the draft that the authors of a text share until they publish it as a revision."""

import uuid

from django.db import models
from django.db.models import Q

from .members import Member
from .texts import Revision, Text


class Draft(models.Model):
    """What the authors of a text are writing. Theirs alone: never public, cited, decided on or exported."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text = models.OneToOneField(Text, models.CASCADE, related_name="draft")
    based_on = models.ForeignKey(Revision, models.PROTECT, null=True, blank=True, related_name="+")
    cites = models.JSONField(
        default=dict, blank=True
    )  # {contribution id: [section keys]}, [] for the whole text
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self):
        return f"{self.text} (draft)"


class DraftSection(models.Model):
    """A section as it stands in a draft, and who changed it last."""

    id = models.BigAutoField(primary_key=True)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="sections")
    section = models.CharField(max_length=40)
    words = models.TextField(blank=True)
    changed_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a draft has a section once", fields=["draft", "section"])
        ]

    def __str__(self):
        return f"{self.draft}: {self.section}"


class DraftWriter(models.Model):
    """A member whose words went into a section of a draft: its author when it is published."""

    id = models.BigAutoField(primary_key=True)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="writers")
    section = models.CharField(max_length=40)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a member writes in a section of a draft once", fields=["draft", "section", "member"]
            ),
            models.CheckConstraint(name="a writer writes in a section", condition=~Q(section="")),
        ]

    def __str__(self):
        return f"{self.member}: {self.section}"
