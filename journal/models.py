"""The lasting record: entries that can only be added, each carrying the digest of the one before it."""

from datetime import UTC

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who may read an entry. Each audience also reads what the ones before it read."""

    PUBLIC = "public", _("Everyone")
    MEMBERS = "members", _("Members")
    CONVENERS = "conveners", _("Conveners")


class EntryQuerySet(models.QuerySet):
    """Entries, by where they belong and who may read them."""

    def of(self, scope):
        """The entries of one partnership or platform, oldest first."""
        return self.filter(scope=scope).order_by("sequence")

    def for_audience(self, audience):
        """What this audience may read: "public", "members" or "conveners"."""
        readable = Audience.values[: Audience.values.index(audience) + 1]
        return self.filter(audience__in=readable)


class Entry(models.Model):
    """One line of the record: who did what to which ids, when. No name, no address, no free text, no foreign key."""

    scope = models.UUIDField()
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    audience = models.CharField(max_length=10, choices=Audience)
    actor = models.UUIDField(null=True)
    verb = models.CharField(max_length=64)
    ids = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "sequence"], name="a_scope_counts_its_entries_without_gap"
            )
        ]
        indexes = [
            models.Index(fields=["scope", "audience", "-sequence"], name="journal_record_page"),
            models.Index(fields=["actor"], name="journal_of_a_person"),
        ]

    def __str__(self):
        return f"{self.scope} {self.sequence} {self.verb}"

    def content(self):
        """What the digest covers, as canonical JSON writes it."""
        return {
            "scope": str(self.scope),
            "sequence": self.sequence,
            "at": utc_text(self.at),
            "audience": self.audience,
            "actor": str(self.actor) if self.actor else None,
            "verb": self.verb,
            "ids": self.ids,
            "previous": self.previous,
        }


class Head(models.Model):
    """The end of a scope's chain: how many entries it has and the digest of the last."""

    scope = models.UUIDField(primary_key=True)
    sequence = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self):
        return f"{self.scope} {self.sequence} {self.digest}"


def utc_text(at):
    """A moment as text that no time zone setting changes: 2026-11-24T03:09:56.000123Z."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
