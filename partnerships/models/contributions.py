"""Say: what members say, what became of it, and reports of what breaks the ground rules."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actors.models import Person, Sector

from ..finding import Found
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


class ContributionWay(models.TextChoices):
    """How words came in that somebody else typed in."""

    ROOM = "room", _("Said in the room")
    PAPER = "paper", _("Written on paper")
    TELEPHONE = "telephone", _("Said by telephone")


def shown_at(path=""):
    """The condition that the words of a contribution can be read, asked from another table by way of `path`."""
    return Q(**{f"{path}hidden_at": None, f"{path}retracted_at": None})


class ContributionQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Contributions of partnerships that this person may read. Hidden ones keep their place without words."""
        return self.filter(partnership__in=Partnership.objects.readable_by(person))

    def shown(self):
        """Those whose words can be read: neither hidden by the ground rules nor taken back."""
        return self.filter(shown_at())

    def named_to(self, person):
        """Those whose author this person may know: all of partnerships they have a part in, elsewhere the open ones."""
        openly = Q(anonymous=False)
        if not person.is_authenticated:
            return self.filter(openly)
        return self.filter(openly | Q(partnership__in=Partnership.objects.inside(person).values("pk")))

    def told(self):
        """With all that stands around the words on a page: whose they are, what they answer and quote, their files."""
        beside = ("member__person", "member__organization", "response__by", "meeting")
        answers = ("reply_to__member__person", "quotes__member__person")
        rows = self.select_related(*beside, *answers).defer("meeting__agenda", "meeting__minutes")
        return rows.prefetch_related("attachments")

    def owed_a_response(self):
        """Shown contributions whose authors want an answer and have none."""
        return self.shown().filter(wants_answer=True, response=None)


class Contribution(models.Model):
    """Something a member says, perhaps in answer to another; or something said in a room, typed in by someone."""

    Kind = ContributionKind
    Way = ContributionWay

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
    anonymous = models.BooleanField(_("show my name only to members"), default=False)
    quotes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="quoted_in")
    quoted = models.TextField(  # words that stood in what it quotes; they are shown for as long as those are
        _("the words you quote"), max_length=LONGEST_CONTRIBUTION, blank=True
    )
    on_behalf_of = models.CharField(_("said by"), max_length=120, blank=True)  # in the room or on paper
    way = models.CharField(_("how it came in"), max_length=10, choices=ContributionWay, blank=True)
    behalf_sector = models.CharField(
        _("sector"), max_length=20, choices=Sector, blank=True
    )  # of who said it; blank: not known
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    retracted_at = models.DateTimeField(null=True, blank=True)
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
            models.CheckConstraint(
                name="quoted words come from somewhere", condition=Q(quoted="") | Q(quotes__isnull=False)
            ),
            models.CheckConstraint(
                name="what came in another way was typed in by somebody",
                condition=Q(way="") | Q(recorded_by__isnull=False),
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
            GinIndex(Found("body"), name="contributions_by_their_words"),
        ]

    def __str__(self):
        return self.body[:80]

    @property
    def is_shown(self):
        """Whether its words can be read: neither hidden by the ground rules nor taken back."""
        return self.hidden_at is None and self.retracted_at is None

    @property
    def files(self):
        """The files beside the words that their author has not taken away; told() fetches them."""
        return [file for file in self.attachments.all() if file.removed_at is None]

    @property
    def is_on_behalf(self):
        """Whether somebody else typed in what was said in a room, on paper or by telephone."""
        return self.recorded_by_id is not None

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
