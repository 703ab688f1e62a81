"""Messages to me: what I was sent, and why; and where I choose otherwise for one partnership."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notices.kinds import all_kinds, choosable
from notices.models import Notice
from partnerships.forms.messages import LookForm
from partnerships.models import Invitation, Partnership
from partnerships.sent import Sent, filtered
from partnerships.views.arena import page_of

from .mine import seats_of

SEATS = 20


def _mine(person):
    """Messages to a person, and those to invitations that they have accepted."""
    invitations = Invitation.objects.filter(member__person=person)
    return Notice.objects.filter(Q(recipient=person.pk) | Q(recipient__in=invitations.values("pk")))


@login_required
@never_cache
@require_safe
def my_messages(request):
    """What I was sent: kind, partnership, what became of it, when, and why I got it."""
    form = LookForm(request.GET, kinds=[*choosable(), *_always()])
    asked = form.cleaned_data if form.is_valid() else {}
    page = page_of(request, filtered(_mine(request.user), **asked))
    # What I may no longer see is not named, though I was written to about it.
    known = Partnership.objects.visible_to(request.user).in_bulk({notice.scope for notice in page} - {None})
    kinds = all_kinds()
    rows = [
        Sent(notice, "", kinds[notice.kind].label, kinds[notice.kind].why, known.get(notice.scope))
        for notice in page
        if notice.kind in kinds
    ]
    context = {"form": form, "page": page, "rows": rows, "seats": seats_of(request.user)[:SEATS]}
    return render(request, "cocreate/my_messages.html", context)


def _always():
    """Kinds of which nobody chooses."""
    return [kind for kind in all_kinds().values() if not kind.switchable]
