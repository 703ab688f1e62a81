"""Who sits at the table, for whom, and which seats are still open."""

import uuid
from collections import namedtuple

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.models import Organization, Person, Sector, Side, called

from .arenas import Partnership
from .groups import Group


class Role(models.TextChoices):
    CONVENER = "convener", _("Convener")
    FACILITATOR = "facilitator", _("Facilitator")
    MEMBER = "member", _("Member")
    OBSERVER = "observer", _("Observer")


class MemberQuerySet(models.QuerySet):
    def present(self):
        """Members who have not left."""
        return self.filter(left_at=None)

    def deciding(self):
        """Present members with a say in decisions: everyone but observers."""
        return self.present().exclude(role=Role.OBSERVER)

    def leading(self):
        """Present conveners and facilitators."""
        return self.present().filter(role__in=[Role.CONVENER, Role.FACILITATOR])

    def visible_to(self, person):
        return self.filter(partnership__in=Partnership.objects.readable_by(person))


class Named:
    """What a member is called; needs function, shown_by_function, person_name and organization_name."""

    @property
    def shown_name(self):
        """What the arena calls this member: their name, or their function where they chose so."""
        return self.function if self.shown_by_function else called(self.person_name)

    @property
    def shown_function(self):
        """What stands under the name: function, organization, or nothing."""
        parts = ("" if self.shown_by_function else self.function, self.organization_name)
        return ", ".join(part for part in parts if part)


class Line(
    Named, namedtuple("Line", "pk role sector function shown_by_function organization_name person_name")
):
    """A member as a line of a list says it: nothing else of their row, or of the person's, is fetched.

    members.values_list(*Line.of()) gives the rows; Line.of("member__") is the same by way of another table. The key
    comes as text, which is all that a page makes of it.
    """

    __slots__ = ()

    @classmethod
    def of(cls, path=""):
        fields = ("role", "sector", "function", "shown_by_function", "organization__name", "person__name")
        return Cast(f"{path}pk", models.TextField()), *(path + field for field in fields)


class Member(Named, models.Model):
    """A person in a partnership, for an organization or for themselves, with a role."""

    Role = Role

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MEMBER)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)  # of the seat, not of the employer
    side = models.CharField(_("side"), max_length=12, choices=Side)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="members"
    )
    function = models.CharField(_("function"), max_length=120, blank=True)
    shown_by_function = models.BooleanField(_("show my function, not my name"), default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)
    left_reason = models.TextField(_("reason"), blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="a person is a member of a partnership once at a time",
                fields=["partnership", "person"],
                condition=Q(left_at=None),
            ),
            models.CheckConstraint(
                name="a member shown by function has one",
                condition=Q(shown_by_function=False) | ~Q(function=""),
            ),
        ]

    def __str__(self):
        return self.shown_name

    def get_role_display(self):
        """The role in the reader's language. Django's own reads every choice again for each row of a list."""
        return str(Role(self.role).label)

    @property
    def person_name(self):
        return self.person.name

    @property
    def organization_name(self):
        return self.organization.name if self.organization_id else ""

    @property
    def leads(self):
        """Whether this member convenes or facilitates."""
        return self.role in (Role.CONVENER, Role.FACILITATOR)


class Seat(models.Model):
    """A place at the table for a group, a sector or an organization, taken or open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="seats")
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    label = models.CharField(_("for whom"), max_length=120, blank=True)
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="seats")
    holder = models.OneToOneField(Member, models.SET_NULL, null=True, blank=True, related_name="seat")
    predecessor = models.ForeignKey(
        Member, models.SET_NULL, null=True, blank=True, related_name="seat_after"
    )  # who left it last; whoever sits here next is shown where they stood
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self):
        return self.label or self.get_sector_display()
