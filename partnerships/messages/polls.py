"""Messages about finding a time."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import Poll, PollMark
from .links import arena_context
from .readers import AS_LEADER, AS_MEMBER, present


def _polls(notices):
    rows = Poll.objects.select_related("partnership__platform").prefetch_related("times")
    return {str(row.pk): row for row in rows.filter(pk__in=[notice.ids["poll"] for notice in notices])}


def context(notices):
    """{notice id: what the mail tells}: the poll, its times, and its page."""
    rows = _polls(notices)
    return {
        notice.pk: arena_context(row.partnership, f"meetings/polls/{row.pk}/") | {"poll": row}
        for notice in notices
        if (row := rows.get(notice.ids["poll"]))
    }


def _running(rows):
    return {key for key, row in rows.items() if row.withdrawn_at is None and row.meeting_id is None}


def opened_is_true(notices):
    """It still takes marks, and its reader takes part."""
    rows, here, now = _polls(notices), present(notices), timezone.now()
    takes = {key for key in _running(rows) if rows[key].closes_at > now}
    return {notice.pk for notice in notices if notice.pk in here and notice.ids["poll"] in takes}


def closing_is_true(notices):
    """The same, and its reader has not marked anything yet."""
    marks = PollMark.objects.filter(time__poll__in=[notice.ids["poll"] for notice in notices])
    done = {(str(poll), person) for poll, person in marks.values_list("time__poll", "member__person")}
    here = opened_is_true(notices)
    return {n.pk for n in notices if n.pk in here and (n.ids["poll"], n.recipient) not in done}


def over_is_true(notices):
    """Nobody has chosen a time yet, and its reader still leads."""
    rows, here = _polls(notices), present(notices, leading=True)
    waits = _running(rows)
    return {notice.pk for notice in notices if notice.pk in here and notice.ids["poll"] in waits}


def closes_at(notices):
    """{notice id: when it closes}: afterwards nobody can answer."""
    rows = _polls(notices)
    return {n.pk: row.closes_at for n in notices if (row := rows.get(n.ids["poll"]))}


def _kind(name, label, still_true, why=AS_MEMBER, until=closes_at):
    return Kind(
        name=name,
        label=label,
        why=why,
        template=f"partnerships/mail/{name}",
        context=context,
        still_true=still_true,
        recipients=recipients,
        switchable=True,
        until=until,
    )


KINDS = [
    _kind("poll_opened", _("When a time for a meeting is sought"), opened_is_true),
    _kind(
        "poll_closing", _("The day before a search for a time ends, if I have not answered"), closing_is_true
    ),
    _kind(
        "poll_over",
        _("When it is time to choose a time for a meeting (for those who lead)"),
        over_is_true,
        AS_LEADER,
        None,
    ),
]
