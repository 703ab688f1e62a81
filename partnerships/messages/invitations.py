"""Mail about invitations and joining. An invitation is told to a row, not to a person: there may be none yet."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from boundary.tokens import token
from notices.kinds import PROMPT, Kind, Recipient
from notices.letters import write_letter
from notices.models import Notice

from ..models import Invitation, JoinRequest, Member, letter_for
from ..stages import Stage
from .links import arena_context
from .readers import AS_LEADER, present

State = Invitation.State
PURPOSE = "invitation"


def link_of(invitation):
    """The absolute address of the answer page: only this site can make it, and a new nonce revokes it."""
    proof = token(PURPOSE, invitation.pk, invitation.nonce)
    return settings.SITE_URL + reverse("invitation", args=[invitation.pk, proof])


def _rows(notices):
    """{id: invitation} with what its mail tells; prefetched, because a batch shares one partnership."""
    rows = Invitation.objects.prefetch_related(
        "partnership__platform__owner",
        "partnership__mandate",
        "partnership__letters",
        "invited_by",
        "delegated_from",
    )
    return rows.in_bulk([notice.recipient for notice in notices])


def _standing(notices):
    """{id: invitation} with only what says whether its mail is still true."""
    rows = Invitation.objects.select_related("partnership").only(
        "state", "queued_at", "expires_at", "resends", "partnership__stage", "partnership__paused_at"
    )
    return rows.in_bulk([notice.recipient for notice in notices])


def invited(ids):
    """{invitation id: Recipient} of invitations with an e-mail address."""
    rows = Invitation.objects.select_related("partnership").exclude(address="").filter(pk__in=list(ids))
    return {
        row.pk: Recipient(
            address=row.address, name=row.name, language=row.language, time_zone=row.partnership.time_zone
        )
        for row in rows
    }


def words_of(invitation):
    """What the convener wrote for this invitation's group and language: opening, asks, and what is offered."""
    letter = letter_for(invitation.partnership.letters.all(), invitation)
    if letter is None:
        return {"opening": "", "asks_of_you": "", "offers": []}
    with translation.override(invitation.language):
        return {"opening": letter.opening, "asks_of_you": letter.asks, "offers": letter.offers}


def facts_of(invitation, link):
    """What the mail tells: who asks, why you, what is asked, when it ends, where the address came from.

    Facts only, no row: those who are told the same but for the link share one rendering.
    """
    partnership = invitation.partnership
    return arena_context(partnership) | {
        "why_you": invitation.why_you,
        **words_of(invitation),
        "expires_at": invitation.expires_at,
        "mandate": partnership.mandate,
        "asks": invitation.invited_by,
        "passed_on_by": invitation.passed_on_by,
        "owner": partnership.platform.owner,
        "link": link,
    }


def context(notices):
    """{notice id: what the mail tells}."""
    rows = _rows(notices)
    return {
        notice.pk: facts_of(row, link_of(row)) for notice in notices if (row := rows.get(notice.recipient))
    }


def preview(invitation, at):
    """The mail as this invitation's reader will see it, to look at before sending; its link is cut short.

    Whoever prepares the mail must not be able to answer it.
    """
    platform = invitation.partnership.platform
    invitation.expires_at = invitation.expires_at or at + timedelta(days=platform.invitation_expiry_days)
    recipient = Recipient(
        address=invitation.address,
        name=invitation.name,
        language=invitation.language,
        time_zone=invitation.partnership.time_zone,
    )
    facts = facts_of(invitation, f"{settings.SITE_URL}/i/…")
    kind = next(kind for kind in KINDS if kind.name == "invitation")
    notice = Notice(recipient=invitation.pk, kind=kind.name, message_id="<preview@localhost>")
    return write_letter(notice, kind, recipient, facts).message


def _drafted(notices):
    """{notice id: the draft whose mail is previewed}, with what its mail tells."""
    rows = Invitation.objects.select_related(
        "partnership__platform__owner", "partnership__mandate", "invited_by"
    )
    rows = rows.prefetch_related("partnership__letters").in_bulk([n.ids["invitation"] for n in notices])
    rows = {str(pk): row for pk, row in rows.items()}
    return {n.pk: row for n in notices if (row := rows.get(n.ids["invitation"])) and row.nonce}


def preview_context(notices):
    """{notice id: the mail as the draft's reader will get it}; its link leads back to where it is sent from."""
    found = {}
    for pk, row in _drafted(notices).items():
        days = row.partnership.platform.invitation_expiry_days
        row.expires_at = row.expires_at or timezone.now() + timedelta(days=days)
        link = settings.SITE_URL + reverse("send_invitations", args=[row.partnership.slug])
        found[pk] = facts_of(row, link) | {"language": row.language}
    return found


def preview_is_true(notices):
    """Previews of what is still there, for those who still lead."""
    rows = _drafted(notices)
    leading = Member.objects.leading().filter(person__in=[n.recipient for n in notices])
    leading = set(leading.values_list("partnership", "person"))
    return {n.pk for n in notices if n.pk in rows and (n.scope, n.recipient) in leading}


def _open(row, states):
    now = timezone.now()
    return row and row.state in states and row.expires_at > now and row.partnership.stage != Stage.CLOSED


def invitation_is_true(notices):
    """Invitations still on their way: not answered, withdrawn or expired, and not sent anew since."""
    rows = _standing(notices)
    return {
        notice.pk
        for notice in notices
        if _open(row := rows.get(notice.recipient), [State.QUEUED]) and notice.occurrence == row.sending
    }


