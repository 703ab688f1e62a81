"""The pages of a platform's settings, in order."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Part:
    """One page: its heading, and when a change takes effect."""

    heading: str
    effect: str


AT_ONCE = _("A change takes effect at once.")
COPIED = _("New partnerships take these over when they begin. Those under way keep what they have.")
PARTS = {
    "words": Part(_("What the platform says about itself"), AT_ONCE),
    "look": Part(_("How it looks"), AT_ONCE),
    "rules": Part(
        _("Ground rules"), _("They stand on the platform’s page, and new ground rules begin with them.")
    ),
    "reminders": Part(
        _("When we remind people"), _("A change takes effect at once, also for partnerships under way.")
    ),
    "sending": Part(_("Sending invitations"), AT_ONCE),
    "thresholds": Part(_("What counts as enough"), COPIED),
    "gates": Part(_("What it takes to go on"), COPIED),
    "letters": Part(_("What the invitation says"), COPIED),
    "law": Part(_("The law"), _("A change takes effect at once. Only case officers can make it.")),
}
