"""Messages about a partnership that is paused, that goes on, or that wants to be looked at again."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import Pause
from .links import arena_context
from .readers import AS_CONVENER, AS_MEMBER, present


def _pauses(notices):
    rows = Pause.objects.select_related("partnership__platform", "partnership__mandate", "by")
    return {str(row.pk): row for row in rows.filter(pk__in={notice.ids["pause"] for notice in notices})}


def _context(page):
    def context(notices):
        """{notice id: what the mail tells}: the pause, and the page to read or act on."""
        rows = _pauses(notices)
        return {
            notice.pk: arena_context(row.partnership, page) | {"pause": row}
            for notice in notices
            if (row := rows.get(notice.ids["pause"]))
        }

    return context


def while_paused(*, leading):
    """Whether the pause still lasts, and its reader still takes part, or leads."""

    def still_true(notices):
        rows, here = _pauses(notices), present(notices, leading=leading)
        return {
            n.pk for n in notices if n.pk in here and (row := rows.get(n.ids["pause"])) and row.until is None
        }

    return still_true


def going_on(notices):
    """Whether the partnership works, and its reader still takes part."""
    rows, here = _pauses(notices), present(notices)
    return {
        n.pk
        for n in notices
        if n.pk in here and (row := rows.get(n.ids["pause"])) and row.partnership.paused_at is None
    }


def _kind(name, label, still_true, *, why=AS_MEMBER, page=""):
    return Kind(
        name=name,
        label=label,
        why=why,
        template=f"partnerships/mail/{name}",
        context=_context(page),
        still_true=still_true,
        recipients=recipients,
        switchable=True,
    )


KINDS = [
    _kind("partnership_paused", _("When a partnership is paused"), while_paused(leading=False)),
    _kind("partnership_resumed", _("When a paused partnership goes on"), going_on),
    _kind(
        "look_again",
        _("When a paused partnership is to be looked at again (for conveners)"),
        while_paused(leading=True),
        why=AS_CONVENER,
        page="manage/",
    ),
]