def reminder_is_true(notices):
    """Invitations that wait for an answer; in a pause nobody is pressed for one."""
    rows = _standing(notices)
    return {
        n.pk
        for n in notices
        if _open(row := rows.get(n.recipient), [State.SENT, State.SEEN]) and not row.partnership.paused_at
    }


def note_sent(notices, at):
    """The mail server has taken these invitations."""
    on_their_way = Invitation.objects.filter(state=State.QUEUED)
    on_their_way.filter(pk__in=[n.recipient for n in notices]).update(state=State.SENT, sent_at=at)


def note_failed(notices, at):
    """These invitations did not arrive; the reason is for the convener, who calls or corrects the address.

    It may be found out days later. An answer stands, and so does "I have read this".
    """
    rows = _standing(notices)
    for notice in notices:
        row = rows.get(notice.recipient)
        if row and notice.occurrence == row.sending:
            _bounced(row, notice.reason)


def note_reminder_failed(notices, at):
    """These reminders came back: the address takes no mail any more. One to a corrected address says nothing."""
    rows = _standing(notices)
    for notice in notices:
        row, (why, _colon, _said) = rows.get(notice.recipient), notice.reason.partition(":")
        if row and why in ("refused", "returned") and notice.due_at >= row.queued_at:
            _bounced(row, notice.reason)


def _bounced(row, reason):
    unread = Invitation.objects.filter(pk=row.pk, state__in=[State.QUEUED, State.SENT])
    unread.update(state=State.BOUNCED, reason=reason)


def reason_of(invitation):
    """Why it was declined or withdrawn, or did not arrive, as a sentence in the reader's language."""
    bounced = invitation.state == State.BOUNCED
    return Notice(reason=invitation.reason).sentence if bounced else invitation.reason


def _members(notices):
    ids = [notice.ids["member"] for notice in notices]
    rows = Member.objects.present().select_related("partnership__platform", "person").filter(pk__in=ids)
    return {str(row.pk): row for row in rows}


def welcome_context(notices):
    """{notice id: the partnership that the reader has joined}."""
    rows = _members(notices)
    return {
        n.pk: arena_context(row.partnership) | {"member": row}
        for n in notices
        if (row := rows.get(n.ids["member"]))
    }


def welcome_is_true(notices):
    """Welcomes of those who have not left."""
    rows = _members(notices)
    return {n.pk for n in notices if n.ids["member"] in rows}


def _requests(notices):
    ids = [notice.ids["join_request"] for notice in notices]
    rows = JoinRequest.objects.select_related("partnership__platform", "person").filter(pk__in=ids)
    return {str(row.pk): row for row in rows}


def _request_context(path):
    def context_of(notices):
        rows = _requests(notices)
        return {
            n.pk: arena_context(row.partnership, path) | {"join_request": row}
            for n in notices
            if (row := rows.get(n.ids["join_request"]))
        }

    return context_of


def _request_is_true(*states):
    def still(notices):
        rows = _requests(notices)
        return {n.pk for n in notices if (row := rows.get(n.ids["join_request"])) and row.state in states}

    return still


def request_waits(notices):
    """Requests that nobody has answered, for those who still lead."""
    return _request_is_true(JoinRequest.State.WAITING)(notices) & present(notices, leading=True)


KINDS = [
    Kind(
        name="invitation",
        on_site=False,
        label=_("Invitations"),
        why=_("You get this because a convener of this partnership asks you to take part."),
        template="partnerships/mail/invitation",
        context=context,
        merge=("link",),
        still_true=invitation_is_true,
        recipients=invited,
        on_ambiguous="resend",
        on_sent=note_sent,
        on_failed=note_failed,
    ),
    Kind(
        name="invitation_reminder",
        on_site=False,
        label=_("Reminders of an invitation"),
        why=_("You get this because a convener of this partnership asks you to take part."),
        template="partnerships/mail/invitation_reminder",
        context=context,
        merge=("link",),
        still_true=reminder_is_true,
        recipients=invited,
        on_ambiguous="hold",
        on_failed=note_reminder_failed,
    ),
    Kind(
        name="invitation_preview",
        on_site=False,
        label=_("Invitations, to look at before they are sent"),
        why=_("You get this because you asked to see this mail before it is sent."),
        template="partnerships/mail/invitation_preview",
        context=preview_context,
        still_true=preview_is_true,
        recipients=recipients,
        lane=PROMPT,
    ),
    Kind(
        name="membership_welcome",
        label=_("Welcome to a partnership"),
        why=_("You get this because you have joined this partnership."),
        template="partnerships/mail/membership_welcome",
        context=welcome_context,
        still_true=welcome_is_true,
        recipients=recipients,
    ),
    Kind(
        name="join_requested",
        label=_("When somebody asks to join a partnership you convene"),
        why=AS_LEADER,
        template="partnerships/mail/join_requested",
        context=_request_context("join-requests/"),
        still_true=request_waits,
        recipients=recipients,
        switchable=True,
    ),
    Kind(
        name="join_answered",
        label=_("When your request to join is answered"),
        why=_("You get this because you asked to join this partnership."),
        template="partnerships/mail/join_answered",
        context=_request_context(""),
        still_true=_request_is_true(JoinRequest.State.ACCEPTED, JoinRequest.State.DECLINED),
        recipients=recipients,
    ),
]
