"""How a partnership ends: what follows, and the account that is owed to those who took part."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actors.models import Person

from .arenas import StageVisit
from .members import Member


class Follows(models.TextChoices):
    """What comes after a partnership."""

    CONTINUE = "continue", _("It goes on as it is")
    ADAPT = "adapt", _("It goes on, changed")
    SCALE = "scale", _("It is taken further, to other places or more people")
    STOP = "stop", _("It stops")


class ClosingAccountQuerySet(models.QuerySet):
    def owed(self):
        """Accounts of partnerships that are closed, which nobody has published yet."""
        return self.filter(visit__left_at=None, published_at=None)


class ClosingAccount(models.Model):
    """What a partnership tells at its end to those who took part: one for each time it was closed.

    Whoever may read the partnership reads it, once it is published; until then those who lead and its writer do.
    """

    Follows = Follows
    PARTS = ("aims", "results", "not_done", "thanks")

    visit = models.OneToOneField(StageVisit, models.CASCADE, primary_key=True, related_name="account")
    follows = models.CharField(_("what follows"), max_length=8, choices=Follows)
    writer = models.ForeignKey(Member, models.PROTECT, related_name="closing_accounts")
    due_on = models.DateField(_("by when"))
    aims = models.TextField(_("what we set out to do"), max_length=10_000, blank=True)
    results = models.TextField(_("what came of it"), max_length=10_000, blank=True)
    not_done = models.TextField(_("what was not done, and why"), max_length=10_000, blank=True)
    thanks = models.TextField(_("thanks"), max_length=10_000, blank=True)
    version = models.PositiveIntegerField(
        default=0
    )  # compare and swap: two writers never lose each other's words
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ClosingAccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a published account says what came of it",
                condition=Q(published_at=None) | (~Q(aims="") & ~Q(results="") & ~Q(not_done="")),
            ),
        ]

    def __str__(self):
        return f"{self.visit.partnership}: {self.get_follows_display()}"
