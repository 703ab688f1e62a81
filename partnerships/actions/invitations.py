"""Invite: from a draft to a mail or a letter, again, and withdrawn. The answers are in answers.py."""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef
from django.db.models.functions import Coalesce, Lower
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors.models import side_of
from boundary.answer import Conflict
from boundary.tokens import new_nonce
from notices.actions import lift_suppression, tell
from notices.models import Notice

from ..models import Invitation, InvitationQuestion, Partnership, Platform, Tally
from ..models.invitations import ANSWERABLE, LIVE
from ..places import place_of
from ..rules import invitations as may
from ..rules.standing import conveners_only
from ..stages import Stage
from .answers import accept_invitation, decline_invitation, register_person, see_invitation
from .memory import remember
from .organizations import organization_named

__all__ = [
    "accept_invitation",
    "decline_invitation",
    "draft_invitations",
    "expire_invitations",
    "forget_unanswered",
    "post_letters",
    "register_person",
    "remind_invitation",
    "remind_invitations",
    "remind_unanswered",
    "resend_invitation",
    "see_invitation",
    "send_invitations",
    "withdraw_drafts",
    "withdraw_invitation",
]

State = Invitation.State
FRESH = datetime.timedelta(days=2)  # a reminder that was not told for this long is not told any more


# --- drafts -------------------------------------------------------------------------------------------------


def already_invited(partnership, addresses):
    """The (address, name) pairs, lower case, among `addresses` that have a live invitation here already."""
    live = Invitation.objects.live().filter(partnership=partnership).annotate(lower=Lower("address"))
    found = live.filter(lower__in={address.lower() for address in addresses if address})
    return {(address, name.lower()) for address, name in found.values_list("lower", "name")}


@transaction.atomic
def draft_invitations(*, partnership, addresses, by, at):
    """Write one draft per address, all or none. Returns the Invitations.

    addresses: dicts with name, address (blank for a letter on paper), sector, role, why_you, language, and perhaps
    organization or organization_name, side and seat. Raises Conflict when one of them has a live invitation already.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_invite(place_of(partnership, by)).enforce()
    _name_organizations(addresses := [dict(facts) for facts in addresses], by, at)
    last = Invitation.objects.filter(partnership=partnership).aggregate(last=Max("number"))["last"] or 0
    rows = [_draft(partnership, number, facts, by, at) for number, facts in enumerate(addresses, last + 1)]
    refuse_twice(partnership, rows)
    Invitation.objects.bulk_create(rows, batch_size=500)
    remember(partnership, "invitation.drafted", by=by, at=at, audience="conveners", count=len(rows))
    return rows


def _name_organizations(addresses, by, at):
    """Put the organization in the place of its name: each name is looked up once."""
    named = {}
    for facts in addresses:
        name = facts.pop("organization_name", "")
        if name and name not in named:
            named[name] = organization_named(name=name, sector=facts["sector"], by=by, at=at)
        if name:
            facts["organization"] = named[name]


def _draft(partnership, number, facts, by, at):
    organization = facts.get("organization")
    facts["side"] = facts.get("side") or (organization.side if organization else side_of(facts["sector"]))
    return Invitation(
        partnership=partnership, number=number, nonce=new_nonce(), invited_by=by, created_at=at, **facts
    )


def refuse_twice(partnership, rows):
    """Raise Conflict when one of the new rows is for somebody who has a live invitation here."""
    live = already_invited(partnership, [row.address for row in rows])
    twice = [row.address for row in rows if (row.address.lower(), row.name.lower()) in live]
    if twice:
        raise Conflict(
            ngettext(
                "%(address)s has been invited in the meantime.",
                "%(address)s and %(others)s others have been invited in the meantime.",
                len(twice),
            )
            % {"address": twice[0], "others": len(twice) - 1}
        )


# --- sending ------------------------------------------------------------------------------------------------


def day_of(at):
    """The beginning of the day that daily caps count."""
    return localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def cap_key(platform_id, person_id):
    return f"invitations:{platform_id}:{person_id}"


def left_today(*, platform, person, at):
    """How many more invitations this convener may send today."""
    taken = Tally.objects.taken(key=cap_key(platform.pk, person.pk), since=day_of(at))
    return max(platform.convener_daily_invitations - taken, 0)


def take_from_cap(platform, by, amount, at):
    """Count invitations against a convener's day. Raises Conflict when too few are left."""
    limit = platform.convener_daily_invitations
    if not Tally.objects.take(key=cap_key(platform.pk, by.pk), since=day_of(at), amount=amount, limit=limit):
        raise Conflict(
            _(
                "You can send %(limit)s invitations a day, and %(left)s are left today. "
                "Send fewer now, and the rest tomorrow."
            )
            % {"limit": limit, "left": left_today(platform=platform, person=by, at=at)}
        )


