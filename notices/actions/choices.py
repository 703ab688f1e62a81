"""What people want to be told, and where mail does not arrive."""

from ..kinds import kind_named
from ..models import Preference, Suppression, address_digest


def prefer(*, recipient, kind, choice, at, scope=None):
    """Remember a person's choice ("at_once" or "off") for one kind, everywhere or in one scope.

    Raises ValueError for a kind that cannot be switched off.
    """
    if not kind_named(kind).switchable and choice == Preference.Choice.OFF:
        raise ValueError(f"{kind} cannot be switched off.")
    Preference.objects.update_or_create(
        recipient=recipient,
        scope=scope,
        kind=kind,
        defaults={"choice": Preference.Choice(choice).value, "chosen_at": at},
    )


def suppress(*, address, reason, at):
    """Send no bulk mail to an address any more: "bounced" or "complained"."""
    Suppression.objects.get_or_create(
        address_digest=address_digest(address),
        defaults={"reason": Suppression.Reason(reason).value, "since": at},
    )


def lift_suppression(*, address):
    """Write to an address again, because somebody has checked it."""
    Suppression.objects.filter(address_digest=address_digest(address)).delete()
