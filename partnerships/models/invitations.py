"""One ask to one address to join, as a lasting row; and the other way round, a request to join."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actors.models import Organization, Person, Sector, Side

from .arenas import Partnership
from .groups import Group
from .members import Member, Role, Seat
from .platforms import Office
from .register import Willingness


class InvitationState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    QUEUED = "queued", _("Being sent")
    SENT = "sent", _("Sent")
    SEEN = "seen", _("Opened")
    ACCEPTED = "accepted", _("Said yes")
    DECLINED = "declined", _("Said no")
    EXPIRED = "expired", _("Expired")
    BOUNCED = "bounced", _("Did not arrive")
    WITHDRAWN = "withdrawn", _("Withdrawn")


ANSWERABLE = [InvitationState.QUEUED, InvitationState.SENT, InvitationState.SEEN]
LIVE = [InvitationState.DRAFT, *ANSWERABLE]


class InvitationQuerySet(models.QuerySet):
    def answerable(self):
        """Invitations that wait for an answer."""
        return self.filter(state__in=ANSWERABLE)

    def live(self):
        return self.filter(state__in=LIVE)

    def drafts(self, at):
        """What is written and can be sent: never to somebody whose entry in the register has ended."""
        stands = Q(willingness=None) | Q(willingness__ended_at=None, willingness__lapses_at__gt=at)
        return self.filter(stands, state=InvitationState.DRAFT)

    def only_drafted_from_register(self):
        """Whom somebody found in the register and has asked nothing: their address is not shown, and not kept."""
        return self.filter(willingness__isnull=False, queued_at=None)

    def visible_to(self, person):
        """Invitations of partnerships that this person leads, or whose cases they keep."""
        if not person.is_authenticated:
            return self.none()
        leading = Member.objects.leading().filter(person=person.pk).values("partnership")
        keeping = Office.objects.filter(person=person.pk, kind=Office.Kind.CASE_OFFICER, until=None)
        return self.filter(
            Q(partnership__in=leading) | Q(partnership__platform__in=keeping.values("platform"))
        )


class Invitation(models.Model):
    """Draft, queued, sent, seen, then one end: accepted, declined, expired, bounced or withdrawn. Never deleted."""

    State = InvitationState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField()  # per partnership; stands on the printed letter
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="invitations")
    address = models.EmailField(_("e-mail address"), blank=True)  # blank: a printed letter
    name = models.CharField(_("name"), max_length=120, blank=True)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, default=Sector.CITIZENS)
    side = models.CharField(_("side"), max_length=12, choices=Side, default=Side.NON_PUBLIC)
    seat = models.ForeignKey(Seat, models.SET_NULL, null=True, blank=True, related_name="invitations")
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="invitations")
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MEMBER)
    why_you = models.TextField(_("why you"), blank=True)
    language = models.CharField(_("language"), max_length=8, default="da")
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.DRAFT)
    nonce = models.CharField(max_length=32)
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)  # of a declined, bounced or withdrawn one
    resends = models.PositiveSmallIntegerField(
        default=0
    )  # each sending again has a nonce and a mail of its own
    reminder_day = models.PositiveSmallIntegerField(
        default=0
    )  # the latest reminder told, in days after sending
    member = models.OneToOneField(Member, models.PROTECT, null=True, blank=True, related_name="invitation")
    willingness = models.ForeignKey(
        Willingness, models.PROTECT, null=True, blank=True, related_name="invitations"
    )  # the entry of the register that it was drafted from
    delegated_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="delegated_to"
    )  # the invitation of whoever passed it on to a colleague

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "number"]
        constraints = [
            models.UniqueConstraint(
                name="invitations are numbered per partnership", fields=["partnership", "number"]
            ),
            models.UniqueConstraint(
                "partnership",
                Lower("address"),
                Lower("name"),
                name="one live invitation per address and name",
                condition=Q(state__in=LIVE) & ~Q(address=""),
            ),
            models.CheckConstraint(
                name="an accepted invitation has its member",
                condition=~Q(state=InvitationState.ACCEPTED) | Q(member__isnull=False),
            ),
            models.CheckConstraint(
                name="a sent invitation ends at a time",
                condition=Q(state=InvitationState.DRAFT)
                | Q(expires_at__isnull=False)
                | Q(state=InvitationState.WITHDRAWN),
            ),
        ]
        indexes = [
            models.Index(fields=["partnership", "state"], name="invitations_by_state"),
            models.Index(fields=["number"], name="invitations_by_letter"),
            models.Index(Lower("address"), name="invitations_by_address"),
            models.Index(
                fields=["expires_at"], name="invitations_waiting", condition=Q(state__in=ANSWERABLE)
            ),
        ]

    def __str__(self):
        shown = self.name or (self.address and self.shown_address)
        return str(shown or _("Number %(number)s") % {"number": self.number})

    @property
    def shown_address(self):
        """The address, wherever a list shows it: one from the register only once its owner was asked."""
        if self.willingness_id and self.queued_at is None:
            return _("address from the register")
        return self.address

    @property
    def passed_on_by(self):
        """Who passed it on to this reader, or ""; one query more where somebody did."""
        return str(self.delegated_from) if self.delegated_from_id else ""

    @property
    def sending(self):
        """The occurrence of the mail that is owed now: each sending again has its own."""
        return f"again-{self.resends}" if self.resends else ""


class JoinRequestState(models.TextChoices):
    WAITING = "waiting", _("Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("request to join", "Accepted")
    DECLINED = "declined", pgettext_lazy("request to join", "Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class JoinRequest(models.Model):
    """A person asks to join; a convener answers with a reason."""

    State = JoinRequestState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="join_requests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="join_requests")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, default=Sector.CITIZENS)
    message = models.TextField(_("why you want to join"), blank=True)
    state = models.CharField(max_length=10, choices=JoinRequestState, default=JoinRequestState.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                name="a person asks to join once at a time",
                fields=["partnership", "person"],
                condition=Q(state=JoinRequestState.WAITING),
            )
        ]

    def __str__(self):
        return f"{self.person}: {self.partnership}"


class InviteeList(models.Model):
    """A file of people to invite, between choosing and drafting. It goes with the drafts, or after a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="invitee_lists")
    name = models.CharField(max_length=120)
    text = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return self.name


class InvitationQuestion(models.Model):
    """What somebody wants to know before they answer, and what a convener answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="questions")
    words = models.TextField(_("question"))
    asked_at = models.DateTimeField()
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]

    def __str__(self):
        return self.words[:80]