def expiry_of(platform, at):
    """Until when an invitation that goes out now can be answered."""
    return at + datetime.timedelta(days=platform.invitation_expiry_days)


def _changed():
    return Conflict(
        _("Somebody has drafted or withdrawn invitations in the meantime. Look at them once more.")
    )


@transaction.atomic
def send_invitations(*, partnership, by, at, invitations=None, number=None):
    """Send drafts (all of them, or those given) by e-mail; letters wait to be printed. Returns how many.

    number: how many the sender means to send; Conflict when there are more or fewer by now.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_send_invitations(place_of(partnership, by)).enforce()
    drafts = Invitation.objects.drafts(at).filter(partnership=partnership)
    if invitations is not None:
        drafts = drafts.filter(pk__in=[invitation.pk for invitation in invitations])
    chosen = dict(drafts.select_for_update(of=("self",)).values_list("pk", "address"))
    if number not in (None, len(chosen)):
        raise _changed()
    if not chosen:
        return 0
    take_from_cap(partnership.platform, by, len(chosen), at)
    Invitation.objects.filter(pk__in=chosen).update(
        state=State.QUEUED, queued_at=at, expires_at=expiry_of(partnership.platform, at)
    )
    remember(partnership, "invitation.sent", by=by, at=at, audience="members", count=len(chosen))
    mails = [pk for pk, address in chosen.items() if address]
    tell(kind="invitation", recipients=mails, scope=partnership.pk, at=at)
    return len(chosen)


@transaction.atomic
def post_letters(*, partnership, by, at):
    """Note that the printed letters are in the post. Returns how many."""
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_invite(place_of(partnership, by)).enforce()
    letters = Invitation.objects.filter(partnership=partnership, address="", state=State.QUEUED)
    count = letters.update(state=State.SENT, sent_at=at)
    if count:
        remember(partnership, "invitation.posted", by=by, at=at, audience="conveners", count=count)
    return count


@transaction.atomic
def resend_invitation(*, invitation, address, by, at):
    """Send an invitation again, perhaps to a corrected address; the link sent before stops working."""
    partnership = Partnership.objects.locked(invitation.partnership_id)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    may.can_resend_invitation(place_of(partnership, by), invitation).enforce()
    take_from_cap(partnership.platform, by, 1, at)
    invitation.address, invitation.nonce, invitation.resends = address, new_nonce(), invitation.resends + 1
    invitation.state, invitation.queued_at, invitation.sent_at, invitation.seen_at = (
        State.QUEUED,
        at,
        None,
        None,
    )
    invitation.expires_at, invitation.reason, invitation.reminder_day = (
        expiry_of(partnership.platform, at),
        "",
        0,
    )
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError:
        raise Conflict(
            _("Another invitation to %(address)s waits for an answer.") % {"address": address}
        ) from None
    remember(partnership, "invitation.resent", by=by, at=at, audience="conveners", invitation=invitation.pk)
    if address:
        lift_suppression(address=address)  # the convener has looked at it
        tell(
            kind="invitation",
            recipients=[invitation.pk],
            scope=partnership.pk,
            occurrence=invitation.sending,
            at=at,
        )
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation, reason, by, at):
    """Take an unanswered invitation back. Its link says so."""
    partnership = Partnership.objects.locked(invitation.partnership_id)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    may.can_withdraw_invitation(place_of(partnership, by), invitation).enforce()
    rows = Invitation.objects.filter(pk=invitation.pk)
    rows.filter(state__in=LIVE).update(state=State.WITHDRAWN, reason=reason)
    rows.only_drafted_from_register().update(address="")
    remember(
        partnership, "invitation.withdrawn", by=by, at=at, audience="conveners", invitation=invitation.pk
    )


@transaction.atomic
def withdraw_drafts(*, partnership, among, by, at, number=None):
    """Take back all drafts among these invitations, a queryset. Returns how many.

    number: how many the convener means to withdraw; Conflict when there are more or fewer by now. The address of
    somebody in the register, whom nobody has asked, goes at once.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    conveners_only(place_of(partnership, by)).enforce()
    drafts = among.filter(partnership=partnership, state=State.DRAFT)
    if number not in (None, drafts.count()):
        raise _changed()
    rows = Invitation.objects.filter(pk__in=list(drafts.values_list("pk", flat=True)), state=State.DRAFT)
    rows.only_drafted_from_register().update(address="")
    count = rows.update(state=State.WITHDRAWN)
    if count:
        remember(partnership, "invitation.drafts_withdrawn", by=by, at=at, audience="conveners", count=count)
    return count


