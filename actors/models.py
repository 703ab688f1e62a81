"""People, organizations, and where people stand in organizations."""

import uuid
import zoneinfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DANISH_ORDER = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"})


def sort_key(name):
    """The name as it sorts in a Danish list when bytes are compared: æ, ø, å after z."""
    return name.casefold().translate(DANISH_ORDER)


def check_time_zone(name):
    """Refuse a time zone that does not exist."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("%(name)s is not a time zone. Choose one like Europe/Copenhagen."), params={"name": name}
        )


class Sector(models.TextChoices):
    """Where an actor comes from. Shown by shape, colour and name."""

    PUBLIC = "public", _("Public agencies")
    POLITICAL = "political", _("Elected members")
    PRIVATE = "private", _("Business")
    CIVIL_SOCIETY = "civil_society", _("Civil society")
    ACADEMIA = "academia", _("Research and education")
    CITIZENS = "citizens", _("Residents")


class Side(models.TextChoices):
    """Who controls an actor: public bodies, or somebody else."""

    PUBLIC = "public", _("Public side")
    NON_PUBLIC = "non_public", _("Non-public side")


PUBLIC_SECTORS = frozenset({Sector.PUBLIC, Sector.POLITICAL})


def side_of(sector):
    """The side a sector counts for unless the organization says otherwise (control decides, not sector)."""
    return Side.PUBLIC if sector in PUBLIC_SECTORS else Side.NON_PUBLIC


class PersonManager(BaseUserManager):
    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, email="", password=None, **fields):
        """A person who may sign in. Without a password they sign in by e-mailed code."""
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save()
        return person

    def create_superuser(self, email, password=None, **fields):
        """An operator. The admin stays closed until they have set up a second factor."""
        return self.create_user(email, password, is_staff=True, **fields)


def called(name):
    """What people call somebody: the name, where it is not erased."""
    return name or str(_("Erased person"))


class Person(AbstractBaseUser):
    """Someone who takes part. Need not have an account or an e-mail address. Never deleted: erasing empties it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    sort_key = models.CharField(max_length=160, editable=False)
    email = models.EmailField(_("e-mail address"), blank=True)  # where we write; several people may share one
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=8, default="da")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Europe/Copenhagen", validators=[check_time_zone]
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("operator"), default=False)
    created_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(
        null=True, blank=True
    )  # until when they have seen what moved, as they said

    objects = PersonManager()
    USERNAME_FIELD = "id"
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ["sort_key", "id"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [models.Index(models.functions.Lower("email"), name="person_by_address")]

    def __str__(self):
        return called(self.name)

    def save(self, *args, **kwargs):
        self.sort_key = sort_key(self.name)[:160]
        fields = kwargs.get("update_fields")
        if fields and "name" in fields:
            kwargs["update_fields"] = {*fields, "sort_key"}
        super().save(*args, **kwargs)

    def get_full_name(self):
        return self.name

    def has_perm(self, perm, obj=None):
        """Operators may look at everything in the admin and change nothing there; deeds are actions."""
        return self.is_active and self.is_staff and perm.rsplit(".", 1)[-1].startswith("view_")

    def has_perms(self, perms, obj=None):
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label):
        return self.is_active and self.is_staff


class Organization(models.Model):
    """A body that can take part: municipality, agency, company, association, university, elected body."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(max_length=240, editable=False)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    side = models.CharField(_("side"), max_length=12, choices=Side)
    kind = models.CharField(_("kind"), max_length=80, blank=True)
    is_elected_body = models.BooleanField(_("elected body"), default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(
                name="an elected body is political",
                condition=Q(is_elected_body=False) | Q(sector=Sector.POLITICAL),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.sort_key = sort_key(self.name)[:240]
        self.side = self.side or side_of(self.sector)
        super().save(*args, **kwargs)


class Standing(models.TextChoices):
    """How a person stands in an organization."""

    MANAGER = "manager", _("Public manager")
    STAFF = "staff", _("Staff")
    ELECTED = "elected", _("Elected politician")
    VOLUNTEER = "volunteer", _("Volunteer")
    BOARD = "board", _("Board member")


class Affiliation(models.Model):
    """A person's standing in an organization, for a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="affiliations")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="affiliations")
    standing = models.CharField(_("standing"), max_length=12, choices=Standing)
    title = models.CharField(_("title"), max_length=120, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an affiliation ends after it begins",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
            ),
            models.UniqueConstraint(
                name="one current standing per person and organization",
                fields=["person", "organization", "standing"],
                condition=Q(until=None),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.get_standing_display()}, {self.organization}"


class SignInMail(models.Model):
    """One mail about signing in: what it says waits sealed here and is emptied once it is sent or has run out.

    A mail with a link carries only the nonce; the link itself is an HMAC that worker and web both can make.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # null: unknown address
    sealed = models.TextField(blank=True)  # address, language and code, encrypted
    nonce = models.CharField(max_length=32)
    next_path = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.kind} {self.pk}"
