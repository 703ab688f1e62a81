"""The lasting host of partnerships, and who holds an office in it."""

import datetime
import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.models import Organization, Person, check_time_zone


def three_and_seven_days():
    return [3, 7]


def seven_days_and_one():
    return [7, 1]


class Platform(models.Model):
    """Run by an organization; makes many time-bound arenas succeed. Names who answers for personal data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    owner = models.ForeignKey(Organization, models.PROTECT, related_name="platforms")
    area = models.CharField(_("area"), max_length=120, blank=True)
    introduction = models.TextField(_("introduction"), blank=True)
    language = models.CharField(_("language"), max_length=8, default="da")
    time_zone = models.CharField(max_length=64, default="Europe/Copenhagen", validators=[check_time_zone])
    created_at = models.DateTimeField(default=timezone.now)
    # mail
    sender_name = models.CharField(_("sender name"), max_length=120, blank=True)
    contact_name = models.CharField(_("contact"), max_length=120)
    contact_phone = models.CharField(_("contact telephone"), max_length=30)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    # reminder times in days; ours, not the literature's: a settled habit of municipal hearings
    invitation_reminder_days = ArrayField(models.PositiveSmallIntegerField(), default=three_and_seven_days)
    invitation_expiry_days = models.PositiveSmallIntegerField(default=30)
    morning = models.TimeField(
        _("when reminders go out"), default=datetime.time(8)
    )  # where their reader is: nobody is reminded at night
    stage_due_days = ArrayField(models.PositiveSmallIntegerField(), default=seven_days_and_one)
    convener_daily_invitations = models.PositiveIntegerField(default=5000)
    # Two years: long enough to be asked more than once, short enough that what people said of themselves still holds.
    register_years = models.PositiveSmallIntegerField(
        _("years that people stand in the register before they are asked again"), default=2
    )
    gates = models.JSONField(
        default=dict, blank=True
    )  # {criterion: "off"}: what its partnerships need not meet
    thresholds = models.JSONField(default=dict, blank=True)  # {setting: number}, where it is not the default
    letters = models.JSONField(default=dict, blank=True)  # {language: {"opening", "asks"}}
    ground_rules = models.TextField(_("ground rules"), blank=True)
    # look
    accent = models.CharField(_("colour"), max_length=7, blank=True)  # #rrggbb; empty: the site's own
    scheme = models.CharField(_("light or dark"), max_length=5, default="auto")
    logo = models.CharField(max_length=40, blank=True)  # its file's name, which changes with what is in it
    logo_alt = models.CharField(_("what the logo says"), max_length=120, blank=True)
    logo_width = models.PositiveSmallIntegerField(default=0)
    logo_height = models.PositiveSmallIntegerField(default=0)
    # law
    controller = models.CharField(_("data controller"), max_length=200)
    processor = models.CharField(_("data processor"), max_length=200, blank=True)
    legal_basis = models.TextField(_("legal basis"))
    data_protection_contact = models.CharField(_("data protection contact"), max_length=200)
    keep_unanswered_months = models.PositiveSmallIntegerField(
        _("months that addresses of people who did not join are kept"), default=6
    )
    keep_needs_days = models.PositiveSmallIntegerField(
        _("days after a meeting that what people needed there is kept"), default=30
    )
    keep_arena_years = models.PositiveSmallIntegerField(
        _("years that a partnership is kept after it closed"), default=5
    )
    youngest_age = models.PositiveSmallIntegerField(_("youngest age to take a seat alone"), default=15)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="an accent is a colour of six digits", condition=Q(accent__regex="^(#[0-9a-f]{6})?$")
            )
        ]

    def __str__(self):
        return self.name

    @property
    def from_name(self):
        """The name that mail comes from."""
        return self.sender_name or self.name

    @property
    def basis(self):
        """The legal basis as the end of a sentence that brings its own full stop."""
        return self.legal_basis.strip().rstrip(".")


class Logo(models.Model):
    """The picture of a platform's logo, cleaned. Beside the platform, so that no page fetches it along."""

    platform = models.OneToOneField(Platform, models.CASCADE, primary_key=True, related_name="picture")
    name = models.CharField(max_length=40)  # of the file: a digest of what is in it, and .svg, .png or .jpg
    body = models.BinaryField()

    def __str__(self):
        return self.name


class OfficeKind(models.TextChoices):
    CONVENER = "convener", _("May convene partnerships")
    CASE_OFFICER = "case_officer", _("Case officer: sees every partnership and can take it out as a file")


class Office(models.Model):
    """What a person may do for a platform: convene on it, or keep its cases."""

    Kind = OfficeKind

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="offices")
    person = models.ForeignKey(Person, models.PROTECT, related_name="offices")
    kind = models.CharField(max_length=16, choices=OfficeKind)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a person holds an office on a platform once at a time",
                fields=["platform", "person", "kind"],
                condition=Q(until=None),
            )
        ]

    def __str__(self):
        return f"{self.person}: {self.get_kind_display()}"
