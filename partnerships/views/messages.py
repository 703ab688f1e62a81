"""Messages about a partnership: which I want, and what was sent to whom and why."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actors.actions import choose_messages
from actors.forms import ChooseMessagesForm
from notices.kinds import choosable
from notices.models import Notice

from ..forms.messages import LookForm
from ..models import Office, Partnership, Platform
from ..places import desk_of
from ..rules import phoning as may
from ..rules.standing import members_only
from ..sent import filtered, in_words
from .arena import open_arena, page_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_messages_here(request, slug):
    """Choose for this partnership otherwise than for all: for each kind of message, or for all in one press."""
    place = open_arena(request, slug)
    members_only(place).enforce()
    scope = place.partnership.pk
    form = ChooseMessagesForm(request.POST or None, person=request.user, scope=scope)
    if request.method == "POST" and form.is_valid():
        choose_messages(
            person=request.user, scope=scope, choices=form.facts(), by=request.user, at=timezone.now()
        )
        messages.success(request, _("Your choice of messages is saved."))
        return redirect("choose_messages_here", slug)
    status = 422 if form.is_bound else 200
    return render(request, "partnerships/choose_messages_here.html", {"form": form}, status=status)


@login_required
@require_POST
def choose_as_everywhere(request, slug):
    """Take back what I chose for this partnership: here, too, messages come as everywhere."""
    place = open_arena(request, slug, reading=False)
    facts = {"person": request.user, "by": request.user, "at": timezone.now(), "scope": place.partnership.pk}
    choose_messages(choices=dict.fromkeys([kind.name for kind in choosable()]), **facts)
    messages.success(request, _("Messages about this partnership come to you as all others."))
    return redirect("/mine/notices/")


def _looked_for(request, notices):
    """(form, page of notices) that the address asks for."""
    form = LookForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    return form, page_of(request, filtered(notices, **asked))


@login_required
@never_cache
@require_safe
def sent_messages(request, slug):
    """What was sent to whom about this partnership, and why: for its conveners and for who keeps the case."""
    place = open_arena(request, slug)
    may.can_see_messages(place).enforce()
    form, page = _looked_for(request, Notice.objects.filter(scope=place.partnership.pk))
    rows = in_words(list(page), {place.partnership.pk: place.partnership})
    return render(request, "partnerships/sent_messages.html", {"form": form, "page": page, "rows": rows})


@login_required
@never_cache
@require_safe
def platform_messages(request, slug):
    """The same over all partnerships of a platform, for those who keep its cases."""
    shown = get_object_or_404(Platform, slug=slug)
    if Office.Kind.CASE_OFFICER not in desk_of(shown, request.user).offices:
        raise Http404
    ours = Partnership.objects.filter(platform=shown)
    form, page = _looked_for(request, Notice.objects.filter(scope__in=ours.values("pk")))
    rows = in_words(list(page), ours.in_bulk({notice.scope for notice in page}))
    context = {"shown": shown, "form": form, "page": page, "rows": rows}
    return render(request, "partnerships/platform_messages.html", context)
