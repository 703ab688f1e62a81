"""Say: what members say."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Min, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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


# What came back on the day it was put off to is owed since then; what was answered beside the point, from the first.
OWED_SINCE = Case(When(response__reopened_because="day", then="response__reopened_at"), default="created_at")


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
        became = ("batch", "revision__text", "decision", "commitment")
        rows = self.select_related(*beside, *answers, *(f"response__{one}" for one in became))
        rows = rows.defer("meeting__agenda", "response__revision__body")
        return rows.prefetch_related("attachments")

    def unsigned_for(self, inside):
        """Contributions whose author this reader may not know: said for members' eyes.

        inside: whether they read as a member, or keep the case.
        """
        return self.none() if inside else self.filter(anonymous=True)

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
