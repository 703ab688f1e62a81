"""Say: what members say."""

import uuid

from django.db import models
from django.db.models import Case, Min, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.models import Person

from .arenas import Partnership
from .meetings import Meeting
from .members import Member

LONGEST_CONTRIBUTION = 20_000  # characters; about eight printed pages


class ContributionKind(models.TextChoices):
    EXPERIENCE = "experience", _("Experience")
    EVIDENCE = "evidence", _("Evidence")
    IDEA = "idea", _("Idea")
    CONCERN = "concern", _("Concern")
    QUESTION = "question", _("Question")
    OFFER = "offer", _("Offer")


# What came back on the day it was put off to is owed since then; what was answered beside the point, from the first.
OWED_SINCE = Case(When(response__reopened_because="day", then="response__reopened_at"), default="created_at")


class ContributionQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Contributions of partnerships that this person may read. Hidden ones keep their place without words."""
        return self.filter(partnership__in=Partnership.objects.readable_by(person))

    def shown(self):
        return self.filter(hidden_at=None)

    def unsigned_for(self, inside):
        """Contributions whose author this reader may not know: everybody signs.

        inside: whether they read as a member, or keep the case.
        """
        return self.none()

    def signed_for(self, inside):
        """Shown contributions whose author this reader may know."""
        unsigned = self.model.objects.unsigned_for(inside)
        return self.shown().exclude(pk__in=unsigned.values("pk"))

    def owed_a_response(self):
        """Shown contributions whose authors want an answer and have none that stands."""
        none_stands = Q(response=None) | Q(response__reopened_at__isnull=False)
        return self.shown().filter(none_stands, wants_answer=True)

    def with_owed_since(self):
        """With `owed_since`: from when on an answer is owed."""
        return self.annotate(owed_since=OWED_SINCE)

    def oldest_per_partnership(self):
        """{partnership id: since when its oldest answer is owed} of owed_a_response."""
        return dict(self.order_by().values_list("partnership").annotate(oldest=Min(OWED_SINCE)))


class Contribution(models.Model):
    """Something a member says, perhaps in answer to another; or something said in a room, typed in by someone."""

    Kind = ContributionKind

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="contributions")
    member = models.ForeignKey(Member, models.PROTECT, related_name="contributions")
    kind = models.CharField(_("kind"), max_length=12, choices=ContributionKind)
    body = models.TextField(_("what you want to say"), max_length=LONGEST_CONTRIBUTION)
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    thread = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="in_thread"
    )  # the first word
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="contributions")
    wants_answer = models.BooleanField(_("I want an answer to this"), default=False)
    on_behalf_of = models.CharField(_("said by"), max_length=120, blank=True)  # in the room or on paper
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    hidden_reason = models.TextField(_("reason"), blank=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="what is hidden has a reason", condition=Q(hidden_at=None) | ~Q(hidden_reason="")
            ),
            models.CheckConstraint(
                name="a reply is in a thread", condition=Q(reply_to=None) | Q(thread__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["partnership", "-created_at", "-id"], name="contributions_newest_first"),
            models.Index(fields=["thread", "created_at"], name="contributions_of_a_thread"),
            models.Index(
                fields=["partnership", "created_at"],
                name="contributions_to_be_answered",
                condition=Q(wants_answer=True, hidden_at=None),
            ),
        ]

    def __str__(self):
        return self.body[:80]

    def get_kind_display(self):
        """The kind in the reader's language. Django's own reads every choice again for each row of a list."""
        return str(ContributionKind(self.kind).label)
