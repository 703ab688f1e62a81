"""Templates: reusable kinds of partnership. Three are shipped; a platform forks and adapts them, and learns."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from actors.models import Person

from ..settings import mark_of
from ..stages import DEFAULT_LENGTH_DAYS, Stage
from .platforms import Platform


class TemplateQuerySet(models.QuerySet):
    def offered_on(self, platform):
        """What a convener can begin from: the platform's own templates first, then the shipped ones."""
        rows = self.filter(Q(platform=platform) | Q(platform=None), retired_at=None)
        return rows.order_by(models.F("platform").asc(nulls_last=True), "order", "created_at")


class Template(models.Model):
    """A kind of partnership: how long its stages are, what its gates take, first words for charter and letters.

    texts: {language: {"name", "purpose", "charter": {section: Markdown}, "letter": {"opening", "asks"},
    "instruments": [{"stage", "name", "words"}]}}. groups: [{"name": {language: …}, and the ratings and seats of a
    Group}]. lengths: {stage: days}, where they differ from the usual ones. gates: {criterion: "off" or
    "on"}, thresholds: {setting: number}, where they differ from the platform's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey(
        Platform, models.PROTECT, null=True, blank=True, related_name="templates"
    )  # None: shipped
    key = models.SlugField(_("address"), max_length=60)
    order = models.PositiveSmallIntegerField(default=0)
    texts = models.JSONField(default=dict)
    groups = models.JSONField(default=list)
    lengths = models.JSONField(default=dict)
    gates = models.JSONField(default=dict)
    thresholds = models.JSONField(default=dict)
    join_policy = models.CharField(max_length=12, blank=True)
    promise_kind = models.CharField(max_length=20, blank=True)
    forked_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="forks")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a template has an address of its own",
                fields=["platform", "key"],
                nulls_distinct=False,
            )
        ]

    def __str__(self):
        return self.name

    def said_in(self, language):
        """Its texts in a language, else in the nearest there is."""
        found = self.texts.get(language) or self.texts.get(str(language).split("-")[0])
        return found or self.texts.get("en") or next(iter(self.texts.values()), {})

    @property
    def said(self):
        """Its texts in the reader's language."""
        return self.said_in(get_language() or "en")

    @property
    def name(self):
        return self.said.get("name", self.key)

    @property
    def purpose(self):
        return self.said.get("purpose", "")

    @property
    def stages(self):
        """(Stage, days) in order; a template without lengths of its own has the usual ones."""
        return [(stage, self.lengths.get(stage, days)) for stage, days in DEFAULT_LENGTH_DAYS.items()]

    def groups_in(self, language):
        """Its groups, each with its name in a language, else in the nearest there is."""
        return [
            group | {"name": group["name"].get(language) or next(iter(group["name"].values()), self.key)}
            for group in self.groups
        ]

    def mark(self, columns):
        """A short mark of some of its columns: another one when they have changed."""
        return mark_of([getattr(self, name) for name in sorted(columns)])

    def url_on(self, slug):
        """Its page on the platform with this address."""
        return f"/platforms/{slug}/templates/{self.pk}/"

    def instruments_in(self, stage):
        """What helps in one stage: (name, words)."""
        return [(name, words) for of, name, words in self.instruments if of == stage]

    @property
    def instruments(self):
        """What helps in which stage: (Stage, name, words)."""
        rows = self.said.get("instruments", [])
        return [(Stage(row["stage"]), row["name"], row["words"]) for row in rows]


class Lesson(models.Model):
    """What a partnership learned about the template it began from, given back to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    template = models.ForeignKey(Template, models.PROTECT, related_name="lessons")
    partnership = models.ForeignKey("partnerships.Partnership", models.CASCADE, related_name="lessons")
    words = models.TextField(_("what others should know"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self):
        return self.words[:80]
