"""Say: the files that stand beside somebody's words."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .arenas import Partnership
from .contributions import Contribution, shown_at


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Files whose words this person may read: those of hidden or retracted contributions are gone from the site."""
        readable = Partnership.objects.readable_by(person)
        return self.filter(
            shown_at("contribution__"), removed_at=None, contribution__partnership__in=readable
        )


class Attachment(models.Model):
    """A file beside a contribution: what it is called and what it is. Its bytes are kept apart."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)  # cleaned, with the ending of its kind
    kind = models.CharField(max_length=5)  # the ending: a key of partnerships.attachments.TYPES
    size = models.PositiveIntegerField()  # bytes
    digest = models.CharField(max_length=64)  # SHA-256 of the bytes that are kept
    alt = models.CharField(_("what the picture shows"), max_length=300, blank=True)
    width = models.PositiveSmallIntegerField(default=0)  # pixels of the preview; 0 where there is none
    height = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)  # taken away by its author; the case keeps it

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                name="files of a contribution are numbered", fields=["contribution", "position"]
            )
        ]

    def __str__(self):
        return self.name


class AttachmentBody(models.Model):
    """The bytes of a file, and of its preview. Beside it, so that no list fetches them along."""

    attachment = models.OneToOneField(Attachment, models.CASCADE, primary_key=True, related_name="bytes")
    body = models.BinaryField()
    preview = models.BinaryField(null=True)  # a small WebP of a picture

    def __str__(self):
        return str(self.attachment_id)
