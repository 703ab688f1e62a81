"""Decide: a question settled by the members about one revision of one text."""

import uuid

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.models import Person

from ..stages import Stage
from .arenas import Partnership
from .members import Member
from .substitutes import Substitution
from .texts import Revision, Text


class Rule(models.TextChoices):
    CONSENT = "consent", _("No objections")
    MAJORITY = "majority", _("Majority on each side, dissent kept")
    ADVISORY = "advisory", _("Advice, which decides nothing")


class DecisionOutcome(models.TextChoices):
    ADOPTED = "adopted", _("Adopted")
    OBJECTED = "objected", _("Not adopted: there are objections")
    OUTVOTED = "outvoted", _("Not adopted: no majority on each side")
    NO_QUORUM = "no_quorum", _("Not adopted: too few took part")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    HELD = "held", _("Closed, waiting for answers to objections")
    ADVISED = "advised", _("Advice given")


# What the members have settled about words: these are not put to them again as they are.
SETTLED = [DecisionOutcome.ADOPTED, DecisionOutcome.OBJECTED, DecisionOutcome.OUTVOTED]
UNSETTLED = Q(closed_at=None) | Q(outcome=DecisionOutcome.HELD)


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(partnership__in=Partnership.objects.readable_by(person))

    def open(self):
        """Decisions under way: to be opened later, taking positions, or held. Their words stand still."""
        return self.filter(UNSETTLED)

    def taking_positions(self):
        """Decisions that have opened and are not closed."""
        return self.filter(closed_at=None, opened_at__isnull=False)

    def binding(self):
        """All but those that only ask for advice."""
        return self.exclude(rule=Rule.ADVISORY)

    def held(self):
        """Decisions with a majority that wait for answers to objections."""
        return self.filter(outcome=DecisionOutcome.HELD)

    def due(self, at):
        """Open decisions whose closing time has come; in a pause it stands still."""
        runs = Q(partnership__paused_at=None) | Q(closes_at__lte=F("partnership__paused_at"))
        return self.taking_positions().filter(runs, closes_at__lte=at)

    def due_to_open(self, at):
        """Decisions whose opening time has come; none opens in a pause or in a closed partnership."""
        waiting = self.filter(closed_at=None, opened_at=None, opens_at__lte=at)
        return waiting.filter(partnership__paused_at=None).exclude(partnership__stage=Stage.CLOSED)

    def needing_position_of(self, person, at=None):
        """Decisions in which this person (or the one with this id) is to answer: for themselves, or as a substitute.

        One row each, the one that closes soonest first. Once a seat has an answer, nobody is asked for it any more.
        """
        at, person = at or timezone.now(), getattr(person, "pk", person)
        seats = Member.objects.deciding().filter(partnership=OuterRef("partnership"), person=person)
        asked = Substitution.objects.covering(at).filter(
            Q(decision=None) | Q(decision=OuterRef("pk")),
            partnership=OuterRef("partnership"),
            substitute__person=person,
        )
        taken = Position.objects.filter(decision=OuterRef("pk"))
        own = Exists(seats) & ~Exists(taken.filter(member__person=person, member__left_at=None))
        of_others = Exists(asked.filter(~Exists(taken_for_seat())))
        running = self.taking_positions().filter(
            closes_at__gt=at, partnership__paused_at=None, partnership__stage__in=WORKING
        )
        return running.filter(own | of_others).order_by("closes_at", "pk")


WORKING = [stage for stage in Stage if stage != Stage.CLOSED]


def taken_for_seat():
    """The position of a substitution's member, in the decision that is asked about one query further out."""
    return Position.objects.filter(decision=OuterRef(OuterRef("pk")), member=OuterRef("member"))


