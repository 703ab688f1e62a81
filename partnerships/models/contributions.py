"""Say: what members say, what became of it, and reports of what breaks the ground rules."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
        """Shown contributions whose authors want an answer and have none."""
        return self.shown().filter(wants_answer=True, response=None)


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


class Outcome(models.TextChoices):
    ADOPTED = "adopted", pgettext_lazy("contribution", "Adopted")
    PARTLY = "partly", _("Partly adopted")
    DEFERRED = "deferred", _("Put off")
    NOT_ADOPTED = "not_adopted", _("Not adopted")


class Response(models.Model):
    """What became of a contribution, with a reason."""

    Outcome = Outcome

    contribution = models.OneToOneField(
        Contribution, models.CASCADE, primary_key=True, related_name="response"
    )
    outcome = models.CharField(_("what became of it"), max_length=12, choices=Outcome)
    reason = models.TextField(_("reason"), max_length=5000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return self.get_outcome_display()


class ContributionReport(models.Model):
    """Somebody says that a contribution breaks the ground rules; a convener hides it or leaves it, with a reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="reports")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.TextField(_("what is wrong with it"), max_length=2000)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    upheld = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a person reports a contribution once", fields=["contribution", "by"]
            )
        ]

    def __str__(self):
        return self.reason[:80]
