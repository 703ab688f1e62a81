"""Proposals, the value proposition, and who authorizes it."""

import re
import uuid

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.models import Organization, Person
from partnerships.models import Partnership, Revision, Text

LIST_MARK = re.compile(r"^\s*(?:[-*•–]|\d+[.)]|[a-z][.)])\s+")  # "- ", "2. ", "b) " before a line of a list


class Novelty(models.TextChoices):
    NOT_NEW = "not_new", _("Not new")
    ADAPTED = "adapted", _("Adapted from elsewhere")
    NEW_HERE = "new_here", _("New here")
    NEW_ANYWHERE = "new_anywhere", _("New anywhere")


class Proposal(models.Model):
    """An option for a solution. Its words, authors and adoption are the text's."""

    Novelty = Novelty

    text = models.OneToOneField(Text, models.CASCADE, primary_key=True, related_name="proposal")
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="proposals")
    novelty = models.CharField(_("how new is it?"), max_length=12, choices=Novelty)

    def __str__(self):
        return str(self.text)

    def get_novelty_display(self):
        """How new it is, in the reader's language. Django's own reads every choice again each time."""
        return str(Novelty(self.novelty).label)


def chosen_proposal(partnership):
    """The proposal that the members adopted, or None. Adoption is stored with its text and nowhere else."""
    chosen = Proposal.objects.filter(partnership=partnership, text__adopted_revision__isnull=False)
    return chosen.select_related("text__adopted_revision").order_by("text__created_at").first()


class ValueProposition(models.Model):
    """The dossier for authorization: value, legitimacy and support, capacity. One per partnership."""

    text = models.OneToOneField(Text, models.CASCADE, primary_key=True, related_name="value_proposition")
    partnership = models.OneToOneField(Partnership, models.CASCADE, related_name="value_proposition")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="value_propositions")

    def __str__(self):
        return str(self.text)


class Authority(models.TextChoices):
    SECRETARY = "secretary", _("Secretary: enters decisions as minuted")
    MEMBER = "member", _("Member: decides with the others")


class BodyMemberQuerySet(models.QuerySet):
    def current(self):
        """Authorities that have not ended."""
        return self.filter(until=None)


class BodyMember(models.Model):
    """A person's authority in a competent body, for a term."""

    Authority = Authority

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    body = models.ForeignKey(Organization, models.PROTECT, related_name="body_members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="body_memberships")
    authority = models.CharField(max_length=10, choices=Authority)
    since = models.DateField(default=timezone.localdate)
    until = models.DateField(null=True, blank=True)

    objects = BodyMemberQuerySet.as_manager()

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                name="a person has an authority in a body once at a time",
                fields=["body", "person", "authority"],
                condition=Q(until=None),
            )
        ]

    def __str__(self):
        return f"{self.person}: {self.get_authority_display()}, {self.body}"


class AuthorizationRequestQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Requests of partnerships this person may read, and those put to a body they sit in or write for."""
        readable = Q(partnership__in=Partnership.objects.readable_by(person))
        if not person.is_authenticated:
            return self.filter(readable)
        return self.filter(readable | self._put_to(person))

    def put_to(self, person):
        """Requests to the bodies that this person sits in or writes for; a withdrawn one is theirs no longer."""
        return self.filter(self._put_to(person))

    @staticmethod
    def _put_to(person):
        bodies = BodyMember.objects.current().filter(person=person.pk).values("body")
        return Q(body__in=bodies, withdrawn_at=None)

    def with_latest_number(self):
        """Each request with latest_number: the newest revision of the value proposition that exists by now."""
        newest = Revision.objects.filter(text=OuterRef("revision__text")).order_by("-number").values("number")
        return self.annotate(latest_number=Subquery(newest[:1]))

    def waiting(self):
        """Requests that the body has not answered."""
        return self.filter(authorization=None, withdrawn_at=None)


class AuthorizationRequest(models.Model):
    """A body is asked about exactly one revision of the value proposition."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="authorization_requests")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="authorization_requests")
    digest = models.CharField(max_length=64)  # of the revision, as asked
    body = models.ForeignKey(Organization, models.PROTECT, related_name="authorization_requests")
    meeting_on = models.DateField(_("date of the body's meeting"))
    case_number = models.CharField(_("case number"), max_length=60, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    postponed_at = models.DateTimeField(null=True, blank=True)  # the same revision may be put to them again

    objects = AuthorizationRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="a body is asked about a revision once",
                fields=["body", "revision"],
                condition=Q(withdrawn_at=None, postponed_at=None),
            )
        ]

    def __str__(self):
        return f"{self.body}: {self.revision}"


