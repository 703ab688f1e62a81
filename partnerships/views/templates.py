"""The templates of a platform: what they bring, copies to adapt, and what partnerships have learned."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import actions
from ..forms.templates import ForkForm, LessonForm
from ..models import Lesson, Partnership, Template
from ..places import desk_of
from ..rules import templates as may
from ..settings import otherwise
from .arena import open_arena
from .platforms import open_platform

LESSONS = 50  # shown; the newest


def one_template(platform, pk):
    """A template that is offered here or was: the platform's own, or a shipped one."""
    rows = Template.objects.filter(Q(platform=platform) | Q(platform=None)).select_related(
        "platform", "forked_from"
    )
    return get_object_or_404(rows, pk=pk)


def lessons_for(request, platform, template):
    """What partnerships here gave back to a template, or to the one it was copied from, as far as one may read it."""
    read = Partnership.objects.readable_by(request.user)
    both = [one for one in (template.pk, template.forked_from_id) if one]
    lessons = Lesson.objects.filter(template__in=both, partnership__in=read, partnership__platform=platform)
    return lessons.select_related("partnership", "by")


@require_safe
def templates(request, slug):
    """What a convener can begin from on this platform."""
    platform = open_platform(request, slug)
    seen, read = Partnership.objects.visible_to(request.user), Partnership.objects.readable_by(request.user)
    used = Q(partnerships__platform=platform, partnerships__in=seen.values("pk"))
    learned = Q(lessons__partnership__platform=platform, lessons__partnership__in=read.values("pk"))
    rows = Template.objects.offered_on(platform).annotate(
        used=Count("partnerships", filter=used, distinct=True),
        learned=Count("lessons", filter=learned, distinct=True),
    )
    context = {"shown": platform, "templates": rows}
    return render(request, "partnerships/templates.html", context)


@require_safe
def template(request, slug, pk):
    """One template: its stages, groups, gates, words, and what partnerships have given back to it."""
    platform = open_platform(request, slug)
    shown, desk = one_template(platform, pk), desk_of(platform, request.user)
    context = {
        "shown": platform,
        "template": shown,
        "groups": shown.groups_in(get_language()),
        "otherwise": otherwise(shown),
        "lessons": lessons_for(request, platform, shown)[:LESSONS],
        "fork_form": ForkForm(),
        "may_fork": may.can_adapt_templates(desk),
        "may_change": may.can_change_template(desk if shown.platform_id else None),
    }
    return render(request, "partnerships/template.html", context)


@login_required
@require_POST
def fork_template(request, slug, pk):
    """Copy a template to the platform, under an address of its own."""
    platform = open_platform(request, slug)
    form = ForkForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["key"][0])
        return redirect("template", slug, pk)
    facts = {
        "template": one_template(platform, pk),
        "platform": platform,
        "by": request.user,
        "at": timezone.now(),
    }
    copy = actions.templates.fork_template(**facts, **form.cleaned_data)
    messages.success(request, _("This copy is yours. Change what does not fit."))
    return redirect("change_template", slug, copy.pk)


@login_required
@require_POST
def retire_template(request, slug, pk):
    """Offer a template no longer."""
    platform = open_platform(request, slug)
    actions.templates.retire_template(template=one_template(platform, pk), by=request.user, at=timezone.now())
    messages.success(request, _("The template is not offered any more."))
    return redirect("templates", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def return_lesson(request, slug):
    """Say what others should know who begin from the same template."""
    place = open_arena(request, slug)
    may.can_return_lesson(place).enforce()
    form = LessonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        facts = {"partnership": place.partnership, "by": request.user, "at": timezone.now()}
        actions.templates.return_lesson(**facts, **form.cleaned_data)
        messages.success(request, _("Thank you. The next who begin from this template read it."))
        return redirect("template", place.partnership.platform.slug, place.partnership.template_id)
    context = {"form": form, "template": place.partnership.template}
    return render(request, "partnerships/return_lesson.html", context, status=422 if form.is_bound else 200)
