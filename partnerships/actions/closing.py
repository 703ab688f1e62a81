"""The end of a partnership: the account that is owed, written, reminded of and published."""

import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import ClosingAccount, Member, Partnership
from ..places import place_of
from ..rules import closing as may
from ..settings.table import ACCOUNT_DAYS
from .memory import remember
from .reminders import around, remind

REMIND_DAYS = [7]  # (default) before the day; then on the day, and weekly while it is owed
NEEDED = ("aims", "results", "not_done")  # without them it is no account; thanks may be said elsewhere


def account_due(partnership, at):
    """The day by which an account is owed when the partnership is closed at `at`."""
    today = at.astimezone(ZoneInfo(partnership.time_zone)).date()
    return today + datetime.timedelta(days=ACCOUNT_DAYS.of(partnership))


def owe_account(partnership, visit, *, follows, writer, due_on, by, at):
    """Write down what follows, and who owes the account by when; the partnership is locked by its caller."""
    writer = writer or Member.objects.present().get(partnership=partnership, person=by)
    if writer.partnership_id != partnership.pk:
        raise ValidationError({"writer": _("Choose somebody who takes part here.")})
    due_on = due_on or account_due(partnership, at)
    account = ClosingAccount.objects.create(visit=visit, follows=follows, writer=writer, due_on=due_on)
    facts = {"account": visit.pk, "follows": str(follows), "member": writer.pk, "due_on": due_on.isoformat()}
    remember(partnership, "account.owed", by=by, at=at, **facts)
    return account


def _locked(account):
    partnership = Partnership.objects.locked(account.visit.partnership_id)
    return partnership, ClosingAccount.objects.select_for_update().get(pk=account.pk)


@transaction.atomic
def write_account(*, account, words, expected, by, at):
    """Write on the account, if nobody else wrote in the meantime. Returns the ClosingAccount.

    words: {part: Markdown} for each of ClosingAccount.PARTS; expected: the version that the writer began from.
    """
    partnership, account = _locked(account)
    may.can_write_account(place_of(partnership, by), account).enforce()
    if account.version != expected:
        raise Conflict(_("Somebody else has written on this account in the meantime."))
    for part in ClosingAccount.PARTS:
        setattr(account, part, words[part])
    account.version = F("version") + 1
    account.save(update_fields=[*ClosingAccount.PARTS, "version"])
    account.refresh_from_db()
    remember(partnership, "account.written", by=by, at=at, audience="conveners", account=account.pk)
    return account


@transaction.atomic
def publish_account(*, account, expected, by, at):
    """Publish the account as it was read; everyone who takes part is told, once. Returns the ClosingAccount."""
    partnership, account = _locked(account)
    may.can_publish_account(place_of(partnership, by), account).enforce()
    if account.version != expected:
        raise Conflict(_("Somebody else has written on this account in the meantime."))
    if missing := [part for part in NEEDED if not getattr(account, part).strip()]:
        raise ValidationError({part: _("Write this before it is published.") for part in missing})
    account.published_at, account.published_by = at, by
    account.save(update_fields=["published_at", "published_by"])
    remember(partnership, "account.published", by=by, at=at, account=account.pk)
    people = Member.objects.present().filter(partnership=partnership).values_list("person", flat=True)
    _tell("account_published", account, partnership.pk, people, str(account.pk), at)
    return account


@transaction.atomic
def remind_of_accounts(*, at):
    """Remind its writer and the conveners of an account that is owed: before the day, on it, weekly after."""
    soon = at.date() + datetime.timedelta(days=max(REMIND_DAYS) + 1)
    owed = ClosingAccount.objects.owed().filter(due_on__lte=soon, visit__partnership__reconstructed_from="")
    for account in owed.select_related("visit__partnership__platform", "writer"):
        arena = account.visit.partnership
        conveners = Member.objects.present().filter(partnership=arena, role=Member.Role.CONVENER)
        people = {account.writer.person_id, *conveners.values_list("person", flat=True)}
        remind(
            kind="account_owed",
            readers=people,
            days=around(account.due_on, REMIND_DAYS, at),
            morning=arena.platform.morning,
            since=account.visit.entered_at,
            scope=arena.pk,
            occurrence=f"{account.pk} {account.due_on}",
            ids=_ids(account),
            at=at,
        )


def _ids(account):
    return {"account": str(account.pk), "due_on": account.due_on.isoformat()}


def _tell(kind, account, scope, recipients, occurrence, at):
    tell(kind=kind, recipients=recipients, scope=scope, occurrence=occurrence, ids=_ids(account), at=at)
