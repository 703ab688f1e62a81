"""What was minuted: drafted, published, corrected; what was published stays readable."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actors.models import Person

from .meetings import Meeting


class Minutes(models.Model):
    """One version of a meeting's minutes. One draft at a time; a published version never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    # [{"item": id of the agenda's item or "", "heading": its title then, "words": Markdown}]; "" stands for the whole
    body = models.JSONField(default=list)
    note = models.CharField(_("what is corrected"), max_length=200, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="versions of minutes are numbered", fields=["meeting", "number"]),
            models.UniqueConstraint(
                name="a meeting has one draft of its minutes",
                fields=["meeting"],
                condition=Q(published_at=None),
            ),
            models.CheckConstraint(
                name="published minutes say by whom",
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.meeting} ({self.number})"

    @property
    def words_of(self):
        """{id of an item, or "" for the whole: words}."""
        return {part["item"]: part["words"] for part in self.body}

    @property
    def whole(self):
        """All of it as one Markdown text."""
        parts = [
            f"## {part['heading']}\n\n{part['words']}" if part["heading"] else part["words"]
            for part in self.body
            if part["words"]
        ]
        return "\n\n".join(parts)
