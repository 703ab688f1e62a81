"""Home, help, and what every public site owes its readers: accessibility and privacy."""

from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from boundary.kept import kept
from partnerships.cards import cards, on_cards
from partnerships.models import Decision, Meeting, Partnership, Platform
from partnerships.stages import Stage

from ..waiting import waiting

OPEN_SHOWN, COMING_SHOWN = 15, 5
ARENA = ("partnership__slug", "partnership__title", "partnership__language")


PUBLIC = Q(partnership__visibility=Partnership.Visibility.PUBLIC, partnership__begun_at__isnull=False)


@kept
def open_partnerships():
    """Public partnerships under way that take people in, newest first, as cards show them."""
    rows = Partnership.objects.filter(
        visibility=Partnership.Visibility.PUBLIC,
        begun_at__isnull=False,
        join_policy__in=[Partnership.JoinPolicy.OPEN, Partnership.JoinPolicy.REQUEST],
    )
    return on_cards(rows.exclude(stage=Stage.CLOSED)).order_by("-created_at", "-id")[:OPEN_SHOWN]


@kept
def coming_meetings(at):
    """The next meetings of public partnerships."""
    rows = Meeting.objects.coming(at).filter(PUBLIC).select_related("partnership")
    return rows.only("title", "starts_at", *ARENA)[:COMING_SHOWN]


@kept
def closing_decisions(at):
    """Public decisions that close soonest."""
    rows = Decision.objects.taking_positions().filter(PUBLIC, closes_at__gt=at, partnership__paused_at=None)
    rows = rows.select_related("partnership")
    return rows.only("question", "closes_at", *ARENA).order_by("closes_at")[:COMING_SHOWN]


@require_safe
def home(request):
    """What this is, what one can join, what is due; for those signed in, what waits for them."""
    now = timezone.now()
    signed_in = request.user.is_authenticated
    context = {
        "cards": cards(open_partnerships(), level=3, hosts=True),
        "groups": waiting(request.user, now, timezone.localdate()) if signed_in else [],
    }
    if not signed_in:
        context["meetings"] = coming_meetings(now)
        context["decisions"] = closing_decisions(now)
    return render(request, "cocreate/home.html", context)


@require_safe
def help(request):
    """How to take part, in plain words."""
    return render(request, "cocreate/help.html")


@require_safe
def accessibility(request):
    """The accessibility statement."""
    return render(request, "cocreate/accessibility.html")


@require_safe
def privacy(request):
    """Who answers for personal data, on what basis, how long, and what one can ask: per platform."""
    slug = request.GET.get("platform", "").replace("\x00", "")
    chosen = get_object_or_404(Platform.objects.select_related("owner"), slug=slug) if slug else None
    platforms = list(Platform.objects.select_related("owner")[:100])
    context = {"chosen": chosen or (platforms[0] if len(platforms) == 1 else None), "platforms": platforms}
    return render(request, "cocreate/privacy.html", context)
