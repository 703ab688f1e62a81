"""What people want to be told and when, and where mail does not arrive."""

from django.db import transaction

from ..kinds import AT_ONCE, DIGEST, choosable, kind_named
from ..models import Notice, Preference, State, Suppression, address_digest

Choice = Preference.Choice


def prefer(*, recipient, kind, choice, at, scope=None):
    """Remember a person's choice for one kind, everywhere or in one scope; see `choose`."""
    choose(recipient=recipient, scope=scope, choices={kind: choice}, at=at)


@transaction.atomic
def choose(*, recipient, choices, at, scope=None):
    """Remember what a person chooses, {kind: one of the kind's choices, or None}, everywhere or in one scope.

    None takes a choice back: then goes what is chosen everywhere, or the kind's default. What waits for a digest
    goes the new way at once. Raises ValueError for a kind that nobody may choose of, and for no such choice.
    """
    for kind, choice in choices.items():
        if choice != AT_ONCE and (kind == DIGEST or not kind_named(kind).switchable):
            raise ValueError(f"{kind} cannot be switched off.")
        if choice is not None and choice not in kind_named(kind).choices:
            raise ValueError(f"{kind} does not come {choice}.")
    taken_back = [kind for kind, choice in choices.items() if choice is None]
    Preference.objects.filter(recipient=recipient, scope=scope, kind__in=taken_back).delete()
    Preference.objects.bulk_create(  # in one order, so that two at the same moment never wait for each other
        [
            Preference(recipient=recipient, scope=scope, kind=kind, choice=Choice(choice).value, chosen_at=at)
            for kind, choice in sorted(choices.items())
            if choice is not None
        ],
        update_conflicts=True,
        unique_fields=["recipient", "scope", "kind"],
        update_fields=["choice", "chosen_at"],
    )
    reconsider(recipient=recipient, kinds=list(choices), at=at)


def reconsider(*, recipient, at, kinds=None):
    """Ask anew when what waits for a person's digest is to come: they chose otherwise, or have moved."""
    waiting = Notice.objects.gathered().filter(recipient=recipient, gathered_in=None)
    waiting = waiting if kinds is None else waiting.filter(kind__in=kinds)
    waiting.update(state=State.QUEUED, try_at=at, due_at=at)


@transaction.atomic
def stop_digests(*, recipient, at):
    """Switch off all that comes to a person in digests, everywhere and in each scope; the rest goes on."""
    told = chosen_by([recipient])
    everywhere = {kind.name: Choice.OFF for kind in choosable() if told(recipient, None, kind) in GATHERING}
    choose(recipient=recipient, choices=everywhere, at=at)
    inside = Preference.objects.filter(recipient=recipient, scope__isnull=False, choice__in=GATHERING)
    inside.update(choice=Choice.OFF, chosen_at=at)
    reconsider(recipient=recipient, at=at)


GATHERING = (Choice.DAILY, Choice.WEEKLY)


def chosen_by(recipients, kinds=None):
    """(recipient, scope, Kind) -> what goes for this person there: their choice, or the kind's default; one query."""
    rows = Preference.objects.filter(recipient__in=set(recipients))
    rows = rows if kinds is None else rows.filter(kind__in=kinds)
    told = {(row.recipient, row.scope, row.kind): row.choice for row in rows}

    def choice(recipient, scope, kind):
        everywhere = told.get((recipient, None, kind.name), kind.default)
        return told.get((recipient, scope, kind.name), everywhere)

    return choice


def suppress(*, address, reason, at):
    """Send no bulk mail to an address any more: "bounced" or "complained"."""
    Suppression.objects.get_or_create(
        address_digest=address_digest(address),
        defaults={"reason": Suppression.Reason(reason).value, "since": at},
    )


def lift_suppression(*, address):
    """Write to an address again, because somebody has checked it."""
    Suppression.objects.filter(address_digest=address_digest(address)).delete()