class Decision(models.Model):
    """Bound to the exact words of one revision. Quorum per side; closes at a time; after two rounds the fallback.

    Until it opens, opened_at is empty and opens_at says when. With a majority and objections that nobody has answered
    it is held: closed, and adopted with the last answer.
    """

    Rule = Rule
    Outcome = DecisionOutcome

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="decisions")
    text = models.ForeignKey(
        Text, models.PROTECT, related_name="decisions"
    )  # of the revision; for the constraint
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="decisions")
    question = models.CharField(_("question"), max_length=300)
    rule = models.CharField(_("rule"), max_length=10, choices=Rule, default=Rule.CONSENT)
    round = models.PositiveSmallIntegerField(default=1)
    quorum_public = models.PositiveSmallIntegerField()  # positions needed from the public side
    quorum_non_public = models.PositiveSmallIntegerField()
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)  # where it was set to open later
    opened_at = models.DateTimeField(default=timezone.now, null=True)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    closes_at = models.DateTimeField(_("closes"))
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=DecisionOutcome, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="a text has one open decision", fields=["text"], condition=UNSETTLED
            ),
            models.CheckConstraint(
                name="a closed decision has an outcome",
                condition=(Q(closed_at=None) & Q(outcome="")) | (Q(closed_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="a decision closes after it opens",
                condition=Q(closes_at__gt=F("opened_at")) | Q(opened_at=None, closes_at__gt=F("opens_at")),
            ),
            models.CheckConstraint(
                name="a decision that is closed by positions has opened",
                condition=Q(opened_at__isnull=False)
                | Q(closed_at=None)
                | Q(outcome=DecisionOutcome.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="advice adopts nothing",
                condition=~Q(rule=Rule.ADVISORY)
                | Q(outcome__in=["", DecisionOutcome.ADVISED, DecisionOutcome.WITHDRAWN]),
            ),
        ]

    def __str__(self):
        return self.question

    @property
    def is_advisory(self):
        """Asks for advice, and decides nothing."""
        return self.rule == Rule.ADVISORY

    @property
    def is_planned(self):
        """Opens later."""
        return self.opened_at is None and self.closed_at is None

    @property
    def begins(self):
        """When it opened, or will."""
        return self.opened_at or self.opens_at

    @property
    def is_open(self):
        """Takes positions until its time is up."""
        return self.opened_at is not None and self.closed_at is None

    @property
    def is_held(self):
        """Closed with a majority, and adopted once each objection has an answer."""
        return self.outcome == DecisionOutcome.HELD

    @property
    def is_under_way(self):
        """Not settled yet, so its words stand still."""
        return self.closed_at is None or self.is_held


class Lengthening(models.Model):
    """The time to answer was lengthened, with a reason. It is never shortened."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="lengthenings")
    was = models.DateTimeField()
    closes_at = models.DateTimeField(_("open until"))
    reason = models.CharField(_("why more time is needed"), max_length=500)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                name="the time to answer is only lengthened", condition=Q(closes_at__gt=F("was"))
            ),
            models.CheckConstraint(name="more time has a reason", condition=~Q(reason="")),
        ]

    def __str__(self):
        return self.reason


class Reopening(models.Model):
    """A settled question is asked anew, with a public reason. What was adopted stands until other words are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.OneToOneField(Decision, models.CASCADE, related_name="reopening")
    reason = models.TextField(_("why it is reopened"), max_length=2000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="a reopening has a reason", condition=~Q(reason=""))]

    def __str__(self):
        return self.reason


class Choice(models.TextChoices):
    AGREE = "agree", _("I agree")
    STAND_ASIDE = "stand_aside", _("I stand aside")
    OBJECT = "object", _("I object")


class Way(models.TextChoices):
    """How a position came that somebody else wrote down."""

    PAPER = "paper", _("on paper")
    VOICE = "voice", _("by voice")
    TELEPHONE = "telephone", _("by telephone")


class PositionQuerySet(models.QuerySet):
    def told(self):
        """Positions that the pages of their decisions show: of closed ones, by members who stayed until then."""
        stayed = Q(member__left_at=None) | Q(member__left_at__gt=F("decision__closed_at"))
        return self.filter(stayed, decision__closed_at__isnull=False)

    def dissent_first(self):
        """Objections, then those who stand aside, then those who agree; each in the order in which they came."""
        ranks = {Choice.OBJECT: 0, Choice.STAND_ASIDE: 1, Choice.AGREE: 2}
        rank = Case(*[When(choice=choice, then=Value(number)) for choice, number in ranks.items()])
        return self.order_by(rank, "at", "pk")

    def unanswered(self):
        """Objections to which nobody has answered; one that was changed since is a new one."""
        answers = ObjectionAnswer.objects.filter(position=OuterRef("pk"), objected_at=OuterRef("at"))
        return self.filter(~Exists(answers), choice=Choice.OBJECT)

    def counting(self, decision):
        """Positions in a decision that count: all but those of members who left before it closed."""
        stayed = Q(member__left_at=None)
        if decision.closed_at:
            stayed |= Q(member__left_at__gt=decision.closed_at)
        return self.filter(stayed, decision=decision)


class Stand(models.Model):
    """What somebody said about a decision, and how it came."""

    Choice, Way = Choice, Way

    choice = models.CharField(_("your position"), max_length=12, choices=Choice)
    reason = models.TextField(_("reason"), max_length=5000, blank=True)
    digest = models.CharField(max_length=64)  # of the revision that was shown
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    way = models.CharField(_("how it was given"), max_length=10, choices=Way, blank=True)
    substitute = models.ForeignKey(
        Substitution, models.PROTECT, null=True, blank=True, related_name="+"
    )  # who answered for the member

    class Meta:
        abstract = True

    def __str__(self):
        return self.get_choice_display()

    def get_choice_display(self):
        """The choice in the reader's language. Django's own reads every choice again for each row of a list."""
        return str(Choice(self.choice).label)

    @property
    def way_words(self):
        """How a position came that was written down; of old ones that is not known."""
        return str(Way(self.way).label) if self.way else _("on paper or by voice")


class Position(Stand):
    """Where one member's seat stands, on exactly the words that were shown. Can be changed until the decision closes.

    There is one for each seat: what it replaced is kept beside it, and does not count.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="positions")
    member = models.ForeignKey(Member, models.PROTECT, related_name="positions")

    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                name="a member has one position in a decision", fields=["decision", "member"]
            ),
            models.CheckConstraint(
                name="an objection has a reason", condition=~Q(choice=Choice.OBJECT) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="only a position that somebody wrote down says how it came",
                condition=Q(way="") | Q(recorded_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.member}: {self.get_choice_display()}"


class EarlierPosition(Stand):
    """What a position said before it was changed, or what a substitute had said before the member answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    position = models.ForeignKey(Position, models.CASCADE, related_name="earlier")
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["replaced_at", "id"]


class ObjectionAnswer(models.Model):
    """What a leader or an author answers to one objection, as it read at that moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    position = models.ForeignKey(Position, models.CASCADE, related_name="answers")
    objected_at = models.DateTimeField()  # `at` of the position that was answered
    body = models.TextField(_("answer"), max_length=5000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(name="an objection is answered once", fields=["position", "objected_at"]),
            models.CheckConstraint(name="an answer to an objection has words", condition=~Q(body="")),
        ]

    def __str__(self):
        return self.body
