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
from ..forms.templates import ForkForm, LessonForm, TemplateForm
from ..models import Lesson, Partnership, Template
from ..places import desk_of
from ..rules import templates as may
from .arena import open_arena
from .platforms import open_platform

LESSONS = 50  # shown; the newest


def _one(platform, pk):
    """A template that is offered here or was: the platform's own, or a shipped one."""
    rows = Template.objects.filter(Q(platform=platform) | Q(platform=None)).select_related(
        "platform", "forked_from"
    )
    return get_object_or_404(rows, pk=pk)


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
    shown, desk = _one(platform, pk), desk_of(platform, request.user)
    read = Partnership.objects.readable_by(request.user)
    lessons = Lesson.objects.filter(template=shown, partnership__in=read, partnership__platform=platform)
    language = get_language()
    groups = [
        group | {"name": group["name"].get(language) or next(iter(group["name"].values()))}
        for group in shown.groups
    ]
    context = {
        "shown": platform,
        "template": shown,
        "groups": groups,
        "lessons": lessons.select_related("partnership", "by")[:LESSONS],
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
    facts = {"template": _one(platform, pk), "platform": platform, "by": request.user, "at": timezone.now()}
    copy = actions.templates.fork_template(**facts, **form.cleaned_data)
    messages.success(request, _("This copy is yours. Change what does not fit."))
    return redirect("change_template", slug, copy.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_template(request, slug, pk):
    """Adapt a platform's own template, in one language at a time."""
    platform = open_platform(request, slug)
    shown = _one(platform, pk)
    may.can_change_template(desk_of(platform, request.user) if shown.platform_id else None).enforce()
    language = request.GET.get("language", get_language())
    form = TemplateForm(request.POST if request.method == "POST" else None, template=shown, language=language)
    if request.method == "POST" and form.is_valid():
        actions.templates.change_template(template=shown, by=request.user, at=timezone.now(), **form.facts())
        messages.success(
            request, _("The template is changed. Partnerships that began from it keep what they had.")
        )
        return redirect("template", slug, pk)
    context = {"shown": platform, "template": shown, "form": form, "language": form.language}
    return render(request, "partnerships/change_template.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def retire_template(request, slug, pk):
    """Offer a template no longer."""
    platform = open_platform(request, slug)
    actions.templates.retire_template(template=_one(platform, pk), by=request.user, at=timezone.now())
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