class AuthorizationOutcome(models.TextChoices):
    GRANTED = "granted", _("Granted")
    CONDITIONAL = "conditional", _("Granted with conditions")
    RETURNED = "returned", _("Returned to the partnership")
    REFUSED = "refused", _("Refused")
    POSTPONED = "postponed", _("Postponed")


GIVEN = [AuthorizationOutcome.GRANTED, AuthorizationOutcome.CONDITIONAL]


class VoteDetail(models.TextChoices):
    NONE = "none", _("The minutes show no vote")
    UNANIMOUS = "unanimous", _("Unanimous")
    COUNTS = "counts", _("Numbers")
    PARTIES = "parties", _("Parties")
    NAMES = "names", _("Names")


class Authorization(models.Model):
    """The body's decision as it stands in its minutes, at the detail of the minutes, entered by its secretary."""

    Outcome = AuthorizationOutcome
    VoteDetail = VoteDetail

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.OneToOneField(AuthorizationRequest, models.PROTECT, related_name="authorization")
    outcome = models.CharField(_("decision"), max_length=12, choices=AuthorizationOutcome)
    decided_on = models.DateField(_("date of the meeting"))
    item = models.CharField(_("item in the minutes"), max_length=60)
    minutes_link = models.URLField(_("link to the minutes"), max_length=400, blank=True)
    closed_item = models.BooleanField(_("treated behind closed doors"), default=False)
    words = models.TextField(_("the decision in the words of the minutes"), max_length=20_000, blank=True)
    conditions = models.TextField(_("conditions"), max_length=10_000, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    vote_detail = models.CharField(_("what the minutes show of the vote"), max_length=10, choices=VoteDetail)
    votes_for = models.PositiveSmallIntegerField(_("votes for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("votes against"), null=True, blank=True)
    votes_abstained = models.PositiveSmallIntegerField(_("abstained"), null=True, blank=True)
    votes_text = models.TextField(_("parties or names as minuted"), max_length=5000, blank=True)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a conditional authorization names its conditions",
                condition=~Q(outcome=AuthorizationOutcome.CONDITIONAL) | ~Q(conditions=""),
            ),
            models.CheckConstraint(
                name="counted votes have numbers",
                condition=~Q(vote_detail=VoteDetail.COUNTS)
                | (Q(votes_for__isnull=False) & Q(votes_against__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"{self.get_outcome_display()}, {self.decided_on}"

    @property
    def is_given(self):
        """Whether the body said yes, with or without conditions."""
        return self.outcome in GIVEN

    def expired(self, today):
        """Whether it has run out on the day `today`."""
        return self.expires_on is not None and self.expires_on < today

    @property
    def condition_lines(self):
        """One condition per line, without bullets and numbers in front; empty lines are not conditions."""
        lines = [LIST_MARK.sub("", line).strip() for line in self.conditions.splitlines()]
        return [line for line in lines if line]


class PrivateNote(models.Model):
    """What a politician notes before the meeting: for their eyes only, never a vote."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(AuthorizationRequest, models.CASCADE, related_name="private_notes")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    body = models.TextField(_("my note"), max_length=5000)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one private note per request and person", fields=["request", "person"]
            )
        ]

    def __str__(self):
        return f"note {self.pk}"
