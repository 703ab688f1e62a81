"""Messages about relief: somebody would hand a promise on, took one over, is offered help, or answered that."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import AT_ONCE, DAILY, Kind

from ..models import Commitment, Member, Relief, ReliefOffer
from ..models.commitments import STANDING
from .links import arena_context
from .readers import AS_CONVENER, WITH_A_SAY, convening, present


def _rows(model, name, notices, *related):
    rows = model.objects.select_related(*related)
    return {str(row.pk): row for row in rows.filter(pk__in=[notice.ids[name] for notice in notices])}


# --- asked for, and taken over ------------------------------------------------------------------------------------


def _reliefs(notices):
    related = ("commitment__partnership__platform", "member__person", "member__organization")
    return _rows(Relief, "relief", notices, *related)


def asked_context(notices):
    """{notice id: what the mail tells}: whose promise it is, what it says, why, and its page."""
    rows = _reliefs(notices)
    return {
        notice.pk: arena_context(row.commitment.partnership, f"commitments/{row.commitment_id}/")
        | {"relief": row, "commitment": row.commitment}
        for notice in notices
        if (row := rows.get(notice.ids["relief"]))
    }


def asked_is_true(notices):
    """Requests that nobody has answered, told to those who may know of them."""
    rows, here, leading = _reliefs(notices), present(notices), present(notices, leading=True)
    return {
        notice.pk
        for notice in notices
        if (row := rows.get(notice.ids["relief"]))
        and row.ended_at is None
        and notice.pk in (here if row.openly else leading)
    }


def _commitments(notices):
    related = ("partnership__platform", "member__person", "member__organization")
    return _rows(Commitment, "commitment", notices, *related)


def taken_context(notices):
    """{notice id: what the mail tells}: who took which promise over, from whom."""
    rows = _commitments(notices)
    before = Member.objects.select_related("person").filter(pk__in=[n.ids["was"] for n in notices])
    before = {str(row.pk): row for row in before}
    return {
        notice.pk: arena_context(row.partnership, f"commitments/{row.pk}/")
        | {"commitment": row, "before": before[notice.ids["was"]]}
        for notice in notices
        if (row := rows.get(notice.ids["commitment"])) and notice.ids["was"] in before
    }


def taken_is_true(notices):
    """Promises that still stand, told to those who are still there."""
    rows, here = _commitments(notices), present(notices)
    return {
        notice.pk
        for notice in notices
        if notice.pk in here
        and (row := rows.get(notice.ids["commitment"]))
        and row.state in STANDING
        and str(row.member_id) != notice.ids["was"]
    }


# --- offered, and answered ----------------------------------------------------------------------------------------


def _offers(notices):
    related = ("partnership__platform", "member__person", "member__organization", "by__person")
    return _rows(ReliefOffer, "offer", notices, *related)


def offered_context(notices):
    """{notice id: what the mail tells}: who offers help, their words, the page to answer on."""
    rows = _offers(notices)
    return {
        notice.pk: arena_context(row.partnership, "commitments/") | {"offer": row}
        for notice in notices
        if (row := rows.get(notice.ids["offer"]))
    }


def offered_is_true(notices):
    """Offers that are not answered, to members who are still there."""
    rows, here = _offers(notices), present(notices)
    return {
        notice.pk
        for notice in notices
        if notice.pk in here and (row := rows.get(notice.ids["offer"])) and row.answered_at is None
    }


def answered_is_true(notices):
    """Answers, told to whoever offered while they convene."""
    rows, here = _offers(notices), convening(notices)
    return {
        notice.pk
        for notice in notices
        if notice.pk in here and (row := rows.get(notice.ids["offer"])) and row.answered_at is not None
    }


def _kind(name, label, why, context, still_true, default):
    return Kind(
        name=name,
        label=label,
        why=why,
        template=f"partnerships/mail/{name}",
        context=context,
        still_true=still_true,
        recipients=recipients,
        switchable=True,
        default=default,
    )


KINDS = [
    _kind(
        "relief_asked",
        _("When a member would hand on what they promised"),
        WITH_A_SAY,
        asked_context,
        asked_is_true,
        DAILY,
    ),
    _kind(
        "commitment_taken_over",
        _("When a member takes over what another one promised"),
        _("You get this because you promised it, or convene or facilitate the partnership."),
        taken_context,
        taken_is_true,
        DAILY,
    ),
    _kind(
        "relief_offered",
        _("When you are offered help with what you promised"),
        _("You get this because a convener offers you help."),
        offered_context,
        offered_is_true,
        AT_ONCE,
    ),
    _kind(
        "relief_answered",
        _("When somebody answers your offer of help (for conveners)"),
        AS_CONVENER,
        offered_context,
        answered_is_true,
        DAILY,
    ),
]
