"""Who still may be written to: rights end at once, also for mail that is waiting to be sent."""

import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from boundary.local_time import first_moment

from ..models import Member

# Why somebody gets a message, in the mail and in the log.
AS_MEMBER = _("You get this because you are a member of this partnership.")
AS_LEADER = _("You get this because you convene or facilitate this partnership.")
AS_CONVENER = _("You get this because you convene this partnership.")
WITH_A_SAY = _("You get this because you have a say in this partnership.")


def present(notices, *, leading=False):
    """Ids of the notices whose reader is still a member of the notice's partnership, or still leads it."""
    return _among(Member.objects.leading() if leading else Member.objects.present(), notices)


def convening(notices):
    """Ids of the notices whose reader still convenes the notice's partnership."""
    return _among(Member.objects.present().filter(role=Member.Role.CONVENER), notices)


def _among(members, notices):
    pairs = {(notice.scope, notice.recipient) for notice in notices}
    wanted = Q(
        partnership__in=[scope for scope, _person in pairs], person__in=[person for _scope, person in pairs]
    )
    found = set(members.filter(wanted).values_list("partnership_id", "person_id"))
    return {notice.pk for notice in notices if (notice.scope, notice.recipient) in found}


def while_due(notices, rows):
    """{notice id: the end of the day that it says is due}, or None for what was overdue when it was owed.

    rows: {notice id: what is due, with its partnership}, for `until`: no digest tells of a day that is over.
    """
    ends = {}
    for notice in notices:
        if row := rows.get(notice.pk):
            day = datetime.date.fromisoformat(notice.ids["due_on"]) + datetime.timedelta(days=1)
            end = first_moment(day, datetime.time.min, row.partnership.time_zone)
            ends[notice.pk] = end if notice.due_at < end else None
    return ends