# --- reminders and expiry -----------------------------------------------------------------------------------


def _remind(partnership_id, pks, occurrence, at, belongs_to=None):
    tell(
        kind="invitation_reminder",
        recipients=pks,
        scope=partnership_id,
        occurrence=occurrence,
        at=at,
        belongs_to=belongs_to,
    )


@transaction.atomic
def remind_invitation(*, invitation, by, at):
    """Remind somebody by hand, at most once a day."""
    partnership = Partnership.objects.locked(invitation.partnership_id)
    invitation = Invitation.objects.get(pk=invitation.pk)
    may.can_remind_invitation(place_of(partnership, by), invitation, at).enforce()
    if not _remind_by_hand(partnership, Invitation.objects.filter(pk=invitation.pk), at):
        raise Conflict(_("A reminder has gone out today already. Call instead."))
    remember(partnership, "invitation.reminded", by=by, at=at, audience="conveners", invitation=invitation.pk)


def _remind_by_hand(partnership, rows, at):
    """Remind those of the rows who got no reminder today, by hand or by the clock. Returns how many."""
    today = day_of(at)
    keys = {f"reminder:{pk}": pk for pk in rows.filter(~reminded_since(today)).values_list("pk", flat=True)}
    chosen = [keys[key] for key in Tally.objects.take_each(keys=keys, since=today)]
    _remind(partnership.pk, chosen, f"by-hand {today.date()}", at)
    return len(chosen)


def reminded_since(moment):
    """Whether an invitation's reminder was owed at this moment or later."""
    told = Notice.objects.filter(recipient=OuterRef("pk"), scope=OuterRef("partnership"))
    return Exists(told.filter(kind="invitation_reminder", due_at__gte=moment))


