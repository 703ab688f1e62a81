"""Relief: ask for it, offer it, answer it. Taking a promise over concerns the plan, too, so solutions serves that."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import actions, load
from ..actions.relief import open_relief
from ..forms.relief import AskReliefForm, OfferReliefForm
from ..models import Commitment, Member, ReliefOffer
from ..rules import relief as may
from ..settings.together import MUCH_DAYS, MUCH_HOURS, MUCH_PROMISES
from .arena import open_arena, page_of
from .commitments import open_one, show


@login_required
@require_POST
def ask_relief(request, slug, pk):
    """Ask others to take a promise over."""
    place, shown = open_one(request, slug, pk)
    form = AskReliefForm(request.POST, prefix="relief")
    if not form.is_valid():
        return show(request, place, shown, relief_form=form, status=422)
    actions.relief.ask_relief(commitment=shown, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("They are told. It stays yours until somebody takes it over."))
    return redirect("commitment", slug, pk)


@login_required
@require_POST
def end_relief(request, slug, pk):
    """Take one's request for relief back."""
    place, shown = open_one(request, slug, pk)
    relief = open_relief(shown)
    if not may.is_told(place, relief):
        raise Http404
    actions.relief.end_relief(relief=relief, by=request.user, at=timezone.now())
    messages.success(request, _("You keep what you promised."))
    return redirect("commitment", slug, pk)


@login_required
@require_safe
def who_carries_much(request, slug):
    """For conveners: members from outside the public side who carry a lot, in the order of the alphabet."""
    place = open_arena(request, slug)
    may.can_see_who_carries_much(place).enforce()
    arena = place.partnership
    waiting = ReliefOffer.objects.filter(member=OuterRef("pk"), answered_at=None)
    rows = load.carrying_much(arena, timezone.localdate()).annotate(offered=Exists(waiting))
    page = page_of(request, rows)
    page.object_list = [
        (member, may.can_offer_relief(place, member, waiting=member.offered)) for member in page.object_list
    ]
    context = {
        "place": place,
        "page": page,
        "promises": MUCH_PROMISES.of(arena),
        "hours": MUCH_HOURS.of(arena),
        "days": MUCH_DAYS.of(arena),
        "answered": ReliefOffer.objects.filter(partnership=arena, answered_at__isnull=False)
        .select_related("member__person", "by__person")
        .order_by("-answered_at")[:20],
    }
    return render(request, "partnerships/who_carries_much.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer_relief(request, slug, pk):
    """Offer help to a member who carries a lot."""
    place = open_arena(request, slug)
    may.can_see_who_carries_much(place).enforce()
    rows = (
        Member.objects.present()
        .filter(partnership=place.partnership)
        .select_related("person", "organization")
    )
    shown = get_object_or_404(rows, pk=pk)
    waiting = ReliefOffer.objects.filter(member=shown, answered_at=None).exists()
    may.can_offer_relief(place, shown, waiting=waiting).enforce()
    form = OfferReliefForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.relief.offer_relief(member=shown, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("They get your offer, and answer it if they like."))
        return redirect("who_carries_much", slug)
    standing = Commitment.objects.standing().filter(member=shown).order_by("due_on", "created_at")
    context = {"place": place, "form": form, "shown": shown, "standing": standing[:50]}
    return render(request, "partnerships/offer_relief.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def answer_relief(request, slug, pk):
    """Say yes or no to help that one is offered."""
    place = open_arena(request, slug)
    rows = ReliefOffer.objects.filter(partnership=place.partnership, member__person=request.user)
    offer = get_object_or_404(rows.select_related("by"), pk=pk)
    accept = request.POST.get("answer") == "yes"
    actions.relief.answer_relief(offer=offer, accept=accept, by=request.user, at=timezone.now())
    thanks = (
        _("Good. They are told, and will talk with you.") if accept else _("They are told: no, thank you.")
    )
    messages.success(request, thanks)
    return redirect("commitments", slug)
