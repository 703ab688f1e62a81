"""Follow a partnership without joining it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from .. import actions
from ..forms.following import FollowForm
from ..models import Follow
from ..rules import following as may
from .arena import open_arena


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request, slug):
    """Follow this partnership, and choose what of it."""
    place = open_arena(request, slug)
    may.can_follow(place).enforce()
    mine = Follow.objects.filter(partnership=place.partnership, person=request.user).first()
    shown = {"topics": mine.topics if mine else Follow.Topic.values}
    form = FollowForm(request.POST or None, initial=shown)
    if request.method == "POST":
        form = FollowForm(request.POST, initial=shown)
        if form.is_valid():
            facts = {"partnership": place.partnership, "by": request.user, "at": timezone.now()}
            actions.following.follow(topics=form.cleaned_data["topics"], **facts)
            messages.success(
                request, _("You follow this partnership. What moves shows under “Waiting for me”.")
            )
            return redirect(place.partnership.get_absolute_url())
    context = {"form": form, "follows": mine, "back": place.partnership.get_absolute_url()}
    return render(request, "partnerships/follow.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def unfollow(request, slug):
    """Follow this partnership no longer."""
    place = open_arena(request, slug, reading=False)
    actions.following.unfollow(partnership=place.partnership, by=request.user, at=timezone.now())
    messages.success(request, _("You no longer follow this partnership."))
    return redirect(place.partnership.get_absolute_url())