@transaction.atomic
def remind_unanswered(*, partnership, among, by, at, number=None):
    """Remind all among these invitations who have not answered and got no mail about it today. Returns how many.

    among: a queryset of invitations. number: how many the convener was shown; Conflict when there are more by now.
    Fewer is no reason to stop: they have answered.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_invite(place_of(partnership, by)).enforce()
    waiting = among.filter(partnership=partnership, state__in=[State.SENT, State.SEEN], expires_at__gt=at)
    waiting = waiting.filter(sent_at__lt=day_of(at)).exclude(address="")
    if number is not None and waiting.count() > number:
        raise Conflict(_("More people wait for a reminder than this page has shown. Look at them once more."))
    count = _remind_by_hand(partnership, waiting, at)
    if count:
        remember(partnership, "invitation.reminded", by=by, at=at, audience="conveners", count=count)
    return count


@transaction.atomic
def remind_invitations(*, at):
    """Remind those who have not answered, on the days their platform says; never after an answer. Returns how many."""
    waiting = Invitation.objects.filter(
        state__in=[State.SENT, State.SEEN], expires_at__gt=at, sent_at__isnull=False
    ).exclude(address="")
    waiting = waiting.exclude(partnership__stage=Stage.CLOSED).filter(partnership__paused_at=None)
    plans = waiting.values_list("partnership", "partnership__platform__invitation_reminder_days").distinct()
    return sum(
        _remind_on_day(waiting.filter(partnership=partnership), partnership, day, at)
        for partnership, days in plans.order_by("partnership")
        for day in sorted(set(days), reverse=True)
    )


def _remind_on_day(waiting, partnership, day, at):
    """Remind those whose `day` after sending has come and not long gone, and who got no later reminder."""
    since = at - datetime.timedelta(days=day)
    due = waiting.filter(reminder_day__lt=day, sent_at__lte=since, sent_at__gt=since - FRESH)
    due = due.filter(~reminded_since(day_of(at)))  # by hand, today: the clock comes back tomorrow
    rows = due.select_for_update(skip_locked=True, of=("self",))
    chosen = list(rows.values_list("pk", "resends", "sent_at"))
    for resends in {resends for _pk, resends, _sent in chosen}:
        pks = [pk for pk, again, _sent in chosen if again == resends]
        first = min(sent for _pk, again, sent in chosen if again == resends)
        Invitation.objects.filter(pk__in=pks).update(reminder_day=day)
        occurrence = f"day-{day}" + (f" again-{resends}" if resends else "")
        _remind(partnership, pks, occurrence, at, belongs_to=first + datetime.timedelta(days=day))
    if chosen:
        found = Partnership.objects.get(pk=partnership)
        remember(
            found, "invitation.reminded", by=None, at=at, audience="conveners", count=len(chosen), day=day
        )
    return len(chosen)


@transaction.atomic
def expire_invitations(*, at):
    """End invitations whose time to answer has run out. Returns how many."""
    over = Invitation.objects.answerable().filter(expires_at__lte=at)
    count = 0
    for partnership in Partnership.objects.filter(pk__in=over.values("partnership")).order_by("pk"):
        ended = over.filter(partnership=partnership).update(state=State.EXPIRED)
        if ended:
            remember(partnership, "invitation.expired", by=None, at=at, audience="conveners", count=ended)
        count += ended
    Tally.objects.filter(since__lt=at - datetime.timedelta(days=7)).delete()
    return count


MONTH = datetime.timedelta(days=30)  # never later than a calendar month


@transaction.atomic
def forget_unanswered(*, at):
    """Erase address, name and words of those who did not join, after the months their platform says. Returns how many.

    The row stays, so that numbers and the record hold; a draft that nobody sent in all that time is withdrawn.
    """
    kept = Invitation.objects.exclude(state=State.ACCEPTED).exclude(state__in=ANSWERABLE).exclude(nonce="")
    kept = kept.annotate(ended_at=Coalesce("answered_at", "expires_at", "created_at"))
    count = 0
    for platform, months in Platform.objects.values_list("pk", "keep_unanswered_months"):
        over = kept.filter(partnership__platform=platform, ended_at__lte=at - months * MONTH)
        for partnership in Partnership.objects.filter(pk__in=over.values("partnership")).order_by("pk"):
            count += _forget(over.filter(partnership=partnership), partnership, at)
    return count


def _forget(over, partnership, at):
    pks = list(over.values_list("pk", flat=True))
    rows = Invitation.objects.filter(pk__in=pks)
    rows.filter(state=State.DRAFT).update(state=State.WITHDRAWN)
    rows.update(address="", name="", why_you="", reason="", nonce="")
    InvitationQuestion.objects.filter(invitation__in=pks).delete()
    remember(partnership, "invitation.forgotten", by=None, at=at, audience="conveners", count=len(pks))
    return len(pks)
