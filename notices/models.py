"""Messages owed to people: a row is written with the deed, and is the truth about what became of its mail."""

import hashlib
import hmac
import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boundary.secrets import unseal

from .kinds import AT_ONCE, DAILY, NOWHERE, OFF, WEEKLY


class State(models.TextChoices):
    """From owed to done. Sent, failed and dropped are ends; the rest is on its way or waits for somebody."""

    QUEUED = "queued", _("Waiting to be sent")
    GATHERED = "gathered", _("Waits for the next gathered mail")
    LEASED = "leased", _("Being prepared")
    SENDING = "sending", _("Being sent")
    RETRY = "retry", _("Will be tried again")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")
    DROPPED = "dropped", _("No longer needed")
    AMBIGUOUS = "ambiguous", _("Perhaps sent")
    HELD = "held", _("Perhaps sent; held back")


CLAIMABLE = (State.QUEUED, State.RETRY)
ENDS = (State.SENT, State.FAILED, State.DROPPED)
UNSENT = (State.QUEUED, State.GATHERED, State.RETRY, State.LEASED, State.SENDING, State.AMBIGUOUS)

# Codes of `reason`, with the sentence that a convener reads. A mail server's own words follow "refused: ".
REASONS = {
    "untrue": _("It no longer applied when it was to be sent."),
    "off": _("This person does not want messages of this kind."),
    "nowhere": _("This person does not want messages of this kind."),
    "no_address": _("There is no address to write to. Call instead."),
    "suppressed": _("Mail to this address came back before. Check the address, or call instead."),
    "too_late": _("The mail server could not be reached for three days."),
    "unreadable": _("The message could not be written. The operator can see why."),
    "returned": _("The mail came back."),
    "doubt": _("The connection broke while it was being sent: it may or may not have arrived."),
    "unreachable": _("The mail server cannot be reached. It will be tried again."),
    "restored": _("It may have been sent before the site was restored from a backup."),
    "forgotten": _("This person has left the site."),
}


class NoticeQuerySet(models.QuerySet):
    """Notices, by where they stand."""

    def claimable(self, lane, at):
        """Those of a lane whose time has come. What once took its worker down comes last."""
        due = self.filter(lane=lane, state__in=CLAIMABLE, try_at__lte=at)
        return due.order_by("strikes", "try_at")

    def gathered(self):
        """Those that wait for a digest, or are in one that is on its way."""
        return self.filter(state=State.GATHERED)

    def unsent(self):
        """Those still on their way."""
        return self.filter(state__in=UNSENT)

    def unfollowed(self):
        """Those at an end of which their kind's app has not been told."""
        return self.filter(state__in=ENDS, followed=False)

    def untrue(self):
        """Those dropped because they did not apply when they were to be sent."""
        return self.filter(state=State.DROPPED, reason="untrue")

    def on_site(self, at, kinds):
        """Those of these kinds that their readers may see on the site by now: nothing that was or became untrue."""
        come = Q(due_at__lte=at) | Q(state=State.GATHERED)
        return self.filter(come, kind__in=kinds).exclude(
            state=State.DROPPED, reason__in=("untrue", "nowhere", "forgotten")
        )

    def unread(self):
        """Those that their reader has not opened on the site."""
        return self.filter(read_at=None)

    def unreached(self):
        """Those that could not be sent, and those held back: somebody should call."""
        return self.filter(state__in=(State.FAILED, State.HELD))


