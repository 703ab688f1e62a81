"""What an invitation says: the convener's own words, per group and language, inside a frame that the law wants."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .arenas import Partnership
from .groups import Group


class Support(models.TextChoices):
    """What is offered so that people can come."""

    PAY = "pay", _("Pay for your time")
    CHILDCARE = "childcare", _("Childcare")
    INTERPRETER = "interpreter", _("An interpreter")
    TRANSPORT = "transport", _("Transport there and back")
    STEP_FREE = "step_free", _("A place without steps")


class Letter(models.Model):
    """The words of an invitation for one group, or for all others, in one language."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="letters")
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="letters")
    language = models.CharField(_("language"), max_length=8)
    opening = models.TextField(_("the first words"), blank=True)
    asks = models.TextField(_("what is asked, and how much time it takes"), blank=True)
    support = models.JSONField(default=list, blank=True)  # [Support]

    class Meta:
        ordering = ["language", "id"]
        constraints = [
            models.UniqueConstraint(
                name="a group has one letter per language",
                fields=["partnership", "group", "language"],
                nulls_distinct=False,
            )
        ]

    def __str__(self):
        return f"{self.group or self.partnership} ({self.language})"

    @property
    def offers(self):
        """What is offered, in words."""
        return [str(Support(kind).label) for kind in self.support if kind in Support.values]


def letter_for(letters, invitation):
    """The letter among those of a partnership that fits an invitation best, or None: by group, then by language."""
    fitting = {
        (letter.group_id, letter.language): letter
        for letter in letters
        if letter.group_id in (None, invitation.group_id)
    }
    wanted = [(invitation.group_id, invitation.language), (None, invitation.language)]
    return next((fitting[key] for key in wanted if key in fitting), None)
