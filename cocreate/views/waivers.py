"""The one required criterion that two sides may set aside together."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from boundary.answer import Conflict
from partnerships.models import Waiver
from partnerships.rules import waivers as may
from partnerships.settings.table import DAYS_TO_CORRECT
from partnerships.signers import signers, with_signers
from partnerships.views.arena import open_arena
from solutions.handovers import handed_over, receivers

from .. import stages as gates
from ..stage_forms import SignForm


def _opened(request, slug, key):
    """(place, whether the reader takes a task over, the criterion): 404 for whoever is of neither side."""
    place = open_arena(request, slug)
    receives = bool(place.person) and place.person.pk in receivers(place.partnership)
    if not may.can_see_pending(place, receives):
        raise Http404
    criterion = gates.criterion_of(place.partnership, key, at=timezone.now())
    if not criterion.together:
        raise Http404
    return place, receives, criterion


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def waive_together(request, slug, key):
    """What two sides would set aside: the facts, who has signed, and the way to sign."""
    place, receives, criterion = _opened(request, slug, key)
    form, status, lost = SignForm(initial={"expected": place.partnership.stage_version}), 200, ""
    if request.method == "POST":
        form = SignForm(request.POST)
        if not form.is_valid():
            status = 422
        else:
            try:
                facts = {"key": key, "by": request.user, "at": timezone.now()}
                gates.propose_waiver(partnership=place.partnership, **facts, **form.cleaned_data)
            except Conflict as conflict:
                status, lost = 409, conflict.sentence
            else:
                messages.success(
                    request, _("You have signed. The others are asked, and nobody else is told.")
                )
                return redirect("waive_together", slug, key)
    now = timezone.now()
    standing = Waiver.objects.standing().filter(
        visit__partnership=place.partnership, visit__left_at=None, criterion=key
    )
    waiver = with_signers(standing).select_related("visit").first()
    context = {
        "criterion": criterion,
        "handed_over": handed_over(place.partnership),
        "waiver": waiver,
        "signers": signers(waiver) if waiver else (None, None),
        "in_effect": bool(waiver and waiver.takes_effect_at and waiver.takes_effect_at <= now),
        "may_propose": may.can_propose_waiver(place, criterion, receives),
        "signed_by_both": bool(waiver and waiver.seconded_by_id),
        "may_join": may.can_join_waiver(place, waiver, receives) if waiver else None,
        "may_withdraw": may.can_withdraw_waiver(place, waiver, receives, now) if waiver else None,
        "form": form,
        "lost": lost,
        "days": DAYS_TO_CORRECT.of(place.partnership),
    }
    return render(request, "cocreate/waive_together.html", context, status=status)


def _one(slug, pk):
    rows = Waiver.objects.select_related("visit").filter(visit__partnership__slug=slug)
    return get_object_or_404(rows, pk=pk)


@login_required
@require_POST
def join_waiver(request, slug, pk):
    """Sign second."""
    waiver = _one(slug, pk)
    _opened(request, slug, waiver.criterion)
    gates.join_waiver(waiver=waiver, by=request.user, at=timezone.now())
    messages.success(request, _("Both have signed. Until it takes effect, both can correct the facts."))
    return redirect("waive_together", slug, waiver.criterion)


@login_required
@require_POST
def withdraw_waiver(request, slug, pk):
    """Take back what was signed."""
    waiver = _one(slug, pk)
    _opened(request, slug, waiver.criterion)
    gates.withdraw_waiver(waiver=waiver, by=request.user, at=timezone.now())
    messages.success(request, _("It is taken back. The criterion stands as before."))
    return redirect("waive_together", slug, waiver.criterion)
