"""A competent body: who sits in it and who writes for it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from actors.models import Organization

from .. import actions
from ..forms.bodies import AppointForm
from ..models import BodyMember
from ..places import keeper_seat
from ..rules import bodies as may


def _opened(request, pk):
    """The Seat of this reader. Who neither sits in the body nor keeps its list sees no such page."""
    seat = keeper_seat(get_object_or_404(Organization, pk=pk), request.user)
    if not (seat.sits or seat.operates or seat.keeps_one_of_its_platforms):
        raise Http404
    return seat


@login_required
@require_http_methods(["GET", "HEAD"])
def body(request, pk):
    """Who sits in the body, and a form for those who keep the list."""
    return _show(request, _opened(request, pk), AppointForm())


def _show(request, seat, form):
    members = BodyMember.objects.filter(body=seat.body).select_related("person")
    context = {
        "seat": seat,
        "form": form,
        "current": members.current().order_by("-authority", "person__sort_key")[:500],
        "former": members.exclude(until=None).order_by("-until")[:50],
        "may_appoint": may.can_appoint(seat),
    }
    return render(request, "solutions/body.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def appoint(request, pk):
    """Give a person an authority in the body."""
    seat = _opened(request, pk)
    may.can_appoint(seat).enforce()
    form = AppointForm(request.POST)
    if not form.is_valid():
        return _show(request, seat, form)
    data = form.cleaned_data
    actions.appoint(
        body=seat.body,
        name=data["name"],
        address=data["email"],
        authority=data["authority"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(
        request, _("%(name)s is listed. Tell them that they can sign in.") % {"name": data["name"]}
    )
    return redirect("body", pk)


@login_required
@require_POST
def end_appointment(request, pk, member):
    """End an authority; the rights that came with it end at once."""
    seat = _opened(request, pk)
    row = get_object_or_404(BodyMember.objects.current(), pk=member, body=seat.body)
    actions.end_appointment(member=row, by=request.user, at=timezone.now())
    messages.success(request, _("It has ended."))
    return redirect("body", pk)
