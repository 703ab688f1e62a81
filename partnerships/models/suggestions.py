"""Write: what members suggest about a section of a text, and what its authors made of it."""

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from actors.models import Person

from ..stages import OPENS
from .arenas import Partnership
from .decisions import Decision
from .members import Member, Role
from .texts import LONGEST_SECTION, Revision, Text, TextAuthor, TextKind


class SuggestionState(models.TextChoices):
    OPEN = "open", _("Waits for the authors")
    TAKEN_UP = "taken_up", _("Taken up")
    CHANGED = "changed", _("Taken up, with changes")
    NOT_TAKEN = "not_taken", _("Not taken up")
    WITHDRAWN = "withdrawn", _("Withdrawn")


TAKEN = frozenset({SuggestionState.TAKEN_UP, SuggestionState.CHANGED})


class SuggestionQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(text__partnership__in=Partnership.objects.readable_by(person))

    def open(self):
        """Those that wait for an answer by the authors."""
        return self.filter(state=SuggestionState.OPEN)

    def taken(self):
        """Those whose words, as they were or changed, went into the text or its draft."""
        return self.filter(state__in=TAKEN)

    def waiting_for(self, person):
        """Open ones that this person (or their id) owes an answer, as an author or one who leads.

        While a text is decided on, or its partnership rests, what is suggested about it waits for nobody.
        """
        seats = Member.objects.present().filter(person=person, partnership=OuterRef("text__partnership"))
        leads = seats.filter(role__in=[Role.CONVENER, Role.FACILITATOR])
        writes = TextAuthor.objects.filter(
            text=OuterRef("text"), member__person=person, member__left_at=None
        ).exclude(member__role=Role.OBSERVER)
        written = Q()
        for kind in TextKind.values:
            written |= Q(text__kind=kind, text__partnership__stage__in=OPENS[f"write_{kind}"])
        decided = Decision.objects.open().filter(text=OuterRef("text"))
        rows = self.open().filter(written, Exists(leads) | Exists(writes), ~Exists(decided))
        return rows.filter(text__partnership__paused_at=None, hidden_at=None)


class Suggestion(models.Model):
    """Other words for a section of one revision, or a remark on a passage of it, with a reason."""

    State = SuggestionState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text = models.ForeignKey(Text, models.CASCADE, related_name="suggestions")
    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="suggestions"
    )  # the one that was read
    section = models.CharField(max_length=40)
    member = models.ForeignKey(Member, models.PROTECT, related_name="suggestions")
    words = models.TextField(_("your words for this section"), blank=True, max_length=LONGEST_SECTION)
    quote = models.TextField(_("the passage you mean"), blank=True, max_length=2000)
    reason = models.TextField(_("why"), max_length=5000)
    state = models.CharField(max_length=10, choices=SuggestionState, default=SuggestionState.OPEN)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("your answer"), blank=True, max_length=5000)
    taken_into = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, related_name="suggestions_taken"
    )  # None until the draft that it went into is published
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    hidden_reason = models.TextField(_("reason"), blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="what is not taken up has an answer",
                condition=~Q(state=SuggestionState.NOT_TAKEN) | ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="a suggestion has words or a passage it is about",
                condition=~Q(words="", quote=""),
            ),
            models.CheckConstraint(
                name="a hidden suggestion has a reason", condition=Q(hidden_at=None) | ~Q(hidden_reason="")
            ),
        ]
        indexes = [
            models.Index(fields=["text", "-made_at", "-id"], name="suggestions_newest_first"),
            models.Index(
                fields=["text"], name="suggestions_that_wait", condition=Q(state=SuggestionState.OPEN)
            ),
        ]

    def __str__(self):
        return self.reason[:80]

    @property
    def is_remark(self):
        """A remark on a passage, not words of its own."""
        return bool(self.quote)

    @property
    def is_open(self):
        return self.state == SuggestionState.OPEN

    @property
    def base(self):
        """The section's words that the suggestion was made about."""
        return self.revision.body.get(self.section, "")

    @property
    def heading(self):
        """The heading of the section then."""
        self.revision.text = self.text
        return self.revision.sections.get(self.section, self.section)
