"""One arena: its mandate, its stages, and where a reconstruction comes from."""

import uuid
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from actors.models import Organization, Person, Sector, check_time_zone

from ..stages import ORDER, Stage
from .platforms import Office, Platform
from .templates import Template


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Public: anyone can read")
    MEMBERS = "members", _("Members: anyone sees that it exists, members read")
    HIDDEN = "hidden", _("Hidden: not shown on the site; may still be disclosed by law")


class JoinPolicy(models.TextChoices):
    OPEN = "open", _("Open: anyone may join")
    REQUEST = "request", _("On request: a convener answers")
    INVITATION = "invitation", _("By invitation only")


class PartnershipQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Partnerships that this person may know of: all but those hidden or in preparation, and those they are in."""
        open_ones = Q(visibility__in=[Visibility.PUBLIC, Visibility.MEMBERS], begun_at__isnull=False)
        if not person.is_authenticated:
            return self.filter(open_ones)
        return self.filter(open_ones | Q(pk__in=self.model.objects.inside(person).values("pk")))

    def readable_by(self, person):
        """Partnerships whose contents this person may read: public ones, and those they have a part in."""
        public = Q(visibility=Visibility.PUBLIC, begun_at__isnull=False)
        if not person.is_authenticated:
            return self.filter(public)
        return self.filter(public | Q(pk__in=self.model.objects.inside(person).values("pk")))

    def inside(self, person):
        """Partnerships in which this person is a member, or whose platform's cases they keep."""
        member = Q(members__person=person.pk, members__left_at=None)
        keeper = Q(
            platform__offices__person=person.pk,
            platform__offices__kind=Office.Kind.CASE_OFFICER,
            platform__offices__until=None,
        )
        everything = self.model.objects
        return self.filter(
            Q(pk__in=everything.filter(member).values("pk"))
            | Q(pk__in=everything.filter(keeper).values("pk"))
        )

    def locked(self, pk):
        """The partnership, its row locked until the transaction ends. Taken first in every guarded action."""
        return self.select_for_update(of=("self",)).select_related("platform").get(pk=pk)


class Partnership(models.Model):
    """Public and private actors who define a common problem, design a better solution and implement it."""

    Visibility = Visibility
    JoinPolicy = JoinPolicy

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="partnerships")
    title = models.CharField(_("title"), max_length=140)
    summary = models.CharField(_("in one sentence"), max_length=300)
    case_number = models.CharField(_("case number"), max_length=60, blank=True)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.INITIATE)
    stage_version = models.PositiveIntegerField(
        default=0
    )  # compare and swap: moved, paused or resumed, it goes up, and the loser of a race sees it
    visibility = models.CharField(
        _("who may read it"), max_length=8, choices=Visibility, default=Visibility.PUBLIC
    )
    join_policy = models.CharField(
        _("who may join"), max_length=12, choices=JoinPolicy, default=JoinPolicy.REQUEST
    )
    may_withhold_names = models.BooleanField(
        _("members may show their name only to members, for each thing they say"), default=False
    )
    language = models.CharField(_("language"), max_length=8, default="da")
    time_zone = models.CharField(max_length=64, default="Europe/Copenhagen", validators=[check_time_zone])
    reconstructed_from = models.TextField(
        blank=True
    )  # what a reconstruction rests on; empty for a real arena
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField(null=True, default=timezone.now)  # None: its convener still prepares it
    closed_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(
        null=True, blank=True
    )  # when its open pause began, so that lists need not look
    template = models.ForeignKey(Template, models.PROTECT, null=True, blank=True, related_name="partnerships")
    lengths = models.JSONField(default=dict, blank=True)  # {stage: days}, as the template had them
    gates = models.JSONField(
        default=dict, blank=True
    )  # {criterion: "off"}, as platform and template had them
    thresholds = models.JSONField(
        default=dict, blank=True
    )  # {setting: number}, likewise; read with Setting.of

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="partnerships_newest_first")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """The front page. It shows things of higher apps, so its view is theirs; the address is ours."""
        return f"/partnerships/{self.slug}/"

    def get_stage_display(self):
        """The stage in the reader's language. Django's own reads every choice again for each row of a list."""
        return str(Stage(self.stage).label)

    @property
    def is_public(self):
        """Whether anyone can read it: it is not only in preparation."""
        return self.visibility == Visibility.PUBLIC and self.begun_at is not None

    @cached_property
    def open_pause(self):
        """The Pause that the partnership is in, or None: one query, none while it works."""
        return self.pauses.get(until=None) if self.paused_at else None

    def overdue_by(self, today):
        """The day that decides what is overdue on the day `today`: while it is paused, the day when the pause began."""
        if self.paused_at is None:
            return today
        return min(today, self.paused_at.astimezone(ZoneInfo(self.time_zone)).date())

    @property
    def stage_number(self):
        """1 for initiate up to 8 for closed."""
        return ORDER.index(Stage(self.stage)) + 1


