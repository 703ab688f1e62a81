"""All texts of an arena, and those that follow no kind's own sections: an agreement, a letter."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from .. import actions
from ..forms.texts import HeadingsForm, SectionsForm
from ..models import Decision, Suggestion, Text
from ..rules import texts as may
from .arena import open_arena, page_of
from .texts import open_text


@require_safe
def texts(request, slug):
    """Every text of the arena: how far it is, and what waits for its authors."""
    place = open_arena(request, slug)
    rows = Text.objects.filter(partnership=place.partnership).annotate(
        number=Max("revisions__number"),
        changed_at=Max("revisions__created_at"),
        suggested=Count(
            "suggestions",
            filter=Q(suggestions__state=Suggestion.State.OPEN, suggestions__hidden_at=None),
            distinct=True,
        ),
    )
    page = page_of(request, rows.select_related("adopted_revision").order_by("created_at", "pk"))
    context = {"place": place, "page": page, "may_start": may.can_start_text(place, Text.Kind.NOTE)}
    return render(request, "partnerships/texts.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start_text(request, slug):
    """Begin an other text: its title and the headings of its sections."""
    place = open_arena(request, slug)
    may.can_start_text(place, Text.Kind.NOTE).enforce()
    form = HeadingsForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            started = actions.texts.start_text(
                partnership=place.partnership,
                kind=Text.Kind.NOTE,
                title=form.cleaned_data["title"],
                headings=form.lines(),
                by=request.user,
                at=timezone.now(),
            )
            return redirect("write", slug, started.pk)
        except ValidationError as found:
            form.add_error("headings", found)
    context = {"place": place, "form": form}
    return render(request, "partnerships/start_text.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_headings(request, slug, pk):
    """Name, order, add and take out the sections of an other text."""
    place, text = open_text(request, slug, pk)
    is_author = bool(place.member) and text.authors.filter(member=place.member).exists()
    open_decision = Decision.objects.open().filter(text=text).first()
    may.can_change_headings(place, text, is_author=is_author, open_decision=open_decision).enforce()
    form = SectionsForm(request.POST or None, text=text)
    if form.is_bound and form.is_valid():
        try:
            actions.texts.change_headings(
                text=text, headings=form.pairs(), by=request.user, at=timezone.now()
            )
            messages.success(request, _("The sections are changed. The next revision has them."))
            return redirect("write", slug, pk)
        except ValidationError as found:
            form.add_error(None, found)
    context = {"place": place, "text": text, "form": form}
    return render(request, "partnerships/change_headings.html", context, status=422 if form.is_bound else 200)