class Notice(models.Model):
    """One message owed to one person: who, about what (ids only), and what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    scope = models.UUIDField(null=True)
    recipient = models.UUIDField()
    kind = models.CharField(max_length=64)
    occurrence = models.CharField(max_length=200, blank=True)
    ids = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    secret = models.TextField(null=True)
    lane = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    reason = models.CharField(max_length=300, blank=True)
    due_at = models.DateTimeField()
    try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # dialogues begun with a mail server
    strikes = models.PositiveSmallIntegerField(
        default=0
    )  # times it failed, or took its worker down, unrendered
    doubts = models.PositiveSmallIntegerField(default=0)  # times it may or may not have been accepted
    message_id = models.CharField(max_length=255)
    sent_at = models.DateTimeField(null=True)
    gathered_in = models.UUIDField(null=True)  # the digest that has taken it in
    followed = models.BooleanField(default=False)  # its kind's app has been told of the end
    read_at = models.DateTimeField(null=True)  # its reader has opened it on the site, or said so
    created_at = models.DateTimeField(default=timezone.now)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "scope", "kind", "occurrence"],  # read by recipient too
                nulls_distinct=False,
                name="nobody_is_told_the_same_thing_twice",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ENDS) | Q(secret=None), name="a_secret_ends_with_its_notice"
            ),
        ]
        indexes = [
            models.Index(
                "lane", "strikes", "try_at", name="notices_to_claim", condition=Q(state__in=CLAIMABLE)
            ),
            models.Index(
                "lease_until",
                name="notices_in_hand",
                condition=Q(state__in=(State.LEASED, State.SENDING, State.AMBIGUOUS)),
            ),
            models.Index(
                "kind",
                name="notices_to_follow",
                condition=Q(followed=False, state__in=ENDS),
            ),
            models.Index("recipient", name="notices_that_wait", condition=Q(state=State.GATHERED)),
            models.Index(
                fields=["recipient", "-created_at"], name="notices_unread", condition=Q(read_at=None)
            ),
            models.Index("gathered_in", name="notices_in_a_digest", condition=Q(gathered_in__isnull=False)),
            models.Index(fields=["scope", "-created_at"], name="notices_of_a_scope"),
            models.Index(
                "scope", name="notices_that_failed", condition=Q(state__in=(State.FAILED, State.HELD))
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.id} {self.state}"

    def unsealed(self):
        """The secret facts it carries, such as a sign-in code; {} when it carries none."""
        return unseal(self.secret) if self.secret else {}

    @property
    def sentence(self):
        """Why it was not sent, as a sentence for a convener; "" when there is nothing to say."""
        code, _colon, rest = self.reason.partition(": ")
        if rest:
            said = _("The mail came back: %s") if code == "returned" else _("The mail server answered: %s")
            return said % rest
        return REASONS.get(code, self.reason)


class Preference(models.Model):
    """A person's choice for one kind of message, everywhere or in one scope; without one the kind's default goes."""

    class Choice(models.TextChoices):
        AT_ONCE = AT_ONCE, _("At once")
        DAILY = DAILY, _("Once a day")
        WEEKLY = WEEKLY, _("Once a week")
        OFF = OFF, _("Only on the site")
        NOWHERE = NOWHERE, _("Not at all")

    recipient = models.UUIDField()
    scope = models.UUIDField(null=True)
    kind = models.CharField(max_length=64)
    choice = models.CharField(max_length=8, choices=Choice)
    chosen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "scope", "kind"],
                nulls_distinct=False,
                name="a_person_chooses_once_per_kind_and_scope",
            )
        ]

    def __str__(self):
        return f"{self.recipient} {self.kind} {self.choice}"


class Suppression(models.Model):
    """An address that mail came back from. Kept as a keyed digest: the list itself is no list of addresses."""

    class Reason(models.TextChoices):
        BOUNCED = "bounced", _("Mail came back")
        COMPLAINED = "complained", _("Reported as unwanted")

    address_digest = models.CharField(max_length=64, primary_key=True)
    reason = models.CharField(max_length=10, choices=Reason)
    since = models.DateTimeField()

    def __str__(self):
        return f"{self.address_digest[:12]} {self.reason}"


def address_digest(address):
    """HMAC-SHA-256 of an address, so that a stolen list cannot be tried against known addresses."""
    key = b"notices.suppression:" + settings.SECRET_KEY.encode()
    return hmac.new(key, address.strip().casefold().encode(), hashlib.sha256).hexdigest()


class Dispatcher(models.Model):
    """Whether mail goes out at all. One row, which also knows in which database it was written."""

    BY_HAND, RESTORED = "by_hand", "restored"

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    paused = models.BooleanField(default=False)
    why = models.CharField(max_length=10, blank=True)
    since = models.DateTimeField(default=timezone.now)
    # When it was found to be restored: what fell due before may have been told. None when all is sent all the same.
    restored_at = models.DateTimeField(null=True)
    fingerprint = models.CharField(max_length=100)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_dispatcher")]

    def __str__(self):
        return f"paused ({self.why})" if self.paused else "running"
