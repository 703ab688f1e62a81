"""Adapt a platform's own template: words, groups, what it takes to go on, instruments; each on a page of its own."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from boundary.answer import Conflict

from .. import actions
from ..forms.template_parts import GroupLine, InstrumentLine, TemplateGatesForm, lines_of
from ..forms.templates import TemplateForm
from ..places import desk_of
from ..rules import templates as may
from .platforms import open_platform
from .templates import lessons_for, one_template

NEWEST = 5  # lessons beside the form


def _page(request, slug, pk, *, name, form_of, columns, language=None):
    """A page with one form that changes some columns of a template. form_of: (template, data) -> a form with facts().

    Who was slower keeps what they typed, and is told that there is something to look at first.
    """
    platform = open_platform(request, slug)
    shown = one_template(platform, pk)
    may.can_change_template(desk_of(platform, request.user) if shown.platform_id else None).enforce()
    form = form_of(shown, request.POST if request.method == "POST" else None)
    seen, overtaken = shown.mark(columns), ""
    if request.method == "POST":
        seen = request.POST.get("seen")
        if form.is_valid():
            facts = {"template": shown, "seen": seen, "by": request.user, "at": timezone.now()}
            try:
                actions.templates.change_template(**facts, **form.facts())
            except Conflict as conflict:
                overtaken, seen = conflict.sentence, shown.mark(columns)
            else:
                messages.success(
                    request, _("The template is changed. Partnerships that began from it keep what they had.")
                )
                return redirect(request.get_full_path() if "another" in request.POST else shown.url_on(slug))
    context = {
        "shown": platform,
        "template": shown,
        "form": form,
        "seen": seen or "",
        "overtaken": overtaken,
        "language": language,
        "lessons": lessons_for(request, platform, shown)[:NEWEST],
    }
    status = 409 if overtaken else 422 if form.is_bound else 200
    return render(request, f"partnerships/{name}.html", context, status=status)


def _language(request):
    """The language that the address asks to write in, else the reader's."""
    asked = request.GET.get("language", get_language())
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGES[0][0]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_template(request, slug, pk):
    """Adapt a platform's own template, in one language at a time."""
    language = _language(request)
    return _page(
        request,
        slug,
        pk,
        name="change_template",
        form_of=lambda shown, data: TemplateForm(data, template=shown, language=language),
        columns=("texts", "lengths", "join_policy", "promise_kind"),
        language=language,
    )


class _List:
    """A list of a template as one form."""

    def __init__(self, lines, facts_of):
        self.lines, self.facts = lines, lambda: facts_of(lines.facts())
        self.is_bound, self.is_valid = lines.is_bound, lines.is_valid


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_template_groups(request, slug, pk):
    """Say who should be at the table, how much it concerns them, and with how many seats."""

    def form_of(shown, data):
        return _List(lines_of(GroupLine, data, shown.groups), lambda lines: {"groups": lines})

    return _page(request, slug, pk, name="change_template_groups", form_of=form_of, columns=("groups",))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_template_instruments(request, slug, pk):
    """Write down what helps in which stage, in one language at a time."""
    language = _language(request)

    def form_of(shown, data):
        said = shown.texts.get(language, {})

        def facts_of(lines):
            return {"texts": shown.texts | {language: said | {"instruments": lines}}}

        return _List(lines_of(InstrumentLine, data, said.get("instruments", [])), facts_of)

    return _page(
        request,
        slug,
        pk,
        name="change_template_instruments",
        form_of=form_of,
        columns=("texts",),
        language=language,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_template_gates(request, slug, pk):
    """Choose what it takes to go on, where that differs from the platform."""

    def form_of(shown, data):
        return TemplateGatesForm(data, template=shown, platform=request.platform)

    return _page(
        request, slug, pk, name="change_template_gates", form_of=form_of, columns=("gates", "thresholds")
    )