class Readiness(models.TextChoices):
    """What to be sure of before asking others for their time. It is asked, and never computed."""

    OPEN = "open", _("Are we ready to change our mind when others know better?")
    HEARD = "heard", _("Will those who can decide listen to the answer?")
    TIME = "time", _("Do those who lead have the hours it takes?")
    SUPPORT = "support", _("Can we pay for what it costs people to come: childcare, transport, wages?")
    END = "end", _("Can it end without an answer, and nobody loses face?")


READY = {"yes": _("Yes"), "unsure": _("Not sure"), "no": _("No")}  # answers to each of the five


class LaterInterest(models.TextChoices):
    """What a partner may gain later from the municipality. It informs, and never blocks."""

    BID = "bid", _("bid for a public contract")
    GRANT = "grant", _("receive a grant")
    PROPERTY = "property", _("use municipal property")


class PromiseKind(models.TextChoices):
    ADOPT_OR_EXPLAIN = "adopt_or_explain", _("Adopt the result, or explain in public why not")
    CONSIDER_AND_REPLY = "consider_and_reply", _("Consider the result and reply")
    ADVICE_ONLY = "advice_only", _("Take the result as advice")


class PromiseState(models.TextChoices):
    NOT_ASKED = "not_asked", _("Not asked for yet")
    ASKED = "asked", _("Asked for, not yet promised")
    GIVEN = "given", _("Given")
    DECLINED = "declined", _("Declined")


class Mandate(models.Model):
    """The question an arena is given, never a solution; what cannot be negotiated; and what is promised back."""

    PromiseKind = PromiseKind
    PromiseState = PromiseState

    partnership = models.OneToOneField(Partnership, models.CASCADE, primary_key=True, related_name="mandate")
    question = models.TextField(_("question"))
    scope = models.TextField(_("scope"), blank=True)
    non_negotiables = models.TextField(_("what cannot be changed, and why"), blank=True)
    interdependence = models.TextField(_("why nobody can solve this alone"), blank=True)
    incentives = models.JSONField(default=dict, blank=True)  # {sector: what they gain by taking part}
    readiness = models.JSONField(default=dict, blank=True)  # {Readiness: "yes", "unsure" or "no"}
    resources = models.TextField(_("resources"), blank=True)
    names_no_solution = models.BooleanField(_("the question names no solution"), default=False)
    sponsor = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    recipient = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    competent_body = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    competence_source = models.CharField(_("where it is written who may decide"), max_length=300, blank=True)
    ends_on = models.DateField(_("end date"), null=True, blank=True)
    promise_kind = models.CharField(_("promise"), max_length=20, choices=PromiseKind, blank=True)
    promise_state = models.CharField(max_length=10, choices=PromiseState, default=PromiseState.NOT_ASKED)
    promise_by = models.CharField(_("who gave or declined it"), max_length=200, blank=True)
    promise_minute = models.CharField(_("where in the minutes"), max_length=300, blank=True)
    promise_on = models.DateField(_("date"), null=True, blank=True)
    promise_due_on = models.DateField(_("when the answer is owed"), null=True, blank=True)
    promise_answered_on = models.DateField(
        null=True, blank=True
    )  # the result was adopted, or the reason given
    later_interests = models.JSONField(null=True, blank=True)  # [LaterInterest]; None: nobody has asked yet
    safeguard = models.TextField(_("safeguard"), blank=True)
    legal_seen_by = models.CharField(_("who in the legal department has seen it"), max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a promise given or declined names who and where",
                condition=Q(promise_state__in=[PromiseState.NOT_ASKED, PromiseState.ASKED])
                | (~Q(promise_by="") & ~Q(promise_minute="")),
            ),
            models.CheckConstraint(
                name="a promise asked for has a kind",
                condition=Q(promise_state=PromiseState.NOT_ASKED) | ~Q(promise_kind=""),
            ),
        ]

    def __str__(self):
        return self.question[:80]

    @property
    def gains(self):
        """[(label of a sector, what it gains by taking part)] of those that have an answer."""
        found = [(str(sector.label), self.incentives.get(sector, "").strip()) for sector in Sector]
        return [(label, words) for label, words in found if words]

    @property
    def interests(self):
        """What a partner may gain later, in words; [] where there is nothing, or nobody has asked."""
        return [str(one.label) for one in LaterInterest if one in (self.later_interests or ())]

    @property
    def answers_to_readiness(self):
        """[(question, answer)] of what those who ask have asked themselves."""
        return [
            (str(one.label), str(READY[self.readiness[one]]))
            for one in Readiness
            if self.readiness.get(one) in READY
        ]

    @property
    def promise_owed_on(self):
        """By when the result is to be adopted, or explained why not: as promised, else when the work ends; or None."""
        binding = (
            self.promise_kind == PromiseKind.ADOPT_OR_EXPLAIN and self.promise_state == PromiseState.GIVEN
        )
        return (self.promise_due_on or self.ends_on) if binding and not self.promise_answered_on else None

    def promise_overdue(self, today):
        """Whether the result is neither adopted nor explained by its date. today: date in the partnership's zone."""
        return bool(self.promise_owed_on and self.promise_owed_on < today)


