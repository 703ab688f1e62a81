"""A platform's settings: what is set, what the default is and why; one part at a time to change."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import actions
from ..forms.settings import PartForm
from ..places import desk_of
from ..rules import platforms as may
from ..settings import PARTS, SETTINGS, mark_of, parts_of
from .platforms import open_platform


def _rows(platform, part):
    """Each setting of a part: what is set, the default, and whether they differ."""
    for one in parts_of(part):
        value = one.on(platform)
        yield {
            "setting": one,
            "value": one.shown(value),
            "usual": one.has_default(platform),
            "default": one.shown(one.default),
            "mark": mark_of(value),
        }


@login_required
@require_safe
def platform_settings(request, slug):
    """All settings of a platform with their defaults, for those who look after it."""
    platform = open_platform(request, slug)
    desk = desk_of(platform, request.user)
    may.can_change_platform(desk).enforce()
    parts = [
        {
            "key": key,
            "part": part,
            "rows": list(_rows(platform, key)),
            "may_change": may.can_change_part(desk, key),
        }
        for key, part in PARTS.items()
    ]
    return render(request, "partnerships/platform_settings.html", {"shown": platform, "parts": parts})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_platform(request, slug, part):
    """Change one part of the settings. Who was slower sees both values, and keeps what they typed."""
    if part not in PARTS:
        raise Http404
    platform = open_platform(request, slug)
    may.can_change_part(desk_of(platform, request.user), part).enforce()
    typed = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form, status = PartForm(*typed, platform=platform, part=part), 422
    if request.method == "POST" and form.is_valid():
        facts = {"platform": platform, "part": part, "values": form.values(), "seen": form.seen()}
        try:
            actions.platforms.change_platform(**facts, by=request.user, at=timezone.now())
        except actions.platforms.Overtaken as overtaken:
            form.tell_of(overtaken.now)
            status = 409
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("platform_settings", slug)
    context = {"shown": platform, "part": PARTS[part], "form": form}
    return render(
        request, "partnerships/change_platform.html", context, status=status if form.is_bound else 200
    )


@login_required
@require_POST
def reset_setting(request, slug, key):
    """Put one setting back to its default."""
    setting = SETTINGS.get(key)
    if setting is None or setting.default is None:
        raise Http404
    platform = open_platform(request, slug)
    facts = {"platform": platform, "key": key, "seen": request.POST.get("seen", "")}
    actions.platforms.reset_setting(**facts, by=request.user, at=timezone.now())
    messages.success(request, _("“%(setting)s” is back to its default.") % {"setting": setting.label})
    return redirect("platform_settings", slug)
