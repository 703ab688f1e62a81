"""The message about a sounding: members are asked what they think of a list."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import Member, Sounding, SoundingVoter
from .links import arena_context
from .readers import WITH_A_SAY


def _soundings(notices):
    rows = Sounding.objects.select_related("partnership__platform")
    return {str(row.pk): row for row in rows.filter(pk__in={n.ids["sounding"] for n in notices})}


def context(notices):
    """{notice id: what the mail tells}: the sounding and its page."""
    rows = _soundings(notices)
    return {
        notice.pk: arena_context(row.partnership, f"soundings/{row.pk}/") | {"sounding": row}
        for notice in notices
        if (row := rows.get(notice.ids["sounding"]))
    }


def still_to_answer(notices):
    """Notices whose sounding is open, to readers who have a say and have not answered."""
    at = timezone.now()
    rows = {key: row for key, row in _soundings(notices).items() if row.is_open(at)}
    answered = set(
        SoundingVoter.objects.filter(sounding__in=list(rows.values())).values_list(
            "sounding", "member__person"
        )
    )
    partnerships = {row.partnership_id for row in rows.values()}
    deciders = set(
        Member.objects.deciding().filter(partnership__in=partnerships).values_list("partnership", "person")
    )
    return {
        notice.pk
        for notice in notices
        if (row := rows.get(notice.ids["sounding"]))
        and (row.partnership_id, notice.recipient) in deciders
        and (row.pk, notice.recipient) not in answered
    }


def closes_at(notices):
    """{notice id: when its sounding closes}, where somebody has said so: an answer after that comes too late."""
    rows = _soundings(notices)
    return {n.pk: row.closes_at for n in notices if (row := rows.get(n.ids["sounding"]))}


KINDS = [
    Kind(
        name="sounding_opened",
        label=_("When you are asked what you think of a list"),
        why=WITH_A_SAY,
        template="partnerships/mail/sounding_opened",
        context=context,
        still_true=still_to_answer,
        recipients=recipients,
        switchable=True,
        until=closes_at,
    ),
]