class StageVisit(models.Model):
    """One stay in a stage. A stage can be visited again; loops are kept, counted and not punished."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="visits")
    stage = models.CharField(max_length=12, choices=Stage)
    number = models.PositiveSmallIntegerField()
    entered_at = models.DateTimeField()
    due_on = models.DateField(_("due"), null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)  # why the arena went on, or back

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="visits are numbered per partnership", fields=["partnership", "number"]
            ),
            models.UniqueConstraint(
                name="a partnership is in one stage at a time",
                fields=["partnership"],
                condition=Q(left_at=None),
            ),
            models.CheckConstraint(
                name="a visit ends after it begins",
                condition=Q(left_at=None) | Q(left_at__gte=F("entered_at")),
            ),
        ]

    def __str__(self):
        return f"{self.get_stage_display()} ({self.number})"


class Signed(models.TextChoices):
    """For whom somebody sets a criterion aside."""

    CONVENER = "convener", _("for those who lead")
    RECEIVER = "receiver", _("for those who take the task over")


class WaiverQuerySet(models.QuerySet):
    def standing(self):
        """Waivers that nobody took back, in effect or not."""
        return self.filter(withdrawn_at=None)

    def in_effect(self, at):
        """Waivers that count at the moment `at`, and that everybody who reads the partnership may see."""
        return self.standing().filter(takes_effect_at__lte=at)

    def pending(self, at):
        """Waivers that count not yet: the second signature or the days to correct the facts are missing."""
        return self.standing().exclude(takes_effect_at__lte=at)


class Waiver(models.Model):
    """A gate criterion set aside with a public reason, for one visit.

    A soft one by a convener, at once. The one hard one that may be, by a convener and somebody who takes the task
    over: both sign, and it takes effect, and becomes public, days later, so that both can correct facts.
    """

    Signed = Signed

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(StageVisit, models.CASCADE, related_name="waivers")
    criterion = models.CharField(max_length=60)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    signed_as = models.CharField(
        max_length=8, choices=Signed, default=Signed.CONVENER
    )  # the other half is missing
    seconded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    seconded_at = models.DateTimeField(null=True, blank=True)
    takes_effect_at = models.DateTimeField(
        null=True, blank=True, default=timezone.now
    )  # None: the second signature is missing
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = WaiverQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                name="a criterion is waived once per visit",
                fields=["visit", "criterion"],
                condition=Q(withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="two signatures are of two people", condition=~Q(seconded_by=F("by"))
            ),
            models.CheckConstraint(
                name="a second signature has a time",
                condition=Q(seconded_by=None, seconded_at=None)
                | Q(seconded_by__isnull=False, seconded_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.criterion


class Basis(models.TextChoices):
    STATED = "stated", _("Stated in the sources")
    INFERRED = "inferred", _("Inferred from the sources")
    ADDED = "added", _("Added so that the reconstruction runs")


class Provenance(models.Model):
    """Where one record of a reconstructed partnership comes from. Real partnerships have none."""

    Basis = Basis

    subject = models.UUIDField(primary_key=True)  # id of the record, whatever its table
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="provenance")
    basis = models.CharField(max_length=8, choices=Basis)
    sources = models.JSONField(default=list)  # addresses of public pages

    def __str__(self):
        return f"{self.subject}: {self.basis}"
