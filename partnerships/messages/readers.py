"""Who still may be written to: rights end at once, also for mail that is waiting to be sent."""

from django.db.models import Q

from ..models import Member


def present(notices, *, leading=False):
    """Ids of the notices whose reader is still a member of the notice's partnership, or still leads it."""
    members = Member.objects.leading() if leading else Member.objects.present()
    pairs = {(notice.scope, notice.recipient) for notice in notices}
    wanted = Q(
        partnership__in=[scope for scope, _person in pairs], person__in=[person for _scope, person in pairs]
    )
    found = set(members.filter(wanted).values_list("partnership_id", "person_id"))
    return {notice.pk for notice in notices if (notice.scope, notice.recipient) in found}
