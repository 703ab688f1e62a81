"""Write: texts that an arena writes together, in revisions that never change."""

import uuid
from functools import lru_cache

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .arenas import Partnership
from .contributions import Contribution
from .members import Member

LONGEST_SECTION = 50_000  # characters


class TextKind(models.TextChoices):
    CHARTER = "charter", _("Ground rules")
    PROBLEM = "problem", _("Problem definition")
    PROPOSAL = "proposal", _("Proposal")
    VALUE = "value", _("Value proposition")
    NOTE = "note", _("Other text")


SECTIONS = {  # kind -> section key -> what the section answers
    TextKind.CHARTER: {
        "rules": _("How we work together"),
        "decisions": _("How we decide, and what if we cannot agree"),
        "disagree": _("How we disagree, and what we hide"),
        "leave": _("How to leave, and how seats pass on"),
        "data": _("How we use what people tell us"),
    },
    TextKind.PROBLEM: {
        "what": _("What the problem is"),
        "for_whom": _("Who is affected, and how"),
        "causes": _("What causes it"),
        "consequences": _("What follows if nothing is done"),
        "evidence": _("What we know, and from where"),
        "dispute": _("What we do not agree on"),
    },
    TextKind.PROPOSAL: {
        "what": _("What we propose"),
        "how": _("How it would work"),
        "new": _("What is new about it"),
        "costs": _("What it costs, and who bears it"),
        "lose": _("Who may lose by it"),
    },
    TextKind.VALUE: {
        "value": _("Value: what changes, and for whom"),
        "conflicts": _("Where the public good and what people want pull apart"),
        "legitimacy": _("Legitimacy and support: who stands behind it, who does not, who was not asked"),
        "capacity": _("Capacity: each need, and who covers it"),
        "lose": _("Who may lose by it"),
        "later_interests": _("Later interests: may a partner bid, receive a grant or use public property?"),
    },
    TextKind.NOTE: {  # an agreement, a letter: it may bring headings of its own
        "words": _("The text"),
    },
}
MOST_SECTIONS = 20
LONGEST_HEADING = 120  # characters


class TextQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(partnership__in=Partnership.objects.readable_by(person))


class Text(models.Model):
    """Something the arena writes together. What was adopted is stored here and nowhere else."""

    Kind = TextKind

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=10, choices=TextKind)
    title = models.CharField(_("title"), max_length=140)
    headings = models.JSONField(
        default=dict, blank=True
    )  # {section key: [place, heading]}, of other texts alone
    adopted_revision = models.ForeignKey(
        "partnerships.Revision", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="a partnership has one charter and one problem definition",
                fields=["partnership", "kind"],
                condition=Q(kind__in=[TextKind.CHARTER, TextKind.PROBLEM]),
            ),
            models.CheckConstraint(
                name="only other texts bring their own headings",
                condition=Q(headings={}) | Q(kind=TextKind.NOTE),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def sections(self):
        """Section keys and headings, in order."""
        return self.headings_in_order or SECTIONS[TextKind(self.kind)]

    @property
    def headings_in_order(self):
        """The text's own headings."""
        return ordered(self.headings)


class TextAuthor(models.Model):
    """A member who has joined in writing a text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text = models.ForeignKey(Text, models.CASCADE, related_name="authors")
    member = models.ForeignKey(Member, models.PROTECT, related_name="authorships")
    joined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["joined_at", "id"]
        constraints = [
            models.UniqueConstraint(name="a member authors a text once", fields=["text", "member"])
        ]

    def __str__(self):
        return f"{self.member}: {self.text}"


def ordered(headings):
    """{section key: heading} in the order of the text: [place, heading] is how they are stored."""
    return {key: heading for key, (_place, heading) in sorted(headings.items(), key=lambda item: item[1][0])}


class Revision(models.Model):
    """One state of a text, with a digest of its exact words and of what it cites. Never changed, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text = models.ForeignKey(Text, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    body = models.JSONField()  # {section key: Markdown}
    headings = models.JSONField(default=dict, blank=True)  # as the text's were then
    note = models.CharField(_("what you changed, in a few words"), max_length=200, blank=True)
    digest = models.CharField(max_length=64)  # SHA-256 of canonical JSON: actions.texts.digest_of
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="revisions of a text are numbered", fields=["text", "number"]),
        ]

    def __str__(self):
        return f"{self.text} ({self.number})"

    @property
    def parts(self):
        """(key, heading, Markdown) of each section that has words, in the kind's order."""
        return [
            (key, heading, self.body[key]) for key, heading in self.sections.items() if self.body.get(key)
        ]

    @property
    def sections(self):
        """Section keys and headings of this revision, in order."""
        return ordered(self.headings) or _headings(self.text.kind, get_language())


@lru_cache(32)  # asked for with every text that is shown
def _headings(kind, _language):
    return {key: str(heading) for key, heading in SECTIONS[TextKind(kind)].items()}


class RevisionAuthor(models.Model):
    """Who wrote a revision."""

    id = models.BigAutoField(primary_key=True)
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="authors")
    member = models.ForeignKey(Member, models.PROTECT, related_name="revisions")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="an author of a revision once", fields=["revision", "member"])
        ]

    def __str__(self):
        return f"{self.member}: {self.revision_id}"


class Citation(models.Model):
    """A revision rests on a contribution."""

    id = models.BigAutoField(primary_key=True)
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="citations")
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="citations")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a revision cites a contribution once", fields=["revision", "contribution"]
            )
        ]

    def __str__(self):
        return f"{self.revision_id} cites {self.contribution_id}"


class SectionAuthor(models.Model):
    """An author of a revision changed this section in it, or suggested the words that were taken up."""

    id = models.BigAutoField(primary_key=True)
    author = models.ForeignKey(RevisionAuthor, models.CASCADE, related_name="sections")
    section = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="an author of a section once", fields=["author", "section"])
        ]

    def __str__(self):
        return f"{self.author}: {self.section}"


class SectionCitation(models.Model):
    """A contribution that a revision cites carries this section of it. A citation without one is of the whole text."""

    id = models.BigAutoField(primary_key=True)
    citation = models.ForeignKey(Citation, models.CASCADE, related_name="sections")
    section = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(name="a section cites once", fields=["citation", "section"])]

    def __str__(self):
        return f"{self.citation}: {self.section}"
