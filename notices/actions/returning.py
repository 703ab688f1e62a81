"""Taking in what comes back after the mail server had taken a mail: failures found later, and complaints."""

import logging

from django.db import transaction

from ..envelopes import is_sender_of
from ..kinds import all_kinds
from ..models import Notice, State
from ..reports import COMPLAINT, read_report
from .choices import suppress
from .steps import FREE
from .sweeping import follow

log = logging.getLogger(__name__)


def take_bounce(*, data, at):
    """Take in a message to the address for reports; returns whether it proved to be a report about a mail of ours.

    data: its bytes, whatever they are. Foreign and forged reports, delays and answers while away change nothing.
    """
    try:
        report = read_report(data)
    except Exception:  # parsers of mail break in ways of their own, and the next report waits
        log.exception("A message to the address for reports cannot be read.")
        return False
    proved = [pk for pk, proof in report.senders if report.says and _take(report, pk, proof, at)]
    if proved:
        follow(at=at, ids=proved)
        inside = Notice.objects.unfollowed().filter(gathered_in__in=proved).values_list("id", flat=True)
        if came_back_with_it := list(inside):
            follow(at=at, ids=came_back_with_it)
    return bool(proved)


@transaction.atomic
def _take(report, pk, proof, at):
    """Do what the report says with the notice of this id, if it proves to be about it; whether it does."""
    notice = Notice.objects.select_for_update().filter(pk=pk).first()
    address = _address_of(notice) if notice else ""
    if not address or not is_sender_of(notice, address, proof):
        return False
    if report.guessed and address.casefold() not in report.addresses:
        return False
    if report.says == COMPLAINT:  # the mail has arrived: it ends nothing that was sent
        suppress(address=address, reason="complained", at=at)
        return True
    if report.nobody_there:
        suppress(address=address, reason="bounced", at=at)
    # Whatever its row says, it was handed over: a report may be faster than the worker that writes so.
    ended = Notice.objects.filter(pk=pk).exclude(state__in=(State.FAILED, State.DROPPED))
    ended.update(state=State.FAILED, reason=report.reason[:300], secret=None, followed=False, **FREE)
    return True


def _address_of(notice):
    """Where this notice's reader is written to now; "" for who cannot be written to any more."""
    kind = all_kinds().get(notice.kind)
    recipient = kind.recipients([notice.recipient]).get(notice.recipient) if kind else None
    return recipient.address if recipient else ""
